"""Drawings of cars as PNG: foreign clients take nothing else."""

import re
from functools import lru_cache
from pathlib import Path

import typst
from django.conf import settings

from vettura.catalog import queries as catalog

SALT = "compat.pictures"
WIDTH_PX = 1200
# the foreign words for the views that a pack has drawings of
VIEWS = ("sideView", "topView")
POINTS_PER_INCH = 72
# the look of a drawing on paper, as the portal's stylesheet has it in daylight
STYLE = """
  [data-fill="body"] { fill: #d9dbde } [data-fill="shade"] { fill: #c3c6ca } [data-fill="glass"] { fill: #8e99a3 }
  [data-fill="dark"] { fill: #3b3f44 } [data-fill="rim"] { fill: #aeb3b8 } [data-fill="ground"] { fill: #3b3f44; opacity: 0.1 }
  [data-fill="well"] { fill: #55595e } [data-fill="lamp"] { fill: #a4474a } [data-fill="none"] { fill: none }
  [data-line] { stroke: #2b2e32; stroke-width: 1; stroke-linecap: round; stroke-linejoin: round }
  [data-line="soft"] { stroke-opacity: 0.45 }
  .line { fill: none }
"""
_BOX = re.compile(r'viewBox="[^"]*"')
_LINE_ONLY = re.compile(r"<(?=\w+\b[^>]*\bdata-line)(?![^>]*\bdata-fill)(\w+)")
# what shows only while the car is in some state
_STATES = re.compile(r'<(\w+)(?=[^>]*\bdata-part="(?:lock|charge|climate|light)-)')
WIDTH_POINTS = 600


def views_of(generation: str) -> list[str]:
    """The views that there is a drawing for, in the foreign words."""
    return [view for view in VIEWS if _path(generation, view) is not None]


def _path(generation: str, view: str) -> Path | None:
    known = {each.code: each for each in catalog.generations()}.get(generation)
    if known is None or view not in VIEWS:
        return None
    name = {"sideView": known.silhouette, "topView": known.top}[view]
    path: Path = settings.VETTURA_PACK_DIR / name
    return path if name and path.is_file() else None


@lru_cache(maxsize=64)
def png(generation: str, view: str) -> bytes | None:
    """The drawing, on white; None where there is none."""
    path = _path(generation, view)
    if path is None:
        return None
    head, _, inside = path.read_text(encoding="utf-8").partition("<svg")[2].partition(">")
    box = _BOX.search(head)
    inside = inside.rpartition("</svg>")[0]
    inside = _LINE_ONLY.sub(r'<\1 class="line"', _STATES.sub(r'<\1 display="none"', inside))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" fill="none" {box.group(0) if box else ""}><style>{STYLE}</style>{inside}</svg>'
    told = svg.replace("\\", "\\\\").replace('"', '\\"')
    page = (
        f"#set page(width: {WIDTH_POINTS}pt, height: auto, margin: 12pt)\n"
        f'#image(bytes("{told}"), format: "svg", width: 100%)\n'
    )
    made: bytes = typst.compile(page.encode(), format="png", ppi=POINTS_PER_INCH * WIDTH_PX / WIDTH_POINTS)
    return made
