"""
Our OpenID provider: allauth's programs, oauthlib's reading of requests, and what they leave open decided here.

`claims` says what programs learn, `provider` which codes and tokens are good, `requests` what a program asks for and
whether the person has to be asked, `endpoints` answers programs, `pages` asks people. The state is ours
(`models/programs.py`), because codes and tokens must be taken once and end together. See docs/decisions/0012.
"""

from vettura.identity.adapters.oidc.claims import OidcAdapter

__all__ = ["OidcAdapter"]
