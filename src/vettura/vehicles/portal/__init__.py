"""Owners and drivers come in: their cars, invitations, and the sign-in of a car."""

from django.urls import path, register_converter

from vettura.vehicles.portal import drivers, garage, invitations, sign_in
from vettura.vehicles.portal.garage import VinConverter

register_converter(VinConverter, "vin")

app_name = "vehicles"
urlpatterns = [
    path("", garage.home, name="home"),
    path("vehicles/", garage.garage, name="garage"),
    path("vehicles/<vin:vin>/", garage.vehicle, name="vehicle"),
    path("vehicles/<vin:vin>/drivers/invite/", drivers.invite, name="invite_driver"),
    path("vehicles/<vin:vin>/drivers/<uuid:account_id>/remove/", drivers.remove, name="remove_driver"),
    path("vehicles/<vin:vin>/invitations/<uuid:invitation_id>/resend/", drivers.resend, name="resend_invitation"),
    path("vehicles/<vin:vin>/invitations/<uuid:invitation_id>/void/", drivers.void, name="void_invitation"),
    path("vehicles/invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("vehicles/invitations/<str:token>/register/", invitations.register, name="register"),
    path("vehicles/invitations/<str:token>/accept/", invitations.accept, name="accept_invitation"),
    path("car/", sign_in.car, name="car_sign_in"),
    path("car/confirm/", sign_in.confirm, name="confirm_car_sign_in"),
]
