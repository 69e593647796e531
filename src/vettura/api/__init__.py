"""Our API: versioned, described by OpenAPI, refusals as RFC 9457 problems. Contexts own the operations; this is the shell."""
