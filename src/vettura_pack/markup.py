"""HTML written in Python: every text is escaped unless it is already ``Html``."""

from html import escape

Attribute = str | int | float | bool | None

VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def el(tag: str, *children: "Html | str | int | None", **attributes: Attribute) -> Html:
    """
    This will write an element. ``class_`` is ``class``, ``data_x`` is ``data-x``; True is a bare attribute, None and False
    leave it out.
    """
    written = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{join(*children)}</{tag}>")


def join(*children: "Html | str | int | None") -> Html:
    """This will set pieces side by side; None is nothing."""
    return Html(
        "".join(child if isinstance(child, Html) else escape(str(child)) for child in children if child is not None)
    )


def icon(name: str) -> Html:
    """This will draw one of the icons as inline SVG; it is decoration, the text beside it says it."""
    return Html(
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" '
        f'stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{ICONS[name]}</svg>'
    )


ICONS = {
    "message": '<path d="M4 5h16v12H10l-5 4v-4H4z"/>',
    "speaker": '<path d="M4 9v6h4l5 4V5L8 9zM16.500 8.500c2 2 2 5 0 7M19 6c3.500 3.500 3.500 8.500 0 12"/>',
    "microphone": '<path d="M12 3a3 3 0 013 3v6a3 3 0 01-6 0V6a3 3 0 013-3zM6 11c0 4 2.500 6 6 6s6-2 6-6M12 17v4"/>',
    "play": '<path d="M8 5l11 7-11 7z"/>',
    "pause": '<path d="M8 5v14M16 5v14"/>',
    "back": '<path d="M15 5l-7 7 7 7"/>',
    "home": '<path d="M4 11l8-7 8 7v9h-5v-6H9v6H4z"/>',
    "apps": '<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z"/>',
    "account": '<circle cx="12" cy="8" r="4"/><path d="M4 21c1-5 4-7 8-7s7 2 8 7"/>',
    "key": '<circle cx="8" cy="12" r="4"/><path d="M12 12h9m-3 0v4m-3-4v3"/>',
    "shield": '<path d="M12 3l8 3v6c0 5-3.500 8-8 9-4.500-1-8-4-8-9V6z"/>',
    "check": '<path d="M5 12l5 5 9-11"/>',
    "wifi": '<path d="M3 9c5-5 13-5 18 0M6 13c3-3 9-3 12 0M9 16.500c2-2 4-2 6 0"/><circle cx="12" cy="20" r=".6"/>',
    "list": '<path d="M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01"/>',
    "map": '<path d="M9 4L3 6v14l6-2 6 2 6-2V4l-6 2zM9 4v14M15 6v14"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "minus": '<path d="M5 12h14"/>',
    "figure": '<circle cx="12" cy="5" r="2.500"/><path d="M8 10c2-1 6-1 8 0v5h-2l-.5 6h-3L10 15H8z"/>',
    "nav": '<path d="M12 3l7 18-7-4-7 4z"/>',
    "phone": '<path d="M6 3h4l1.500 5-2.500 2c1 2.500 2.500 4 5 5l2-2.500 5 1.500v4c0 1-1 2-2 2C11 20 4 13 4 5c0-1 1-2 2-2z"/>',
    "device": '<path d="M7 2h10v20H7zM11 18.500h2"/>',
    "settings": '<circle cx="12" cy="12" r="3"/><path d="M12 2v4m0 12v4M2 12h4m12 0h4M5 5l3 3m8 8l3 3m0-14l-3 3m-8 8l-3 3"/>',
    "lock": '<path d="M5 11h14v10H5zM8 11V7a4 4 0 018 0v4"/>',
    "power": '<path d="M12 3v9M7 6a8 8 0 1010 0"/>',
    "car": '<path d="M3 16v-3l3-1 3-4h6l4 4 2 1v3zM3 16h18"/><circle cx="7.500" cy="17" r="2"/><circle cx="16.500" cy="17" r="2"/>',
    "music": '<path d="M9 18V5l11-2v13"/><circle cx="6" cy="18" r="3"/><circle cx="17" cy="16" r="3"/>',
}


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    written = name.rstrip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{escape(str(value), quote=True)}"'
