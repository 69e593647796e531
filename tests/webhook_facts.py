"""Webhooks, and a receiver that takes them over a real socket."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from vettura.developers import actions
from vettura.developers.models import Delivery, Webhook
from vettura.foundation import clock
from vettura.identity.models import Account
from vettura.vehicles.models import Vehicle


class Receiver:
    """A stranger's server: answers challenges with its secret, keeps what it is sent, and fails when told to."""

    def __init__(self) -> None:
        self.secret = ""
        self.status = 200
        self.taken: list[dict] = []
        self.requests: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append((dict(self.headers.items()), body))
                said = json.loads(body)
                answer = b"{}"
                if said["type"] == "challenge":
                    answer = json.dumps({"response": receiver.proof(said["challenge"].encode())}).encode()
                elif receiver.status == 200:
                    receiver.taken.append(said)
                self.send_response(receiver.status)
                if 300 <= receiver.status < 400:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def proof(self, text: bytes) -> str:
        """What only somebody with the secret can say."""
        return hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest()

    def has_signed(self, number: int = -1) -> bool:
        """Whether a request bears a signature made with the secret that this receiver knows."""
        headers, body = self.requests[number]
        parts = [each.split("=", 1) for each in headers["Vettura-Signature"].split(",")]
        stamp = dict(parts)["t"]
        return self.proof(stamp.encode() + b"." + body) in [value for name, value in parts if name == "v1"]

    @contextmanager
    def listening(self) -> Iterator["Receiver"]:
        """While this lasts it answers."""
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join(5)


def webhook(person: Account, car: Vehicle, **more: object) -> Webhook:
    """A webhook of a person for a car; nobody is at its address."""
    facts = {"url": "http://127.0.0.1:9/hook", "events": ["state.changed"], "cars": [car.vin]}
    return actions.create_webhook(by=person, **(facts | more)).webhook


def dead_letter(hook: Webhook) -> Delivery:
    """Something that was given up."""
    at = clock.real_now()
    return Delivery.objects.create(
        webhook=hook,
        type="state.changed",
        vin=hook.cars[0],
        body={"id": "x", "type": "state.changed", "vin": hook.cars[0], "at": at.isoformat(), "data": {"signals": {}}},
        created_at=at,
        next_at=at,
        attempts=8,
        dead_at=at,
        last_answer="HTTP 500",
    )
