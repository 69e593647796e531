"""Our database engine: Django's for PostgreSQL, with a check of pooled connections that costs no round trip."""
