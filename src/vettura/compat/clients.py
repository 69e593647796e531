"""The programs that speak the foreign API, as they name themselves."""

from collections.abc import Collection
from dataclasses import dataclass

# What such programs ask for. What nobody knows is ignored, and what is known is granted in these words.
SCOPES = (
    "openid", "profile", "email", "offline_access", "mbb", "ssodb", "badge", "vin", "dealers", "cars", "charging",
    "manageCharging", "plugAndCharge", "climatisation", "manageClimatisation",
    *(
        f"pid:user_profile.{part}:read"
        for part in (
            "porscheid", "name", "vehicles", "dealers", "emails", "phones", "addresses", "birthdate", "locale", "legal",
        )
    ),
)  # fmt: skip
# which scope reads cars, and which lets what is done to them
CARS = "cars"
MANAGE_CHARGING = "manageCharging"
MANAGE_CLIMATE = "manageClimatisation"


@dataclass(frozen=True, kw_only=True)
class ForeignClient:
    """A public client: its id, what people read, where it is answered, and whether it may leave out the PKCE challenge."""

    id: str
    name: str
    redirect_uri: str
    may_omit_challenge: bool


# One id for all of them: the phone app's, which every one of these programs sends. Versions up to 0.2.7 send no challenge.
KNOWN = {
    client.id: client
    for client in (
        ForeignClient(
            id="XhygisuebbrqQ80byOuU5VncxLIm8E6H",
            name="Porsche Connect client (Home Assistant, porschecli)",
            redirect_uri="my-porsche-app://auth0/callback",
            may_omit_challenge=True,
        ),
    )
}


def granted(asked: Collection[str]) -> tuple[str, ...]:
    """What is granted of what was asked, in the order of the list."""
    return tuple(scope for scope in SCOPES if scope in asked)
