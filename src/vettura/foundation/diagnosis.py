"""
"Why can't I …?": each context checks what it knows, in `<context>/diagnosis.py`, and the first cause that holds is the answer.

A context registers its checks with `@checks("topic", …, stage=Stage.…)` and brings topics of its own with `topic(…)`; the help center
runs them for one person, car and topic. A check looks at live state and says `Fine`, `Cause`, `Question` (only a person can know it), or
None where it has nothing to do with the case. Texts are in the language that is active when it runs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Literal, TypeVar, cast
from uuid import UUID

from django.utils.functional import Promise

from vettura.foundation.errors import NotFound

# the topic of everything that stands in the catalogue of services; every other topic is brought by its context
SERVICE = "service"
# what a person answers who cannot tell: the check is left out, and the next one comes
UNKNOWN = "unknown"

Found = TypeVar("Found")
Helper = Literal["support", "partner", "operator", "contact_center"]


class Stage(IntEnum):
    """In which order causes are looked for. Connection comes before contract (TRB-001); what was switched off on purpose before both."""

    OFFERED = 10
    PERSON = 20
    SWITCHED_OFF = 30
    CONNECTION = 40
    CONTRACT = 50
    CONDITIONS = 60


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """
    What is asked: a topic, and for SERVICE which service; the person (None: nobody in particular, as the desk asks about a car) with the role
    in this car; the car, empty where none is meant, and then perhaps a generation; the country (ISO 3166-1 alpha-2); when (UTC); and what was
    told already, by question.
    """

    topic: str
    country: str
    at: datetime
    service: str = ""
    account_id: UUID | None = None
    role: str = ""
    vin: str = ""
    generation: str = ""
    told: Mapping[str, str] = field(default_factory=dict)
    _looked_up: dict[str, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, name: str, look: Callable[[], Found]) -> Found:
        """What several checks need is looked up by the first of them."""
        if name not in self._looked_up:
            self._looked_up[name] = look()
        return cast("Found", self._looked_up[name])


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """
    What was seen, in words, and when (UTC), where that matters. `scope`: what a program needs to see it; what was measured stands here and not
    in the sentence of a cause.
    """

    text: str
    at: datetime | None = None
    scope: str = "status"


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """The button that mends it: its text, and the page as URL name with arguments."""

    text: str
    page: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Fine:
    """Checked, and not the cause."""

    text: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cause:
    """
    What stops it, as a sentence that also says what to do. `code` is public and stable. `article`: the article that explains it; `task`: the task
    of the head unit that mends it; `contact`: who helps when the person cannot.
    """

    code: str
    text: str
    evidence: tuple[Evidence, ...] = ()
    remedy: Remedy | None = None
    article: str = ""
    task: str = ""
    contact: Helper | None = None


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something that only a person can know. `code` is what the answer comes back under, `options` the answers by value."""

    code: str
    text: str
    options: Mapping[str, str]
    article: str = ""


Outcome = Fine | Cause | Question
Check = Callable[[Inquiry], Outcome | None]


@dataclass(frozen=True, kw_only=True)
class Topic:
    """Something that people cannot do: `code` is public, `title` the question in the first person."""

    code: str
    title: str | Promise
    order: int
    needs_car: bool


@dataclass(frozen=True, kw_only=True)
class Step:
    """A check that had something to say, by its name, with what it said; `is_skipped`: the person could not tell."""

    check: str
    outcome: Outcome
    is_skipped: bool = False
    stage: Stage = field(default=Stage.OFFERED, compare=False)


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """
    Every step that was taken, in order. The last one is the cause, or the question that comes next; where it is neither, nothing was found and
    Support helps (TRB-016, SUP-006).
    """

    inquiry: Inquiry
    steps: tuple[Step, ...]

    @property
    def cause(self) -> Cause | None:
        """The first cause that holds."""
        last = self.steps[-1].outcome if self.steps else None
        return last if isinstance(last, Cause) else None

    @property
    def question(self) -> Question | None:
        """What has to be asked next."""
        last = self.steps[-1] if self.steps else None
        return last.outcome if last and isinstance(last.outcome, Question) and not last.is_skipped else None


@dataclass(frozen=True, kw_only=True)
class _Registered:
    topics: frozenset[str]
    stage: Stage
    order: int
    name: str
    check: Check


_checks: list[_Registered] = []
_topics: dict[str, Topic] = {}


def topic(code: str, title: str | Promise, *, order: int = 100, needs_car: bool = True) -> str:
    """This will let people ask about something; the code comes back, to register checks with."""
    if code in _topics or code == SERVICE:
        raise RuntimeError(f"two topics {code}")
    _topics[code] = Topic(code=code, title=title, order=order, needs_car=needs_car)
    return code


def topic_of(code: str) -> Topic | None:
    """The topic of this code, if there is one; SERVICE is none of them."""
    return _topics.get(code)


def is_topic(code: str | None) -> bool:
    """Whether one can ask about this: SERVICE, or what a context brought."""
    return code == SERVICE or code in _topics


def topics() -> list[Topic]:
    """Everything that can be asked about besides the services, in the order it is shown."""
    return sorted(_topics.values(), key=lambda each: (each.order, each.code))


def checks(*topics: str, stage: Stage, order: int = 0) -> Callable[[Check], Check]:
    """This will run the function for these topics, in the order of the stage, and within it of `order`, then of the context."""

    def register(check: Check) -> Check:
        context = check.__module__.split(".")[1]
        name = f"{context}.{check.__name__}"
        _checks.append(
            _Registered(topics=frozenset(topics), stage=stage, order=order, name=name, check=check),
        )
        return check

    return register


def diagnose(inquiry: Inquiry) -> Diagnosis:
    """
    The ordered checks up to the first cause that holds, or up to the first question that is open. What is only read may be shown to whoever
    may see the car: the caller has checked that. Where a car is needed and none is named, only what is offered at all is looked at. Raises
    NotFound for an unknown topic.
    """
    if not is_topic(inquiry.topic):
        raise NotFound
    needs_car = inquiry.topic == SERVICE or _topics[inquiry.topic].needs_car
    last = Stage.OFFERED if needs_car and not inquiry.vin else Stage.CONDITIONS
    steps: list[Step] = []
    for each in sorted(_checks, key=lambda each: (each.stage, each.order, each.name)):
        if inquiry.topic not in each.topics or each.stage > last:
            continue
        outcome = each.check(inquiry)
        if outcome is None:
            continue
        is_skipped = isinstance(outcome, Question) and inquiry.told.get(outcome.code) == UNKNOWN
        steps.append(Step(check=each.name, outcome=outcome, is_skipped=is_skipped, stage=each.stage))
        if isinstance(outcome, Cause) or (isinstance(outcome, Question) and not is_skipped):
            break
    return Diagnosis(inquiry=inquiry, steps=tuple(steps))
