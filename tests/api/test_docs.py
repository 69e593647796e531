"""The API described for people."""

from django.test import RequestFactory

from vettura.api.docs import docs


def test_every_operation_is_on_the_page(db, client):
    from django.contrib.auth.models import AnonymousUser

    from vettura.api.shell import api

    request = RequestFactory().get("/api/docs")
    request.user = AnonymousUser()
    request.session = client.session

    page = docs(request).content.decode()

    missing = [path for path in api.get_openapi_schema(path_prefix="/api/v1/")["paths"] if path not in page]
    assert missing == []
