"""Which tables are audited, and which of their columns the audit may show."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db import models

from vettura.foundation.audit.words import in_audit as _

Model = TypeVar("Model", bound=models.Model)


class Kind(models.TextChoices):
    """What a change is about: what people filter by."""

    ACCOUNT = "account", _("Name and contact data")
    SIGN_IN = "sign_in", _("Sign-in")
    STAFF = "staff", _("Staff")
    CARS = "cars", _("Cars and their users")
    INVITATIONS = "invitations", _("Invitations")
    ACCESS = "access", _("Remote access")
    CONSENTS = "consents", _("Consents and sharing")
    CARDS = "cards", _("Cards and billing address")
    CHECKS = "checks", _("Identity checks")
    PROGRAMS = "programs", _("Apps with access")
    PAYMENTS = "payments", _("Payments")
    CASES = "cases", _("Cases with Assistance")
    ARCHIVES = "archives", _("Archives of a person's data")
    ERASURE = "erasure", _("Deletion and erasure")


# What such a column holds opens something or proves who one is: the audit says that it changed and never to what. A
# column of bytes is hidden in any case; what else is secret is named by its model.
SECRET = re.compile(
    r"password|secret|token|hash|sealed|seed|digest|signature|(^|_)(code|pin|key|cvc|iban)$", re.IGNORECASE
)


@dataclass(frozen=True)
class Audited:
    """One audited table."""

    model: type[models.Model]
    kind: str
    # the columns that name the person and the car that the row is about
    person: str
    car: str
    shown: tuple[str, ...]
    hidden: tuple[str, ...]

    @property
    def table(self) -> str:
        """The table's name."""
        return self.model._meta.db_table


@dataclass(frozen=True)
class _Declared:
    kind: str
    person: str
    car: str
    only: frozenset[str]
    hidden: frozenset[str]
    quiet: frozenset[str]


_declared: dict[type[models.Model], _Declared] = {}
_not_audited: dict[type[models.Model], str] = {}


def audited(
    *,
    kind: Kind,
    person: str = "",
    car: str = "",
    only: tuple[str, ...] = (),
    hidden: tuple[str, ...] = (),
    quiet: tuple[str, ...] = (),
) -> Callable[[type[Model]], type[Model]]:
    """
    This will let the database write down every row of the model that is added, changed or removed. Names are of fields.

    `person` and `car` lead to the person and the car that the row is about; `person="self"` says it is the row itself.
    `only` names what counts where most of a table is not sensitive, `quiet` what changes without meaning anything.
    `hidden` names secrets that their names do not give away; numbers of documents belong here.
    """

    def declare(model: type[Model]) -> type[Model]:
        _declared[model] = _Declared(kind, person, car, frozenset(only), frozenset(hidden), frozenset(quiet))
        return model

    return declare


def not_audited(because: str) -> Callable[[type[Model]], type[Model]]:
    """This will note beside a model that the database does not write down its changes, and why nobody misses them."""

    def declare(model: type[Model]) -> type[Model]:
        _not_audited[model] = because
        return model

    return declare


def left_out() -> dict[type[models.Model], str]:
    """The models that are not audited on purpose, and why."""
    return dict(_not_audited)


def audited_models() -> list[Audited]:
    """Every audited table, by name."""
    return sorted((_resolved(model, said) for model, said in _declared.items()), key=lambda each: each.table)


def _resolved(model: type[models.Model], said: _Declared) -> Audited:
    fields = {field.name: field for field in model._meta.concrete_fields}
    named = said.only | said.hidden | said.quiet | ({said.person, said.car} - {"", "self"})
    if unknown := named - set(fields):
        raise LookupError(f"{model._meta.label} has no field {', '.join(sorted(unknown))}")
    shown: list[str] = []
    hidden: list[str] = []
    for name, field in fields.items():
        if name in said.quiet or (said.only and name not in said.only | said.hidden):
            continue
        is_hidden = name in said.hidden or isinstance(field, models.BinaryField) or SECRET.search(_column(model, name))
        (hidden if is_hidden else shown).append(_column(model, name))
    return Audited(
        model=model,
        kind=said.kind,
        person=_column(model, said.person),
        car=_column(model, said.car),
        shown=tuple(shown),
        hidden=tuple(hidden),
    )


def _column(model: type[models.Model], name: str) -> str:
    if not name:
        return ""
    field = model._meta.pk if name == "self" else model._meta.get_field(name)
    return str(getattr(field, "column", ""))
