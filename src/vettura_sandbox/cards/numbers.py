"""Test card numbers and what each of them does, and how a brand is told from its first digits."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class TestCard:
    """A magic number: its brand and what it does when it is saved and when it is charged."""

    __test__ = False  # not a test class, whatever pytest thinks of the name

    number: str
    brand: str
    means: str
    declines_when_saved: str = ""
    declines_when_charged: str = ""
    challenges_when_saved: bool = False
    challenges_when_charged: bool = False


CARDS: tuple[TestCard, ...] = (
    TestCard("4242424242424242", "visa", "Works."),
    TestCard("5555555555554444", "mastercard", "Works."),
    TestCard("378282246310005", "amex", "Works; its security code has four digits."),
    TestCard("30569309025904", "diners", "Works where the brand is accepted."),
    TestCard("6011111111111117", "discover", "Works where the brand is accepted."),
    TestCard("3566002020360505", "jcb", "Works where the brand is accepted."),
    TestCard("6200000000000005", "unionpay", "Works where the brand is accepted."),
    TestCard("4000000000000002", "visa", "Is declined when saved.", declines_when_saved="generic_decline"),
    TestCard(
        "4000000000000341", "visa", "Can be saved, is declined when charged.", declines_when_charged="generic_decline"
    ),
    TestCard(
        "4000000000009995", "visa", "Can be saved, has insufficient funds.", declines_when_charged="insufficient_funds"
    ),
    TestCard("4000000000000069", "visa", "Is declined as expired when saved.", declines_when_saved="expired_card"),
    TestCard("4000000000000127", "visa", "Has another security code.", declines_when_saved="incorrect_cvc"),
    TestCard("4000002500003155", "visa", "Asks for 3-D Secure when saved, then works.", challenges_when_saved=True),
    TestCard("4000000000003220", "visa", "Asks for 3-D Secure at every payment.", challenges_when_charged=True),
)
_BY_NUMBER = {card.number: card for card in CARDS}

MESSAGES = {
    "generic_decline": ("card_declined", "Your card was declined."),
    "insufficient_funds": ("card_declined", "Your card has insufficient funds."),
    "expired_card": ("expired_card", "Your card has expired."),
    "incorrect_cvc": ("incorrect_cvc", "Your card's security code is incorrect."),
}

_BRANDS = (
    ("amex", r"3[47]"),
    ("diners", r"3(0[0-5]|[689])"),
    ("jcb", r"35"),
    ("visa", r"4"),
    ("mastercard", r"5[1-5]|2[2-7]"),
    ("discover", r"6(011|4[4-9]|5)"),
    ("unionpay", r"62"),
)


def brand_of(number: str) -> str:
    """The brand of a card number, "unknown" when its first digits belong to none."""
    return next((brand for brand, start in _BRANDS if re.match(start, number)), "unknown")


def code_length(brand: str) -> int:
    """Digits of the security code: four for American Express (on the front), else three (on the back)."""
    return 4 if brand == "amex" else 3


def behavior_of(number: str) -> TestCard:
    """What the number does. Only test numbers are known, as at a provider's test account."""
    return _BY_NUMBER.get(number) or TestCard(number, brand_of(number), "", declines_when_saved="generic_decline")


def passes_check_digit(number: str) -> bool:
    """Whether the last digit is right (Luhn, ISO/IEC 7812-1 annex B)."""
    if not number.isdigit() or len(number) < 12:
        return False
    digits = [int(each) for each in reversed(number)]
    return sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits)) % 10 == 0
