"""What we remember of cars: the car itself, who uses it, who was invited, and what ties people to head units."""

from vettura.vehicles.models.cars import (
    Assignment,
    DeliveryOrder,
    Invitation,
    Lease,
    OwnershipClaim,
    PartnerSharing,
    Role,
    Sale,
    Vehicle,
)
from vettura.vehicles.models.head_unit import (
    CarSignIn,
    PairingCode,
    PersonalSetting,
    RemoteAccessGrant,
    SecurityCodeChallenge,
    SignInAttempts,
)

__all__ = [
    "Assignment",
    "CarSignIn",
    "DeliveryOrder",
    "Invitation",
    "Lease",
    "OwnershipClaim",
    "PairingCode",
    "PartnerSharing",
    "PersonalSetting",
    "RemoteAccessGrant",
    "Role",
    "Sale",
    "SecurityCodeChallenge",
    "SignInAttempts",
    "Vehicle",
]
