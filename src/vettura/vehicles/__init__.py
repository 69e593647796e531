"""
Cars, the people who use them, and how the two find each other.

A *vehicle* has at most one *main user* and any number of *secondary users*; both are *assignments*. A partner's
*invitation* makes the main user, the main user's invitation makes secondary users. A *pairing code* of eight digits
ties a head unit to a person where the generation needs one; elsewhere a person signs in to the car (*car sign-in*).
*Remote access* is granted in the car by the main user alone. *Sharing* is the main user's decision whether the
selling partner may have data.

Promises: an invitation is used once, whoever opens it how often; its token is kept as a hash; a code is limited in
tries; rights end the moment an assignment ends; for a stranger a vehicle does not exist.
"""
