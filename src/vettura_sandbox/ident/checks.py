"""What the agent has to look at, and what follows: pure functions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

# what the agent answers with yes or no, and the provider's code for a no
CHECKS = {
    "holograms": "ID_SECURITY_FEATURE",
    "face": "FACE_MISMATCH",
    "data": "ID_DATA",
    "readable": "ID_BLURRY",
}
DOCUMENTS = ("IDCARD", "PASSPORT", "DRIVERS_LICENSE", "RESIDENCE_PERMIT", "OTHER")
ACCEPTED = ("IDCARD", "PASSPORT")
PICTURES = ("idfrontside", "idbackside", "userface")
FURTHER_REASONS = ("ID_GLARE", "ID_DAMAGED", "TECHNICAL", "OTHER")
# a passport has one side with data
NEEDED = {"PASSPORT": ("idfrontside", "userface")}
_EUROPEAN_UNION = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
LISTED = frozenset(f"{_EUROPEAN_UNION} TR CH NO IS US".split(" "))


def reasons_against(answers: Mapping[str, str], on: date) -> list[str]:
    """The codes of everything that speaks against the person being identified; empty when nothing does."""
    found = [] if answers.get("kind") in ACCEPTED else ["ID_NOT_SUPPORTED"]
    try:
        if date.fromisoformat(answers.get("valid_until", "")) < on:
            found.append("ID_EXPIRED")
    except ValueError:
        found.append("ID_EXPIRED")
    # a country outside the list is undecided: the agent has to say that the document is known to be good
    if answers.get("country", "") not in LISTED and answers.get("country_known") != "yes":
        found.append("ID_NOT_SUPPORTED")
    found += [code for name, code in CHECKS.items() if answers.get(name) != "yes"]
    return list(dict.fromkeys(found))


def missing_pictures(kind: str, taken: Mapping[str, Any]) -> list[str]:  # Any: only the names count
    """The pictures that have still to be taken for a document of this kind."""
    return [each for each in NEEDED.get(kind, PICTURES) if each not in taken]
