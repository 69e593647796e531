"""
Answers the broker's question who may connect, many at a time: after an outage every car asks at once.

The broker waits `PATIENCE_SECONDS` and then refuses by itself. An answer that comes later is of no use to anybody, and making it
would only hold up those who still wait; so a question that is too old is dropped.
"""

import asyncio
import logging
from collections import deque
from concurrent.futures import Executor
from datetime import datetime

import nkeys
from django.conf import settings
from django.db import connections
from nats.aio.client import Client
from nats.aio.msg import Msg

from vettura.vehicle_link import actions, queries
from vettura.vehicle_link.process import callout
from vettura.vehicle_link.process.ingest import AWAY

log = logging.getLogger(__name__)

# as `authorization.timeout` of the broker's configuration says
PATIENCE_SECONDS = 5
MOST_AT_ONCE = 100


class Doorkeeper:
    """The door for cars. `serve` runs beside the reader; the executor's threads ask the database."""

    def __init__(self, connection: Client, executor: Executor) -> None:
        """This will not answer before `open`."""
        self._connection = connection
        self._executor = executor
        self._issuer = nkeys.from_seed((settings.VETTURA_KEYS_DIR / "nats-issuer.seed").read_text().strip().encode())
        self._waiting: deque[tuple[float, Msg]] = deque()
        self._somebody = asyncio.Event()

    async def open(self) -> None:
        """This will take the broker's questions from now on."""
        await self._connection.subscribe(callout.SUBJECT, cb=self._take)
        await self._connection.flush()

    async def serve(self) -> None:
        """This will answer until it is canceled."""
        while True:
            await self._somebody.wait()
            self._somebody.clear()
            while questions := self._next():
                await self._answer(questions)

    async def _take(self, message: Msg) -> None:
        self._waiting.append((asyncio.get_running_loop().time(), message))
        self._somebody.set()

    def _next(self) -> list[tuple[Msg, callout.Asked]]:
        oldest = asyncio.get_running_loop().time() - PATIENCE_SECONDS
        found: list[tuple[Msg, callout.Asked]] = []
        while self._waiting and len(found) < MOST_AT_ONCE:
            came_at, message = self._waiting.popleft()
            if came_at < oldest:
                continue
            try:
                found.append((message, callout.read_question(message.data)))
            except callout.Unreadable as error:
                log.warning("a callout that we cannot read: %s", error)
        return found

    async def _answer(self, questions: list[tuple[Msg, callout.Asked]]) -> None:
        asked_of = {asked.certificate_vin: asked for _, asked in questions if asked.certificate_vin is not None}
        loop = asyncio.get_running_loop()
        admissions = await loop.run_in_executor(self._executor, _admissions, asked_of)
        for message, asked in questions:
            admission = admissions.get(asked.certificate_vin or "")
            refusal = callout.refusal_of(
                asked,
                is_known=admission is not None,
                is_revoked=admission is not None and asked.fingerprint in admission.revoked_certificates,
            )
            if refusal is not None:
                log.info("refused at the door: %s (%s)", refusal, asked.certificate_vin or "nobody")
            token = callout.answer(asked, issuer=self._issuer, account=callout.ACCOUNT, refusal=refusal)
            await message.respond(token)


def _admissions(asked_of: dict[str, callout.Asked]) -> dict[str, queries.Admission]:
    """Those that are registered; nobody while the database is away: they have to try again."""
    try:
        found = queries.admissions_of(vins=list(asked_of))
        # whoever comes later with an expired one is turned away by the broker, and nobody hears of it here
        if expiring := {vin: at for vin, asked in asked_of.items() if (at := _newly_expires_at(asked, found.get(vin)))}:
            actions.note_certificates(expiring=expiring)
    except AWAY:
        log.warning("the database is away: %s cars have to try again", len(asked_of))
        connections.close_all()
        return {}
    return found


def _newly_expires_at(asked: callout.Asked, admission: queries.Admission | None) -> datetime | None:
    """When the certificate ends, if that is not known yet and the car is one that may come in."""
    if admission is None or asked.fingerprint in admission.revoked_certificates:
        return None
    return None if asked.expires_at == admission.certificate_expires_at else asked.expires_at
