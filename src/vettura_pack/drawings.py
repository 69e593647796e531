"""A pack's drawings outside of a page: without the stylesheet that colours their parts, and without what shows only in some state."""

import re

# the look of a drawing on paper, as the portal's stylesheet has it in daylight
STYLE = """
  [data-fill="body"] { fill: #d9dbde } [data-fill="shade"] { fill: #c3c6ca } [data-fill="glass"] { fill: #8e99a3 }
  [data-fill="dark"] { fill: #3b3f44 } [data-fill="rim"] { fill: #aeb3b8 } [data-fill="ground"] { fill: #3b3f44; opacity: 0.1 }
  [data-fill="well"] { fill: #55595e } [data-fill="lamp"] { fill: #a4474a } [data-fill="none"] { fill: none }
  [data-line] { stroke: #2b2e32; stroke-width: 1; stroke-linecap: round; stroke-linejoin: round }
  [data-line="soft"] { stroke-opacity: 0.45 }
  [data-glow] { stroke: #e8ebee; stroke-width: 1.2; fill: none } [data-rim] { stroke: #2b2e32; stroke-width: 6; fill: none }
  [data-rim="thin"] { stroke-width: 2 }
  .line { fill: none }
"""
_BOX = re.compile(r'viewBox="[^"]*"')
_LINE_ONLY = re.compile(r"<(?=\w+\b[^>]*\bdata-line)(?![^>]*\bdata-fill)(\w+)")
# what shows only while the car is in some state
_STATES = re.compile(r'<(\w+)(?=[^>]*\bdata-part="(?:lock|charge|climate|light)-)')


def on_paper(svg: str) -> str:
    """The drawing as it looks in daylight, complete in itself."""
    head, _, inside = svg.partition("<svg")[2].partition(">")
    box = _BOX.search(head)
    inside = inside.rpartition("</svg>")[0]
    inside = _LINE_ONLY.sub(r'<\1 class="line"', _STATES.sub(r'<\1 display="none"', inside))
    return f'<svg xmlns="http://www.w3.org/2000/svg" fill="none" {box.group(0) if box else ""}><style>{STYLE}</style>{inside}</svg>'
