"""Form bodies with nested keys, as the provider's client writes them: `card[number]=…`, `expand[0]=…`."""

import re
from urllib.parse import parse_qsl

from vettura_sandbox.cards.ledger import Json

_PART = re.compile(r"\[([^\]]*)\]")


def parse(body: str) -> Json:
    """The body as nested dictionaries; lists become dictionaries by index, which is all that we read of them."""
    result: Json = {}
    for key, value in parse_qsl(body, keep_blank_values=True):
        head = key.split("[", 1)[0]
        path = [head, *_PART.findall(key)]
        place = result
        for part in path[:-1]:
            found = place.setdefault(part, {})
            if not isinstance(found, dict):
                found = place[part] = {}
            place = found
        place[path[-1] or str(len(place))] = value
    return result
