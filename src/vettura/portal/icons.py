"""Our own icons (icons.svg): strokes on a grid of 24, round ends, one weight. Color comes from the text around them."""

import re
from pathlib import Path

_SOURCE = (Path(__file__).parent / "icons.svg").read_text(encoding="utf-8")

ICONS: dict[str, str] = dict(re.findall(r'<g id="([a-z-]+)">(.*?)</g>', _SOURCE))
