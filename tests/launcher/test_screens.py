"""The list of pages that pictures are taken of."""

from datetime import UTC, datetime

import pytest

from vettura.launcher import screens


def test_every_page_has_a_name_of_its_own_and_stands_on_a_preparation_that_exists():
    preparations, pages = screens.read_list()
    names = {each.name for each in preparations}

    assert len({each.name for each in pages}) == len(pages)
    assert all(each.path.startswith("/") or each.path.strip("{}") in names for each in pages)


def test_a_key_that_means_nothing_is_refused(tmp_path):
    file = tmp_path / "screens.toml"
    file.write_text('[[page]]\nname = "a"\npath = "/"\ncolour = "red"\n')

    with pytest.raises(TypeError):
        screens.read_list(file)


def test_the_code_of_an_authenticator_app_is_the_one_of_the_standard():
    # RFC 6238, appendix B: the last six digits
    key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    assert screens.one_time_code(key, at=datetime.fromtimestamp(59, UTC)) == "287082"
    assert screens.one_time_code(key, at=datetime.fromtimestamp(1111111109, UTC)) == "081804"
