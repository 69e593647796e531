"""How something about destinations can be refused."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import Refusal

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PROBLEMS: "dict[str, _StrPromise]" = {
    "name_missing": _("Give it a name."),
    "name_unfit": _("A name is one line of at most 60 characters."),
    "address_unfit": _("An address is one line of at most 200 characters."),
    "note_unfit": _("A note is one line of at most 300 characters."),
    "nowhere": _("Say where it is: latitude and longitude, an address, or a known place."),
    "position_incomplete": _("A position needs latitude and longitude."),
    "latitude_unfit": _("The latitude is a number from -90 to 90."),
    "longitude_unfit": _("The longitude is a number from -180 to 180."),
    "category_unknown": _("There is no such category."),
    "kind_unknown": _("It is a destination or a point of interest (poi)."),
    "place_unknown": _("There is no such place."),
    "list_full": _("The list is full. Delete what you no longer need."),
    "columns": _("This line has more columns than the first one."),
    "unreadable": _("This cannot be read: it is neither GPX nor CSV."),
    "not_text": _("This cannot be read: the file is not text in UTF-8."),
    "declarations": _("A GPX file with declarations of its own (DOCTYPE) is not taken."),
    "no_name_column": _("The first line names the columns, and one of them has to be “name”."),
    "too_long": _("The file is too large."),
}
"""What is wrong with an entry, or with a line of a file."""


class DestinationUnfit(Refusal):
    """An entry that cannot be kept as it is; `field` says which part."""

    code = "navigation.destination_unfit"
    status = 422
    sentence = "{problem}"


class ListFull(Refusal):
    """There are as many entries as a person may keep for a car."""

    code = "navigation.list_full"
    sentence = _("There are {limit} entries for this car, and no more fit. Delete what you no longer need.")


class UndoIsOver(Refusal):
    """What was deleted can no longer be put back: its words are gone."""

    code = "navigation.undo_is_over"
    sentence = _("This entry was deleted too long ago to put it back.")


class CalendarNotTaken(Refusal):
    """The app of this car brings no calendar into it."""

    code = "navigation.calendar_not_taken"
    sentence = _("This car shows no calendar of the app.")


class CalendarUnfit(Refusal):
    """There are too many entries, or one of them makes no sense."""

    code = "navigation.calendar_unfit"
    status = 422
    sentence = _("A calendar has at most {most} entries, each with a title of one line and an end after its beginning.")
