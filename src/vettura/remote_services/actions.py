"""What a person may have done to a car from afar."""

import json
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from vettura.catalog import queries as catalog
from vettura.entitlements import queries as entitlements
from vettura.foundation import clock
from vettura.foundation.errors import NotFound, Refusal
from vettura.foundation.outbox import publish
from vettura.identity import actions as identity
from vettura.identity import errors as identity_errors
from vettura.identity.models import Account
from vettura.notifications import actions as notifications
from vettura.remote_services import errors, queries, rules
from vettura.remote_services.events import IncidentReported
from vettura.remote_services.models import Incident, IncidentKind
from vettura.remote_services.rules import telling
from vettura.vehicle_link import actions as link
from vettura.vehicle_link import queries as twins
from vettura.vehicle_link.errors import CommandIdTaken
from vettura.vehicle_link.models import RemoteCommand
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_wire import remote, signals, statuses

Json = dict[str, Any]  # a JSON object from outside, checked by rules


def request_command(
    *, by: Account, vin: str, type: str, params: Json, step_up: Json | None, command_id: UUID
) -> RemoteCommand:
    """
    This will have a car do something, and return the command as it stands: sent, or waiting for a car out of reach.

    The same id again returns the same command, and so does the same wish while it is under way. Refuses, the first that applies:
    a car that is not the person's, a role without the right, a command the car does not understand, remote access, contract,
    privacy mode, charge, PIN, a sleeping car that was woken too often.
    """
    reach = vehicles.reach_of(account=by, vin=vin, at=clock.now(), beside=(entitlements.RUNNING, *twins.REACH))
    vehicle = reach.vehicle
    services, *columns = reach.beside
    standing = twins.standing_of(*columns)
    command = rules.command_type(type)
    zones = catalog.generation(vehicle.generation).seat_zones
    checked = rules.checked_parameters(command, params, catalog.terms(), seat_zones=zones)
    try:
        _refuse(reach, command, services)
        identity.require_consents(account=by, services=queries.services_of(command_type=command.type))
        if _needs_step_up(command, checked, vehicle) and twins.known_command(command_id=command_id) is None:
            _check_step_up(by, step_up, vin, about=_about(vin, command.type, checked, command_id))
        if standing is not None:
            _refuse_without_wakes(standing, command_id)
    except Refusal:
        # what was accepted once stays accepted, whatever has changed since
        known = twins.known_command(command_id=command_id)
        if known is None:
            raise
        return _the_same(known, by=by, vehicle=vehicle, type=type, params=checked)
    return link.send_command(
        vehicle=vehicle,
        account_id=by.id,
        type=command.type,
        params=checked,
        command_id=command_id,
        lifetime=catalog.terms().command_lifetime(command.type),
        supersedes=rules.family_of(command),
        standing=standing,
    )


@transaction.atomic
def record_incident(
    *,
    vin: str,
    kind: str,
    latitude: float,
    longitude: float,
    at: datetime,
    alarm_id: int = 0,
    name: str = "",
    speed: float = 0.0,
) -> Incident:
    """
    This will keep what a car has told by itself, announce it, and show it to whoever watches the car.

    Only the car's own message leads here, once each. Raises NotFound for an unknown VIN.
    """
    incident = Incident.objects.create(
        vehicle=twins.vehicle_of(vin=vin),
        kind=kind,
        alarm_id=min(max(alarm_id, 0), 2_147_483_647),
        name=name[:60],
        latitude=latitude,
        longitude=longitude,
        speed=speed,
        at=at,
    )
    publish(IncidentReported(vin=vin, incident_id=incident.id, kind=kind, at=at))
    link.notify({"kind": "alarm", "alarm": kind, "at": at.isoformat()}, vin=vin)
    return incident


