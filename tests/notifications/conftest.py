import dataclasses
from collections.abc import Iterator

import pytest
from tests import identity_facts as facts
from tests.outbox_sandbox import RunningSandbox, Sandbox


@pytest.fixture(scope="session")
def running_sandbox(tmp_path_factory) -> Iterator[Sandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    yield running.start()
    running.stop()


@pytest.fixture
def outside(running_sandbox: Sandbox, settings) -> Sandbox:
    """The providers of mail and SMS are the sandboxes, and the outbox is empty."""
    settings.VETTURA_PROVIDERS = dataclasses.replace(
        settings.VETTURA_PROVIDERS,
        smtp_url=running_sandbox.smtp_url,
        sms_url=f"{running_sandbox.url}/sms",
        sms_account="AC_test",
        sms_token="secret",
        sms_from="Vettura",
    )
    running_sandbox.clear()
    return running_sandbox


@pytest.fixture
def api():
    """`api(person)(path)`: a GET as that person, with the portal's session."""
    return lambda person: facts.signed_in(person).get
