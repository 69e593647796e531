"""What somebody typed into a card form, checked as the provider checks it."""

import re

from vettura_sandbox.cards import numbers
from vettura_sandbox.cards.errors import ApiError
from vettura_sandbox.cards.ledger import Json
from vettura_wire import clock


def checked_card(data: Json) -> tuple[str, numbers.TestCard]:
    """The number, and what it does. Raises a card error (402) for what no card has."""
    number = re.sub(r"\D", "", str(data.get("number") or ""))
    if not numbers.passes_check_digit(number):
        raise ApiError(402, "card_error", "incorrect_number", "Your card number is incorrect.", param="number")
    month, year = str(data.get("exp_month") or ""), str(data.get("exp_year") or "")
    if not month.isdigit() or not year.isdigit() or not 1 <= int(month) <= 12:
        raise ApiError(
            402, "card_error", "invalid_expiry_month", "Your card's expiration month is invalid.", param="exp_month"
        )
    if len(year) == 2:
        data["exp_year"] = year = f"20{year}"
    if is_past(int(month), int(year)):
        raise ApiError(
            402, "card_error", "invalid_expiry_year", "Your card's expiration year is in the past.", param="exp_year"
        )
    code, brand = str(data.get("cvc") or ""), numbers.brand_of(number)
    if not code.isdigit() or len(code) != numbers.code_length(brand):
        raise ApiError(402, "card_error", "invalid_cvc", "Your card's security code is invalid.", param="cvc")
    return number, numbers.behavior_of(number)


def is_past(month: int, year: int) -> bool:
    """A card works through the last day of its month."""
    today = clock.real_now()
    return (year, month) < (today.year, today.month)
