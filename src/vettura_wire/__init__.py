"""
What a car and the platform say to each other.

Topics, payloads, signatures, command statuses and signal names; and the real clock, because a signature has an
expiry. Both sides import this package and nothing of each other. It knows no database, no broker client and no
brand; it only says how a message looks and when it may be believed.

``docs/wire.md`` is the same in words, with test vectors that ``tests/wire`` checks.
"""

PROTOCOL = 1
"""The version of this wire. A car says it in its hello; a platform refuses what it does not know."""
