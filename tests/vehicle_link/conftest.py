"""The real broker, the link process, and a car at each end."""

from collections.abc import Iterator

import pytest
from tests import link_facts as facts


@pytest.fixture
def link(transactional_db, nats_server) -> Iterator[None]:
    """The link process over the real broker."""
    with facts.running_link():
        yield


@pytest.fixture
def car(nats_server):
    """Opens a car's connection: `car(vin)`; what it may differ in, see `link_facts.Car`."""

    def opened(vin: str = facts.VIN, **changes):
        folder = nats_server.provision(changes.pop("certificate_of", vin))
        return facts.Car(folder, port=nats_server.mqtt_port, vin=vin, **changes)

    return opened
