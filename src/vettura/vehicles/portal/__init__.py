"""Owners and drivers come in: their cars, invitations, and the sign-in of a car."""

from django.urls import path, register_converter

from vettura.vehicles.portal import adding, choosing, drivers, garage, invitations, parting, settings, sharing, sign_in
from vettura.vehicles.portal.garage import VinConverter

register_converter(VinConverter, "vin")

app_name = "vehicles"
urlpatterns = [
    path("", garage.home, name="home"),
    path("vehicles/", garage.garage, name="garage"),
    path("vehicles/all/", choosing.all_vehicles, name="all"),
    path("vehicles/choose/<slug:purpose>/", choosing.choose, name="choose"),
    path("vehicles/add/", adding.add, name="add"),
    path("vehicles/claims/<uuid:claim_id>/withdraw/", adding.withdraw, name="withdraw_claim"),
    path("vehicles/where-is-the-vin/", adding.where_is_the_vin, name="where_is_the_vin"),
    path("vehicles/sales/<uuid:sale_id>/", parting.sold, name="sold"),
    path("vehicles/leases/<uuid:lease_id>/", parting.leased_out, name="leased_out"),
    path("vehicles/leases/<uuid:lease_id>/end/", parting.end_lease, name="end_lease"),
    path("vehicles/<vin:vin>/", garage.vehicle, name="vehicle"),
    path("vehicles/<vin:vin>/remove/", parting.remove, name="remove"),
    path("vehicles/<vin:vin>/settings/", settings.own_settings, name="own_settings"),
    path("vehicles/<vin:vin>/leave/", parting.leave, name="leave"),
    path("vehicles/<vin:vin>/sale/", parting.sale, name="sale"),
    path("vehicles/<vin:vin>/sale/release/", parting.release, name="release"),
    path("vehicles/<vin:vin>/sale/call-off/", parting.call_off, name="call_off_sale"),
    path("vehicles/<vin:vin>/lease/", parting.lease, name="lease"),
    path("vehicles/<vin:vin>/drivers/invite/", drivers.invite, name="invite_driver"),
    path("vehicles/<vin:vin>/drivers/<uuid:account_id>/remove/", drivers.remove, name="remove_driver"),
    path("vehicles/<vin:vin>/invitations/<uuid:invitation_id>/resend/", drivers.resend, name="resend_invitation"),
    path("vehicles/<vin:vin>/invitations/<uuid:invitation_id>/void/", drivers.void, name="void_invitation"),
    path("vehicles/invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("vehicles/invitations/<str:token>/register/", invitations.register, name="register"),
    path("vehicles/invitations/<str:token>/accept/", invitations.accept, name="accept_invitation"),
    path("vehicles/<vin:vin>/sharing/", sharing.share, name="share"),
    path("vehicles/<vin:vin>/sharing/<uuid:partner_id>/stop/", sharing.stop, name="stop_sharing"),
    path("vehicles/sharing/receipts/<uuid:receipt_id>/", sharing.receipt, name="sharing_receipt"),
    path("car/", sign_in.car, name="car_sign_in"),
    path("car/confirm/", sign_in.confirm, name="confirm_car_sign_in"),
]
