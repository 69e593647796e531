"""What tables, columns and ways in are called where people read the audit."""

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst

from vettura.foundation.audit.words import in_audit as _

CHANNELS: dict[str, str | Promise] = {
    "web": _("Portal"),
    "desk": _("Desk"),
    "api": _("App"),
    "car": _("Car"),
    "sweep": _("By itself, at its time"),
    "job": _("By itself, after something else"),
    "command": _("Operator's command"),
    "program": _("Platform"),
    "database": _("Directly in the database"),
}
OPERATIONS: dict[str, str | Promise] = {
    "added": _("added"),
    "changed": _("changed"),
    "removed": _("removed"),
    "erased": _("erased"),
}
TABLES: dict[str, str | Promise] = {
    "foundation_auditentry": _("Contents of earlier entries"),
    "identity_account": _("Account"),
    "identity_staffrole": _("Staff role"),
    "identity_accepteddocument": _("Accepted document"),
    "identity_pin": _("PIN"),
    "identity_securitycode": _("Security code"),
    "identity_addresschange": _("Change of the e-mail address"),
    "identity_staffchange": _("Change by staff"),
    "allauth_idp_oidc_client": _("App"),
    "identity_programgrant": _("Access of an app"),
    "identity_programconsent": _("Permission for an app"),
    "identity_identitycheck": _("Identity check"),
    "identity_erasurerequest": _("Request for erasure"),
    "mfa_authenticator": _("Sign-in factor"),
    "partners_partner": _("Partner"),
    "partners_staff": _("Member of a partner's staff"),
    "vehicles_vehicle": _("Car"),
    "vehicles_assignment": _("User of a car"),
    "vehicles_invitation": _("Invitation"),
    "vehicles_pairingcode": _("Pairing code"),
    "vehicles_remoteaccessgrant": _("Remote access"),
    "vehicles_partnersharing": _("Sharing with a partner"),
    "billing_savedcard": _("Payment card"),
    "billing_billingaddress": _("Billing address"),
    "billing_payment": _("Payment"),
    "billing_refund": _("Refund"),
    "identity_dataexport": _("Archive of a person's data"),
    "assistance_case": _("Case"),
}
COLUMNS: dict[str, str | Promise] = {
    "status": _("State"),
    "role": _("Role"),
    "password": _("Password"),
    "sealed": _("PIN"),
    "sealed_verifier": _("Security code"),
    "set_at": _("Set"),
    "language": _("Language"),
    "country": _("Country"),
    "phone_verified_at": _("Number confirmed"),
    "created_at": _("Created"),
    "since": _("Since"),
    "until": _("Until"),
    "kind": _("Kind"),
    "type": _("Kind"),
    "version": _("Version"),
    "accepted_at": _("Accepted"),
    "name": _("Name"),
    "street": _("Street and number"),
    "postal_code": _("Postal code"),
    "city": _("City"),
    "phone": _("Phone"),
    "email": _("E-mail address"),
    "account_id": _("Account"),
    "vehicle_id": _("Car"),
    "partner_id": _("Partner"),
    "saved_partner_id": _("Selling partner"),
    "vin": _("VIN"),
    "plate": _("Plate"),
    "linked_at": _("Linked"),
    "privacy_mode_on": _("Privacy mode"),
    "granted_at": _("Granted"),
    "client_id": _("App"),
    "scopes": _("Scopes"),
    "agreed_at": _("Accepted"),
    "ended_at": _("Ended"),
    "ended_because": _("Ended because"),
    "attempts": _("Attempts"),
    "reasons": _("Reasons"),
    "decided_at": _("Decided"),
    "evidence_deleted_at": _("Evidence deleted"),
    "revoked_at": _("Ended"),
    "revoked_because": _("Ended because"),
    "decision": _("Decision"),
    "at": _("Time"),
    "used_at": _("Used"),
    "used_by_id": _("Used by"),
    "voided_at": _("Taken back"),
    "expires_at": _("Valid until"),
    "opened_at": _("Opened"),
    "brand": _("Brand"),
    "last_digits": _("Last digits"),
    "expires_month": _("Expires in month"),
    "expires_year": _("Expires in year"),
    "added_at": _("Added"),
    "deleted_at": _("Deleted"),
    "company": _("Company"),
    "amount_amount": _("Amount"),
    "amount_currency": _("Currency"),
    "card_id": _("Payment card"),
    "payment_id": _("Payment"),
    "decline_reason": _("Declined because"),
    "release_requested_at": _("Release asked for"),
    "requested_at": _("Asked for"),
    "ready_at": _("Ready"),
    "channel": _("Way"),
    "sureness": _("Sureness"),
    "due_at": _("Due"),
    "asked_by_id": _("Recorded by"),
    "done_at": _("Carried out"),
    "taken_back_at": _("Taken back"),
    "closed_at": _("Closed"),
    "executed_at": _("Carried out"),
    "assignee_id": _("Taken by"),
}


def of_channel(code: str) -> str:
    """A way in."""
    return str(CHANNELS.get(code, code))


def of_operation(code: str) -> str:
    """What was done with a row."""
    return str(OPERATIONS.get(code, code))


def of_table(table: str, model: type[models.Model] | None) -> str:
    """What a row of the table is."""
    if table in TABLES:
        return str(TABLES[table])
    return capfirst(str(model._meta.verbose_name)) if model is not None else table


def of_column(column: str, field: Any) -> str:  # Any: a field of any kind
    """What the column holds; a name that its model gives to people comes first."""
    # Django makes a name of the attribute's where a model says none: that is English and for nobody
    if field is not None and isinstance(getattr(field, "_verbose_name", None), Promise):
        return str(field.verbose_name)
    known = COLUMNS.get(column)
    return str(known) if known is not None else capfirst(column.removesuffix("_id").replace("_", " "))
