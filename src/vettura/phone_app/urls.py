"""Addresses of the phone app; all of them are the same for everybody."""

from django.urls import path

from vettura.phone_app import views

app_name = "phone_app"
urlpatterns = [
    path("", views.shell, name="shell"),
    path("worker.js", views.worker, name="worker"),
    path("<str:language>/manifest.webmanifest", views.manifest, name="manifest"),
    path("<str:language>/words.json", views.words, name="words"),
    path("pictures/<str:generation>/<str:view>.svg", views.picture, name="picture"),
]
