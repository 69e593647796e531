"""The card provider for these tests."""

from tests.store_facts import card_sandbox, cards

__all__ = ["card_sandbox", "cards"]
