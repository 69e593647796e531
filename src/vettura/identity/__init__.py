"""
Who people are: accounts, registration, sign-in, and signing in to programs (OpenID Connect).

An `Account` is a person's own e-mail address and one credential for portal, store, programs and cars (ID-001). It is
*invited* from the moment a registration begins, *active* once the registration is completed, and never belongs to
anybody else. A `Registration` is the walk from the link to the account: password, name and number, SMS code, terms and
privacy declaration; it can be left and taken up again. The `pin` is what a person types again before something opens.

Promises: passwords are hashed; PINs and SMS codes are never kept in clear (DAT-001); a step that is refused changes
nothing; every accepted document is kept with its version; wrong PINs and codes are counted even when they come at once.
"""
