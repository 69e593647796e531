"""Sign-in, sign-out and forgotten passwords: allauth's views with our forms and pages."""

from typing import Any

from allauth.account import views
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vettura.identity.forms import NewPasswordForm, RequestResetForm, SignInForm
from vettura.identity.rules import password_requirements


class SignInView(views.LoginView):  # type: ignore[misc]  # allauth is untyped
    """E-mail address and password; a program that knows the address (OpenID Connect `login_hint`) spares the typing."""

    def get_initial(self) -> dict[str, Any]:  # Any: Django's signature
        """The address from the link, to be corrected."""
        return {**super().get_initial(), "login": self.request.GET.get("login_hint", "")[:254]}


sign_in = SignInView.as_view(form_class=SignInForm, template_name="identity/signin.html")
sign_in_again = views.ReauthenticateView.as_view(template_name="identity/signin_again.html")
request_reset = views.PasswordResetView.as_view(form_class=RequestResetForm, template_name="identity/reset.html")
new_password = views.PasswordResetFromKeyView.as_view(
    form_class=NewPasswordForm,
    template_name="identity/reset_password.html",
    extra_context={"requirements": password_requirements},
)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """This will end the session here; a link cannot do it."""
    response: HttpResponse = views.logout(request)
    return response


@require_GET
def inactive(request: HttpRequest) -> HttpResponse:
    """The account exists no more or not yet."""
    return render(request, "identity/inactive.html")


@require_GET
def reset_sent(request: HttpRequest) -> HttpResponse:
    """The same for every address, so that nobody learns who has an account."""
    return render(request, "identity/reset_sent.html")


@require_GET
def reset_done(request: HttpRequest) -> HttpResponse:
    """The new password holds; it is used at once."""
    return HttpResponseRedirect(reverse("identity:signin"))


@require_GET
def forgotten_address(request: HttpRequest) -> HttpResponse:
    """A forgotten address is a matter for Assistance; addresses are not looked up here (ID-012)."""
    return render(request, "identity/forgotten_address.html")
