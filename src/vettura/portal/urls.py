"""Addresses of the shell: the design page, legal documents, and the two switches in every frame."""

from django.urls import path

from vettura.portal import views

app_name = "portal"
urlpatterns = [
    path("design/", views.design, name="design"),
    path("privacy/", views.privacy, name="privacy"),
    path("terms/", views.terms, name="terms"),
    path("language/", views.set_language, name="set_language"),
    path("theme/", views.set_theme, name="set_theme"),
]
