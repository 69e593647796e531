"""Errors in the provider's JSON shape."""

from vettura_sandbox.cards.ledger import Json


class ApiError(Exception):
    """An answer other than 200, with the provider's error object."""

    def __init__(self, status: int, kind: str, code: str, message: str, **more: object) -> None:
        """`more` are further members of the error object, e.g. `decline_code`."""
        super().__init__(message)
        self.status = status
        self.body: Json = {"error": {"type": kind, "code": code, "message": message, **more}}


def invalid(code: str, message: str, param: str = "", status: int = 400) -> ApiError:
    """A request that makes no sense."""
    return ApiError(status, "invalid_request_error", code, message, **({"param": param} if param else {}))


def missing(kind: str, object_id: str) -> ApiError:
    """There is no such object."""
    return invalid("resource_missing", f"No such {kind}: '{object_id}'", "id", status=404)
