"""The front in this process: what it answers itself, and what it hands on."""

import asyncio
import dataclasses
import threading

import httpx
import pytest

from vettura.config import front
from vettura.config.threads import InThreads
from vettura.launcher.places import free_port


@pytest.fixture
def ask(transactional_db, nats_server, settings):
    """Asks the front for a path and gives the answer."""
    mail_server = f"smtp://127.0.0.1:{free_port()}"
    settings.VETTURA_PROVIDERS = dataclasses.replace(settings.VETTURA_PROVIDERS, smtp_url=mail_server)
    with asyncio.Runner() as runner:
        app = front.create_app()
        life = app.lifespan_context(app)
        runner.run(life.__aenter__())

        async def answer(path, headers, client):
            transport = httpx.ASGITransport(app, client=(client, 50000))
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as browser:
                return await browser.get(path, headers=headers)

        yield lambda path, *, client="127.0.0.1", **headers: runner.run(answer(path, headers, client))
        runner.run(life.__aexit__(None, None, None))


def test_it_lives_and_names_what_it_depends_on(ask):
    assert ask("/healthz").text == "ok\n"
    assert ask("/readyz").json() == {"database": "ok", "broker": "ok"}


def test_it_is_not_ready_without_its_broker(ask, settings):
    settings.VETTURA_NATS_URL = "nats://127.0.0.1:1"

    answer = ask("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "broker": "does not answer"}


def test_pages_and_sandboxes_share_one_origin(ask):
    assert ask("/sandbox/outbox/").status_code == 200
    page = ask("/signin/")
    assert page.status_code == 200
    assert "vettura_csrf" in page.cookies


def test_a_foreign_host_name_reaches_neither_pages_nor_sandboxes(ask):
    assert ask("/signin/", Host="evil.example").status_code == 400
    assert ask("/sandbox/outbox/", Host="evil.example").status_code == 400


def test_measurements_are_for_this_machine_only(ask):
    assert "vettura_http_requests_total" in ask("/metrics").text
    assert ask("/metrics", client="192.0.2.7").status_code == 404


class App:
    """A WSGI application that answers as told and notes where it ran and was closed."""

    def __init__(self, parts, *, streaming=False):
        self.parts, self.streaming = parts, streaming
        self.asked, self.ran_in, self.closed_in = {}, None, None

    def __call__(self, environ, start_response):
        self.asked = {"method": environ["REQUEST_METHOD"], "body": environ["wsgi.input"].read()}
        self.ran_in = threading.current_thread()
        start_response("201 Created", [("Content-Type", "text/plain"), ("X-Kind", "test")])
        return self

    def __iter__(self):
        return iter(self.parts)

    def close(self):
        self.closed_in = threading.current_thread()


def asked(app, **request):
    async def answer():
        transport = httpx.ASGITransport(InThreads(app, workers=2))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
            return await browser.request(url="/", **request)

    return asyncio.run(answer())


@pytest.mark.parametrize("is_streamed", [False, True])
def test_django_answers_from_one_thread_that_is_not_the_loops(is_streamed):
    app = App([b"one ", b"two"], streaming=is_streamed)

    answer = asked(app, method="POST", content=b"question")

    assert (answer.status_code, answer.text, answer.headers["x-kind"]) == (201, "one two", "test")
    assert app.asked == {"method": "POST", "body": b"question"}
    assert app.ran_in is app.closed_in is not threading.current_thread()


def test_a_body_that_comes_in_parts_arrives_whole():
    async def parts():
        for _ in range(3):
            yield b"part "

    app = App([b"ok"])

    asked(app, method="POST", content=parts())

    assert app.asked["body"] == b"part part part "


def test_what_the_application_raises_is_not_an_answer():
    def broken(environ, start_response):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asked(broken, method="GET")
