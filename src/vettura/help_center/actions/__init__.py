"""What the help center does: it fills what is searched, and keeps what readers say of its answers."""

from vettura.help_center.actions.editing import begin_article, drop_draft, publish, revert, save_draft, take_back
from vettura.help_center.actions.feedback import (
    comment,
    count_unanswered,
    count_view,
    forget_old_feedback,
    vote,
)
from vettura.help_center.actions.index import fill_index, follow_edits
from vettura.help_center.actions.learning import learn, order_learning
from vettura.help_center.actions.looking import note_look

__all__ = [
    "begin_article",
    "comment",
    "count_unanswered",
    "count_view",
    "drop_draft",
    "fill_index",
    "follow_edits",
    "forget_old_feedback",
    "learn",
    "note_look",
    "order_learning",
    "publish",
    "revert",
    "save_draft",
    "take_back",
    "vote",
]
