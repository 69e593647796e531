"""Programs that are known, and the key that signs for them."""

import pytest
from django.core.cache import cache
from tests.identity.oidc import relying_party

from vettura.identity import actions
from vettura.identity.adapters.keys import ensure_oidc_key


@pytest.fixture(scope="session")
def signing_key(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "oidc.pem"
    ensure_oidc_key(path)
    return path


@pytest.fixture(autouse=True)
def programs(db, settings, signing_key):
    """A website with a secret, an app and a device without one, and an API that asks about tokens."""
    settings.IDP_OIDC_PRIVATE_KEY_FILE = signing_key
    cache.clear()
    actions.register_client(
        client_id="website",
        name="Fuel prices",
        redirect_uris=[relying_party.CALLBACK],
        post_logout_redirect_uris=["https://rp.example/bye"],
        origins=["https://rp.example"],
        secret=relying_party.SECRET,
    )
    actions.register_client(
        client_id="app", name="Phone app", redirect_uris=["http://127.0.0.1/callback", "org.example.app:/callback"]
    )
    actions.register_client(
        client_id="resource", name="An API", redirect_uris=[], secret=relying_party.SECRET, may_introspect=True
    )
