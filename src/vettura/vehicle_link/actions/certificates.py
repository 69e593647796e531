"""Taking back what lets a car in."""

from django.db import transaction

from vettura.foundation import clock
from vettura.vehicle_link import queries
from vettura.vehicle_link.models import VehicleLink


@transaction.atomic
def revoke_certificate(*, vin: str, fingerprint: str) -> None:
    """
    This will keep a certificate (SHA-256, hex) of a car from being let in by the broker, from now on and for good.

    Connections that are open are another matter: see `process.end_connections`. Repeating it changes nothing.
    """
    link: VehicleLink = queries.link_of(vin=vin, lock=True)
    revoked = link.revoked_certificates or []
    if fingerprint in revoked:
        return
    link.revoked_certificates = [*revoked, fingerprint]
    link.certificate_revoked_at = clock.now()
    # whoever is there now is not the car any more, and its last will need not be a true one
    link.is_online = False
    link.save(update_fields=["revoked_certificates", "certificate_revoked_at", "is_online"])
