"""The provider as an application to mount at `/sandbox/ident`."""

import contextlib
import hashlib
import hmac
import io
import os
import re
import secrets
import zipfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from vettura_sandbox.ident import checks, pages
from vettura_sandbox.ident.rooms import Rooms
from vettura_sandbox.ident.store import IdentStore, Json
from vettura_sandbox.ident.webhooks import Courier
from vettura_wire import clock

ASSETS = Path(__file__).parent / "assets"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
COOKIE, AGENT_SECONDS = "ident_agent", 8 * 3600
MOST_PICTURE_BYTES = 4_000_000
ZONE = ZoneInfo("Europe/Berlin")
# the call needs a browser on a computer; phones and tablets have the app
UNSUITABLE = re.compile(r"Android|iPhone|iPad|Mobile|Edg|OPR/|MSIE|Trident")
OPEN = ("", "CHECK_PENDING")


def create_app(
    state_dir: Path,
    *,
    company: str | None = None,
    key: str | None = None,
    webhook_url: str | None = None,
    webhook_secret: str | None = None,
    return_url: str | None = None,
) -> Starlette:
    """
    This will make the provider with its state in `state_dir` and one customer, us.

    What is not given comes from the environment variables that the platform reads too; `return_url` names `{custom1}`,
    what we sent along. Raises RuntimeError in production.
    """
    environment = os.environ.get
    if environment("VETTURA_PROFILE") in ("production", "cluster"):
        raise RuntimeError("The identification sandbox refuses to run in production: its agents are anybody.")
    base = environment("VETTURA_BASE_URL", "http://localhost:8000").rstrip("/")
    provider = Provider(
        IdentStore(Path(state_dir) / "ident"),
        company=company or environment("VETTURA_IDENT_COMPANY", "vettura"),
        key=key or environment("VETTURA_IDENT_KEY", "ident_sandbox"),
        webhook_url=f"{base}/identification/webhooks/" if webhook_url is None else webhook_url,
        webhook_secret=webhook_secret or environment("VETTURA_IDENT_WEBHOOK_SECRET", "whsec_ident"),
        return_url=return_url or f"{base}/identification/{{custom1}}/",
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(provider.courier.close)
        provider.store.close()

    return Starlette(routes=provider.routes(), lifespan=lifespan)


class Provider:
    """Attempts, the API over them, the call, and the agents' room."""

    def __init__(
        self, store: IdentStore, *, company: str, key: str, webhook_url: str, webhook_secret: str, return_url: str
    ) -> None:
        """Sign-ins live as long as the process: whoever was signed in signs in again."""
        self.store, self.rooms, self.courier = store, Rooms(), Courier(webhook_url, webhook_secret)
        self._company, self._key, self._secret, self._return_url = company, key, webhook_secret, return_url
        self._tokens: set[str] = set()
        self._agents: dict[str, str] = {}

    def routes(self) -> list[Route | WebSocketRoute]:
        """Everything below the mount point."""
        api, agent = f"/api/v1/{self._company}", "/agent"
        go = f"/{self._company}/identifications/{{code}}"
        return [
            Route("/", self.overview),
            Route("/assets/{name}", self.asset),
            Route(f"{api}/login", self.login, methods=["POST"]),
            Route(f"{api}/identifications/{{number}}/start", self.start, methods=["POST"]),
            Route(f"{api}/identifications/{{number}}.zip", self.archive),
            Route(f"{api}/identifications/{{number}}", self.identification, methods=["GET", "DELETE"]),
            Route("/app/", self.app, methods=["GET", "POST"]),
            Route(go, self.call),
            WebSocketRoute(f"{go}/signals", self.signals_of_person),
            Route(f"{agent}/enter", self.enter),
            Route(f"{agent}/", self.for_agents(self.room)),
            Route(f"{agent}/{{code}}/", self.for_agents(self.desk)),
            Route(f"{agent}/{{code}}/pictures/{{kind}}", self.for_agents(self.picture), methods=["GET", "POST"]),
            Route(f"{agent}/{{code}}/decision", self.for_agents(self.decide), methods=["POST"]),
            WebSocketRoute(f"{agent}/{{code}}/signals", self.signals_of_agent),
        ]

    # -- the HTTP API ----------------------------------------------------------------------------------------------
    async def login(self, request: Request) -> Response:
        """A token for reading results."""
        given = (await request.json()).get("apiKey", "")
        if not hmac.compare_digest(str(given), self._key):
            return _problem(401, "INVALID_LOGIN_TOKEN")
        token = secrets.token_urlsafe(32)
        self._tokens.add(token)
        return JSONResponse({"authToken": token})

    async def start(self, request: Request) -> Response:
        """A new attempt, or the one that was begun with this number."""
        if not hmac.compare_digest(request.headers.get("x-api-key", ""), self._key):
            return _problem(401, "INVALID_API_KEY")
        person = await request.json()
        missing = [name for name in ("firstname", "lastname") if not person.get(name)]
        if missing:
            return _problem(400, "MISSING_PROPERTY", missing[0])
        number = request.path_params["number"]
        body = {"person": person, "result": "", "reason": "", "document": {}, "agent": "", "decided_at": ""}
        found = await run_in_threadpool(self.store.create, number, body)
        return JSONResponse({"id": found["code"]})

    async def identification(self, request: Request) -> Response:
        """How an attempt stands, or its end."""
        number = request.path_params["number"]
        if request.headers.get("x-api-login-token") not in self._tokens:
            return _problem(401, "INVALID_LOGIN_TOKEN")
        if request.method == "DELETE":
            gone = await run_in_threadpool(self.store.forget, number)
            return Response(status_code=204) if gone else _problem(404, "OBJECT_NOT_FOUND")
        found = await run_in_threadpool(self.store.by_number, number)
        return JSONResponse(self._result(found)) if found else _problem(404, "OBJECT_NOT_FOUND")

    async def archive(self, request: Request) -> Response:
        """The pictures in one archive."""
        if request.headers.get("x-api-login-token") not in self._tokens:
            return _problem(401, "INVALID_LOGIN_TOKEN")
        found = await run_in_threadpool(self.store.by_number, request.path_params["number"])
        if found is None:
            return _problem(404, "OBJECT_NOT_FOUND")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for kind, content in self.store.pictures(found["code"]).items():
                archive.writestr(f"{found['code']}/{kind}.png", content)
        return Response(packed.getvalue(), media_type="application/zip")

    def _result(self, found: Json) -> Json:
        person, document = found["person"], found["document"]
        kinds = self.store.pictures(found["code"])
        return {
            "identificationprocess": {
                "result": found["result"],
                "reason": found["reason"],
                "companyid": self._company,
                "agentname": found["agent"],
                "identificationtime": found["decided_at"],
                "id": found["code"],
                "type": "WEB",
                "transactionnumber": found["number"],
            },
            "customdata": {"custom1": person.get("custom1", "")},
            "userdata": {
                name: {"status": "MATCH", "value": person.get(name, "")} for name in ("firstname", "lastname")
            },
            "identificationdocument": {name: {"status": "NEW", "value": value} for name, value in document.items()},
            "attachments": {kind: f"{kind}.png" for kind in kinds},
        }

    def _announce(self, found: Json) -> None:
        """The webhook says what it is about and how it ended; document and pictures are fetched."""
        result = self._result(found)
        self.courier.send({key: result[key] for key in ("identificationprocess", "customdata")})

    # -- people ----------------------------------------------------------------------------------------------------
    async def call(self, request: Request) -> Response:
        """The page of the call; the code in its address is the secret, as in the provider's links."""
        found = await run_in_threadpool(self.store.by_code, request.path_params["code"])
        if found is None:
            return _nothing()
        came_from_app = request.query_params.get("app") == "1"
        suits = came_from_app or not UNSUITABLE.search(request.headers.get("user-agent", ""))
        return _page(pages.call(found, home=_home(request), back=self._back(found), suits=suits))

    async def app(self, request: Request) -> Response:
        """What the app on a phone does: it asks for the code and begins the call."""
        if request.method == "GET":
            return _page(pages.app(home=_home(request), code=request.query_params.get("code", "")))
        code = str((await request.form()).get("code", ""))
        found = await run_in_threadpool(self.store.by_code, code)
        if found is None:
            return _page(pages.app(home=_home(request), code=code, is_wrong=True), 404)
        return RedirectResponse(f"{_home(request)}{self._company}/identifications/{found['code']}?app=1", 303)

    def _back(self, found: Json) -> str:
        return self._return_url.format(custom1=found["person"].get("custom1", ""))

    async def signals_of_person(self, socket: WebSocket) -> None:
        """The person's side of the signalling."""
        found = await run_in_threadpool(self.store.by_code, socket.path_params["code"])
        if found is None or not _is_from_here(socket):
            await socket.close(4404)
            return
        await socket.accept()
        await self.rooms.join(found["code"], "person", socket)

    # -- agents ----------------------------------------------------------------------------------------------------
    def for_agents(
        self, view: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Only agents who came in by a signed link find this; for others there is nothing here."""

        async def guarded(request: Request) -> Response:
            return await view(request) if self._agent(request) else _nothing()

        return guarded

    def _agent(self, request: HTTPConnection) -> str:
        return self._agents.get(request.cookies.get(COOKIE, ""), "")

    async def enter(self, request: Request) -> Response:
        """An agent comes in by a link that the customer of the provider signed."""
        asked = request.query_params
        agent, until = asked.get("agent", ""), asked.get("until", "")
        signed = hmac.new(self._secret.encode(), f"{agent}\n{until}".encode(), hashlib.sha256).hexdigest()
        is_alive = until.isdecimal() and int(until) >= clock.real_now().timestamp()
        if not agent or not is_alive or not hmac.compare_digest(signed, asked.get("signature", "")):
            return _nothing()
        token = secrets.token_urlsafe(32)
        self._agents[token] = agent
        answer = RedirectResponse(f"{_home(request)}agent/", 303)
        answer.set_cookie(
            COOKIE,
            token,
            max_age=AGENT_SECONDS,
            path=f"{request.scope.get('root_path', '')}/agent",
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    async def room(self, request: Request) -> Response:
        """The waiting room: who is there now, and who began and is not."""
        found = await run_in_threadpool(self.store.latest)
        waiting = [(each, self.rooms.is_present(each["code"], "person")) for each in found if each["result"] in OPEN]
        return _page(pages.room(waiting, home=_home(request), agent=self._agent(request)))

    async def desk(self, request: Request) -> Response:
        """The agent takes the call: picture, check list, decision."""
        found = await run_in_threadpool(self.store.by_code, request.path_params["code"])
        if found is None:
            return _nothing()
        if found["result"] == "":
            found = self.store.update(found["code"], result="CHECK_PENDING", agent=self._agent(request))
            self._announce(found)
        taken = list(self.store.pictures(found["code"]))
        return _page(pages.desk(found, taken=taken, home=_home(request), today=_today()))

    async def picture(self, request: Request) -> Response:
        """A picture from the call is kept, or shown."""
        code, kind = request.path_params["code"], request.path_params["kind"]
        found = await run_in_threadpool(self.store.by_code, code)
        if found is None or kind not in checks.PICTURES:
            return _nothing()
        if request.method == "GET":
            content = self.store.pictures(code).get(kind)
            headers = {"Cache-Control": "no-store"}
            return Response(content, media_type="image/png", headers=headers) if content else _nothing()
        content = await request.body()
        if found["result"] not in OPEN or not content.startswith(b"\x89PNG") or len(content) > MOST_PICTURE_BYTES:
            return Response(status_code=422)
        await run_in_threadpool(self.store.add_picture, code, kind, content)
        return Response(status_code=204)

    async def decide(self, request: Request) -> Response:
        """Passed only when nothing speaks against it and the pictures are there; else failed with its reasons."""
        code = request.path_params["code"]
        found = await run_in_threadpool(self.store.by_code, code)
        if found is None:
            return _nothing()
        answers = {name: str(value) for name, value in (await request.form()).items()}
        home = _home(request)
        if found["result"] not in OPEN:
            return RedirectResponse(f"{home}agent/", 303)
        against = checks.reasons_against(answers, _today())
        further = answers.get("further", "")
        taken = self.store.pictures(code)
        reasons: list[str] = []
        if answers.get("decision") == "pass":
            missing = checks.missing_pictures(answers.get("kind", ""), taken)
            if against or missing:
                page = pages.desk(
                    found, taken=list(taken), home=home, today=_today(), answers=answers, problems=[*against, *missing]
                )
                return _page(page, 422)
            result = "SUCCESS"
        elif answers.get("decision") == "abort":
            result = "ABORTED"
        else:
            result = "CANCELED"
            reasons = [*against, *([further] if further in checks.FURTHER_REASONS else [])] or ["OTHER"]
        document = {
            "type": answers.get("kind", ""),
            "country": answers.get("country", ""),
            "number": answers.get("number", "")[:30],
            "validuntil": answers.get("valid_until", "")[:10],
        }
        found = self.store.update(
            code, result=result, reason=",".join(reasons), document=document, decided_at=clock.real_now().isoformat()
        )
        self._announce(found)
        await self.rooms.tell(code, {"type": "decided", "to": self._back(found)})
        return RedirectResponse(f"{home}agent/", 303)

    async def signals_of_agent(self, socket: WebSocket) -> None:
        """The agent's side of the signalling."""
        found = await run_in_threadpool(self.store.by_code, socket.path_params["code"])
        if found is None or not self._agent(socket) or not _is_from_here(socket):
            await socket.close(4404)
            return
        await socket.accept()
        await self.rooms.join(found["code"], "agent", socket)

    # -- the rest --------------------------------------------------------------------------------------------------
    async def overview(self, request: Request) -> Response:
        """What this sandbox is; it names nobody, for everybody may read it."""
        found = await run_in_threadpool(self.store.latest)
        return _page(pages.overview([each["result"] for each in found], home=_home(request)))

    async def asset(self, request: Request) -> Response:
        """Style and scripts."""
        path = ASSETS / Path(request.path_params["name"]).name
        return FileResponse(path, headers={"cache-control": "no-cache"}) if path.is_file() else _nothing()


def _today() -> date:
    return _now().date()


def _now() -> datetime:
    return clock.real_now().astimezone(ZONE)


def _home(request: Request) -> str:
    return f"{request.scope.get('root_path', '')}/"


def _is_from_here(socket: WebSocket) -> bool:
    """A page of somebody else must not listen with the agent's cookie."""
    origin = socket.headers.get("origin", "")
    with contextlib.suppress(IndexError):
        return origin.split("//", 1)[1] == socket.headers.get("host", "")
    return False


def _page(html: str, status: int = 200) -> Response:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HTMLResponse(html, status, headers=headers)


def _nothing() -> Response:
    return Response("There is nothing here.", 404, media_type="text/plain")


def _problem(status: int, cause: str, key: str = "") -> Response:
    return JSONResponse({"errors": [{"cause": cause, "key": key, "errorType": "ERROR"}]}, status)
