"""Ids that sort by the time they were made (UUID version 7, RFC 9562 section 5.7)."""

import os
from uuid import UUID

from vettura.foundation import clock


def new_id() -> UUID:
    """A fresh id; later ids sort after earlier ones, which keeps indexes compact."""
    milliseconds = int(clock.real_now().timestamp() * 1000)
    random = int.from_bytes(os.urandom(10))
    value = (milliseconds & 0xFFFFFFFFFFFF) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
