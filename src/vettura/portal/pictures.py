"""The drawings of cars: which kind a vehicle gets, and the pack's SVG made ready for a page."""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from vettura.catalog import queries as catalog

# Production year from which a car is shown with the drawing of its own model line (GAR-016, GAR-017).
FIRST_YEAR_WITH_MODEL_PICTURES = 1984
SHELL_PICTURES = Path(__file__).parent / "pictures"
_SVG_START = re.compile(r"^.*?<svg\b([^>]*)>", re.DOTALL)
_KEPT_ATTRIBUTES = re.compile(r'\b(viewBox|data-[a-z-]+)="[^"]*"')


def picture_kind(*, production_year: int, has_picture: bool) -> str:
    """`sample` before 1984, then `model` where a drawing exists, else `silhouette` (GAR-016 to GAR-018)."""
    if production_year < FIRST_YEAR_WITH_MODEL_PICTURES:
        return "sample"
    return "model" if has_picture else "silhouette"


def model_picture(*, generation: str, view: str) -> Path | None:
    """The pack's drawing of a generation (`side`, `top` or `dashboard`), or `None` where the pack has none."""
    known = {each.code: each for each in catalog.generations()}.get(generation)
    if known is None:
        return None
    name = {"side": known.silhouette, "top": known.top, "dashboard": known.dashboard}[view]
    path = Path(settings.VETTURA_PACK_DIR) / name
    return path if name and path.is_file() else None


@lru_cache(maxsize=256)
def drawing(path: Path) -> tuple[str, str]:
    """The kept attributes of the outer element, and everything inside it. Parts keep their names, so CSS can reach them."""
    source = path.read_text(encoding="utf-8")
    start = _SVG_START.match(source)
    if start is None:
        raise ValueError(f"{path} is not an SVG drawing")
    attributes = " ".join(match.group(0) for match in _KEPT_ATTRIBUTES.finditer(start.group(1)))
    return attributes, source[start.end() : source.rindex("</svg>")].strip()
