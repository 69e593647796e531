"""Where no demo is wished for, nobody gets one."""

import pytest

from vettura.launcher import demo
from vettura.vehicles.models import Vehicle


def test_nobody_gets_a_demo_world_in_production(db, settings):
    settings.IS_DEMO = False

    with pytest.raises(demo.NoDemoHere):
        demo.load()

    assert not Vehicle.objects.exists()
