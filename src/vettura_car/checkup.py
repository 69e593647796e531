"""Reads from a car what its connection assistant goes by."""

from typing import TYPE_CHECKING

from vettura_car.assistant import Facts, ServiceFact
from vettura_car.network import circumstances_of

if TYPE_CHECKING:
    from vettura_car.car import Car


def facts_of(car: "Car") -> Facts:
    """This will read how things stand for the assistant."""
    services = []
    for service in car.build.services():
        standing = car.entitlement.of(service.id)
        ends_at = standing.contract.ends_at if standing.contract is not None else None
        services.append(ServiceFact(name=service.name[car.language], reason=standing.reason, ends_at=ends_at))
    near = [phone for phone in car.condition.network.phones if phone.is_near]
    return Facts(
        connection=car.connection,
        abilities=car.abilities,
        now=circumstances_of(car.condition, car.build),
        corner=car.build.generation.symbol_corner,
        services=tuple(services),
        phone_is_joined=any(car.telephone.carries_calls(phone) for phone in near),
        phone_hotspot_is_on=any(phone.hotspot_on for phone in near),
        phone_data_are_used=any(phone.is_paired and phone.data_use is not False for phone in near),
    )
