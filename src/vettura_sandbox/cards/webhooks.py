"""Events posted to the shop, signed as the provider signs them: `t=<seconds>,v1=<HMAC-SHA256 of "t.body">`."""

import hashlib
import hmac
import json
import logging
import queue
import threading

import httpx

from vettura_sandbox.cards.ledger import Json, Ledger, seconds_now

log = logging.getLogger(__name__)
PAUSES_IN_SECONDS = (0.0, 1.0, 3.0, 10.0)
TIMEOUT_IN_SECONDS = 10.0


def signature(body: bytes, secret: str, at: int) -> str:
    """The value of the header `Stripe-Signature`."""
    mac = hmac.new(secret.encode(), str(at).encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


class Courier:
    """One thread that posts events in their order and tries again with growing pauses."""

    def __init__(self, ledger: Ledger, url: str, secret: str) -> None:
        """This will start the thread when the first event is sent."""
        self._ledger, self._url, self._secret = ledger, url, secret
        self._waiting: queue.Queue[Json | None] = queue.Queue()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def send(self, event: Json) -> None:
        """This will post the event soon."""
        if not self._url or self._ended.is_set():
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="card-webhooks", daemon=True)
            self._thread.start()
        self._waiting.put(event)

    def close(self) -> None:
        """This will end the thread; what was not delivered stays listed on the sandbox page."""
        self._ended.set()
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join(timeout=TIMEOUT_IN_SECONDS)

    def _work(self) -> None:
        while (event := self._waiting.get()) is not None:
            for pause in PAUSES_IN_SECONDS:
                if self._ended.wait(pause) or self._post(event):
                    break

    def _post(self, event: Json) -> bool:
        body = json.dumps(event, separators=(",", ":")).encode()
        headers = {
            "content-type": "application/json; charset=utf-8",
            "stripe-signature": signature(body, self._secret, seconds_now()),
        }
        try:
            status = str(httpx.post(self._url, content=body, headers=headers, timeout=TIMEOUT_IN_SECONDS).status_code)
        except httpx.HTTPError as problem:
            status = type(problem).__name__
        self._ledger.record_delivery(event["id"], status)
        if not status.startswith("2"):
            log.warning("webhook %s to %s: %s", event["type"], self._url, status)
        return status.startswith("2")
