"""The provider's addresses, under the names that allauth looks up. Discovery says them; programs should not know them."""

from django.urls import include, path
from django.views.generic import RedirectView

from vettura.identity.adapters.oidc import endpoints, pages

app_name = "idp"

_oidc = [
    path(".well-known/openid-configuration", endpoints.configuration, name="configuration"),
    path(".well-known/oauth-authorization-server", endpoints.configuration, name="oauth_configuration"),
    path(".well-known/jwks.json", endpoints.jwks, name="jwks"),
    # short, because people type it from a screen
    path("device/", pages.DeviceView.as_view(), name="device_authorization"),
    path("identity/o/authorize", pages.AuthorizationView.as_view(), name="authorization"),
    path(
        "identity/o/device",
        RedirectView.as_view(pattern_name="idp:oidc:device_authorization", query_string=True),
        name="former_device_authorization",
    ),
    path("identity/o/logout", pages.LogoutView.as_view(), name="logout"),
    path("identity/o/api/token", endpoints.TokenEndpoint.as_view(), name="token"),
    path("identity/o/api/revoke", endpoints.RevocationEndpoint.as_view(), name="revoke"),
    path("identity/o/api/introspect", endpoints.IntrospectionEndpoint.as_view(), name="introspect"),
    path("identity/o/api/userinfo", endpoints.UserInfoEndpoint.as_view(), name="userinfo"),
    path("identity/o/api/device/code", endpoints.DeviceCodeEndpoint.as_view(), name="device_code"),
]

urlpatterns = [path("", include((_oidc, "oidc")))]
