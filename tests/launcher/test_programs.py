import argparse

import pytest

from vettura.identity import queries, rules
from vettura.launcher.commands import programs
from vettura.launcher.errors import LauncherError


def vettura_programs(*words: str) -> int:
    parser = argparse.ArgumentParser()
    programs.arguments(parser)
    return programs.run(parser.parse_args(words))


@pytest.mark.django_db
def test_an_operator_makes_a_program_known_sees_it_and_forgets_it(capsys):
    vettura_programs("add", "fuel", "--name", "Fuel prices", "--redirect", "https://fuel.example/cb", "--confidential")
    secret = capsys.readouterr().out.split()[-1]
    known = queries.client(client_id="fuel")
    assert known is not None
    assert rules.is_same_secret(secret=secret, kept=known.secret)
    assert secret not in known.secret

    vettura_programs("list")
    assert "Fuel prices" in capsys.readouterr().out
    vettura_programs("remove", "fuel")

    assert queries.client(client_id="fuel") is None
    with pytest.raises(LauncherError, match="no program"):
        vettura_programs("remove", "fuel")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [["--redirect", "http://fuel.example/cb"], ["--scope", "everything"], ["--may-introspect"]]
)
def test_a_program_that_would_be_a_hole_is_not_made_known(wrong):
    with pytest.raises(LauncherError):
        vettura_programs("add", "fuel", "--name", "Fuel prices", *wrong)

    assert queries.client(client_id="fuel") is None
