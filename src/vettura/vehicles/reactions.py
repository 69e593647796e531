"""What happens elsewhere and matters to cars."""

from vettura.foundation.reactions import reacts_to
from vettura.identity.events import AccountDeleted, NameChanged, SecurityCodeReset
from vettura.vehicles import actions
from vettura.vehicles.events import MainUserParted, UserRemoved


@reacts_to(NameChanged)
def tell_cars_of_new_name(event: NameChanged) -> None:
    """This will show the new name in the head units of the person's cars (ID-031)."""
    actions.change_name(account_id=event.account_id, at=event.at)


@reacts_to(AccountDeleted)
def part_the_cars(event: AccountDeleted) -> None:
    """This will end what the person could do with cars (ID-037)."""
    actions.end_all_of(account_id=event.account_id, at=event.at)


@reacts_to(SecurityCodeReset)
def end_remote_access(event: SecurityCodeReset) -> None:
    """This will end what the former code may have opened to somebody else (REM-005, REM-006)."""
    actions.distrust_former_code(account_id=event.account_id)


@reacts_to(AccountDeleted)
def forget_the_driver(event: AccountDeleted) -> None:
    """This will leave no car with the person signed in, and no profile."""
    actions.forget_driver(account_id=event.account_id)


@reacts_to(UserRemoved)
def forget_settings_of_a_former_user(event: UserRemoved) -> None:
    """This will delete what the car kept of a person who no longer uses it."""
    actions.forget_settings(vin=event.vin, account_id=event.account_id)


@reacts_to(MainUserParted)
def forget_settings_of_a_former_main_user(event: MainUserParted) -> None:
    """This will delete what the car kept of its former main user (C-44)."""
    actions.forget_settings(vin=event.vin, account_id=event.account_id)
