"""What happens elsewhere and matters to destinations."""

from vettura.foundation.reactions import reacts_to
from vettura.navigation import actions
from vettura.vehicles.events import MainUserParted, UserRemoved, UsersChanged


@reacts_to(UsersChanged)
def give_the_car_the_list(event: UsersChanged) -> None:
    """The car has the list of whoever is signed in, and of nobody else."""
    actions.tell_car(vin=event.vin)


@reacts_to(UserRemoved)
def part_from_a_former_user(event: UserRemoved) -> None:
    """A person who no longer uses the car leaves nothing in it (USR-010)."""
    actions.part(vin=event.vin, account_id=event.account_id)


@reacts_to(MainUserParted)
def part_from_a_former_main_user(event: MainUserParted) -> None:
    """What the former main user kept is not the next one's (C-44)."""
    actions.part(vin=event.vin, account_id=event.account_id)
