"""Remote commands and the state of a car, for programs: `/api/v1/vehicles/{vin}/commands` and `…/state`."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

from django.http import HttpRequest
from ninja import Field, Header, Query, Router, Schema, Status

from vettura.catalog import queries as catalog
from vettura.foundation import clock, conditional, ids
from vettura.foundation.errors import NotFound
from vettura.foundation.turns import one_at_a_time
from vettura.identity import queries as identity
from vettura.identity.errors import ScopeMissing
from vettura.identity.models import Account
from vettura.remote_services import actions, queries, rules
from vettura.remote_services.api.alarms import router as alarms
from vettura.remote_services.api.controls import router as controls
from vettura.remote_services.api.trips import router as trips
from vettura.vehicle_link import queries as link
from vettura.vehicle_link.models import RemoteCommand
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_wire.signals import SIGNALS

router = Router(tags=["remote services"])
router.add_router("", alarms)
router.add_router("", controls)
router.add_router("", trips)

LARGEST_PAGE = 100


Source = Literal["car", "platform"]


class StepUp(Schema):
    """What a person gives once more before something opens: the PIN, or what a passkey answered with the token of its question."""

    pin: str | None = Field(None, max_length=32)
    token: str | None = Field(None, max_length=2000)
    passkey: dict[str, Any] | None = None  # as WebAuthn has it


class PasskeyIn(Schema):
    """The command that a passkey is to be asked about."""

    type: str = Field(max_length=32, examples=["unlock"])
    params: dict[str, Any] = Field(default_factory=dict)  # free by design: each type has its own


class PasskeyOut(Schema):
    """What the browser hands to the device, and the token that comes back with its answer, within two minutes."""

    options: dict[str, Any]  # as WebAuthn has it
    token: str


class CommandIn(Schema):
    """A command: its type, its parameters, and the step-up that opening types need."""

    type: str = Field(max_length=32, examples=["lock"])
    params: dict[str, Any] = Field(default_factory=dict)  # free by design: each type has its own
    step_up: StepUp | None = None


class StepOut(Schema):
    """One move of a command; `at` is when a person saw it happen, `cause` why, `text` both as a sentence in the asker's language."""

    status: str
    at: datetime
    cause: str | None
    text: str


class CommandOut(Schema):
    """
    A command as it stands; `text` says it as a sentence. `expires_at` is real time: nothing happens after it. With `done` the
    state of the car says what was done.
    """

    id: UUID
    type: str
    params: dict[str, Any]  # free by design: each type has its own
    status: str
    cause: str | None
    text: str
    steps: list[StepOut]
    requested_at: datetime
    expires_at: datetime


class WakesOut(Schema):
    """How often a car that sleeps may be woken within 24 hours, and how often still: its 12 V battery bears no more."""

    limit: int
    left: int


class AskedOut(CommandOut):
    """A command that was asked for now, and the car's budget of wakes."""

    wakes: WakesOut


class SettingOut(Schema):
    """What a car keeps of a setting, in the shape of the parameters that set it, and since when that is known."""

    value: dict[str, Any]  # free by design: each setting has its own shape
    measured_at: datetime


class SettingsOut(Schema):
    """
    What was set in a car from afar, by name (`departure_timers`, `charging_profiles`, `location_alarms` …), as the car says that it
    holds; absent is what the car never spoke of.
    """

    vin: str
    settings: dict[str, SettingOut]


class SettingNowOut(Schema):
    """
    One setting: what the car keeps of it, since when that is known (null: it never spoke of it), and what is on its way to the car, with
    the id of that command.
    """

    name: str
    value: dict[str, Any] | None  # free by design: each setting has its own shape
    measured_at: datetime | None
    wanted: dict[str, Any] | None
    command_id: UUID | None


class SettingIn(Schema):
    """What the setting is to be, whole, and the step-up that takes an alarm away."""

    value: dict[str, Any]  # free by design: each setting has its own shape
    step_up: StepUp | None = None


class AppOut(Schema):
    """
    The app that is valid for a car, the commands that it offers there, what else it does, and the oldest systems that it runs on, as its
    listing in the stores says.
    """

    id: str
    name: str
    commands: list[str]
    functions: list[str]
    minimum_android: str
    minimum_ios: str


class CommandPage(Schema):
    """Commands, the newest first; `next` is the cursor of the following page."""

    items: list[CommandOut]
    next: UUID | None


class SignalOut(Schema):
    """
    A value with its unit, where it comes from, and its age: when it was measured, how many seconds ago that was, and when it
    reached the platform. `source`: `car` (measured there), `platform` (known here without the car).
    """

    value: bool | int | float | str
    unit: str
    source: Source
    measured_at: datetime
    received_at: datetime
    age_seconds: int


class SilenceOut(Schema):
    """Why nothing newer is known of a car: a code, the same as a sentence in the asker's language, and since when."""

    cause: str
    text: str
    since: datetime | None


