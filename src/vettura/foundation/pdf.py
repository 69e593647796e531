"""Documents as PDF/A-3b by Typst: a template and its facts as JSON; no system library, nothing from the network."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst
from markdown_it import MarkdownIt
from markdown_it.token import Token

# the faces of the portal, as Typst reads them; both under the Open Font License
FONTS = Path(__file__).parent / "fonts"
Standard = Literal["a-3b", "a-3a", "ua-1"]
Block = dict[str, Any]  # JSON that the template reads


def render_pdf(
    *,
    template: Path,
    facts: dict[str, Any],
    at: datetime,
    fonts: Path | None = None,
    standards: Sequence[Standard] = ("a-3b",),
) -> bytes:
    """
    This will typeset a document. The template finds the facts as JSON in `sys.inputs.facts`; `at` is its date, `fonts` a folder with
    faces beside those that Typst brings along.
    """
    compiled = typst.compile(
        template,
        root=template.parent,
        format="pdf",
        pdf_standards=list(standards),
        ignore_system_fonts=True,
        font_paths=[fonts] if fonts else [],
        sys_inputs={"facts": json.dumps(facts, default=str)},
        timestamp=int(at.timestamp()),
    )
    if not isinstance(compiled, bytes):
        raise TypeError("one PDF was expected")
    return compiled


def render_large_pdf(
    *, template: Path, facts: dict[str, Any], at: datetime, fonts: Path, standards: Sequence[Standard]
) -> bytes:
    """
    This will typeset a document of many pages as `render_pdf` does, in a process of its own that ends with it: what Typst remembers of such
    documents grows to a gigabyte. Raises CalledProcessError.
    """
    asked = {
        "template": str(template),
        "facts": facts,
        "at": at.isoformat(),
        "fonts": str(fonts),
        "standards": list(standards),
    }
    made = subprocess.run(  # noqa: S603 (our own module)
        [sys.executable, "-m", __name__],
        input=json.dumps(asked, default=str).encode(),
        capture_output=True,
        check=True,
    )
    return made.stdout


def main() -> None:
    """The process of `render_large_pdf`: what is asked comes in as JSON, and the document goes out."""
    asked = json.load(sys.stdin)
    pdf = render_pdf(
        template=Path(asked["template"]),
        facts=asked["facts"],
        at=datetime.fromisoformat(asked["at"]),
        fonts=Path(asked["fonts"]),
        standards=asked["standards"],
    )
    sys.stdout.buffer.write(pdf)


def blocks_of(markdown: str) -> list[Block]:
    """Markdown as a list of headings, paragraphs and list items, each with its runs of plain and strong text."""
    blocks: list[Block] = []
    kind: Block = {}
    ordered: list[int | None] = []
    for token in MarkdownIt("commonmark").parse(markdown):
        if token.type == "heading_open":
            kind = {"kind": "heading", "level": int(token.tag[1])}
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            ordered.append(0 if token.type == "ordered_list_open" else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            ordered.pop()
        elif token.type == "list_item_open":
            number = ordered[-1]
            ordered[-1] = None if number is None else number + 1
            kind = {"kind": "item", "mark": "•" if number is None else f"{number + 1}."}
        elif token.type == "inline":
            blocks.append({**(kind or {"kind": "paragraph"}), "runs": _runs(token)})
            kind = {}
    return blocks


def _runs(token: Token) -> list[Block]:
    runs: list[Block] = []
    is_strong = False
    for child in token.children or []:
        if child.type in ("strong_open", "strong_close"):
            is_strong = child.type == "strong_open"
        elif child.type in ("text", "code_inline"):
            runs.append({"text": child.content, "strong": is_strong})
        elif child.type in ("softbreak", "hardbreak"):
            runs.append({"text": " ", "strong": is_strong})
    return [run for run in runs if re.search(r".", run["text"])]


if __name__ == "__main__":
    main()
