"""How this context refuses."""

from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import NotFound, Refusal


class MessageNotFound(NotFound):
    """There is no such message in this inbox."""

    code = "notifications.message_not_found"
    sentence = _("This message is not in your inbox.")


class TextTooLong(Refusal):
    """An SMS may have at most ten parts."""

    code = "notifications.text_too_long"
    status = 422
    sentence = _("This text is too long for an SMS.")


class PushSubscriptionNotFound(NotFound):
    """There is no such subscription of this person."""

    code = "notifications.push_subscription_not_found"
    sentence = _("This phone or browser is not told anything.")


class PushEndpointUnfit(Refusal):
    """Nothing may be sent to such an address, or nobody could read it."""

    code = "notifications.push_endpoint_unfit"
    status = 422
    sentence = _("Notes cannot be sent to this browser: {why}")


class PushUnavailable(Refusal):
    """The installation has no key for push services."""

    code = "notifications.push_unavailable"
    status = 503
    sentence = _("Notes to phones are not set up here.")