class StateOut(Schema):
    """
    The newest state of a car; `cause` says why values stand still (`privacy`), `silence` why nothing newer is known (null while
    the values are fresh), `signals` are by VSS path.
    """

    vin: str
    is_online: bool
    last_seen_at: datetime | None
    cause: str | None
    silence: SilenceOut | None
    privacy_mode: bool
    source: Source = Field(description="Where what stands beside the signals is known: in the platform.")
    signals: dict[str, SignalOut]


@router.post("/{vin}/commands", response={202: AskedOut}, operation_id="request_command", summary="Request a command")
def request_command(
    request: HttpRequest,
    vin: str,
    body: CommandIn,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)] = None,
) -> Status[AskedOut]:
    """
    Have the car do something. The same `Idempotency-Key` again answers with the same command.

    A car out of reach does not refuse: the command is `queued` and waits until `expires_at`. The same wish while one is under way is
    that command. A car that sleeps is woken, which its budget limits: then the answer is 429 with `Retry-After`.
    """
    account = _account(request)
    identity.require_scope(request, link.scope_of_command(type=body.type))
    if link.scope_of_command(type=body.type) == identity.LOCATION and not identity.allowed(request).sees_place(vin):
        raise ScopeMissing(scope=identity.LOCATION)
    command = actions.request_command(
        by=account,
        vin=vin,
        type=body.type,
        params=body.params,
        step_up=body.step_up.dict() if body.step_up else None,
        command_id=_command_id(account, idempotency_key),
    )
    return Status(202, _asked_out(command))


@router.post(
    "/{vin}/commands/passkey", response=PasskeyOut, operation_id="ask_for_passkey", summary="Ask for a passkey"
)
def ask_for_passkey(
    request: HttpRequest,
    vin: str,
    body: PasskeyIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)],
) -> PasskeyOut:
    """
    Ask the person's passkey about one command, instead of the PIN. Send the command with the same `Idempotency-Key` and with
    `step_up` `{"token", "passkey"}`: the answer is good for that command only.
    """
    account = _account(request)
    identity.require_scope(request, link.scope_of_command(type=body.type))
    question = actions.ask_for_passkey(
        by=account, vin=vin, type=body.type, params=body.params, command_id=_command_id(account, idempotency_key)
    )
    return PasskeyOut(options=question.options, token=question.token)


@router.get("/{vin}/commands", response=CommandPage, operation_id="list_commands", summary="List commands")
def list_commands(
    request: HttpRequest, vin: str, limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 20, before: UUID | None = None
) -> CommandPage:
    """The commands of a car, the newest first; `before` is the `next` of the page before."""
    vehicle = vehicles.vehicle_for(account=_account(request), vin=vin)
    found = link.recent_commands(vehicle=vehicle, limit=limit + 1, before=before, allowed=identity.allowed(request))
    page = found[:limit]
    return CommandPage(items=[_command_out(each) for each in page], next=page[-1].id if len(found) > limit else None)


@router.get("/{vin}/commands/{command_id}", response=CommandOut, operation_id="get_command", summary="Get a command")
def get_command(request: HttpRequest, vin: str, command_id: UUID) -> CommandOut:
    """One command with every step so far."""
    vehicle = vehicles.vehicle_for(account=_account(request), vin=vin)
    found = link.command_of(vehicle=vehicle, command_id=command_id)
    if not link.sees_command(allowed=identity.allowed(request), type=found.type, vin=vehicle.vin):
        raise NotFound
    return _command_out(found)


@router.get("/{vin}/state", response=StateOut, operation_id="get_state", summary="Get the state of a car")
def get_state(request: HttpRequest, vin: str) -> StateOut:
    """
    The newest value of every signal that the car reports, each with its age and its source. The age is not part of the tag.

    Where the car is stands there as on its page: while a service that finds it runs, not in privacy mode, and for a program that
    was allowed to know it for this car.
    """
    vehicle = vehicles.vehicle_for(account=_account(request), vin=vin)
    twin = link.twins_of(vehicles=[vehicle])[vehicle.vin]
    seen = link.seen_signals(allowed=identity.allowed(request), vin=vin, paths=twin.signals)
    if not queries.place_of(vehicle=vehicle, twin=twin, at=clock.now()).is_known:
        seen -= link.PLACE
    shown = _state_out(vehicle, twin, seen)
    ageless = {path: each.model_copy(update={"age_seconds": 0}) for path, each in shown.signals.items()}
    conditional.tag_as(request, shown.model_copy(update={"signals": ageless}))
    return shown


def _state_out(vehicle: Vehicle, twin: link.Twin, seen: Collection[str]) -> StateOut:
    at = clock.now()
    return StateOut(
        vin=vehicle.vin,
        is_online=twin.is_online,
        last_seen_at=twin.last_seen_at,
        cause=twin.cause or None,
        silence=SilenceOut(cause=twin.silence.cause, text=twin.silence.text, since=twin.silence.since)
        if twin.silence
        else None,
        privacy_mode=vehicle.privacy_mode_on,
        source="platform",
        signals={
            path: SignalOut(
                value=measured.value,
                unit=SIGNALS[path].unit,
                source="car",
                measured_at=measured.measured_at,
                received_at=measured.received_at or measured.measured_at,
                age_seconds=max(0, int((at - measured.measured_at).total_seconds())),
            )
            for path, measured in sorted(twin.signals.items())
            if path in SIGNALS and path in seen
        },
    )


