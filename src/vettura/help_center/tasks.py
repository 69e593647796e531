"""What readers said is forgotten after its time."""

from datetime import UTC, datetime, time

from vettura.foundation.sweeps import sweep
from vettura.help_center import actions
from vettura.help_center.queries import feedback


def _next_due() -> datetime | None:
    day = feedback.days_due()
    moments = (feedback.feedback_due(), datetime.combine(day, time(), UTC) if day else None)
    return min((each for each in moments if each), default=None)


@sweep(next_due=_next_due)
def forget_old_feedback(at: datetime) -> int:
    """This will delete votes, words and counts whose time is over."""
    return actions.forget_old_feedback(at=at)
