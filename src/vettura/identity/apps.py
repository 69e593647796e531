"""Django's entry for this context."""

from django.apps import AppConfig, apps


class IdentityConfig(AppConfig):
    """Accounts and sign-in."""

    name = "vettura.identity"
    label = "identity"
    verbose_name = "Identity"

    def ready(self) -> None:
        """The tables that allauth keeps for us are audited like our own."""
        # models exist only now; by name, for allauth's modules import ours and must not come first
        from vettura.foundation.audit import Kind, audited

        audited(kind=Kind.SIGN_IN, person="user", hidden=("data",), quiet=("last_used_at",))(
            apps.get_model("mfa", "Authenticator")
        )
        audited(kind=Kind.PROGRAMS, hidden=("data",))(apps.get_model("allauth_idp_oidc", "Client"))
