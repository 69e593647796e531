"""How a pack can be refused."""

from pathlib import Path


class PackError(Exception):
    """
    A pack cannot be used. `sentence` says what is missing or wrong; `file` and `line` say where (line None: the whole
    file).
    """

    def __init__(self, sentence: str, *, file: Path, line: int | None = None) -> None:
        """What is wrong, as a whole sentence, and where."""
        self.sentence = sentence
        self.file = file
        self.line = line
        place = f"{file}:{line}" if line is not None else str(file)
        super().__init__(f"{place}: {sentence}")
