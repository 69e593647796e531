"""Drawings of cars as PNG: foreign clients take nothing else."""

from functools import lru_cache
from pathlib import Path

import typst
from django.conf import settings

from vettura.catalog import queries as catalog
from vettura_pack.drawings import on_paper

SALT = "compat.pictures"
WIDTH_PX = 1200
# the foreign words for the views that a pack has drawings of
VIEWS = ("sideView", "topView")
POINTS_PER_INCH = 72
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
    svg = on_paper(path.read_text(encoding="utf-8"))
    told = svg.replace("\\", "\\\\").replace('"', '\\"')
    page = (
        f"#set page(width: {WIDTH_POINTS}pt, height: auto, margin: 12pt)\n"
        f'#image(bytes("{told}"), format: "svg", width: 100%)\n'
    )
    made: bytes = typst.compile(page.encode(), format="png", ppi=POINTS_PER_INCH * WIDTH_PX / WIDTH_POINTS)
    return made
