"""The card provider for what is bought for cars."""

from tests.store_facts import card_sandbox, cards

__all__ = ["card_sandbox", "cards"]
