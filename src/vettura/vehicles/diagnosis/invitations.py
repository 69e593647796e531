"""Invitations to a car, and cars that somebody says are theirs."""

from django.utils.translation import gettext as _

from vettura.catalog import queries as catalog
from vettura.foundation.diagnosis import (
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
from vettura.vehicles import queries
from vettura.vehicles.diagnosis.topics import INVITATION, person_of
from vettura.vehicles.models import OwnershipClaim


@checks(INVITATION, stage=Stage.PERSON, order=10)
def the_latest_invitation(inquiry: Inquiry) -> Outcome | None:
    """How the person's own invitation stands, where it was sent to the address of the account."""
    person = person_of(inquiry)
    if person is None:
        return None
    latest = queries.latest_invitation_to(account=person)
    if latest is None:
        return None
    state = latest.state(inquiry.at)
    sent = Evidence(text=_("It was sent to your address."), at=latest.created_at)
    issuer = latest.issuer or catalog.worded("{support}")
    if state == "expired":
        text = _("Your invitation has expired. Ask {issuer} for a new one.").format(issuer=issuer)
        ends = Evidence(text=_("It ended."), at=latest.expires_at)
        return Cause(code="invitation_expired", text=text, evidence=(sent, ends), article="invitation-missing")
    if state == "voided":
        text = _(
            "Your invitation was taken back or replaced. Use the link in the latest e-mail, or ask {issuer}."
        ).format(issuer=issuer)
        return Cause(code="invitation_void", text=text, evidence=(sent,), article="invitation-missing")
    if state == "used":
        return Fine(
            text=_("Your latest invitation was accepted."), evidence=(Evidence(text=_("Accepted."), at=latest.used_at),)
        )
    return Cause(
        code="invitation_waits",
        text=_(
            "Your invitation is waiting. Open the link in the e-mail and accept it with this account; look in the spam folder, too."
        ),
        evidence=(sent, Evidence(text=_("It ends."), at=latest.expires_at)),
        article="register-with-invitation",
    )


@checks(INVITATION, stage=Stage.CONDITIONS, order=10)
def what_happens_with_the_link(inquiry: Inquiry) -> Outcome | None:
    """What only the invited person knows."""
    person = person_of(inquiry)
    told = inquiry.told.get("link")
    causes = {
        "missing": (
            "invitation_missing",
            _("Look in the spam folder. If nothing is there, whoever invites you sends the link again."),
            "invitation-missing",
        ),
        "over": (
            "invitation_expired",
            _("An invitation is used once and in time. Whoever invited you sends a new one."),
            "invitation-missing",
        ),
        "address": (
            "other_address",
            _(
                "An invitation is for the address it was sent to. Register with that one, or have it sent to your other one."
            ),
            "register-with-invitation",
        ),
        "broken": (
            "page_broken",
            _("The link is not lost. Open it again in another browser, without private mode, and go on."),
            "registration-page-broken",
        ),
    }
    if told in causes:
        code, text, article = causes[told]
        return Cause(
            code=code, text=text, article=article, contact="support" if told == "missing" and person is None else None
        )
    return Question(
        code="link",
        text=_("What happens with your invitation?"),
        options={
            "missing": _("No e-mail has come"),
            "over": _("It says that it has expired or was used"),
            "address": _("It is for another address"),
            "broken": _("The page does not work"),
        },
        article="register-with-invitation",
    )


@checks("store", INVITATION, stage=Stage.PERSON, order=20)
def no_claim_is_being_checked(inquiry: Inquiry) -> Outcome | None:
    """C-76: a car that is being checked gives no right yet."""
    person = person_of(inquiry)
    if person is None or inquiry.vin:
        return None
    claim = next(iter(queries.claims_of(account=person)), None)
    if claim is None:
        return None
    if claim.status == OwnershipClaim.Status.PENDING:
        return Cause(
            code="claim_pending",
            text=_(
                "The car that you added is being checked. It appears in your vehicles when your papers were seen; nothing has to be done."
            ),
            evidence=(Evidence(text=_("You sent your papers."), at=claim.claimed_at),),
            remedy=Remedy(text=_("See your vehicles"), page="vehicles:garage"),
            article="add-a-car",
        )
    return Cause(
        code="claim_refused",
        text=_(
            "The car that you added was not recognized as yours. The reason stands beside it; add it again with other papers."
        ),
        evidence=(Evidence(text=_("It was decided."), at=claim.decided_at),),
        remedy=Remedy(text=_("See your vehicles"), page="vehicles:garage"),
        article="add-a-car",
        contact="partner",
    )
