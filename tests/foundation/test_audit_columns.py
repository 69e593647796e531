"""Which columns the audit may show: walked through for every model, with those of tomorrow."""

import re

import pytest
from django.db import models

from vettura.foundation.audit import audited_models

# wider than what the code hides by itself: whoever adds such a column decides here or in `hidden`
SOUNDS_LIKE_A_SECRET = re.compile(
    r"pass|secret|token|hash|seal|seed|digest|sign|code|pin|key|salt|cvc|iban|number|document|reference|data|blob",
    re.IGNORECASE,
)
NO_SECRET = {
    "postal_code": "part of an address",
    "signed_in_account_id": "who sits in the car",
    "assignee_id": "who works on a case",
    "document_type": "the type of a file",
    "signals": "which values of a car a program is told",
}

AUDITED = audited_models()


@pytest.mark.rule("DAT-001")
@pytest.mark.parametrize("each", AUDITED, ids=lambda each: each.table)
def test_nothing_that_sounds_like_a_secret_is_shown(each):
    found = [name for name in each.shown if SOUNDS_LIKE_A_SECRET.search(name) and name not in NO_SECRET]

    assert found == []


@pytest.mark.rule("DAT-001")
@pytest.mark.parametrize("each", AUDITED, ids=lambda each: each.table)
def test_no_bytes_are_shown(each):
    binary = {field.column for field in each.model._meta.concrete_fields if isinstance(field, models.BinaryField)}

    assert binary & set(each.shown) == set()


@pytest.mark.parametrize("each", AUDITED, ids=lambda each: each.table)
def test_whom_a_row_is_about_is_an_id(each):
    fields = {field.column: field for field in each.model._meta.concrete_fields}

    for column in filter(None, (each.person, each.car)):
        target = getattr(fields[column], "target_field", fields[column])
        assert isinstance(target, models.UUIDField)
