"""SMS by the HTTP interface that Twilio made common: `POST /2010-04-01/Accounts/{account}/Messages.json`."""

import httpx
from django.conf import settings

from vettura.notifications.ports import TryAgain, Undeliverable

TIMEOUT_SECONDS = 10


class TwilioSms:
    """Hands text messages to the provider of the settings."""

    def __init__(self) -> None:
        """Address, account, token and sender come from config/providers.py."""
        self.providers = settings.VETTURA_PROVIDERS

    def send(self, *, to: str, text: str) -> str:
        """This will hand the SMS over and return the provider's message id. Raises TryAgain, Undeliverable."""
        account = self.providers.sms_account
        try:
            answer = httpx.post(
                f"{self.providers.sms_url}/2010-04-01/Accounts/{account}/Messages.json",
                data={"To": to, "From": self.providers.sms_from, "Body": text},
                auth=(account, self.providers.sms_token),
                timeout=TIMEOUT_SECONDS,
            )
        except httpx.HTTPError as unreachable:
            raise TryAgain(type(unreachable).__name__) from None
        if answer.status_code == 429 or answer.status_code >= 500:
            raise TryAgain(f"http_{answer.status_code}")
        if answer.status_code >= 400:
            raise Undeliverable(f"http_{answer.status_code}_{_error_code(answer)}")
        return str(answer.json()["sid"])


def _error_code(answer: httpx.Response) -> str:
    """The provider's own number for the error; its text may repeat the phone number, so it is left out."""
    try:
        return str(answer.json().get("code", ""))
    except ValueError:
        return ""
