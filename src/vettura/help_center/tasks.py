"""
What readers said is forgotten after its time. In the background what is searched follows what editors publish, and manuals are set, so that
whoever downloads one need not wait for Typst.
"""

from datetime import UTC, datetime, time

from vettura.foundation.jobs import WHEN_IDLE, defer, job
from vettura.foundation.sweeps import sweep
from vettura.help_center import actions
from vettura.help_center.adapters import manuals
from vettura.help_center.queries import feedback


def _next_due() -> datetime | None:
    day = feedback.days_due()
    moments = (feedback.feedback_due(), datetime.combine(day, time(), UTC) if day else None)
    return min((each for each in moments if each), default=None)


@sweep(next_due=_next_due)
def forget_old_feedback(at: datetime) -> int:
    """This will delete votes, words and counts whose time is over."""
    return actions.forget_old_feedback(at=at)


@job("help_center.fill_index")
def fill_index(version: int) -> None:
    """This will let everybody find what was published with this version."""
    if actions.follow_edits(version=version):
        actions.order_learning()


@job("help_center.learn")
def learn() -> None:
    """This will learn from the ways to ask which words speak for which article, where that has changed."""
    actions.learn()


@job("help_center.make_manual")
def make_manual(document: str, generation: str, language: str) -> None:
    """This will set one manual and keep it, unless that has been done already."""
    manuals.pdf_of(manuals.find(document=document, generation=generation, language=language))


def order_manuals() -> int:
    """This will have every manual set that is not kept as the pack has it now, when a worker has nothing else to do; how many."""
    ordered = manuals.outdated()
    for each in ordered:
        defer(
            "help_center.make_manual",
            lock="help_center.manuals",
            priority=WHEN_IDLE,
            document=each.document,
            generation=each.generation.code,
            language=each.language,
        )
    return len(ordered)
