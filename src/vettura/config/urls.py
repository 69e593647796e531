"""Every address that Django answers. Contexts are mounted by name, so the shells import nobody."""

from django.urls import include, path
from django.utils.module_loading import import_string

handler404 = "vettura.portal.errors.not_found"
handler403 = "vettura.portal.errors.forbidden"
handler500 = "vettura.portal.errors.server_error"

urlpatterns = [
    path("api/docs", import_string("vettura.api.docs.docs"), name="api-docs"),
    path("api/v1/", import_string("vettura.api.shell.api").urls),
    path("", include("vettura.identity.adapters.oidc.urls")),
    path("", include("vettura.portal.urls")),
    path("", include("vettura.identity.portal")),
    path("", include("vettura.vehicles.portal")),
    path("", include("vettura.remote_services.portal")),
    path("", include("vettura.navigation.portal")),
    path("", include("vettura.assistance.portal")),
    path("", include("vettura.developers.portal")),
    path("", include("vettura.vehicle_link.portal")),
    path("", include("vettura.notifications.portal")),
    path("store/", include("vettura.store.portal")),
    path("billing/", include("vettura.billing.portal")),
    path("desk/", include("vettura.desk.urls")),
    path("help/", include("vettura.help_center.portal")),
    path("m/", include("vettura.phone_app.urls")),
    path("", include("vettura.compat.urls")),
]
