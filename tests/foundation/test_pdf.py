"""Documents of many pages."""

from datetime import UTC, datetime

from vettura.foundation.pdf import FONTS, render_large_pdf, render_pdf

AT = datetime(2026, 9, 1, tzinfo=UTC)


def test_a_large_document_is_set_in_a_process_of_its_own_as_it_is_here(tmp_path):
    template = tmp_path / "letter.typ"
    template.write_text('#set document(title: "Letter")\n#let facts = json(bytes(sys.inputs.facts))\n= #facts.title\n')
    asked = {"template": template, "facts": {"title": "Überführung"}, "at": AT, "fonts": FONTS, "standards": ["a-3b"]}

    assert render_large_pdf(**asked) == render_pdf(**asked)
