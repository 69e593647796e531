"""Benchmarks: commands and ingest, each next to what the machine can do at best in the same run."""
