"""What happens elsewhere and matters to partners."""

from vettura.foundation.reactions import reacts_to
from vettura.identity.events import AccountDeleted
from vettura.partners import actions


@reacts_to(AccountDeleted)
def dismiss_deleted_account(event: AccountDeleted) -> None:
    """Whoever deleted the account works for no partner any more."""
    actions.dismiss(account_id=event.account_id)