@transaction.atomic
def tell_of_incident(*, incident_id: UUID) -> int:
    """
    This will tell the main user, and whoever set the alarm, that it has tripped: in the inbox and by mail. Returns how many people.

    Where the car was, which an area's name says too, stands in the mail only, and only while a service that finds it runs: programs
    that read messages need not be allowed to know places. Calls for help are not told here.
    """
    incident = Incident.objects.select_related("vehicle").filter(id=incident_id).first()
    if incident is None or incident.kind not in telling.SET_BY:
        return 0
    vehicle = incident.vehicle
    asked = twins.carried_out(vehicle=vehicle, type=telling.SET_BY[incident.kind])
    setter = telling.setter(alarm_id=incident.alarm_id, asked=[(each.account_id, each.params) for each in asked])
    twin = twins.twins_of(vehicles=[vehicle])[vehicle.vin]
    place = queries.place_of(vehicle=vehicle, twin=twin, at=clock.now())
    sees_place = place.state in ("known", "unknown")
    people = [
        user.account
        for user in vehicles.users_of(vehicle=vehicle)
        if user.role == "main_user" or user.account.id == setter
    ]
    for person in people:
        with translation.override(person.language):
            facts: Json = {
                "what": incident.get_kind_display(),
                "vehicle": vehicle.model_name,
                "moment": catalog.moment_in_words(at=incident.at, country=person.country, language=person.language),
                "speed": round(incident.speed) if incident.kind in queries.ABOUT_SPEED else 0,
                "name": "" if incident.kind in queries.ABOUT_PLACES else incident.name,
                "path": reverse("remote_services:alarms", args=[vehicle.vin]),
            }
        hidden = {
            "name": incident.name,
            "latitude": f"{incident.latitude:.5f}",
            "longitude": f"{incident.longitude:.5f}",
            "shows_place": True,
        }
        _tell(person, "alarm", facts, by_mail=hidden if sees_place else {})
    return len(people)


@transaction.atomic
def tell_of_command(*, vin: str, command_id: UUID, status: str, cause: str, at: datetime) -> bool:
    """
    This will tell whoever asked for a command that it did not go as they wished: in the inbox, and by mail when it ended only after they
    have stopped looking. False where nobody is told: it went well, or the person does not use the car any more.
    """
    if not telling.is_told(status=status, cause=cause):
        return False
    vehicle = vehicles.find_vehicle(vin=vin)
    if vehicle is None:
        return False
    try:
        command = twins.command_of(vehicle=vehicle, command_id=command_id)
    except NotFound:
        return False
    users = vehicles.users_of(vehicle=vehicle)
    person = next((user.account for user in users if user.account.id == command.account_id), None)
    # it may have been answered meanwhile
    if person is None or command.status != status:
        return False
    with translation.override(person.language):
        facts: Json = {
            "what": str(rules.command_type(command.type).verb),
            "sentence": rules.sentence(status, cause),
            "is_unknown": status == statuses.Status.UNKNOWN,
            "vehicle": vehicle.model_name,
            "moment": catalog.moment_in_words(
                at=command.requested_at, country=person.country, language=person.language
            ),
            "path": reverse("vehicles:vehicle", args=[vin]),
        }
    is_gone = at - command.requested_at >= telling.STILL_LOOKING
    _tell(person, "command", facts, by_mail={} if is_gone else None)
    return True


def _tell(person: Account, kind: str, facts: Json, *, by_mail: Json | None) -> None:
    """Inbox, and mail with what else stands there; None for no mail."""
    with translation.override(person.language):
        subject = render_to_string(f"remote_services/mail/{kind}.subject.txt", facts)
        body = render_to_string(f"remote_services/_{kind}.txt", facts).strip()
    notifications.post_message(
        recipient_id=person.id,
        language=person.language,
        subject=subject,
        body=f"{body}\n\n{settings.VETTURA_BASE_URL}{facts['path']}",
        kind=kind,
    )
    if by_mail is not None:
        notifications.send_mail(
            recipient_id=person.id,
            to=person.address,
            language=person.language,
            template=f"remote_services/mail/{kind}",
            facts=facts | by_mail,
        )


def forget_incidents(*, vin: str) -> None:
    """This will delete what a car has told in its former main user's time; the next one begins with nothing."""
    Incident.objects.filter(vehicle__vin=vin).delete()


def forget_calls_for_help(*, vin: str) -> None:
    """This will delete what a car has told with calls for help: it is kept no longer than the case is open."""
    Incident.objects.filter(vehicle__vin=vin, kind=IncidentKind.BREAKDOWN).delete()


def forget_old_incidents(*, before: datetime) -> int:
    """This will delete what was told before a moment; returns how many."""
    deleted, _ = Incident.objects.filter(at__lt=before).delete()
    return deleted


