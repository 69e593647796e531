"""How a remote command can be refused."""

from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import NotAllowed, Refusal


class UnknownCommand(Refusal):
    """There is no such type of command."""

    code = "remote_services.unknown_command"
    status = 422
    sentence = _("There is no command of the type {type}.")


class ParameterWrong(Refusal):
    """A parameter is missing, unknown or out of its range."""

    code = "remote_services.parameter_wrong"
    status = 422
    sentence = _("{name} has to be a number from {minimum} to {maximum}.")


class ParameterUnknown(Refusal):
    """The command takes no such parameter."""

    code = "remote_services.parameter_unknown"
    status = 422
    sentence = _("This command takes no {name}.")


class ParameterIll(Refusal):
    """What stands at a place of the parameters is missing, of another type, or means nothing."""

    code = "remote_services.parameter_ill"
    status = 422
    sentence = _("{name} cannot be taken as it is.")


class RoleMayNot(NotAllowed):
    """The role does not include remote commands; guests have none."""

    code = "remote_services.role_may_not"
    why = "remote_access"
    sentence = _("Your role in this car does not include remote services.")


class NotSupported(Refusal):
    """The car does not understand this command (REM-013)."""

    code = "remote_services.not_supported"
    why = "remote_access"
    sentence = _("This car cannot do that from afar.")


class NotLinked(Refusal):
    """The car was not linked with its main user's code yet; to check that is the first step (REM-014)."""

    code = "remote_services.not_linked"
    why = "remote_access"
    sentence = _("First the main user's pairing code has to be entered in the car.")
    remedy = (_("Show pairing code"), "/vehicles/")


class NoRemoteAccess(Refusal):
    """The main user has not granted remote access, or it ended (REM-001, REM-006)."""

    code = "remote_services.no_remote_access"
    why = "remote_access"
    sentence = _("Remote access is not granted. The main user grants it in the car.")
    remedy = (_("Show how"), "/help/")


class NotEntitled(Refusal):
    """No contract in force unlocks this command (REM-007)."""

    code = "remote_services.not_entitled"
    why = "remote_access"
    sentence = _("There is no contract in force for this service.")
    remedy = (_("See offers"), "/store/")


class PrivacyMode(Refusal):
    """Somebody in the car has switched privacy mode on (PRI-002)."""

    code = "remote_services.privacy_mode"
    why = "remote_access"
    sentence = _("Privacy mode is on in the car. Remote services work again when it is switched off there.")


class BatteryTooLow(Refusal):
    """Climatization needs some charge in the high-voltage battery (REM-011)."""

    code = "remote_services.battery_too_low"
    why = "remote_access"
    sentence = _("The battery has {charge} %. Climatization needs at least {minimum} %.")


class StepUpRequired(NotAllowed):
    """What opens the car needs the PIN once more; it is missing or wrong."""

    code = "remote_services.step_up_required"
    sentence = _("Enter your PIN or use a passkey to do this. Attempts left: {attempts_left}.")


class StepUpLocked(Refusal):
    """The PIN was wrong too often at this car; `until` is real time. A passkey opens all the same, and a new PIN ends the lock."""

    code = "remote_services.step_up_locked"
    why = "pin"
    status = 423
    sentence = _(
        "The PIN was wrong too often. It can be used again in {minutes} minutes. A passkey or a new PIN works at once."
    )
    remedy = (_("Set PIN"), "identity:pin")


class WakeBudgetSpent(Refusal):
    """The car sleeps and was woken as often as its 12 V battery bears; `retry_after` is in seconds, in real time."""

    code = "remote_services.wake_budget_spent"
    why = "remote_access"
    status = 429
    sentence = _(
        "The car is asleep and was woken {wakes} times within a day. To spare its battery, try again in {minutes} minutes."
    )
