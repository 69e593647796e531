"""
APIs that we imitate for clients that exist: the one of Porsche Connect, as `pyporscheconnectapi` and Home Assistant speak it.

A shell: it translates paths, names and shapes into actions and queries of ours and decides nothing. It is served on every
host name that we answer to, also under the names that unmodified clients insist on. What those clients expect is in
docs/compat.md; the words of the foreign API stand here and nowhere else.
"""

HOSTS = ("identity.porsche.com", "api.ppa.porsche.com")
