import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from vettura.identity.rules import PasswordPolicy, unmet_requirements


def codes(password: str) -> list[str]:
    return [each.code for each in unmet_requirements(password)]


@pytest.mark.rule("ID-014", "N-01")
def test_seven_characters_are_too_short_and_eight_are_enough():
    assert codes("Aa1!aaa") == ["password_length"]
    assert codes("Aa1!aaaa") == []


@pytest.mark.rule("ID-015", "N-02")
def test_a_password_without_upper_case_misses_that_rule_only():
    assert codes("abcdefg1!") == ["password_upper_case"]


@pytest.mark.rule("ID-016", "N-03")
def test_a_password_without_digit_misses_that_rule_only():
    assert codes("Abcdefgh!") == ["password_digit"]


@pytest.mark.rule("ID-017", "N-04")
def test_a_password_without_special_character_misses_that_rule_only():
    assert codes("Abcdefg1") == ["password_special"]


@pytest.mark.rule("ID-017")
@pytest.mark.parametrize("character", "!§$%&?")
def test_each_example_of_a_special_character_counts(character):
    assert codes(f"Abcdefg1{character}") == []


@pytest.mark.rule("ID-013")
def test_every_unmet_rule_is_listed_with_its_own_code():
    with pytest.raises(ValidationError) as refused:
        PasswordPolicy().validate("")

    assert [error.code for error in refused.value.error_list] == [
        "password_length",
        "password_upper_case",
        "password_digit",
        "password_special",
    ]


@pytest.mark.rule("ID-014", "ID-015", "ID-016", "ID-017")
@given(st.text(max_size=40))
def test_a_password_is_accepted_exactly_if_it_meets_all_four_rules(password):
    categories = {unicodedata.category(character) for character in password}

    is_good = (
        len(password) >= 8
        and "Lu" in categories
        and "Nd" in categories
        and any(category.startswith(("P", "S")) for category in categories)
    )

    assert (unmet_requirements(password) == []) == is_good


@pytest.mark.rule("ID-013")
@given(st.text(max_size=20), st.text(max_size=20))
def test_typing_more_never_breaks_a_rule_that_was_met(start, more):
    assert set(codes(start + more)) <= set(codes(start))
