"""What follows for the cars when people, rights or the demo's clock change."""

from vettura.foundation.demo_clock import ClockMoved
from vettura.foundation.reactions import reacts_to
from vettura.identity import events as identity
from vettura.identity import queries as people
from vettura.vehicle_link import actions, queries
from vettura.vehicles import events as vehicles
from vettura.vehicles import queries as vehicle_queries
from vettura_wire import events as wire


@reacts_to(vehicles.VehicleRegistered)
def prepare_link(event: vehicles.VehicleRegistered) -> None:
    """A car that is registered may connect, and should know who uses it."""
    actions.register_link(vin=event.vin)
    _tell_users(event.vin)


@reacts_to(vehicles.UsersChanged)
def tell_the_car_its_users(event: vehicles.UsersChanged) -> None:
    """The head unit shows the people of the car, who is signed in, and whether remote access is granted."""
    _tell_users(event.vin)


@reacts_to(vehicles.PersonalSettingsChanged)
def tell_the_car_the_profile(event: vehicles.PersonalSettingsChanged) -> None:
    """Every car in which the person is signed in has the same settings (TAY-013)."""
    _tell_settings(event.vin)


@reacts_to(vehicles.UserRemoved)
def end_live_views(event: vehicles.UserRemoved) -> None:
    """Whoever watches the car live is asked again whether they may; what they had asked of it is done no more."""
    actions.end_commands_of(vin=event.vin, account_id=event.account_id)
    actions.notify({"kind": "rights"}, vin=event.vin)


@reacts_to(identity.ProgramAccessChanged)
def ask_programs_again(event: identity.ProgramAccessChanged) -> None:
    """A program that watches a car live sees from now on what it still may, or nothing."""
    account = people.account(id=event.account_id)
    if account is not None:
        for vehicle in vehicle_queries.garage_of(account=account):
            actions.notify({"kind": "rights"}, vin=vehicle.vin)


@reacts_to(vehicles.MainUserParted)
def forget_the_place(event: vehicles.MainUserParted) -> None:
    """The next owner is told neither where the former one left the car nor how it was used."""
    actions.forget_place(vin=event.vin)
    actions.forget_history(vin=event.vin)
    if vehicle_queries.discarded_vins(vins=[event.vin]):
        actions.forget_car(vin=event.vin)


@reacts_to(vehicles.PrivacyModeChanged)
def show_privacy(event: vehicles.PrivacyModeChanged) -> None:
    """Pages show that values stand still, and why (C-77)."""
    actions.note_privacy(vin=event.vin, on=event.on, at=event.at)
    actions.notify({"kind": "state", "values": {}, "privacy_mode_on": event.on}, vin=event.vin)


@reacts_to(ClockMoved)
def tell_the_cars_the_time(event: ClockMoved) -> None:
    """Cars show world time."""
    actions.set_clock(shift_seconds=event.shift_seconds)


def _tell_users(vin: str) -> None:
    body = vehicle_queries.users_document(vehicle=queries.vehicle_of(vin=vin))
    actions.set_document(vin=vin, name=wire.USERS, body=body)
    _tell_settings(vin)


def _tell_settings(vin: str) -> None:
    """The profile of whoever is signed in; a car that has never had one is not sent an empty one."""
    vehicle = queries.vehicle_of(vin=vin)
    if vehicle.signed_in_account_id or queries.document_of(vehicle=vehicle, name=wire.SETTINGS):
        body = vehicle_queries.settings_document(vehicle=vehicle)
        actions.set_document(vin=vin, name=wire.SETTINGS, body=body)
