"""Money: decimal amounts with a currency, rounded half up to the currency's smallest unit."""

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_currency, get_currency_precision
from moneyed import Money

__all__ = ["Money", "format_money", "from_minor_units", "rounded", "to_minor_units"]


def rounded(money: Money) -> Money:
    """The amount in whole smallest units, half up."""
    unit = Decimal(1).scaleb(-get_currency_precision(money.currency.code))
    return Money(money.amount.quantize(unit, rounding=ROUND_HALF_UP), money.currency)


def to_minor_units(money: Money) -> int:
    """Cents and the like, as card providers count. 12.50 EUR → 1250; 500 JPY → 500."""
    return int(rounded(money).amount.scaleb(get_currency_precision(money.currency.code)))


def from_minor_units(amount: int, currency: str) -> Money:
    """The reverse of `to_minor_units`."""
    return Money(Decimal(amount).scaleb(-get_currency_precision(currency)), currency)


def format_money(money: Money, language: str) -> str:
    """As people of that language write it."""
    return str(format_currency(money.amount, money.currency.code, locale=language))
