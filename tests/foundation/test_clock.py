"""World time moves, real time does not, and sweeps find what is due."""

from datetime import timedelta

import pytest

from vettura.foundation import clock as time
from vettura.foundation.clock import SystemTime
from vettura.foundation.models import ClockShift


@pytest.mark.django_db
def test_the_demo_shift_moves_world_time_only():
    system = SystemTime()
    former = time.install(system)
    try:
        ClockShift.objects.create(shift=timedelta(days=28))
        system.forget()

        ahead = time.now() - time.real_now()
    finally:
        time.install(former)

    assert abs(ahead - timedelta(days=28)) < timedelta(seconds=1)


@pytest.mark.django_db
def test_the_shift_is_zero_where_there_is_no_demo(settings):
    settings.IS_DEMO = False
    ClockShift.objects.create(shift=timedelta(days=28))

    assert SystemTime().shift() == timedelta()
