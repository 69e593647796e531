"""What we remember of carts and orders."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from moneyed import Money

from vettura.foundation.ids import new_id


class OrderBook(models.Model):
    """One row per vehicle with orders. Whoever places an order locks it, so two orders are looked at one after the other."""

    vehicle = models.OneToOneField("vehicles.Vehicle", on_delete=models.PROTECT, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return str(self.vehicle_id)


class Cart(models.Model):
    """
    Offers for one vehicle. Without an account it belongs to a visitor, who chose country, generation and drive instead.

    A cart becomes at most one order; then it is no longer open.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="carts")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.CASCADE, null=True, related_name="+")
    country = models.CharField(max_length=2)
    generation = models.CharField(max_length=16)
    drive = models.CharField(max_length=16)
    is_open = models.BooleanField(default=True)
    began_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "vehicle"], condition=Q(is_open=True, account__isnull=False), name="one_open_cart"
            ),
            models.CheckConstraint(
                condition=Q(account=None, vehicle=None) | Q(account__isnull=False, vehicle__isnull=False),
                name="carts_of_people_are_for_a_vehicle",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class CartItem(models.Model):
    """An offer in a cart, once."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="items")
    offer_id = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["cart", "offer_id"], name="offer_once_in_cart")]

    def __str__(self) -> str:
        return self.offer_id


class Order(models.Model):
    """What a main user ordered for a vehicle. Prices, address and deadlines are those of the moment it was placed."""

    class Status(models.TextChoices):
        """Where the order is."""

        IDENTIFY = "identify", _("waiting for your identification")
        WAITING = "waiting", _("waiting for payment")
        PAID = "paid", _("confirmed")
        DECLINED = "declined", _("payment declined")
        EXPIRED = "expired", _("not paid in time")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    cart = models.OneToOneField(Cart, on_delete=models.PROTECT, related_name="order")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="orders")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, related_name="orders")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=5)
    # what is paid with once the order goes on, where it waits for the person's identification first
    card_id = models.UUIDField(null=True)
    total_amount = models.DecimalField(max_digits=12, decimal_places=2)
    total_currency = models.CharField(max_length=3)
    address_lines = models.JSONField()
    terms_version = models.CharField(max_length=30)
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    withdrawable_until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    # set when the person was erased: until then tax law wants it kept
    kept_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-placed_at"], name="orders_of_account"),
            models.Index(fields=["account", "country"], condition=Q(status="identify"), name="orders_to_identify"),
            models.Index(fields=["kept_until"], condition=Q(kept_until__isnull=False), name="orders_kept"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(total_amount__gte=0), name="order_costs_nothing_or_more"),
            models.CheckConstraint(
                condition=~Q(status__in=["paid", "withdrawn"]) | Q(paid_at__isnull=False), name="paid_orders_know_when"
            ),
            models.CheckConstraint(
                condition=Q(withdrawable_until__gt=F("placed_at")), name="withdrawal_ends_after_the_order"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def total(self) -> Money:
        """What the order costs, tax included."""
        return Money(self.total_amount, self.total_currency)

    @property
    def line_ids(self) -> list[UUID]:
        """The ids of its lines."""
        return [line.id for line in self.lines.all()]


class OrderLine(models.Model):
    """One offer of an order, with its name and price as they were. `is_free`: the inclusive term was ordered (STO-024)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    offer_id = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    term_days = models.PositiveIntegerField(null=True)
    is_free = models.BooleanField(default=False)
    price_amount = models.DecimalField(max_digits=12, decimal_places=2)
    price_currency = models.CharField(max_length=3)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="one_order_line_per_position")]

    def __str__(self) -> str:
        return self.name

    @property
    def price(self) -> Money:
        """What the line costs, tax included."""
        return Money(self.price_amount, self.price_currency)
