"""
The world as data: schema and loader of brand packs.

A pack is a folder of YAML and Markdown that says what a maker sells, where, on which terms, and what its head units
look like. This package turns such a folder into frozen, typed dataclasses and refuses it with a sentence, a file and a
line when an entry is missing, unknown or ill-typed. It knows no database and no web framework, so the simulated car
uses it too.

    from vettura_pack import load_pack
    pack = load_pack(Path("packs/plain"))
"""

from vettura_pack.errors import PackError
from vettura_pack.loader import load_pack
from vettura_pack.model import Pack

__all__ = ["Pack", "PackError", "load_pack"]
