"""The sandbox as an application to mount at `/sandbox/cards`."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from vettura_sandbox.cards import forms, pages
from vettura_sandbox.cards.api import Api, Request
from vettura_sandbox.cards.errors import ApiError
from vettura_sandbox.cards.ledger import Json, Ledger
from vettura_sandbox.cards.webhooks import Courier

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = {"": "v3.js", "frame.js": "frame.js", "done.js": "done.js", "cards.css": "cards.css"}


def create_app(
    state_dir: Path,
    *,
    webhook_url: str | None = None,
    webhook_secret: str | None = None,
    secret_key: str | None = None,
    publishable_key: str | None = None,
) -> Starlette:
    """
    This will make the sandbox with its state in `state_dir`.

    What is not given comes from the environment variables that the shop reads too. Raises RuntimeError in production.
    """
    environment = os.environ.get
    if environment("VETTURA_PROFILE") in ("production", "cluster"):
        raise RuntimeError("The card sandbox refuses to run in production: it would accept made-up money.")
    ledger = Ledger(Path(state_dir) / "cards.sqlite3")
    base = environment("VETTURA_BASE_URL", "http://localhost:8000").rstrip("/")
    courier = Courier(
        ledger,
        f"{base}/billing/webhooks/cards/" if webhook_url is None else webhook_url,
        webhook_secret or environment("VETTURA_CARDS_WEBHOOK_SECRET", "whsec_sandbox"),
    )
    api = Api(
        ledger,
        secret_key=secret_key or environment("VETTURA_CARDS_KEY", "sk_test_sandbox"),
        publishable_key=publishable_key or environment("VETTURA_CARDS_PUBLIC_KEY", "pk_test_sandbox"),
        announce=courier.send,
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(courier.close)
        ledger.close()

    views = _Views(api, courier)
    app = Starlette(
        lifespan=lifespan,
        routes=[
            Route("/", views.overview),
            Route("/steer", views.steer, methods=["POST"]),
            Route("/v1/{path:path}", views.api, methods=["GET", "POST", "DELETE"]),
            Route("/v3/frame", views.frame),
            Route("/v3/{name:path}", views.script),
            Route("/intent/{intent}", views.intent),
            Route("/pay/{session}", views.hosted, methods=["GET", "POST"]),
            Route("/3ds/{intent}", views.challenge, methods=["GET", "POST"]),
        ],
    )
    app.state.courier = courier
    return app


class _Views:
    """The addresses. Whatever touches the ledger runs in a thread, for SQLite blocks."""

    def __init__(self, api: Api, courier: Courier) -> None:
        self._api, self._courier = api, courier

    @staticmethod
    def _home(request: HttpRequest) -> str:
        # not `base_url`: that is where the outermost application stands, and this one is mounted below it
        return f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}/"

    @staticmethod
    def _language(request: HttpRequest) -> str:
        return request.query_params.get("lang") or request.headers.get("accept-language", "en")[:2]

    async def api(self, request: HttpRequest) -> Response:
        """The HTTP API."""
        body = (await request.body()).decode() if request.method == "POST" else request.url.query
        asked = Request(
            method=request.method,
            path=f"/v1/{request.path_params['path']}",
            params=forms.parse(body),
            secret=request.headers.get("authorization", "").removeprefix("Bearer "),
            idempotency_key=request.headers.get("idempotency-key", ""),
            home=self._home(request),
        )
        status, answer = await run_in_threadpool(self._api.answer, asked)
        return JSONResponse(answer, status, headers={"request-id": self._api.ledger.new_id("req")})

    async def intent(self, request: HttpRequest) -> Response:
        """What the card form's script may know of an intent, with its client secret."""
        found = await run_in_threadpool(self._api.ledger.find, request.path_params["intent"])
        if found is None or found.get("client_secret") != request.query_params.get("client_secret"):
            return JSONResponse({"error": {"message": "No such intent"}}, 404)
        return JSONResponse({key: found.get(key) for key in ("id", "status", "payment_method", "last_setup_error")})

    async def script(self, request: HttpRequest) -> Response:
        """The card form's script and what it needs."""
        name = SCRIPTS.get(request.path_params["name"])
        return FileResponse(ASSETS / name, headers={"cache-control": "no-cache"}) if name else Response(status_code=404)

    async def frame(self, request: HttpRequest) -> Response:
        """The card form."""
        return HTMLResponse(pages.frame(self._language(request), self._home(request)))

    async def hosted(self, request: HttpRequest) -> Response:
        """The page for entering a card without the shop's scripts."""
        session = await run_in_threadpool(self._api.ledger.find, request.path_params["session"])
        if session is None or session["object"] != "checkout.session":
            return Response("There is no such page.", 404)
        success = str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])
        if session["status"] != "open":
            return RedirectResponse(success, 303)
        if request.method == "GET":
            return HTMLResponse(pages.hosted(session, self._home(request)))
        typed = {key: str(value) for key, value in (await request.form()).items()}
        try:
            intent = await run_in_threadpool(self._enter, session, typed, self._home(request), success)
        except ApiError as error:
            problem = error.body["error"]
            return HTMLResponse(
                pages.hosted(session, self._home(request), problem.get("decline_code") or problem["code"]), 402
            )
        action = intent["next_action"]
        return RedirectResponse(action["redirect_to_url"]["url"] if action else success, 303)

    def _enter(self, session: Json, typed: dict[str, str], home: str, success: str) -> Json:
        month, _, year = typed.get("expiry", "").partition("/")
        data = {
            "number": typed.get("number"),
            "exp_month": month.strip(),
            "exp_year": year.strip(),
            "cvc": typed.get("cvc"),
        }
        return self._api.enter_hosted_card(session, data, home=home, return_url=success)

    async def challenge(self, request: HttpRequest) -> Response:
        """3-D Secure: the bank's question, and the way back to the shop."""
        home, language, intent_id = self._home(request), self._language(request), request.path_params["intent"]
        found = await run_in_threadpool(self._api.ledger.find, intent_id)
        if found is None or "client_secret" not in found:
            return Response("There is no such payment.", 404)
        if request.method == "GET" and found["status"] == "requires_action":
            return HTMLResponse(pages.challenge(found, home, language))
        is_approved = request.method == "POST" and (await request.form()).get("answer") == "approve"
        intent, return_url = await run_in_threadpool(
            lambda: self._api.finish_challenge(intent_id, is_approved=is_approved)
        )
        if not return_url:
            return HTMLResponse(pages.challenge_over(home, language))
        status = "succeeded" if intent["status"] in ("succeeded", "requires_capture") else "failed"
        return RedirectResponse(
            _with_query(return_url, {intent["object"]: intent["id"], "redirect_status": status}), 303
        )

    async def overview(self, request: HttpRequest) -> Response:
        """The page to see and steer the sandbox."""
        return HTMLResponse(await run_in_threadpool(pages.overview, self._api.ledger, self._home(request)))

    async def steer(self, request: HttpRequest) -> Response:
        """The switches of that page."""
        form = await request.form()
        for name in ("next", "outage"):
            if name in form:
                await run_in_threadpool(self._api.ledger.steer, name, str(form[name]))
        if "resend" in form:
            await run_in_threadpool(self._resend)
        return RedirectResponse(self._home(request), 303)

    def _resend(self) -> None:
        deliveries = self._api.ledger.deliveries()
        for event in reversed(self._api.ledger.latest("event", 200)):
            if not deliveries.get(event["id"], ("", 0))[0].startswith("2"):
                self._courier.send(event)


def _with_query(url: str, more: dict[str, str]) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *more.items()])))
