"""The addresses of the foreign API, on every host name. Nothing of ours uses these paths."""

from django.urls import URLPattern, URLResolver, include, path

from vettura.compat import commands, sign_in, vehicles

_api = [
    path("connect/v1/vehicles", vehicles.vehicle_list, name="vehicles"),
    path("connect/v1/vehicles/<str:vin>", vehicles.overview, name="overview"),
    path("connect/v1/vehicles/<str:vin>/commands", commands.command, name="commands"),
    path("connect/v1/vehicles/<str:vin>/commands/<str:status_id>", commands.command_status, name="command"),
    path("connect/v1/vehicles/<str:vin>/pictures", vehicles.picture_list, name="pictures"),
]
_ours: list[URLPattern | URLResolver] = [
    path("authorize", sign_in.authorize, name="authorize"),
    path("authorize/resume", sign_in.resume, name="resume"),
    path("u/login/identifier", sign_in.identifier, name="identifier"),
    path("u/login/password", sign_in.password, name="password"),
    path("u/passkey-enrollment", sign_in.passkey, name="passkey"),
    path("oauth/token", sign_in.token, name="token"),
    path("app/", include(_api)),
    path("app/pictures/<str:picture_token>.png", vehicles.picture, name="picture"),
]

urlpatterns = [
    path("", include((_ours, "compat"))),
    # owners' logs show a doubled slash
    path("app//", include((_api, "compat-doubled"))),
]
