"""The car itself: what it was built with, codes and sign-in, its drivers, and privacy mode."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.diagnosis import (
    SERVICE,
    Cause,
    Evidence,
    Fine,
    Inquiry,
    Outcome,
    Question,
    Remedy,
    Stage,
    checks,
)
from vettura.identity import queries as identity
from vettura.vehicles import queries, rules
from vettura.vehicles.diagnosis.topics import (
    APP,
    DRIVERS,
    NEEDS_CONNECT,
    PAIRING,
    PRIVACY,
    REMOTE_ACCESS,
    SIGN_IN_CAR,
    STOPPED_BY_PRIVACY,
    person_of,
)
from vettura.vehicles.models import Vehicle


@checks(*NEEDS_CONNECT, stage=Stage.OFFERED, order=10)
def the_car_is_tied_to_the_platform(inquiry: Inquiry) -> Outcome | None:
    """Whether the car is fitted with what ties it to us at all."""
    car = queries.car_asked_about(inquiry)
    if car is None or queries.has_connect(vehicle=car):
        return None
    return Cause(
        code="no_connect",
        text=catalog.worded(
            _(
                "This car was built without {equipment_basic}, so it has no online services; nobody can add them. Your {partner} knows more."
            )
        ),
        article="connect-plus",
        contact="partner",
    )


@checks(PAIRING, stage=Stage.OFFERED, order=20)
def the_car_takes_pairing_codes(inquiry: Inquiry) -> Outcome | None:
    """PAI-007: some generations need no code; there one signs in."""
    car = queries.car_asked_about(inquiry)
    if car is None or catalog.generation(car.generation).needs_pairing_code:
        return None
    return Cause(
        code="no_code_needed",
        text=catalog.worded(_("This car needs no {pairing_code}. Sign in to the car with your {account} instead.")),
        remedy=Remedy(text=_("Sign in to the car"), page="vehicles:car_sign_in"),
        article="sign-in-to-the-car",
        task=catalog.task_in(generation=car.generation, task="SIGN_IN"),
    )


@checks(SIGN_IN_CAR, stage=Stage.OFFERED, order=20)
def the_car_takes_sign_ins(inquiry: Inquiry) -> Outcome | None:
    """The reverse: where a code ties the car, it is typed instead of signing in."""
    car = queries.car_asked_about(inquiry)
    if car is None or not catalog.generation(car.generation).needs_pairing_code:
        return None
    return Cause(
        code="takes_codes",
        text=catalog.worded(_("You sign in to this car with your {pairing_code}. Type it in the {head_unit}.")),
        remedy=_page_of(car, _("Show {pairing_code}")),
        article="pairing-code",
        task=catalog.task_in(generation=car.generation, task="PAIRING_LOGIN"),
    )


@checks(PRIVACY, stage=Stage.OFFERED, order=20)
def the_car_has_privacy_mode(inquiry: Inquiry) -> Outcome | None:
    """Older generations have the switch of the data connection only."""
    car = queries.car_asked_about(inquiry)
    if car is None or catalog.generation(car.generation).has_privacy_mode:
        return None
    return Cause(
        code="no_privacy_mode",
        text=catalog.worded(
            _(
                "This car has no {privacy_mode}. What you can switch off, in the {head_unit}, is its data connection; it stays off until you switch it on."
            )
        ),
        article="data-off",
        task=catalog.task_in(generation=car.generation, task="DATA_OFF"),
    )


# -- the person ------------------------------------------------------------------------------------------------------


@checks(PAIRING, SIGN_IN_CAR, stage=Stage.PERSON, order=10)
def codes_are_not_locked(inquiry: Inquiry) -> Outcome | None:
    """Whether too many wrong codes were typed in the car."""
    car = queries.car_asked_about(inquiry)
    if car is None or car.codes_locked_until is None:
        return None
    left = car.codes_locked_until - clock.real_now()
    minutes = -int(-left.total_seconds() // 60)
    if minutes <= 0:
        return None
    return Cause(
        code="codes_locked",
        text=ngettext(
            "Wrong codes were typed in the car too often. Wait {minutes} minute, then type the right one.",
            "Wrong codes were typed in the car too often. Wait {minutes} minutes, then type the right one.",
            minutes,
        ).format(minutes=minutes),
        remedy=_page_of(car, _("Show {pairing_code}")) if _has_code(car) else None,
        article="pairing-code" if _has_code(car) else "sign-in-to-the-car",
    )


@checks(SIGN_IN_CAR, stage=Stage.PERSON, order=20)
def there_is_a_security_code(inquiry: Inquiry) -> Outcome | None:
    """TAY-014: without a security code nobody signs in to a car by address and code."""
    car, person = queries.car_asked_about(inquiry), person_of(inquiry)
    if car is None or person is None or not queries.signs_in_by_security_code(vehicle=car):
        return None
    if identity.has_security_code(account=person):
        return Fine(text=catalog.worded(_("You have a {security_code}.")))
    return Cause(
        code="security_code_missing",
        text=catalog.worded(
            _(
                "You have no {security_code} yet, which the car asks for. Set one, or confirm the sign-in with your phone instead."
            )
        ),
        remedy=Remedy(text=catalog.worded(_("Set {security_code}")), page="identity:security_code"),
        article="sign-in-to-the-car",
    )


@checks(SERVICE, REMOTE_ACCESS, APP, stage=Stage.PERSON, order=30)
def the_main_users_code_was_typed(inquiry: Inquiry) -> Outcome | None:
    """REM-014, PAI-010, C-71: first of all, whether the main user's code was typed in the car."""
    car = queries.car_asked_about(inquiry)
    outside = inquiry.topic == SERVICE and not catalog.lives_in_car(service_id=inquiry.service)
    if car is None or outside or not _has_code(car):
        return None
    if car.linked_at is not None:
        return Fine(
            text=catalog.worded(_("The main user's {pairing_code} was typed in the car.")),
            evidence=(Evidence(text=_("The car was linked."), at=car.linked_at),),
        )
    return _not_linked(inquiry, car)


