"""Outside the demo nothing personal travels in clear: plain http is answered with a redirect to https (DAT-002)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
client = Client()
found = {}
for path in json.loads(PATHS):
    answer = client.post(path, {"any": "thing"}, HTTP_HOST="vettura.example")
    found[path] = [answer.status_code, answer.headers.get("Location", "")]
print(json.dumps({
    "found": found,
    "cookies": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE],
    "hsts": settings.SECURE_HSTS_SECONDS,
}))
"""
# card, billing address, e-mail address and password are typed on these
PATHS = [
    "/signin/",
    "/signup/",
    "/account/",
    "/account/password/",
    "/account/delete/",
    "/store/checkout/address/",
    "/api/v1/me",
]


@pytest.mark.rule("DAT-002")
def test_in_production_plain_http_is_sent_on_to_https_before_anything_is_read(tmp_path):
    environment = {
        **os.environ,
        "VETTURA_PROFILE": "production",
        "VETTURA_BASE_URL": "https://vettura.example",
        "VETTURA_SECRET_KEY": "x" * 64,
        "VETTURA_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "vettura.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }

    done = subprocess.run(
        [sys.executable, "-c", ASK.replace("PATHS", repr(json.dumps(PATHS)))],
        env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    assert answer["found"] == {path: [301, f"https://vettura.example{path}"] for path in PATHS}
    assert answer["cookies"] == [True, True]
    assert answer["hsts"] == 365 * 24 * 3600
