"""
A push service (RFC 8030) as browsers bring one along: takes notes for subscriptions, knows senders by VAPID (RFC 8292), and never sees
what stands in them (RFC 8291).
"""
