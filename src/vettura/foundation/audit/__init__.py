"""
Who changed what, when and why: one table that grows and never changes, filled by the database itself (decision 0009).

A model says `@audited(kind=..., person="account")` above its class, or `@not_audited("why")`; the rest follows. Every way in says who acts
(`acting`), an action that takes a `reason` hands it on (`@explained`). The desk and the person read it (`entries_about`).
"""

from vettura.foundation.audit.acting import AuditMiddleware, acting, channel, explained, explained_actions, reason
from vettura.foundation.audit.columns import Audited, Kind, audited, audited_models, left_out, not_audited
from vettura.foundation.audit.reading import Change, Entries, Line, entries_about, erase
from vettura.foundation.audit.triggers import install

__all__ = [
    "AuditMiddleware",
    "Audited",
    "Change",
    "Entries",
    "Kind",
    "Line",
    "acting",
    "audited",
    "audited_models",
    "channel",
    "entries_about",
    "erase",
    "explained",
    "explained_actions",
    "install",
    "left_out",
    "not_audited",
    "reason",
]
