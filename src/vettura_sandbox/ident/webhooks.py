"""Results posted to the customer of the provider, signed with HMAC-SHA256 over the body."""

import hashlib
import hmac
import json
import logging
import queue
import threading

import httpx

from vettura_sandbox.ident.store import Json

log = logging.getLogger(__name__)
PAUSES_IN_SECONDS = (0.0, 1.0, 3.0, 10.0, 30.0)
TIMEOUT_IN_SECONDS = 10.0


def signature(body: bytes, secret: str) -> str:
    """The value of the header `X-IDnow-Signature`."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


class Courier:
    """One thread that posts results in their order and tries again with growing pauses."""

    def __init__(self, url: str, secret: str) -> None:
        """The thread starts with the first result."""
        self._url, self._secret = url, secret
        self._waiting: queue.Queue[Json | None] = queue.Queue()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def send(self, result: Json) -> None:
        """This will post a result soon."""
        if not self._url or self._ended.is_set():
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="ident-webhooks", daemon=True)
            self._thread.start()
        self._waiting.put(result)

    def close(self) -> None:
        """This will end the thread."""
        self._ended.set()
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join(timeout=TIMEOUT_IN_SECONDS)

    def _work(self) -> None:
        while (result := self._waiting.get()) is not None:
            for pause in PAUSES_IN_SECONDS:
                if self._ended.wait(pause) or self._post(result):
                    break

    def _post(self, result: Json) -> bool:
        body = json.dumps(result, separators=(",", ":")).encode()
        headers = {"content-type": "application/json", "x-idnow-signature": signature(body, self._secret)}
        try:
            status = httpx.post(self._url, content=body, headers=headers, timeout=TIMEOUT_IN_SECONDS).status_code
        except httpx.HTTPError as problem:
            log.warning("identification webhook: %s", type(problem).__name__)
            return False
        return 200 <= status < 300
