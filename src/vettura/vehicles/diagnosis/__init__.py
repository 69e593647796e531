"""Why a car, its codes, its drivers, an invitation or the app do not do what somebody wants: what the garage knows of it."""

from vettura.vehicles.diagnosis import app, cars, invitations

__all__ = ["app", "cars", "invitations"]
