"""Addresses of the desk. Contexts are mounted by name."""

from django.urls import include, path

from vettura.desk import audit, pages

urlpatterns = [
    path("", include(([path("", pages.home, name="home"), path("audit/", audit.entries, name="audit")], "desk"))),
    path("vehicles/", include("vettura.vehicles.desk")),
    path("people/", include("vettura.identity.desk")),
    path("erasure/", include("vettura.identity.desk.erasure")),
    path("identification/", include("vettura.identity.desk.identity_checks")),
    path("help/", include("vettura.help_center.desk")),
    path("why/", include("vettura.help_center.desk.why")),
    path("", include("vettura.assistance.desk")),
    path("", include("vettura.partners.desk")),
]