@router.get("/{vin}/app", response=AppOut, operation_id="get_app", summary="Get the app of a car")
def get_app(request: HttpRequest, vin: str) -> AppOut:
    """Which app is valid for the car, and what it does there."""
    vehicle = vehicles.vehicle_for(account=_account(request), vin=vin)
    app, terms = catalog.app_of(vehicle.generation), catalog.terms()
    return AppOut(
        id=app.id,
        name=app.name,
        commands=[each.type for each in queries.app_commands(vehicle=vehicle)],
        functions=list(app.functions),
        minimum_android=terms.app_minimum_android,
        minimum_ios=terms.app_minimum_ios,
    )


@router.get("/{vin}/settings", response=SettingsOut, operation_id="get_settings", summary="Get what was set from afar")
def get_settings(request: HttpRequest, vin: str) -> SettingsOut:
    """Timers, profiles and alarms as the car keeps them, each with its own time."""
    vehicle = vehicles.vehicle_for(account=_account(request), vin=vin)
    held = queries.settings_of(vehicle=vehicle, allowed=identity.allowed(request))
    return SettingsOut(
        vin=vehicle.vin,
        settings={
            name: SettingOut(value=each.value, measured_at=each.measured_at) for name, each in sorted(held.items())
        },
    )


@router.get(
    "/{vin}/settings/{name}", response=SettingNowOut, operation_id="get_setting", summary="Get a setting of a car"
)
def get_setting(request: HttpRequest, vin: str, name: str) -> SettingNowOut:
    """Timers, profiles or alarms by name, as the car keeps them and as they are on their way to it."""
    vehicle = vehicles.vehicle_for(account=_account(request), vin=vin)
    return _setting(request, vehicle, name)


@router.put(
    "/{vin}/settings/{name}",
    response={202: AskedOut},
    operation_id="change_setting",
    summary="Change a setting of a car",
)
def change_setting(
    request: HttpRequest,
    vin: str,
    name: str,
    setting: SettingIn,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)] = None,
) -> Status[AskedOut]:
    """
    Have the car keep this instead: the command that sets it, by another way. With `If-Match` nothing is changed that somebody else has
    changed, or is about to change, since the caller read it.
    """
    account = _account(request)
    type_ = queries.type_of_setting(name=name)
    identity.require_scope(request, link.scope_of_command(type=type_))
    unchanged = conditional.expected(request, lambda shown: shown)

    def ask() -> RemoteCommand:
        return actions.request_command(
            by=account,
            vin=vin,
            type=type_,
            params=setting.value,
            step_up=setting.step_up.dict() if setting.step_up else None,
            command_id=_command_id(account, idempotency_key),
        )

    if unchanged is None:
        return Status(202, _asked_out(ask()))
    vehicle = vehicles.vehicle_for(account=account, vin=vin)
    with one_at_a_time("setting", vin, name):
        unchanged(_setting(request, vehicle, name))
        return Status(202, _asked_out(ask()))


def _setting(request: HttpRequest, vehicle: Vehicle, name: str) -> SettingNowOut:
    held, wanted, command_id = queries.setting_of(vehicle=vehicle, name=name, allowed=identity.allowed(request))
    return SettingNowOut(
        name=name,
        value=held.value if held else None,
        measured_at=held.measured_at if held else None,
        wanted=wanted,
        command_id=command_id,
    )


def _account(request: HttpRequest) -> Account:
    account: Account = getattr(request, "auth")  # noqa: B009  (ninja sets it; Django's request type does not know it)
    return account


def _command_id(account: Account, key: str | None) -> UUID:
    """The id of the command: the key if it is one, else one that belongs to this account and key."""
    if key is None:
        return ids.new_id()
    try:
        return UUID(key)
    except ValueError:
        return uuid5(account.id, key)


def _asked_out(command: RemoteCommand) -> AskedOut:
    wakes = WakesOut(limit=catalog.terms().wakes_a_day, left=link.wakes_left(vehicle=command.vehicle))
    return AskedOut(**_command_out(command).dict(), wakes=wakes)


def _command_out(command: RemoteCommand) -> CommandOut:
    return CommandOut(
        id=command.id,
        type=command.type,
        params=command.params,
        status=command.status,
        cause=command.cause or None,
        text=rules.sentence(command.status, command.cause),
        steps=[
            StepOut(
                status=step.status, at=step.at, cause=step.cause or None, text=rules.sentence(step.status, step.cause)
            )
            for step in command.steps.all()
        ],
        requested_at=command.requested_at,
        expires_at=command.expires_at,
    )
