"""A person's data in this context: what the deletion of the account means for it, what the archive holds, and what an erasure does."""

from vettura.identity.privacy import archive, erasing

__all__ = ["archive", "erasing"]
