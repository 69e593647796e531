"""
What developers build with: webhooks that tell their programs what happens in cars, and how much each program may ask.

A *webhook* is an address that is told of chosen events of chosen cars, once it has proven that it knows the secret. A *delivery*
is one event for one webhook: tried again with growing pauses, and a dead letter when it was tried for long enough.

Promises: each event is delivered at least once or is a dead letter that a person sees and sends again; nothing is told that the
person behind the webhook may not know at that moment, of which car or place whatever; every request is signed; outside the demo
nothing is sent to private addresses.
"""