@checks(PAIRING, stage=Stage.CONTRACT, order=10)
def whose_code_is_typed(inquiry: Inquiry) -> Outcome | None:
    """PAI-011, PAI-012: with the connection in order, "no data connection" means a secondary user's code before the main user's."""
    car = queries.car_asked_about(inquiry)
    if car is None or not _has_code(car):
        return None
    if car.linked_at is not None:
        return Fine(
            text=catalog.worded(
                _("The main user's {pairing_code} was typed in the car; every user's own code is taken now.")
            ),
            evidence=(Evidence(text=_("The car was linked."), at=car.linked_at),),
        )
    return _not_linked(inquiry, car)


def _not_linked(inquiry: Inquiry, car: Vehicle) -> Cause:
    """What each role does: the main user types the own code, everybody else waits for that."""
    seen = (Evidence(text=catalog.worded(_("The main user's {pairing_code} has not been typed in the car yet."))),)
    task = catalog.task_in(generation=car.generation, task="PAIRING_LOGIN")
    if inquiry.role == rules.SECONDARY_USER:
        return Cause(
            code="main_users_code_first",
            text=catalog.worded(
                _(
                    "The main user's {pairing_code} comes first. Until it has been typed, the car answers to yours with “no data "
                    "connection”, although it is online. Ask the main user to type the own code."
                )
            ),
            evidence=seen,
            article="pairing-says-no-connection",
            task=task,
        )
    return Cause(
        code="not_linked",
        text=catalog.worded(_("The car is not linked yet. Type your {pairing_code} in the {head_unit}.")),
        evidence=seen,
        remedy=_page_of(car, _("Show {pairing_code}")) if inquiry.role else None,
        article="pairing-code",
        task=task,
    )


@checks(DRIVERS, stage=Stage.PERSON, order=10)
def only_the_main_user_invites(inquiry: Inquiry) -> Outcome | None:
    """USR-005: who adds drivers, and not in the middle of a sale."""
    car = queries.car_asked_about(inquiry)
    if car is None:
        return None
    if inquiry.role == rules.SECONDARY_USER:
        return Cause(
            code="main_user_only",
            text=_("Only the main user of the car adds drivers. Ask the main user to invite the person."),
            article="second-driver",
        )
    if queries.open_sale_of(vehicle=car) is not None:
        return Cause(
            code="being_sold",
            text=_("You are selling this car, so nobody new is let in. Finish the sale or call it off first."),
            remedy=Remedy(text=_("See the sale"), page="vehicles:sale", arguments={"vin": car.vin}),
            article="sold-my-car",
        )
    return Fine(text=_("You are the main user of the car, so you may add drivers."))


