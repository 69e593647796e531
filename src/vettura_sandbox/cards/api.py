"""
The HTTP API: customers, setup intents, payment methods, payment intents, refunds, events, hosted card pages.

Requests are matched against one table at the end of the file. Each runs in one transaction of the ledger; a request with
an Idempotency-Key is answered once and then repeated, unless its parameters differ, which is an error.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from vettura_sandbox.cards import numbers
from vettura_sandbox.cards.errors import ApiError, invalid, missing
from vettura_sandbox.cards.ledger import Json, Ledger, seconds_now
from vettura_sandbox.cards.typed import checked_card, is_past


@dataclass(frozen=True)
class Request:
    """A call: what is asked for, with which key, and the address that browsers reach this sandbox under."""

    method: str
    path: str
    params: Json
    secret: str
    idempotency_key: str
    home: str


class Api:
    """The provider's API over a ledger. `announce` is told of every event after its transaction."""

    def __init__(
        self, ledger: Ledger, *, secret_key: str, publishable_key: str, announce: Callable[[Json], None]
    ) -> None:
        """Keys are those that the shop is configured with."""
        self.ledger = ledger
        self._secret_key, self._publishable_key = secret_key, publishable_key
        self._announce = announce
        self._events: list[Json] = []

    # -- one request ------------------------------------------------------------------------------------------------
    def answer(self, request: Request) -> tuple[int, Json]:
        """This will carry out a request and return the status and body of its answer."""
        try:
            with self._changes():
                return self._answer_once(request)
        except ApiError as error:
            return error.status, error.body

    @contextmanager
    def _changes(self) -> Iterator[None]:
        """A transaction whose events are posted after it."""
        events: list[Json] = []
        with self.ledger.transaction():
            self._events = events
            yield
        for event in events:
            self._announce(event)

    def _answer_once(self, request: Request) -> tuple[int, Json]:
        self._authenticate(request)
        if self.ledger.steering("outage") == "on" and request.method == "POST":
            raise ApiError(500, "api_error", "", "The sandbox plays an outage. Switch it off on its page.")
        if not request.idempotency_key or request.method != "POST":
            return self._carry_out(request)
        asked = hashlib.sha256(json.dumps([request.path, request.params], sort_keys=True).encode()).hexdigest()
        kept = self.ledger.answer(request.idempotency_key)
        if kept is not None:
            if kept[0] != asked:
                message = (
                    "Keys for idempotent requests can only be used with the same parameters they were first used with."
                )
                raise ApiError(400, "idempotency_error", "", message)
            return kept[1], kept[2]
        status, body = self._carry_out(request)
        self.ledger.keep_answer(request.idempotency_key, asked, status, body)
        return status, body

    def _carry_out(self, request: Request) -> tuple[int, Json]:
        """Card errors are answers too: what they changed stays, and a repeated key repeats them."""
        for method, pattern, handler in ROUTES:
            found = re.fullmatch(pattern, request.path)
            if found and method == request.method:
                try:
                    return 200, self._expanded(handler(self, request, *found.groups()), request.params)
                except ApiError as error:
                    if error.status != 402:
                        raise
                    return error.status, error.body
        raise invalid("", f"Unrecognized request URL ({request.method}: {request.path}).", status=404)

    def _authenticate(self, request: Request) -> None:
        from_browser = request.secret == self._publishable_key and request.path.endswith("/confirm")
        if request.secret != self._secret_key and not from_browser:
            raise ApiError(401, "invalid_request_error", "", "Invalid API Key provided.")

    def _expanded(self, body: Json, params: Json) -> Json:
        for field in (params.get("expand") or {}).values():
            if isinstance(body.get(field), str):
                body = {**body, field: self.ledger.find(body[field])}
        return body

    def emit(self, kind: str, subject: Json) -> None:
        """This will record an event and post it once the transaction is kept."""
        event = {
            "id": self.ledger.new_id("evt"),
            "object": "event",
            "type": kind,
            "created": seconds_now(),
            "livemode": False,
            "api_version": None,
            "data": {"object": subject},
        }
        self._events.append(self.ledger.save(event))

    def get(self, kind: str, object_id: str) -> Json:
        """The object. Raises ApiError 404 when there is none of that kind."""
        found = self.ledger.find(object_id)
        if found is None or found["object"] != kind:
            raise missing(kind, object_id)
        return found

    def _new(self, prefix: str, kind: str, **fields: object) -> Json:
        return {"id": self.ledger.new_id(prefix), "object": kind, "created": seconds_now(), "livemode": False, **fields}

    # -- customers and saved cards ----------------------------------------------------------------------------------
    def create_customer(self, request: Request) -> Json:
        """POST /v1/customers"""
        fields = {name: request.params.get(name) for name in ("email", "name")}
        return self.ledger.save(self._new("cus", "customer", metadata=request.params.get("metadata") or {}, **fields))

    def delete_customer(self, _request: Request, customer_id: str) -> Json:
        """DELETE /v1/customers/{id}: name and address are gone, and no card is attached any more."""
        self.get("customer", customer_id)
        for method in self.ledger.with_value("payment_method", "customer", customer_id):
            method["customer"] = None
            self.emit("payment_method.detached", self.ledger.save(method))
        gone = {"id": customer_id, "object": "customer", "deleted": True}
        self.emit("customer.deleted", gone)
        self.ledger.forget_answers_about(customer_id)
        self.ledger.save({"id": customer_id, "object": "deleted_customer"})
        return gone

    def retrieve_customer(self, _request: Request, customer_id: str) -> Json:
        """GET /v1/customers/{id}: a deleted one says that it is."""
        found = self.ledger.find(customer_id)
        if found is not None and found["object"] == "deleted_customer":
            return {"id": customer_id, "object": "customer", "deleted": True}
        return self.get("customer", customer_id)

    def retrieve(self, request: Request, object_id: str) -> Json:
        """GET of any object by its path."""
        kind = request.path.split("/")[2].removesuffix("s")
        return self.get("checkout.session" if kind == "checkout" else kind, object_id)

    def create_setup_intent(self, request: Request) -> Json:
        """POST /v1/setup_intents"""
        self.get("customer", request.params.get("customer") or "")
        return self.ledger.save(self._setup_intent(request.params))

    def _setup_intent(self, params: Json) -> Json:
        intent = self._new(
            "seti",
            "setup_intent",
            customer=params["customer"],
            status="requires_payment_method",
            usage=params.get("usage") or "off_session",
            payment_method=None,
            next_action=None,
            last_setup_error=None,
            metadata=params.get("metadata") or {},
        )
        return {**intent, "client_secret": self.ledger.new_id(f"{intent['id']}_secret")}

    def confirm_setup_intent(self, request: Request, intent_id: str) -> Json:
        """POST /v1/setup_intents/{id}/confirm: from the card form, with the client secret, or from the shop."""
        intent = self.get("setup_intent", intent_id)
        if request.secret == self._publishable_key and request.params.get("client_secret") != intent["client_secret"]:
            raise missing("setup_intent", intent_id)
        if intent["status"] not in ("requires_payment_method", "requires_confirmation"):
            raise invalid("setup_intent_unexpected_state", f"This SetupIntent's status is {intent['status']}.")
        data = (request.params.get("payment_method_data") or {}).get("card") or {}
        return self.enter_card(intent, data, home=request.home, return_url=request.params.get("return_url") or "")

    def enter_card(self, intent: Json, data: Json, *, home: str, return_url: str) -> Json:
        """This will check a typed card and attach it, or ask for 3-D Secure first. Raises a card error (402)."""
        number, behavior = checked_card(data)
        method = self._payment_method(data, number, behavior)
        self._steer_or_decline(behavior.declines_when_saved, intent, "last_setup_error")
        intent["payment_method"] = method["id"]
        if behavior.challenges_when_saved:
            intent["status"] = "requires_action"
            intent["next_action"] = _challenge(f"{home}3ds/{intent['id']}", return_url)
            return self.ledger.save(intent)
        return self._finish_setup(intent)

    def _payment_method(self, data: Json, number: str, behavior: numbers.TestCard) -> Json:
        card = {
            "brand": behavior.brand,
            "last4": number[-4:],
            "exp_month": int(data["exp_month"]),
            "exp_year": int(data["exp_year"]),
            # the same number has the same fingerprint, and nothing tells the number from it
            "fingerprint": hashlib.sha256(f"{self._secret_key}:{number}".encode()).hexdigest()[:16],
            "country": "IT",
            "funding": "credit",
        }
        method = self._new("pm", "payment_method", type="card", card=card, customer=None)
        self.ledger.save({"id": f"vault_{method['id']}", "object": "vault", "number": number})
        return self.ledger.save(method)

    def _finish_setup(self, intent: Json) -> Json:
        method = self.get("payment_method", intent["payment_method"])
        self.ledger.save({**method, "customer": intent["customer"]})
        intent.update(status="succeeded", next_action=None, last_setup_error=None)
        self.emit("setup_intent.succeeded", intent)
        return self.ledger.save(intent)

    def detach_payment_method(self, _request: Request, method_id: str) -> Json:
        """POST /v1/payment_methods/{id}/detach"""
        method = self.get("payment_method", method_id)
        if method["customer"] is None:
            raise invalid(
                "", "The payment method you provided is not attached to a customer so detachment is impossible."
            )
        method["customer"] = None
        self.emit("payment_method.detached", method)
        return self.ledger.save(method)

    # -- hosted card page -------------------------------------------------------------------------------------------
    def create_session(self, request: Request) -> Json:
        """POST /v1/checkout/sessions: only to save a card."""
        params = request.params
        if params.get("mode") != "setup":
            raise invalid("parameter_invalid", "This sandbox knows hosted pages for saving cards only.", "mode")
        self.get("customer", params.get("customer") or "")
        intent = self.ledger.save(self._setup_intent(params))
        session = self._new(
            "cs_test",
            "checkout.session",
            mode="setup",
            status="open",
            customer=params["customer"],
            setup_intent=intent["id"],
            success_url=params.get("success_url"),
            cancel_url=params.get("cancel_url"),
            locale=params.get("locale") or "en",
        )
        return self.ledger.save({**session, "url": f"{request.home}pay/{session['id']}"})

    def enter_hosted_card(self, session: Json, data: Json, *, home: str, return_url: str) -> Json:
        """This will take the card typed on a hosted page. Raises a card error (402)."""
        with self._changes():
            intent = self.get("setup_intent", session["setup_intent"])
            found = self.enter_card(intent, data, home=home, return_url=return_url)
            self.ledger.save({**session, "status": "complete"})
            return found

    # -- payments ---------------------------------------------------------------------------------------------------
    def create_payment_intent(self, request: Request) -> Json:
        """POST /v1/payment_intents"""
        params = request.params
        amount = int(params.get("amount") or 0)
        if amount <= 0:
            raise invalid("parameter_invalid_integer", "This value must be greater than or equal to 1.", "amount")
        intent = self._new(
            "pi",
            "payment_intent",
            amount=amount,
            amount_capturable=0,
            amount_received=0,
            currency=params.get("currency"),
            capture_method=params.get("capture_method") or "automatic",
            customer=params.get("customer"),
            payment_method=params.get("payment_method"),
            status="requires_confirmation" if params.get("payment_method") else "requires_payment_method",
            metadata=params.get("metadata") or {},
            description=params.get("description"),
            next_action=None,
            last_payment_error=None,
            latest_charge=None,
            amount_refunded=0,
        )
        intent["client_secret"] = self.ledger.new_id(f"{intent['id']}_secret")
        self.ledger.save(intent)
        if params.get("confirm") == "true":
            return self._confirm_payment(intent, params.get("return_url") or "", request.home)
        return intent

    def confirm_payment_intent(self, request: Request, intent_id: str) -> Json:
        """POST /v1/payment_intents/{id}/confirm"""
        intent = self.get("payment_intent", intent_id)
        if request.params.get("payment_method"):
            intent["payment_method"] = request.params["payment_method"]
        if intent["status"] not in ("requires_confirmation", "requires_payment_method"):
            raise _unexpected(intent, "confirmed")
        return self._confirm_payment(intent, request.params.get("return_url") or "", request.home)

    def _confirm_payment(self, intent: Json, return_url: str, home: str) -> Json:
        method = self.get("payment_method", intent["payment_method"] or "")
        if method["customer"] is None or method["customer"] != intent["customer"]:
            raise invalid("payment_method_unexpected_state", "The PaymentMethod is not attached to this customer.")
        behavior = numbers.behavior_of(self.get("vault", f"vault_{method['id']}")["number"])
        if is_past(method["card"]["exp_month"], method["card"]["exp_year"]):
            self._decline(intent, "expired_card", "last_payment_error")
        wish = self._steer_or_decline(behavior.declines_when_charged, intent, "last_payment_error")
        if behavior.challenges_when_charged or wish == "challenge":
            intent.update(status="requires_action", next_action=_challenge(f"{home}3ds/{intent['id']}", return_url))
            self.emit("payment_intent.requires_action", intent)
            return self.ledger.save(intent)
        return self._authorize(intent)

    def _authorize(self, intent: Json) -> Json:
        charge = self.ledger.save(
            self._new(
                "ch", "charge", amount=intent["amount"], payment_intent=intent["id"], status="succeeded", captured=False
            )
        )
        intent.update(
            status="requires_capture", next_action=None, latest_charge=charge["id"], amount_capturable=intent["amount"]
        )
        self.ledger.save(intent)
        if intent["capture_method"] == "manual":
            self.emit("payment_intent.amount_capturable_updated", intent)
            return intent
        return self._capture(intent)

    def capture_payment_intent(self, _request: Request, intent_id: str) -> Json:
        """POST /v1/payment_intents/{id}/capture: all of it."""
        intent = self.get("payment_intent", intent_id)
        if intent["status"] != "requires_capture":
            raise _unexpected(intent, "captured")
        return self._capture(intent)

    def _capture(self, intent: Json) -> Json:
        self.ledger.save({**self.get("charge", intent["latest_charge"]), "captured": True})
        intent.update(status="succeeded", amount_received=intent["amount"], amount_capturable=0)
        self.emit("payment_intent.succeeded", intent)
        return self.ledger.save(intent)

    def cancel_payment_intent(self, _request: Request, intent_id: str) -> Json:
        """POST /v1/payment_intents/{id}/cancel"""
        intent = self.get("payment_intent", intent_id)
        if intent["status"] in ("succeeded", "canceled"):
            raise _unexpected(intent, "canceled")
        intent.update(status="canceled", next_action=None, amount_capturable=0)
        self.emit("payment_intent.canceled", intent)
        return self.ledger.save(intent)

    def create_refund(self, request: Request) -> Json:
        """POST /v1/refunds"""
        intent = self.get("payment_intent", request.params.get("payment_intent") or "")
        amount = int(request.params.get("amount") or intent["amount_received"] - intent["amount_refunded"])
        if intent["status"] != "succeeded":
            raise _unexpected(intent, "refunded")
        if intent["amount_refunded"] + amount > intent["amount_received"]:
            raise invalid(
                "charge_already_refunded", "Refund amount is greater than the unrefunded amount on the charge."
            )
        intent["amount_refunded"] += amount
        self.ledger.save(intent)
        refund = self._new(
            "re",
            "refund",
            amount=amount,
            currency=intent["currency"],
            payment_intent=intent["id"],
            charge=intent["latest_charge"],
            status="succeeded",
            metadata=request.params.get("metadata") or {},
        )
        self.emit("charge.refunded", self.get("charge", intent["latest_charge"]))
        return self.ledger.save(refund)

    def finish_challenge(self, intent_id: str, *, is_approved: bool) -> tuple[Json, str]:
        """This will end a 3-D Secure challenge; the second value is where the person came from. Done twice, done once."""
        with self._changes():
            intent = self.ledger.find(intent_id)
            if intent is None or intent["object"] not in ("payment_intent", "setup_intent"):
                raise missing("intent", intent_id)
            action = intent["next_action"] or intent.get("finished_action") or {"redirect_to_url": {"return_url": ""}}
            return_url = action["redirect_to_url"]["return_url"]
            if intent["status"] == "requires_action":
                intent["finished_action"] = action
                intent = self._challenge_over(intent, is_approved=is_approved)
        return intent, return_url

    def _challenge_over(self, intent: Json, *, is_approved: bool) -> Json:
        is_payment = intent["object"] == "payment_intent"
        if is_approved:
            return self._authorize(intent) if is_payment else self._finish_setup(intent)
        error = {
            "type": "invalid_request_error" if is_payment else "card_error",
            "code": f"{intent['object']}_authentication_failure",
            "message": "The provided payment method has failed authentication.",
        }
        intent.update(status="requires_payment_method", next_action=None)
        intent["last_payment_error" if is_payment else "last_setup_error"] = error
        self.emit(f"{intent['object']}.{'payment_failed' if is_payment else 'setup_failed'}", intent)
        return self.ledger.save(intent)

    def list_events(self, _request: Request) -> Json:
        """GET /v1/events"""
        return {"object": "list", "data": self.ledger.latest("event"), "has_more": False, "url": "/v1/events"}

    # -- declines ---------------------------------------------------------------------------------------------------
    def _steer_or_decline(self, decline: str, intent: Json, error_field: str) -> str:
        """What the sandbox page wishes for the next payment; declines when it or the number says so."""
        wish = self.ledger.steering("next") if error_field == "last_payment_error" else ""
        if wish:
            self.ledger.steer("next", "")
        if wish == "decline" or decline:
            self._decline(intent, decline or "generic_decline", error_field)
        return wish

    def _decline(self, intent: Json, decline: str, error_field: str) -> None:
        code, message = numbers.MESSAGES[decline]
        error = {"type": "card_error", "code": code, "decline_code": decline, "message": message}
        intent.update(status="requires_payment_method", next_action=None, **{error_field: error})
        self.ledger.save(intent)
        if intent["object"] == "payment_intent":
            self.emit("payment_intent.payment_failed", intent)
        raise ApiError(402, "card_error", code, message, decline_code=decline, **{intent["object"]: intent})


