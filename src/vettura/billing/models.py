"""What we remember of money."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from moneyed import Money

from vettura.foundation.audit import Kind, audited, not_audited
from vettura.foundation.ids import new_id


@audited(kind=Kind.CARDS, person="account")
class BillingAddress(models.Model):
    """Where a person's invoices are addressed to; one per account, changed at will. Orders keep a copy."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="billing_address"
    )
    name = models.CharField(_("Name"), max_length=160)
    company = models.CharField(_("Company"), max_length=120, blank=True)
    street = models.CharField(_("Street and number"), max_length=120)
    postal_code = models.CharField(_("Postal code"), max_length=20)
    city = models.CharField(_("City"), max_length=80)
    country = models.CharField(_("Country"), max_length=2)

    def __str__(self) -> str:
        return ", ".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """The address as it is written on a letter, without the country's name."""
        return [line for line in (self.name, self.company, self.street, f"{self.postal_code} {self.city}") if line]


@not_audited("a reference that is made once by us and never changed; the cards behind it are audited")
class ProviderCustomer(models.Model):
    """Under which reference the card provider knows an account."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    reference = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.reference


@not_audited("the way to the provider's form; the card that comes of it is audited")
class CardEntry(models.Model):
    """A person is entering a card on the provider's form; ties the provider's reference to the account that began it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=120, blank=True)
    began_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    saved_card = models.ForeignKey("SavedCard", on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.id)


@audited(kind=Kind.CARDS, person="account", hidden=("reference",))
class SavedCard(models.Model):
    """A card as people recognize it. It is added and deleted, never changed (DAT-022, DAT-023)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_cards")
    reference = models.CharField(max_length=80, unique=True)
    brand = models.CharField(max_length=20)
    last_digits = models.CharField(max_length=4)
    expires_month = models.PositiveSmallIntegerField()
    expires_year = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    # when the holder is told next that it expires, or has; null when there is nothing left to tell
    next_notice_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_notice_at"], condition=Q(next_notice_at__isnull=False), name="cards_to_speak_of"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} {self.last_digits}"


@audited(
    kind=Kind.PAYMENTS,
    person="account",
    only=("account", "amount_amount", "amount_currency", "card", "status", "decline_reason", "release_requested_at"),
)
class Payment(models.Model):
    """
    The money of one order. States move along `rules.TRANSITIONS` (C-23).

    `authorization` and `charge` are the provider's references. `next_check_at` is when the provider is asked again while
    the outcome is open; `expires_at` when an unfinished challenge ends; `release_requested_at` that the money shall go free.
    """

    class Status(models.TextChoices):
        """Where the money is."""

        REQUESTED = "requested", _("requested")
        CHALLENGE = "challenge", _("waiting for confirmation at the bank")
        AUTHORIZED = "authorized", _("authorized")
        CAPTURED = "captured", _("paid")
        DECLINED = "declined", _("declined")
        RELEASED = "released", _("released")
        REFUNDED = "refunded", _("refunded")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payments")
    order_id = models.UUIDField(unique=True)
    order_number = models.CharField(max_length=20)
    amount_amount = models.DecimalField(max_digits=12, decimal_places=2)
    amount_currency = models.CharField(max_length=3)
    # null once the card's data were erased; the money and its reference at the provider are known all the same
    card = models.ForeignKey(SavedCard, on_delete=models.PROTECT, null=True, related_name="payments")
    is_captured_at_once = models.BooleanField()
    return_url = models.CharField(max_length=300)
    status = models.CharField(max_length=12, choices=Status, default=Status.REQUESTED)
    authorization = models.CharField(max_length=80, unique=True, null=True)
    challenge_url = models.CharField(max_length=500, blank=True)
    decline_reason = models.CharField(max_length=40, blank=True)
    requested_at = models.DateTimeField()
    next_check_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    authorized_at = models.DateTimeField(null=True)
    captured_at = models.DateTimeField(null=True)
    release_requested_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # set when the person was erased: until then tax law wants it kept
    kept_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_amount__gt=0), name="payment_is_more_than_nothing"),
            models.CheckConstraint(
                condition=~Q(status__in=["authorized", "captured", "refunded"]) | Q(authorization__isnull=False),
                name="taken_money_has_a_reference",
            ),
            models.CheckConstraint(
                condition=Q(card__isnull=False) | Q(status__in=["captured", "refunded"], kept_until__isnull=False),
                name="only_kept_payments_have_no_card",
            ),
        ]
        indexes = [
            models.Index(fields=["next_check_at"], condition=Q(next_check_at__isnull=False), name="payments_to_check"),
            models.Index(
                fields=["expires_at"], condition=Q(status__in=["requested", "challenge"]), name="payments_to_expire"
            ),
            models.Index(fields=["kept_until"], condition=Q(kept_until__isnull=False), name="payments_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} {self.status}"

    @property
    def amount(self) -> Money:
        """What is paid, tax included."""
        return Money(self.amount_amount, self.amount_currency)


@audited(kind=Kind.PAYMENTS, only=("payment", "amount_amount", "amount_currency", "status"))
class Refund(models.Model):
    """The wish to give money back, and what became of it. At most one that stands per payment."""

    class Status(models.TextChoices):
        """Where the refund is."""

        REQUESTED = "requested", _("requested")
        DONE = "done", _("refunded")
        REFUSED = "refused", _("refused by the provider")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="refund")
    amount_amount = models.DecimalField(max_digits=12, decimal_places=2)
    amount_currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, choices=Status, default=Status.REQUESTED)
    reference = models.CharField(max_length=80, blank=True)
    requested_at = models.DateTimeField()
    refunded_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.payment_id} {self.status}"

    @property
    def amount(self) -> Money:
        """What goes back."""
        return Money(self.amount_amount, self.amount_currency)


@not_audited(
    "a receipt without personal content, only ever added to; what it led to is the payment's, which is audited"
)
class ProviderNotice(models.Model):
    """A webhook that was verified, kept once under the provider's id, and worked on after it was answered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    foreign_id = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=80)
    authorization = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.foreign_id}"