@checks(DRIVERS, stage=Stage.CONTRACT, order=10)
def the_invitation_was_taken(inquiry: Inquiry) -> Outcome | None:
    """USR-006: whoever was invited has to accept, in time and with the invited address. Nobody but the main user sees invitations."""
    car = queries.car_asked_about(inquiry)
    if car is None or inquiry.role == rules.SECONDARY_USER:
        return None
    waiting = queries.open_invitations_of(vehicle=car)
    if not waiting:
        return Fine(text=_("No invitation is waiting for an answer."))
    latest = waiting[-1]
    is_over = latest.expires_at <= inquiry.at
    sent = Evidence(text=_("The invitation was sent."), at=latest.created_at)
    text = _(
        "Your invitation has not been accepted yet. The person opens the link in the e-mail and signs in with the address it was sent to."
    )
    if is_over:
        text = _("Your invitation was not accepted in time and has expired. Send it again.")
    return Cause(
        code="invitation_expired" if is_over else "invitation_waits",
        text=text,
        evidence=(sent, Evidence(text=_("The invitation ends."), at=latest.expires_at)),
        remedy=_page_of(car, _("See the drivers")) if inquiry.role else None,
        article="second-driver",
    )


# -- switched off on purpose -----------------------------------------------------------------------------------------


@checks(*STOPPED_BY_PRIVACY, stage=Stage.SWITCHED_OFF, order=10)
def privacy_mode_is_off(inquiry: Inquiry) -> Outcome | None:
    """PRI-002, PRI-003: somebody in the car switched privacy mode on; whoever sits there switches it off."""
    car = queries.car_asked_about(inquiry)
    outside = inquiry.topic == SERVICE and not catalog.lives_in_car(service_id=inquiry.service)
    if car is None or outside or not catalog.generation(car.generation).has_privacy_mode:
        return None
    if not car.privacy_mode_on:
        changed = (
            (Evidence(text=_("It was switched off."), at=car.privacy_changed_at),) if car.privacy_changed_at else ()
        )
        return Fine(text=catalog.worded(_("{privacy_mode} is off."), privacy_mode=_mode()), evidence=changed)
    return Cause(
        code="privacy_mode",
        text=catalog.worded(
            _(
                "{privacy_mode} is on in the car. Whoever sits in it switches it off in the {head_unit}; what was allowed before is allowed "
                "again then."
            ),
            privacy_mode=_mode(),
        ),
        evidence=(Evidence(text=_("It was switched on."), at=car.privacy_changed_at),),
        article="privacy-mode" if inquiry.topic != PRIVACY else "privacy-mode-on",
        task=catalog.task_in(generation=car.generation, task="PRIVACY_MODE_ON"),
    )


def _mode() -> str:
    word = catalog.labels(get_language() or "")["privacy_mode"]
    return word[:1].upper() + word[1:]


@checks(PRIVACY, stage=Stage.CONDITIONS, order=10)
def whose_settings_they_are(inquiry: Inquiry) -> Outcome | None:
    """TAY-003 to TAY-013: settings belong to whoever is signed in; a guest's end with the drive. Who that is is told to nobody."""
    car = queries.car_asked_about(inquiry)
    if car is None:
        return None
    told = inquiry.told.get("signed_in")
    if told == "guest":
        return Cause(
            code="guest_keeps_nothing",
            text=catalog.worded(
                _(
                    "What a guest sets is gone after the drive. Sign in to the car with your {account}, and set it again."
                )
            ),
            article="guest-settings",
            task=catalog.task_in(generation=car.generation, task="SIGN_IN"),
        )
    if told == "other":
        return Cause(
            code="settings_of_somebody_else",
            text=_(
                "Settings belong to the person who is signed in to the car. Sign in yourself, and yours are there as you left them."
            ),
            article="settings-that-follow-me",
            task=catalog.task_in(generation=car.generation, task="SIGN_IN"),
        )
    if told == "me":
        return Fine(text=_("You are signed in to the car."))
    options = {"me": _("I am"), "other": _("Somebody else"), "guest": _("Nobody, it is in guest mode")}
    if not catalog.generation(car.generation).guest_mode:
        del options["guest"]
    return Question(
        code="signed_in",
        text=catalog.worded(_("Who is signed in to the car when it happens? The {head_unit} shows it.")),
        options=options,
        article="settings-that-follow-me",
    )


def _has_code(car: Vehicle) -> bool:
    return catalog.generation(car.generation).needs_pairing_code


def _page_of(car: Vehicle, text: str) -> Remedy:
    """The car's page, which shows the asking person's own code and the drivers."""
    return Remedy(text=catalog.worded(text), page="vehicles:vehicle", arguments={"vin": car.vin})
