"""How passwords are kept: Argon2id with parameters that OWASP advises."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """
    46 MiB, one pass, one lane: the first of OWASP's equal choices, about 15 sign-ins per second and core (`make bench`).

    Django's own (100 MiB, two passes, eight lanes) costs four times as much, which is a gift to whoever floods the
    sign-in. A password kept with other parameters is kept anew when its person next signs in.
    """

    time_cost = 1
    memory_cost = 47_104
    parallelism = 1
