"""What webhooks are told when something happens in cars, and what goes with a person."""

from vettura.developers import actions, rules
from vettura.entitlements import events as entitlements
from vettura.foundation.reactions import reacts_to
from vettura.identity import events as identity
from vettura.remote_services import events as remote_services
from vettura.vehicle_link import events as link


@reacts_to(link.SignalsChanged)
def tell_of_signals(event: link.SignalsChanged) -> None:
    """New values of a car."""
    actions.note_event(type=rules.STATE_CHANGED, vin=event.vin, at=event.at, data={"signals": event.values})


@reacts_to(link.CommandFinished)
def tell_of_command(event: link.CommandFinished) -> None:
    """A command came to its end."""
    data = {
        "command_id": str(event.command_id),
        "type": event.type,
        "status": event.status,
        "cause": event.cause or None,
    }
    actions.note_event(type=rules.COMMAND_FINISHED, vin=event.vin, at=event.at, data=data)


@reacts_to(remote_services.IncidentReported)
def tell_of_alarm(event: remote_services.IncidentReported) -> None:
    """An alarm has tripped, or somebody calls for help."""
    data = {"incident_id": str(event.incident_id), "kind": event.kind}
    actions.note_event(type=rules.ALARM_RAISED, vin=event.vin, at=event.at, data=data)


@reacts_to(entitlements.ContractStarted)
def tell_of_contract(event: entitlements.ContractStarted) -> None:
    """A contract was made."""
    data = {"contract_id": str(event.contract_id), "service": event.service_id, "phase": event.phase}
    actions.note_event(type=rules.CONTRACT_STARTED, vin=event.vin, at=event.at, data=data)


@reacts_to(entitlements.ContractEnded)
def tell_of_contract_end(event: entitlements.ContractEnded) -> None:
    """A contract is over."""
    data = {"contract_id": str(event.contract_id), "service": event.service_id, "because": event.because}
    actions.note_event(type=rules.CONTRACT_ENDED, vin=event.vin, at=event.at, data=data)


@reacts_to(identity.AccountDeleted)
def forget_webhooks(event: identity.AccountDeleted) -> None:
    """Whoever is gone is told nothing."""
    actions.delete_webhooks_of(account_id=event.account_id)
