"""What browsers load: built once, small, and from our own origin only."""

import re
from pathlib import Path

from vettura.launcher import assets

ROOT = Path(__file__).parents[2]
MOST_SCRIPT_IN_BYTES = 150_000


def test_a_second_build_has_nothing_to_do():
    assets.build()

    assert assets.build() is False


def test_the_style_sheet_asks_no_other_host():
    assets.build()
    sheet = (assets.TARGET / "portal" / "vettura.css").read_text()

    assert re.findall(r"url\((?!\"?(?:/static/|data:))[^)]*\)", sheet) == []
    assert "@import" not in sheet


def test_the_lock_file_names_no_host():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_pages_stay_light():
    scripts = [*ROOT.glob("src/vettura/portal/static/portal/js/*.js"), *_htmx()]

    assert sum(path.stat().st_size for path in scripts) < MOST_SCRIPT_IN_BYTES


def _htmx() -> list[Path]:
    import django_htmx  # only to find the files it ships

    folder = Path(django_htmx.__file__).parent / "static" / "django_htmx"
    return [folder / "htmx-2.min.js", folder / "ext" / "hx-sse-2.min.js"]
