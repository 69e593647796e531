"""The identification sandbox speaks the provider's protocol, and lets in whom it must."""

import io
import zipfile

import httpx
import pytest
from tests import ident_facts
from tests.ident_facts import IdentProvider, ident, ident_sandbox

from vettura_sandbox.ident import checks
from vettura_sandbox.ident.app import create_app
from vettura_sandbox.ident.store import IdentStore
from vettura_sandbox.ident.webhooks import signature

__all__ = ["ident", "ident_sandbox"]
PERSON = {"firstname": "Ada", "lastname": "Rossi", "preferredLang": "de", "custom1": "our-case"}


def begin(provider: IdentProvider, number: str, **more: str) -> httpx.Response:
    base = f"{provider.url}/api/v1/{ident_facts.COMPANY}"
    return httpx.post(
        f"{base}/identifications/{number}/start", json={**PERSON, **more}, headers={"X-API-KEY": ident_facts.KEY}
    )


def test_an_attempt_is_begun_once_and_read_with_a_token(ident):
    code = begin(ident, "once-1").json()["id"]

    assert begin(ident, "once-1").json()["id"] == code
    found = ident.api().get("/identifications/once-1").json()["identificationprocess"]
    assert (found["result"], found["id"], found["transactionnumber"]) == ("", code, "once-1")
    base = f"{ident.url}/api/v1/{ident_facts.COMPANY}"
    assert httpx.get(f"{base}/identifications/once-1").status_code == 401
    assert httpx.post(f"{base}/login", json={"apiKey": "another"}).status_code == 401
    assert httpx.post(f"{base}/identifications/once-2/start", json=PERSON).status_code == 401
    assert begin(ident, "once-3", lastname="").status_code == 400
    assert ident.api().get("/identifications/nobody-1").status_code == 404


def test_the_pictures_come_in_one_archive_and_go_with_the_attempt(ident):
    code = begin(ident, "pictures-1").json()["id"]
    ident.decide(code)
    api = ident.api()

    archive = zipfile.ZipFile(io.BytesIO(api.get("/identifications/pictures-1.zip").content))

    assert sorted(archive.namelist()) == [f"{code}/{kind}.png" for kind in sorted(checks.PICTURES)]
    assert api.delete("/identifications/pictures-1").status_code == 204
    assert api.delete("/identifications/pictures-1").status_code == 404
    assert httpx.get(f"{ident.url}/vettura/identifications/{code}").status_code == 404


@pytest.mark.rule("IDV-009")
def test_only_agents_with_a_living_link_find_the_waiting_room(ident):
    code = begin(ident, "agents-1").json()["id"]

    for link in (
        f"{ident.url}/agent/",
        f"{ident.url}/agent/{code}/",
        ident.agent_link(seconds=-1),
        ident.agent_link(secret="another"),
    ):
        assert httpx.get(link).status_code == 404, link
    assert httpx.post(f"{ident.url}/agent/{code}/pictures/userface", content=ident_facts.PICTURE).status_code == 404
    assert code in ident.agent().get(f"{ident.url}/agent/").text


@pytest.mark.rule("IDV-004")
def test_a_case_passes_only_with_the_whole_check_list_and_its_pictures(ident):
    code = begin(ident, "list-1").json()["id"]

    assert "holographic" in ident.decide(code, holograms="").text
    without = ident.decide(code, pictures=False)
    assert without.status_code == 422 or without.url.path.endswith("/agent/")
    assert ident.decide(begin(ident, "list-2").json()["id"], pictures=False).status_code == 422
    assert ident.api().get("/identifications/list-2").json()["identificationprocess"]["result"] == "CHECK_PENDING"


@pytest.mark.rule("IDV-020", "IDV-021")
def test_a_phone_gets_into_the_call_by_the_app_only(ident):
    code = begin(ident, "phone-1").json()["id"]
    phone = httpx.Client(headers={"User-Agent": ident_facts.CHROME_ON_ANDROID}, follow_redirects=True)

    with phone:
        assert 'id="call"' not in phone.get(f"{ident.url}/vettura/identifications/{code}").text
        assert phone.post(f"{ident.url}/app/", data={"code": "VID-WRONG"}).status_code == 404
        assert 'id="call"' in phone.post(f"{ident.url}/app/", data={"code": code.lower()}).text


def knock(provider: IdentProvider, path: str, origin: str = "", cookies: httpx.Cookies | None = None) -> int:
    """The answer to whoever wants to hear the signals of a call: 101 lets in."""
    host = provider.url.split("/")[2]
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Origin": origin or f"http://{host}",
    }
    with (
        httpx.Client(cookies=cookies) as client,
        client.stream("GET", f"{provider.url}{path}", headers=headers) as answer,
    ):
        return answer.status_code


@pytest.mark.rule("IDV-009")
def test_only_the_person_and_an_agent_hear_the_signals_of_a_call(ident):
    code = begin(ident, "signals-1").json()["id"]
    person, agent = f"/vettura/identifications/{code}/signals", f"/agent/{code}/signals"

    assert knock(ident, person) == 101
    assert knock(ident, agent, cookies=ident.agent().cookies) == 101
    assert knock(ident, agent) == 403
    assert knock(ident, person, origin="http://elsewhere.example") == 403
    assert knock(ident, agent, origin="http://elsewhere.example", cookies=ident.agent().cookies) == 403
    assert knock(ident, "/vettura/identifications/VID-WRONG/signals") == 403


def test_it_refuses_to_run_in_production(tmp_path, monkeypatch):
    monkeypatch.setenv("VETTURA_PROFILE", "production")

    with pytest.raises(RuntimeError):
        create_app(tmp_path)


def test_the_state_file_holds_neither_name_nor_picture_in_clear(tmp_path):
    store = IdentStore(tmp_path)
    code = store.create("a-1", {"person": {**PERSON, "lastname": "Unmistakable"}})["code"]
    store.add_picture(code, "userface", ident_facts.PICTURE)
    store.close()

    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Unmistakable" not in stored
    assert ident_facts.PICTURE not in stored


def test_a_webhook_is_signed_over_its_body():
    assert signature(b"{}", "secret") != signature(b"{} ", "secret")
    assert signature(b"{}", "secret").startswith("sha256=")
