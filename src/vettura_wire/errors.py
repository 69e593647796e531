"""What can be wrong with a message."""


class WireError(ValueError):
    """A message that must not be acted upon."""


class UnknownTopic(WireError):
    """The topic is none of this wire."""


class MalformedPayload(WireError):
    """The payload is not what its kind promises."""


class BadSignature(WireError):
    """The signature is missing, broken, of another key, or of another kind of message."""


class IllParameters(WireError):
    """Parameters of a command that mean nothing; ``name`` is the path of the first that is wrong."""

    def __init__(self, name: str) -> None:
        self.name = name or "params"
        super().__init__(self.name)
