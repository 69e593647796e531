"""The car comes in: what was set in it, and what its alarms have seen."""

import msgspec

from vettura.foundation.uplink import CarEvent, handles
from vettura.remote_services import actions
from vettura.vehicle_link import actions as link
from vettura_wire import events


@handles(events.REMOTE_SETTINGS)
def remote_settings(message: CarEvent) -> None:
    """This will note what holds in the car now; what is no setting is dropped."""
    settings = message.data.get("settings")
    if isinstance(settings, dict):
        link.record_settings(vin=message.vin, settings=settings, at=message.at)


@handles(events.ALARM)
def alarm(message: CarEvent) -> None:
    """This will keep what an alarm has seen; what is none is dropped."""
    try:
        body = msgspec.convert(message.data, events.AlarmBody)
    except msgspec.ValidationError:
        return
    actions.record_incident(
        vin=message.vin,
        kind=body.kind,
        alarm_id=body.alarm_id or 0,
        name=body.name,
        latitude=body.latitude,
        longitude=body.longitude,
        speed=body.speed,
        at=message.at,
    )


@handles(events.BREAKDOWN_CALL)
def breakdown_call(message: CarEvent) -> None:
    """This will keep a call for roadside help."""
    try:
        body = msgspec.convert(message.data, events.BreakdownBody)
    except msgspec.ValidationError:
        return
    actions.record_incident(
        vin=message.vin, kind="breakdown", latitude=body.latitude, longitude=body.longitude, at=message.at
    )
