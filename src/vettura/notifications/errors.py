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
