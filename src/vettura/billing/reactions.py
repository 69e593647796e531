"""What happens elsewhere and matters to money."""

from vettura.billing import actions
from vettura.foundation.reactions import reacts_to
from vettura.identity.events import AccountDeleted


@reacts_to(AccountDeleted)
def remove_cards_of_deleted_account(event: AccountDeleted) -> None:
    """A person deleted the account: no card is kept."""
    actions.remove_cards_of_deleted_account(account_id=event.account_id, at=event.at)
