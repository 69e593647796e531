"""
Cars, the people who use them, and how the two find each other.

A *vehicle* has at most one *main user* and any number of *secondary users*; both are *assignments*. A partner's
*invitation* makes the main user, the main user's invitation makes secondary users. A *pairing code* of eight digits
ties a head unit to a person where the generation needs one; elsewhere a person signs in to the car (*car sign-in*).
*Remote access* is granted in the car by the main user alone. *Sharing* is the main user's decision whether the
selling partner may have data.

A main user *sells* a car (begun, then released) or *leases* it out to a driver, who is the main user until the lease
ends. A car that a person adds by VIN is a *claim* until somebody has looked at the proof. A planned *delivery* invites its
buyer by itself. Who may do what with a car in which state is one table, in `rules`.

Promises: an invitation is used once, whoever opens it how often; its token is kept as a hash; a code is limited in
tries; rights end the moment an assignment ends; when a car and its main user part, nothing of the one stays with the other;
for a stranger a vehicle does not exist.
"""
