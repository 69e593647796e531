"""A person's data in this context: what the deletion of the account means for cars, what the archive holds, and what an erasure does."""

from vettura.vehicles.privacy import archive, erasing

__all__ = ["archive", "erasing"]
