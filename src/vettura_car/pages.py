"""
The car's page: the head unit as a person in the car sees it, and the switches beside it.

Nothing here asks for a password; who may touch the page sits in the car. It answers only to its own names (Host) and takes
acts only from its own page (Origin), so that no other site can press a switch.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from vettura_car.acts import SWITCHES, acts_of
from vettura_car.car import Car
from vettura_car.destinations import CHOOSE, LOAD, OWN_PLACE
from vettura_car.errors import NotPossible
from vettura_car.head_unit import Menu
from vettura_car.screens import (
    ACCOUNT,
    CONNECTION,
    GUIDANCE,
    MINE,
    OTHER,
    PLACE,
    WHO,
    View,
    list_of_place,
    unit,
    who_is,
)
from vettura_car.screens.destinations import NEW
from vettura_car.switches import shelf, strip
from vettura_car.switches_map import picture as small_map
from vettura_car.texts import TEXTS, say
from vettura_pack import face
from vettura_pack.markup import Html, el, icon, join

STATIC = Path(__file__).parent / "static"
FONTS = Path(__file__).parents[2] / "build" / "static" / "fonts"
"""Made by the build; without them the page falls back to the machine's own typefaces."""
LIGHT_COOKIE = "vettura_car_light"
"""Day or night. Its own name: cookies do not know ports, and the portal lives on the same host."""
COALESCE = 0.08
PING = 15.0
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class OwnPageOnly:
    """Refuses foreign names (Host) with 421 and foreign senders of acts (Origin) with 403; sets the page's headers."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """This will pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if request.headers.get("host") not in self._hosts:
            await PlainTextResponse("This is another car's address.", 421)(scope, receive, send)
            return
        if request.method not in ("GET", "HEAD") and not self._is_own(request):
            await PlainTextResponse("Only the car's own page may do this.", 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_own(self, request: Request) -> bool:
        origin = request.headers.get("origin")
        return origin is not None and urlsplit(origin).netloc == request.headers.get("host")


class Pages:
    """The routes of one car."""

    def __init__(self, car: Car) -> None:
        self._car = car
        self._menu = Menu(car)

    def routes(self) -> list[Route | Mount]:
        """The addresses of the page."""
        return [
            Route("/", self.start),
            Route(f"/{ACCOUNT}", self.account),
            Route(f"/{WHO}/{{who}}", self.who),
            Route(f"/{MINE}", self.mine),
            Route(f"/{CONNECTION}", self.connection),
            Route(f"/{GUIDANCE}", self.guidance),
            Route(f"/{PLACE}/{{place}}", self.place),
            Route("/at/{node_id}", self.entry),
            Route("/use/{node_id}", self.use, methods=["POST"]),
            Route("/do/{act}", self.do, methods=["POST"]),
            Route("/events", self.events),
            Route("/state.json", self.state),
            Route("/picture/side.svg", self.picture),
            Route("/map.svg", self.map),
            Mount("/static", StaticFiles(directory=STATIC)),
            Mount("/face", StaticFiles(directory=face.STATIC)),
            Mount("/fonts", StaticFiles(directory=FONTS, check_dir=False)),
        ]

    async def start(self, request: Request) -> Response:
        """The start screen."""
        return self._page(request, View())

    async def account(self, request: Request) -> Response:
        """Who is signed in, pairing, remote access, privacy."""
        return self._page(request, View(is_account=True))

    async def who(self, request: Request) -> Response:
        """The security code of a person whom the car knows, or of whoever types an address."""
        who = request.path_params["who"]
        if not self._car.is_signed_in_to_by_code or (who != OTHER and who_is(self._car, who) is None):
            return PlainTextResponse("This head unit does not know this person.", 404)
        if self._car.signed_in is not None and self._car.signed_in.account_id == who:
            return RedirectResponse(f"/{ACCOUNT}", status_code=303)
        if who == OTHER and self._car.signed_in is not None and self._car.request is not None:
            return RedirectResponse(f"/{ACCOUNT}", status_code=303)
        return self._page(request, View(who=who))

    async def mine(self, request: Request) -> Response:
        """Seat, climate and lists of whoever drives."""
        return self._page(request, View(is_profile=True))

    async def connection(self, request: Request) -> Response:
        """How the car is online, or why it is not."""
        return self._page(request, View(is_connection=True))

    async def guidance(self, request: Request) -> Response:
        """Where the car guides to, or that it does not."""
        return self._page(request, View(is_guidance=True))

    async def place(self, request: Request) -> Response:
        """One place of the person who is signed in, or a new one."""
        place = request.path_params["place"]
        if place != NEW and self._car.destinations.find(place) is None:
            return RedirectResponse(list_of_place(self._menu, None), status_code=303)
        return self._page(request, View(place=place))

    async def entry(self, request: Request) -> Response:
        """One entry of the menu; what leads elsewhere shows the other entry (C-10)."""
        node = self._menu.node(request.path_params["node_id"])
        if node is None:
            return PlainTextResponse("This head unit has no such entry.", 404)
        return self._page(request, View(node=self._menu.target(node)))

    async def use(self, request: Request) -> Response:
        """Using an entry of the menu."""
        node = self._menu.node(request.path_params["node_id"])
        if node is None:
            return PlainTextResponse("This head unit has no such entry.", 404)
        form = await _form(request)
        # what is chosen opens: a phone its profiles, a hotspot the field for its password
        opens = f"/at/{node.id}" if node.kind == "input" and node.children else None
        own = self._menu.shown_by(OWN_PLACE)
        if node.does == LOAD and own is not None:
            opens = f"/at/{own.id}"
        return self._after(request, lambda: self._menu.use(node, form.get("value", "")), then=opens)

    async def do(self, request: Request) -> Response:
        """An act at the switches or on the account screen."""
        name = request.path_params["act"]
        form = await _form(request)
        if name == "light":
            response = self._after(request, lambda: None)
            light = "day" if request.cookies.get(LIGHT_COOKIE) != "day" else "night"
            response.set_cookie(LIGHT_COOKIE, light, max_age=31_536_000, httponly=True, samesite="strict")
            return response
        acts = acts_of(self._car, form)
        if name not in acts:
            return PlainTextResponse("There is no such switch.", 404)
        return self._after(request, acts[name], then=self._opened_by(name, form))

    def _opened_by(self, act: str, form: Mapping[str, str]) -> str | None:
        """What an act of places opens; every other act leaves the person where they are."""
        if act == CHOOSE:
            return f"/{GUIDANCE}"
        if act in ("save_destination", "delete_destination"):
            return list_of_place(self._menu, self._car.destinations.find(form.get("id", "")))
        return None

    async def events(self, _request: Request) -> Response:
        """Server-sent events: one line whenever something changed."""
        return StreamingResponse(
            changes(self._car),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def state(self, _request: Request) -> Response:
        """What the screens stand on, for programs that drive the car in tests and drills."""
        car = self._car
        return JSONResponse(
            {
                "vin": car.vin,
                "generation": car.build.generation.code,
                "connected": bool(car.connection_label),
                "symbol": car.connection_label,
                "way": car.connection.way,
                "reason": car.connection.reason,
                "hotspot_open": car.networking.lets_clients_out,
                "carplay": car.condition.network.carplay,
                "bluetooth": {
                    phone.name: sorted(car.condition.network.links(phone)) for phone in car.condition.network.phones
                },
                "linked_up": car.is_linked_up,
                "ignition": car.condition.ignition,
                "locked": all(car.condition.doors_locked.values()),
                "climate_active": car.condition.climate_active,
                "privacy_mode": car.condition.privacy_on,
                "remote_access": car.has_remote_access,
                "main_linked": car.users.main_linked,
                "signed_in": car.signed_in.account_id if car.signed_in else None,
                "guest": car.condition.guest,
                "key": car.condition.key,
                "settings": car.condition.settings,
                "profile_of": car.condition.profile_of,
                "destinations": {
                    "portal": [each.name for each in car.destinations.portal()],
                    "own": [each.name for each in car.destinations.own()],
                },
                "guidance": car.condition.guidance.name if car.condition.guidance else None,
                "ticks": car.condition.ticks,
                "choices": car.condition.choices,
                "documents": {name: held.version for name, held in car.condition.documents.items()},
                "services": {
                    service.id: car.entitlement.of(service.id).reason or "active" for service in car.build.services()
                },
                "world_now": car.world_now().isoformat(),
            }
        )

    async def picture(self, _request: Request) -> Response:
        """The car's silhouette from the pack; absent if the pack has none."""
        folder, name = self._car.build.pack_dir, self._car.build.generation.silhouette
        path = folder / name if folder is not None else None
        if path is None or not path.is_file():
            return PlainTextResponse("This pack has no picture of the car.", 404)
        drawing = path.read_text()
        style = f"<style>{PICTURE_STYLE}</style>"
        return Response(
            drawing.replace(">", f">{style}", 1), media_type="image/svg+xml", headers={"Cache-Control": "no-cache"}
        )

    async def map(self, _request: Request) -> Response:
        """The small map at the switches."""
        return Response(small_map(self._car), media_type="image/svg+xml", headers={"Cache-Control": "no-store"})

    def _page(self, request: Request, view: View) -> Response:
        problem = request.query_params.get("problem")
        known = problem if problem in TEXTS else None
        from_switch = request.query_params.get("by") == "switch"
        shown = view._replace(problem=None if from_switch else known)
        # a generation that runs its settings under another key still has one address for each screen
        parts = {
            "unit": unit(self._car, self._menu, shown),
            "strip": strip(self._car, known if from_switch else None),
            "shelf": shelf(self._car),
        }
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}
        if request.headers.get("x-parts"):
            return JSONResponse(parts, headers=headers)
        return HTMLResponse(self._document(request, parts), headers=headers)

    def _document(self, request: Request, parts: Mapping[str, Html]) -> str:
        car = self._car
        light = request.cookies.get(LIGHT_COOKIE, "night")
        head = el(
            "head",
            el("meta", charset="utf-8"),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("title", f"{car.build.model_name} · {car.vin}"),
            el("link", rel="icon", href="data:,"),
            el("link", rel="stylesheet", href="/face/head_unit.css"),
            el("link", rel="stylesheet", href="/static/car.css"),
            el("link", rel="stylesheet", href="/static/map.css"),
            el("script", src="/static/car.js", defer=True),
            el("script", src="/static/phone.js", defer=True),
        )
        title = el(
            "header",
            el("h1", car.build.model_name),
            el("p", car.build.plate or car.vin[-6:], class_="plate numeral"),
            el("p", car.vin, class_="quiet numeral"),
            el(
                "form",
                el("button", icon("power"), say("light", car.language), class_="key"),
                method="post",
                action="/do/light",
                class_="light",
            ),
            class_="bench__head",
        )
        bench = el(
            "main",
            title,
            el("section", parts["unit"], id="unit", class_="bench__unit", aria_label=say("head_unit", car.language)),
            el("section", parts["strip"], id="strip", class_="bench__strip", aria_label=say("switches", car.language)),
            el(
                "section",
                parts["shelf"],
                id="shelf",
                class_="bench__shelf",
                aria_label=say("surroundings", car.language),
            ),
            class_="bench",
        )
        body = el("body", bench, data_light="day" if light == "day" else "night")
        return join(Html("<!doctype html>"), el("html", head, body, lang=car.language))

    def _after(self, request: Request, what: Callable[[], None], *, then: str | None = None) -> Response:
        """Do it, and go on, or back to where the person was; a refusal is shown there."""
        came_from = urlsplit(request.headers.get("referer", "")).path
        back = came_from if came_from.startswith(BACK_TO) else "/"
        try:
            what()
            back = then or back
        except NotPossible as reason:
            by = (
                "switch"
                if request.url.path.startswith("/do/") and request.path_params.get("act") in SWITCHES
                else "screen"
            )
            back = f"{back}?{urlencode({'problem': reason.code, 'by': by})}"
        return RedirectResponse(back, status_code=303)


BACK_TO = ("/at/", f"/{ACCOUNT}", f"/{WHO}/", f"/{MINE}", f"/{CONNECTION}", f"/{GUIDANCE}", f"/{PLACE}/")
PICTURE_STYLE = (
    "[data-fill=body]{fill:oklch(34% .02 230)}[data-fill=dark]{fill:oklch(12% .01 250)}[data-fill=shade]{fill:oklch(26% .015 230)}"
    "[data-fill=glass]{fill:oklch(20% .02 230)}[data-fill=ground]{fill:oklch(12% .01 250/.6)}[data-fill=light]{fill:oklch(78% .09 205)}"
    "[data-line]{stroke:oklch(78% .09 205);stroke-width:1.2}"
)


async def changes(car: Car) -> AsyncIterator[str]:
    """This will yield a server-sent event at each change (several within 80 ms are one) and a ping in silence."""
    changed = asyncio.Event()
    stop = car.listen(changed.set)
    try:
        yield "retry: 1000\n\n"
        while True:
            try:
                async with asyncio.timeout(PING):
                    await changed.wait()
            except TimeoutError:
                yield ": ping\n\n"
                continue
            await asyncio.sleep(COALESCE)
            changed.clear()
            yield "data: changed\n\n"
    finally:
        with contextlib.suppress(ValueError):
            stop()


async def _form(request: Request) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=10) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def make_app(car: Car, *, hosts: frozenset[str]) -> Starlette:
    """This will make the page of a car; ``hosts`` are the names with port under which it may be asked for."""
    return Starlette(routes=Pages(car).routes(), middleware=[Middleware(OwnPageOnly, hosts=hosts)])
