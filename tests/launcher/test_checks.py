"""The steps of `make check` refuse what they are there for."""

import pytest

from vettura.launcher import checks
from vettura.launcher.errors import LauncherError

MIGRATION = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = {dependencies}
"""


def test_migrations_that_branch_are_refused_by_name(tmp_path, monkeypatch, settings):
    package = tmp_path / "branching"
    package.mkdir()
    (package / "__init__.py").touch()
    first = [("assistance", "0001_first")]
    for name, dependencies in (("0001_first", []), ("0002_one", first), ("0002_other", first)):
        (package / f"{name}.py").write_text(MIGRATION.format(dependencies=dependencies))
    monkeypatch.syspath_prepend(tmp_path)
    settings.MIGRATION_MODULES = {"assistance": "branching"}

    with pytest.raises(LauncherError, match=r"assistance \(0002_one, 0002_other\)"):
        checks.migrations()


def test_the_migrations_of_the_platform_pass():
    checks.migrations()