@not_audited("a counter; the numbers that it gave stand on the invoices")
class InvoiceSeries(models.Model):
    """The last number given in a series. Locked while the next one is given, so numbers have no gaps and no doubles."""

    seller_country = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "invoice series"
        constraints = [models.UniqueConstraint(fields=["seller_country", "year", "kind"], name="one_series_per_year")]

    def __str__(self) -> str:
        return f"{self.seller_country} {self.year} {self.kind}: {self.last_number}"


@not_audited("a document that says itself when and for whom it was made, and does not change once it has a number")
class Invoice(models.Model):
    """
    An invoice or the credit note that takes it back. Without a number it waits for `due_at`.

    Amounts of a credit note are negative. What it says of people and order is copied, for a document does not change.
    """

    class Kind(models.TextChoices):
        """What the document is."""

        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.INVOICE)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invoices")
    order_id = models.UUIDField()
    order_number = models.CharField(max_length=20)
    vin = models.CharField(max_length=17)
    language = models.CharField(max_length=5)
    seller_country = models.CharField(max_length=2)
    recipient = models.JSONField()
    currency = models.CharField(max_length=3)
    supplied_on = models.DateField()
    due_at = models.DateTimeField()
    canceled_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=24, unique=True, null=True)
    credits_number = models.CharField(max_length=24, blank=True)
    published_at = models.DateTimeField(null=True)
    pdf = models.BinaryField(null=True)
    # set when the person was erased: until then tax law wants it kept
    kept_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order_id", "kind"], name="one_invoice_per_order"),
            models.CheckConstraint(
                condition=Q(number=None, published_at=None, pdf=None)
                | Q(number__isnull=False, published_at__isnull=False, pdf__isnull=False),
                name="published_invoice_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(number=None, canceled_at=None), name="invoices_due"),
            models.Index(fields=["account", "-published_at"], name="invoices_of_account"),
            models.Index(fields=["kept_until"], condition=Q(kept_until__isnull=False), name="invoices_kept"),
        ]

    def __str__(self) -> str:
        return self.number or f"({self.order_number})"


@not_audited("a part of its document, and never changed")
class InvoiceLine(models.Model):
    """What was bought, with the tax in it. `gross = net + vat`, to the smallest unit."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2)
    net_amount = models.DecimalField(max_digits=12, decimal_places=2)
    vat_amount = models.DecimalField(max_digits=12, decimal_places=2)
    gross_amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="one_line_per_position"),
            models.CheckConstraint(
                condition=Q(gross_amount=F("net_amount") + F("vat_amount")), name="invoice_line_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return self.text
