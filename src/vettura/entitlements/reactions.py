"""Contracts follow vehicles and acceptances."""

from vettura.entitlements import actions, rules
from vettura.foundation.reactions import reacts_to
from vettura.identity import events as identity_events
from vettura.identity import queries as identity
from vettura.vehicles import events as vehicle_events


@reacts_to(vehicle_events.MainUserAssigned)
def start_contracts_of_new_main_user(event: vehicle_events.MainUserAssigned) -> None:
    """A person became main user: the free terms start, if that person has accepted the documents (STO-053)."""
    account = identity.account(id=event.account_id)
    if account is not None:
        actions.start_after_acceptance(vin=event.vin, account=account, at=event.at)


@reacts_to(identity_events.DocumentsAccepted)
def start_contracts_at_acceptance(event: identity_events.DocumentsAccepted) -> None:
    """A person accepted the documents: the free terms of their vehicles start (STO-054, C-22)."""
    account = identity.account(id=event.account_id)
    if account is not None:
        actions.start_for_all_vehicles_of(account=account, at=event.at)


@reacts_to(vehicle_events.MainUserParted)
def end_contracts_of_deleted_account(event: vehicle_events.MainUserParted) -> None:
    """The main user deleted the account: delivery ends. In every other case the contracts stay with the car (C-44)."""
    if event.because == rules.ACCOUNT_DELETED:
        actions.end_contracts_of_deleted_account(vin=event.vin, at=event.at)
