"""
The phone app at `/m/`: an installable page that signs in with OpenID Connect and uses only our public API.

A shell, and less than the others: the server gives it its page, its words, its drawings and the manifest, and knows nothing of
who looks at it. What a car is and may do comes from `/api/v1` with the person's own token, as for any other program.
"""
