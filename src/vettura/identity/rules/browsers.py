"""What browsers say of themselves, for the list of devices and for those that are too old (ID-024)."""

import re

# the oldest versions that understand our pages: nested rules, colors by lightness, `:has()`
OLDEST_BROWSERS = {"Chrome": 120, "Edge": 120, "Firefox": 121, "Safari": 17, "Opera": 106, "Samsung Internet": 25}
# the first that fits: most browsers also call themselves Chrome or Safari
KNOWN_BROWSERS = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/(\d+)")),
    ("Opera", re.compile(r"\bOPR/(\d+)")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/(\d+)")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS|HeadlessChrome)/(\d+)")),
    ("Safari", re.compile(r"\bVersion/(\d+)\S* (?:Mobile/\S+ )?Safari/")),
)
KNOWN_SYSTEMS = (
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Android", re.compile(r"\bAndroid\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("macOS", re.compile(r"\bMac OS X\b")),
    ("Linux", re.compile(r"\b(?:Linux|X11|CrOS)\b")),
)


def browser_of(user_agent: str) -> tuple[str, int] | None:
    """Name and main version of a browser as it calls itself; None for what we do not know."""
    for name, pattern in KNOWN_BROWSERS:
        if found := pattern.search(user_agent):
            return name, int(found.group(1))
    return None


def system_of(user_agent: str) -> str:
    """What a browser says it runs on; empty for what we do not know."""
    return next((name for name, pattern in KNOWN_SYSTEMS if pattern.search(user_agent)), "")


def is_outdated_browser(user_agent: str) -> bool:
    """Whether this is a browser too old for our pages (ID-024). What we do not know is not refused."""
    if "MSIE " in user_agent or "Trident/" in user_agent:
        return True
    # on iPhone and iPad every browser is the system's, under a number of its own
    if re.search(r"\b(?:CriOS|FxiOS|EdgiOS)/", user_agent):
        return False
    known = browser_of(user_agent)
    return known is not None and known[1] < OLDEST_BROWSERS[known[0]]
