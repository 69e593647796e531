"""Sweeps: one that fails holds no other back."""

import pytest
from django.db import connection

from vettura.foundation import clock as time
from vettura.foundation import sweeps


@pytest.fixture
def two_sweeps():
    """One that breaks its transaction, and one after it that writes down that it ran."""
    ran = []

    def a_broken_one(at):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return 1

    def b_sound_one(at):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        ran.append(at)
        return 1

    for work in (a_broken_one, b_sound_one):
        work.__module__ = "vettura.foundation.tasks"
        sweeps.sweep(next_due=lambda: None)(work)
    yield ran
    sweeps._sweeps.pop("foundation.a_broken_one")
    sweeps._sweeps.pop("foundation.b_sound_one")


@pytest.mark.django_db
def test_a_sweep_that_fails_is_logged_and_holds_no_other_back(two_sweeps, caplog):
    sweeps.run_due(time.now())

    assert len(two_sweeps) == 1
    assert "the sweep foundation.a_broken_one failed" in caplog.text
