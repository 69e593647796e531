"""What happens elsewhere and matters to cars."""

from vettura.foundation.reactions import reacts_to
from vettura.identity.events import AccountDeleted, NameChanged
from vettura.vehicles import actions


@reacts_to(NameChanged)
def tell_cars_of_new_name(event: NameChanged) -> None:
    """This will show the new name in the head units of the person's cars (ID-031)."""
    actions.change_name(account_id=event.account_id, at=event.at)


@reacts_to(AccountDeleted)
def part_the_cars(event: AccountDeleted) -> None:
    """This will end what the person could do with cars (ID-037)."""
    actions.end_all_of(account_id=event.account_id, at=event.at)