def _challenge(url: str, return_url: str) -> Json:
    return {"type": "redirect_to_url", "redirect_to_url": {"url": url, "return_url": return_url}}


def _unexpected(intent: Json, verb: str) -> ApiError:
    message = f"This PaymentIntent could not be {verb} because it has a status of {intent['status']}."
    more = {"payment_intent": intent}
    return ApiError(400, "invalid_request_error", "payment_intent_unexpected_state", message, **more)


Handler = Callable[..., Json]  # the API, the request, and the ids in its path
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/v1/customers", Api.create_customer),
    ("GET", r"/v1/customers/(\w+)", Api.retrieve_customer),
    ("DELETE", r"/v1/customers/(\w+)", Api.delete_customer),
    ("POST", "/v1/setup_intents", Api.create_setup_intent),
    ("GET", r"/v1/setup_intents/(\w+)", Api.retrieve),
    ("POST", r"/v1/setup_intents/(\w+)/confirm", Api.confirm_setup_intent),
    ("POST", "/v1/checkout/sessions", Api.create_session),
    ("GET", r"/v1/checkout/sessions/(\w+)", Api.retrieve),
    ("GET", r"/v1/payment_methods/(\w+)", Api.retrieve),
    ("POST", r"/v1/payment_methods/(\w+)/detach", Api.detach_payment_method),
    ("POST", "/v1/payment_intents", Api.create_payment_intent),
    ("GET", r"/v1/payment_intents/(\w+)", Api.retrieve),
    ("POST", r"/v1/payment_intents/(\w+)/confirm", Api.confirm_payment_intent),
    ("POST", r"/v1/payment_intents/(\w+)/capture", Api.capture_payment_intent),
    ("POST", r"/v1/payment_intents/(\w+)/cancel", Api.cancel_payment_intent),
    ("POST", "/v1/refunds", Api.create_refund),
    ("GET", r"/v1/refunds/(\w+)", Api.retrieve),
    ("GET", "/v1/events", Api.list_events),
    ("GET", r"/v1/events/(\w+)", Api.retrieve),
)
