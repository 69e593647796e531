"""Every pair of colors that pages use can be read: WCAG 2.2, computed from the tokens themselves."""

import math
import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "src/vettura/portal/styles/tokens.css").read_text()
TEXT, SHAPE = 4.5, 3.0

GROUNDS = ("ground", "surface", "sunken")
PAIRS = [
    *[("ink", ground, TEXT) for ground in GROUNDS],
    *[("ink-quiet", ground, TEXT) for ground in GROUNDS],
    *[("accent", ground, TEXT) for ground in ("ground", "surface", "accent-tint")],
    *[("accent-strong", ground, TEXT) for ground in ("ground", "surface", "accent-tint")],
    ("ink", "accent-tint", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("on-danger", "danger", TEXT),
    ("on-danger", "danger-strong", TEXT),
    *[(f"{tone}-ink", f"{tone}-tint", TEXT) for tone in ("ok", "attention", "danger")],
    *[(f"{tone}-ink", "surface", TEXT) for tone in ("ok", "attention", "danger")],
    *[("ink", f"{tone}-tint", TEXT) for tone in ("ok", "attention", "danger")],
    *[("outline", ground, SHAPE) for ground in GROUNDS],
    *[(tone, f"{tone}-tint", SHAPE) for tone in ("ok", "attention", "danger")],
    *[(tone, "surface", SHAPE) for tone in ("ok", "attention", "danger", "accent")],
    *[(tone, "sunken", SHAPE) for tone in ("accent", "attention")],
    ("car-line", "surface", SHAPE),
    ("car-line", "ground", SHAPE),
    ("car-rim", "car-dark", SHAPE),
]


def _tokens(appearance: str) -> dict[str, tuple[float, float, float]]:
    color = r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)"
    first = 0 if appearance == "light" else 3
    found = {}
    for name, *values in re.findall(rf"--([a-z-]+): light-dark\({color}, {color}\)", TOKENS):
        lightness, chroma, hue = (float(value) for value in values[first : first + 3])
        found[name] = (lightness / 100, chroma, hue)
    return found


def _linear_srgb(color: tuple[float, float, float]) -> tuple[float, float, float]:
    """OKLCH to linear sRGB, clipped to what a screen can show (CSS Color 4, section 9.2)."""
    lightness, chroma, hue = color
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return (min(max(red, 0.0), 1.0), min(max(green, 0.0), 1.0), min(max(blue, 0.0), 1.0))


def _luminance(color: tuple[float, float, float]) -> float:
    red, green, blue = _linear_srgb(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_conversion_gives_the_known_contrast_of_black_on_white():
    assert _contrast((0.0, 0.0, 0.0), (1.0, 0.0, 0.0)) == pytest.approx(21.0, abs=0.01)


@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "at_least"), PAIRS)
def test_every_pair_in_use_can_be_read(appearance, front, back, at_least):
    tokens = _tokens(appearance)

    assert _contrast(tokens[front], tokens[back]) >= at_least
