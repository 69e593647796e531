"""Prints who reacts to what."""

from typing import Any

from django.core.management.base import BaseCommand

from vettura.foundation.reactions import reaction_map


class Command(BaseCommand):
    """`manage.py reactions`: the whole map of events and their reactions."""

    help = "Prints every event and the reactions to it."

    def handle(self, *_args: Any, **_options: Any) -> None:  # Any: Django's signature
        """This will print one line per event."""
        for event, names in reaction_map().items():
            self.stdout.write(f"{event} → {', '.join(names)}")
