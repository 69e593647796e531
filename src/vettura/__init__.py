"""Vettura: an open, self-hosted connected-car platform. One folder per part of the business; see docs/architecture.md."""
