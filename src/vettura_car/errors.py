"""Why a car does not start or an act is not possible."""


class CarError(Exception):
    """Something the person who started the car can mend; the text is a sentence for them."""


class NotPossible(Exception):
    """An act at the switches or on the screen that is not possible now; ``code`` names a text of ``texts``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)
