"""What is searched is filled from the pack once; every test begins with it."""

import pytest

from vettura.help_center import actions


@pytest.fixture
def index(db) -> int:
    """The articles of the pack, as they are searched; how many."""
    return actions.fill_index()
