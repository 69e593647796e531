"""
A person's data, across contexts: what the deletion of an account would mean for each of them.

Each context says it in `<context>/privacy.py`, loaded by name like reactions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whose data it is: foundation knows no account. `email` is the address under which the person is or was known."""

    id: UUID
    email: str
    language: str
    country: str


# -- what a deletion means ------------------------------------------------------------------------------------------

Kind = Literal["before", "ends", "stays"]


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """One sentence about a deletion: what to do `before` it, what `ends` with it, what `stays` after it."""

    kind: Kind
    sentence: str
    # a page of ours where the person can see to it first
    href: str = ""


Oracle = Callable[[Person], Iterable[Consequence]]
_oracles: dict[str, Oracle] = {}


def foretells(oracle: Oracle) -> Oracle:
    """This will let the function say what a deletion would mean for a person, from the person's real state."""
    _oracles[_context_of(oracle)] = oracle
    return oracle


def consequences_for(person: Person) -> list[Consequence]:
    """Everything that a deletion would mean for this person, in the language in force, context by context."""
    return [each for oracle in _oracles.values() for each in oracle(person)]


def _context_of(function: Callable[..., object]) -> str:
    return function.__module__.split(".")[1]