def _the_same(known: RemoteCommand, *, by: Account, vehicle: Vehicle, type: str, params: Json) -> RemoteCommand:
    if (known.account_id, known.vehicle_id, known.type, known.params) != (by.id, vehicle.id, type, params):
        raise CommandIdTaken
    return known


def _refuse(reach: vehicles.Reach, command: rules.CommandType, services: Sequence[str]) -> None:
    """The refusal names the service that the command belongs to, so that one can ask why."""
    try:
        _refuse_by_state(reach, command, services)
    except Refusal as refusal:
        for service in queries.services_of(command_type=command.type)[:1]:
            refusal.facts["service"] = service
        raise


def _refuse_by_state(reach: vehicles.Reach, command: rules.CommandType, services: Sequence[str]) -> None:
    """The order is fixed: a person is told the first reason only, and the same one everywhere."""
    vehicle = reach.vehicle
    unmet = vehicles.unmet(role=vehicle.role, permission="unlock" if command.opens else "command", state=reach.state)
    if "role" in unmet:
        raise errors.RoleMayNot
    if "no_connect" in unmet or command.type not in queries.understood(vehicle=vehicle):
        raise errors.NotSupported
    if queries.is_under_grant(vehicle=vehicle, command_type=command.type) and {"not_linked", "no_remote_access"} & set(
        unmet
    ):
        raise queries.without_access(is_linked=reach.is_linked)
    if command.type not in entitlements.commands_of(vehicle=vehicle, services=services):
        raise errors.NotEntitled
    if "privacy" in unmet:
        raise errors.PrivacyMode
    if command.needs_battery:
        minimum = catalog.terms().climate_battery_minimum
        charge = twins.twins_of(vehicles=[vehicle])[vehicle.vin].value(signals.STATE_OF_CHARGE)
        if not rules.has_enough_charge(command, drive=vehicle.drive, charge=charge, minimum=minimum):
            raise errors.BatteryTooLow(charge=charge, minimum=minimum)


def _refuse_without_wakes(standing: twins.Standing, command_id: UUID) -> None:
    """A car at rest is woken only so often, or its 12 V battery would be empty when somebody wants to drive."""
    next_at = standing.may_be_woken_at
    if next_at is not None and twins.known_command(command_id=command_id) is None:
        seconds = max(1, math.ceil((next_at - clock.real_now()).total_seconds()))
        raise errors.WakeBudgetSpent(
            minutes=math.ceil(seconds / 60), wakes=catalog.terms().wakes_a_day, retry_after=seconds
        )


def _needs_step_up(command: rules.CommandType, params: Json, vehicle: Vehicle) -> bool:
    if command.opens:
        return True
    if command.type not in rules.ALARMS:
        return False
    held = twins.twins_of(vehicles=[vehicle])[vehicle.vin].held.get(remote.SETTINGS[command.type])
    return rules.disarms(command, params, held.value if held else None)


def ask_for_passkey(*, by: Account, vin: str, type: str, params: Json, command_id: UUID) -> identity.PasskeyQuestion:
    """
    This will ask the person's passkey about one command: this type with these parameters for this car under this id, and no other.

    Raises NotFound for a car that is not the person's, UnknownCommand, what is wrong with the parameters, and PasskeyMissing.
    """
    vehicle = vehicles.vehicle_for(account=by, vin=vin)
    command = rules.command_type(type)
    zones = catalog.generation(vehicle.generation).seat_zones
    checked = rules.checked_parameters(command, params, catalog.terms(), seat_zones=zones)
    return identity.ask_for_passkey(account=by, about=_about(vin, command.type, checked, command_id))


def _about(vin: str, type: str, params: Json, command_id: UUID) -> str:
    """One command, as a passkey is asked about it."""
    return json.dumps([vin, type, params, str(command_id)], sort_keys=True)


def _check_step_up(by: Account, step_up: Json | None, vin: str, *, about: str) -> None:
    """The PIN, the answer to a question about this car that only the PIN gives (see decision 0021), or a passkey's about this command."""
    try:
        identity.check_step_up(account=by, step_up=step_up, about=about, car=vin)
    except identity_errors.StepUpRequired as missing:
        raise errors.StepUpRequired(**missing.facts) from missing
    except identity_errors.PinLocked as locked:
        raise errors.StepUpLocked(**locked.facts) from locked
