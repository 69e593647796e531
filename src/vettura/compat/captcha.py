"""Letters as a picture, and the pages that foreign clients look for them in."""

import base64
import json
import math
import secrets
from typing import Any

WIDTH, HEIGHT = 150, 50
# One stroke or several of each letter, in a box of 4 by 6, top left first.
STROKES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "A": (((0, 6), (2, 0), (4, 6)), ((0.8, 4), (3.2, 4))),
    "C": (((4, 1), (2.5, 0), (0.6, 1), (0, 3), (0.6, 5), (2.5, 6), (4, 5)),),
    "E": (((4, 0), (0, 0), (0, 6), (4, 6)), ((0, 3), (3, 3))),
    "F": (((4, 0), (0, 0), (0, 6)), ((0, 3), (3, 3))),
    "H": (((0, 0), (0, 6)), ((4, 0), (4, 6)), ((0, 3), (4, 3))),
    "J": (((1, 0), (4, 0)), ((3, 0), (3, 4.6), (2, 6), (0.7, 5.8), (0, 4.6))),
    "K": (((0, 0), (0, 6)), ((4, 0), (0, 3.2), (4, 6))),
    "M": (((0, 6), (0, 0), (2, 3), (4, 0), (4, 6)),),
    "N": (((0, 6), (0, 0), (4, 6), (4, 0)),),
    "P": (((0, 6), (0, 0), (3, 0), (4, 1.5), (3, 3), (0, 3)),),
    "R": (((0, 6), (0, 0), (3, 0), (4, 1.5), (3, 3), (0, 3)), ((1.8, 3), (4, 6))),
    "T": (((0, 0), (4, 0)), ((2, 0), (2, 6))),
    "U": (((0, 0), (0, 4.5), (1, 6), (3, 6), (4, 4.5), (4, 0)),),
    "V": (((0, 0), (2, 6), (4, 0)),),
    "W": (((0, 0), (1, 6), (2, 2), (3, 6), (4, 0)),),
    "X": (((0, 0), (4, 6)), ((4, 0), (0, 6))),
    "Y": (((0, 0), (2, 3), (4, 0)), ((2, 3), (2, 6))),
    "3": (((0.3, 0.5), (2, 0), (3.7, 0.8), (3.6, 2.2), (2, 3), (3.8, 3.8), (3.8, 5.2), (2, 6), (0.2, 5.4)),),
    "4": (((3, 6), (3, 0), (0, 4), (4, 4)),),
    "6": (((3.6, 0.4), (1.6, 0.6), (0.2, 3), (0.2, 5), (1.8, 6), (3.8, 5), (3.6, 3.4), (2, 2.8), (0.3, 3.8)),),
    "7": (((0, 0), (4, 0), (1.4, 6)),),
    "9": (((3.8, 2.4), (2, 3.2), (0.3, 2.4), (0.4, 0.8), (2, 0), (3.8, 0.8), (3.8, 3), (2.6, 5.6), (0.8, 6)),),
}
_random = secrets.SystemRandom()


def picture(letters: str) -> str:
    """
    The letters as an SVG in a data URI, on a background of its own so that dark pages show it too.

    Clients replace `width="150" height="50"` by something larger, so these stand in this order. Letters are strokes, turned,
    bent and in any order: there is no text in it to read.
    """
    step = (WIDTH - 20) / len(letters)
    paths = [
        _stroke(stroke, x=10 + step * position, width=step * 0.62, turn=turn)
        for position, letter in enumerate(letters)
        for turn in (_random.uniform(-0.35, 0.35),)
        for stroke in STROKES[letter]
    ]
    paths += [_line() for _ in range(3)]
    _random.shuffle(paths)
    strokes = "".join(f'<path d="{path}"/>' for path in paths)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#f4f4f2"/>'
        f'<g fill="none" stroke="#1c1c1e" stroke-width="2" stroke-linecap="round">{strokes}</g></svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _stroke(points: tuple[tuple[float, float], ...], *, x: float, width: float, turn: float) -> str:
    scale_x, scale_y = width / 4, 5.0
    cos, sin = math.cos(turn), math.sin(turn)
    placed = []
    for across, down in points:
        left, top = (across - 2) * scale_x, (down - 3) * scale_y
        placed.append(
            (
                x + width / 2 + left * cos - top * sin + _random.uniform(-0.8, 0.8),
                HEIGHT / 2 + left * sin + top * cos + _random.uniform(-0.8, 0.8),
            )
        )
    return "M" + "L".join(f"{left:.1f} {top:.1f}" for left, top in placed)


def _line() -> str:
    begin, end = _random.uniform(2, HEIGHT - 2), _random.uniform(2, HEIGHT - 2)
    bend = _random.uniform(0, HEIGHT)
    return f"M0 {begin:.1f}Q{WIDTH / 2} {bend:.1f} {WIDTH} {end:.1f}"


def page(title: str, facts: dict[str, Any]) -> str:  # Any: JSON
    """
    A page as the foreign sign-in writes it: its facts are JSON in a script that no browser of ours runs; clients read it there.

    The picture stands on the page as well, for people.
    """
    told = base64.b64encode(json.dumps(facts).encode()).decode()
    image = facts.get("screen", {}).get("captcha", {}).get("image", "")
    shown = f'<img alt="captcha" src="{image}">' if image else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body><h1>{title}</h1>{shown}'
        f'<script type="text/plain">window.universal_login_context = JSON.parse(atob("{told}"))</script></body></html>'
    )
