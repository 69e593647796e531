"""Webhooks over HTTP, to addresses that strangers gave us."""

from collections.abc import Mapping

from vettura.developers.ports import Answered, Unreachable
from vettura.foundation import outbound


class HttpCarrier:
    """Carries webhooks over HTTP."""

    def post(self, *, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """This will send it on a connection of its own. Raises Unreachable."""
        try:
            answered = outbound.post(url=url, body=body, headers=headers)
        except outbound.Unreachable as error:
            raise Unreachable(str(error)) from error
        return Answered(answered.status, answered.body)
