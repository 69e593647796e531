import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from vettura_wire.statuses import FINAL, FORWARD, FROM_CAR, Status, is_final, may_move

RANK = {status: position for position, status in enumerate(FORWARD)}


class ACommandUnderAnyOrderOfMessages(RuleBasedStateMachine):
    """Messages from the car and wishes of the platform arrive in any order, twice, or not at all."""

    def __init__(self):
        super().__init__()
        self.path = [Status.ACCEPTED]

    @rule(status=st.sampled_from(list(Status)))
    def a_message_arrives(self, status):
        before = self.path[-1]
        if may_move(before, status):
            self.path.append(status)

    @rule(status=st.sampled_from(sorted(FROM_CAR)))
    def a_message_from_the_car_arrives_twice(self, status):
        self.a_message_arrives(status)
        length = len(self.path)
        self.a_message_arrives(status)
        assert len(self.path) == length

    @invariant()
    def it_never_moves_back(self):
        ranks = [RANK[status] for status in self.path if status in RANK]
        assert ranks == sorted(set(ranks))

    @invariant()
    def nothing_follows_a_final_status(self):
        assert not any(is_final(status) for status in self.path[:-1])

    @invariant()
    def only_an_answer_follows_unknown(self):
        for before, after in zip(self.path, self.path[1:], strict=False):
            if before is Status.UNKNOWN:
                assert after in FINAL


TestACommand = ACommandUnderAnyOrderOfMessages.TestCase


@pytest.mark.parametrize("answer", ["done", "failed", "refused"])
def test_a_late_answer_corrects_unknown(answer):
    assert may_move("unknown", answer)


def test_a_command_that_was_not_sent_can_expire_or_be_superseded():
    assert may_move("queued", "expired")
    assert may_move("waking", "superseded")


def test_a_command_that_the_car_took_does_not_expire():
    assert not may_move("delivered", "expired")
    assert not may_move("running", "superseded")


def test_a_word_that_is_no_status_moves_nothing():
    assert not may_move("accepted", "finished")
    assert not may_move("finished", "done")
