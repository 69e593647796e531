"""No order of events moves a command back, ends it twice, or lets it happen after it expired."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests import link_facts as facts

from vettura.vehicle_link import actions
from vettura.vehicle_link.models import CommandStep, RemoteCommand
from vettura_wire import statuses

LIFETIME = timedelta(minutes=5)


class CommandLife(RuleBasedStateMachine):
    """One command of one car, through anything that can happen to it."""

    clock = None
    car = None

    @initialize(online=st.booleans())
    def ask(self, online):
        RemoteCommand.objects.all().delete()
        self.presence(online)
        self.command = facts.command(self.car, lifetime=LIFETIME)
        self.history = [self.command.status]

    @rule(online=st.booleans())
    def presence(self, online):
        if online:
            actions.record_hello(vin=self.car.vin, hello=facts.hello(self.car.vin))
        else:
            actions.record_offline(vin=self.car.vin)

    @rule(status=st.sampled_from(sorted(statuses.Status)))
    def car_says(self, status):
        actions.record_results(results=[(self.car.vin, facts.result(self.command, str(status)))])

    @rule()
    def the_sweep_runs(self):
        actions.expire_commands(at=self.clock.real_now())
        actions.resend_commands(at=self.clock.real_now())

    @rule(seconds=st.integers(1, 400))
    def time_passes(self, seconds):
        self.clock.advance(seconds=seconds)

    @rule()
    def it_is_asked_for_again(self):
        again = facts.command(self.car, command_id=self.command.id, lifetime=LIFETIME)
        assert again.counter == self.command.counter

    @rule()
    def another_of_its_family_is_asked_for(self):
        facts.command(self.car, type="unlock", supersedes=("lock", "unlock"), lifetime=LIFETIME)

    @invariant()
    def it_moves_along_the_table_only(self):
        if not hasattr(self, "command"):
            return
        steps = list(CommandStep.objects.filter(command_id=self.command.id).order_by("position"))
        assert [step.position for step in steps] == list(range(1, len(steps) + 1))
        for before, after in pairwise(steps):
            assert statuses.may_move(before.status, after.status)
            assert before.at <= after.at or after.status in statuses.FROM_CAR
        assert not any(statuses.is_final(step.status) for step in steps[:-1])
        stands = RemoteCommand.objects.get(id=self.command.id)
        assert (stands.status, stands.step_count) == (steps[-1].status, len(steps))

    @invariant()
    def it_is_not_sent_after_it_expired(self):
        if hasattr(self, "command"):
            stands = RemoteCommand.objects.get(id=self.command.id)
            assert stands.last_sent_at is None or stands.last_sent_at < stands.expires_at


@pytest.mark.rule("C-62")
def test_the_life_of_a_command(db, clock):
    class Life(CommandLife):
        pass

    Life.clock, Life.car = clock, facts.vehicle()

    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
