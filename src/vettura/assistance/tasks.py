"""The mailbox is read every few seconds; reading it is a job, because no call goes out of a transaction."""

from datetime import datetime

from vettura.assistance import actions
from vettura.foundation.jobs import job
from vettura.foundation.sweeps import sweep


def _never_by_world_time() -> datetime | None:
    """Mails come in real time: moving the demo's clock waits for none."""
    return None


@sweep(next_due=_never_by_world_time)
def ask_for_mails(at: datetime) -> int:
    """This will have the mailbox read when it is time."""
    return actions.ask_for_mails()


@job("assistance.read_mailbox")
def read_mailbox() -> None:
    """This will turn waiting mails into cases."""
    actions.read_mailbox()
