"""The app: the right one, on a phone that is new enough, with the same account."""

from django.utils.translation import gettext as _

from vettura.catalog import queries as catalog
from vettura.foundation.diagnosis import (
    Cause,
    Fine,
    Inquiry,
    Outcome,
    Question,
    Stage,
    checks,
)
from vettura.vehicles import queries
from vettura.vehicles.diagnosis.topics import APP


@checks(APP, stage=Stage.CONDITIONS, order=10)
def it_is_the_right_app(inquiry: Inquiry) -> Outcome | None:
    """C-33: the car decides which app is valid for it."""
    car = queries.car_asked_about(inquiry)
    if car is None or len(catalog.apps()) < 2:
        return None
    right = catalog.app_of(car.generation)
    told = inquiry.told.get("app")
    if told == right.id:
        return Fine(text=_("{app} is the app for this car.").format(app=right.name))
    if told in {each.id for each in catalog.apps()}:
        return Cause(
            code="other_app",
            text=_("This car is shown by another app. Install {app} and sign in there.").format(app=right.name),
            article="which-app",
        )
    options = {each.id: each.name for each in catalog.apps()}
    return Question(code="app", text=_("Which app do you use?"), options=options, article="which-app")


@checks(APP, stage=Stage.CONDITIONS, order=20)
def the_phone_is_new_enough(inquiry: Inquiry) -> Outcome | None:
    """APP-004: the app asks for a version of the phone's system."""
    told = inquiry.told.get("phone")
    least = {
        "android": f"Android {catalog.terms().app_minimum_android}",
        "ios": f"iOS {catalog.terms().app_minimum_ios}",
    }
    if told == "older":
        return Cause(
            code="phone_too_old",
            text=_("The app needs {android} or {ios}. Update your phone, or use the portal in its browser.").format_map(
                least
            ),
            article="app-phone-versions",
        )
    if told == "newer":
        return Fine(text=_("The phone is new enough for the app."))
    return Question(
        code="phone",
        text=_("Does your phone have at least {android} or {ios}?").format_map(least),
        options={"newer": _("Yes"), "older": _("No, an older one")},
        article="app-phone-versions",
    )


@checks(APP, stage=Stage.CONDITIONS, order=30)
def it_is_the_same_account(inquiry: Inquiry) -> Outcome | None:
    """The app shows the cars of the account that is signed in there."""
    told = inquiry.told.get("account")
    if told == "other":
        return Cause(
            code="other_account",
            text=catalog.worded(
                _(
                    "The app shows the cars of the {account} that is signed in there. Sign out of the app, and in again with this one."
                )
            ),
            article="what-is-the-account",
        )
    if told == "same":
        return Fine(text=catalog.worded(_("The app is signed in with the same {account}.")))
    return Question(
        code="account",
        text=catalog.worded(_("Is the app signed in with the same {account} as you are here?")),
        options={"same": _("Yes, the same"), "other": _("No, another one")},
        article="what-is-the-account",
    )
