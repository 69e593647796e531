"""
A card provider on this machine: the subset of Stripe's HTTP API that our payment adapter uses.

It keeps its state in SQLite, honors idempotency keys, has its own card form and 3-D Secure page, and posts signed
webhooks. The numbers of test cards decide what happens (`numbers.py`); the page at its root shows all payments and
steers what the next one does. Card numbers stay here: the shop never sees them. It refuses to run in production.
"""
