"""
Partners: the dealers who sell cars, and the people who work for them.

A partner has a place, ways to be reached, and staff. A member of staff belongs to one partner and signs in like
everybody else. Promise: what a partner registered is visible to that partner's staff only; to others it does not
exist.
"""
