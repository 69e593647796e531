"""What we remember of contracts."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from vettura.foundation.ids import new_id


class Phase(models.TextChoices):
    """Whether the term is the free first one or was bought."""

    INCLUSIVE = "inclusive", _("Included")
    PAID = "paid", _("Bought")


class TsTzRange(Func):
    """PostgreSQL's range of moments; lower bound in, upper bound out."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class ContractBook(models.Model):
    """One row per vehicle with contracts. Whoever changes a vehicle's contracts locks it first."""

    vehicle = models.OneToOneField(
        "vehicles.Vehicle", on_delete=models.PROTECT, primary_key=True, related_name="contract_book"
    )

    def __str__(self) -> str:
        return str(self.vehicle_id)


class Contract(models.Model):
    """
    A vehicle may use a service in `[starts_at, ends_at)`; `ends_at` none is without end.

    `ended_at` is set when it is over: at `ends_at` by the term, earlier by a withdrawal.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # exactly one vehicle, never another (STO-001, STO-004)
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, related_name="contracts")
    service_id = models.CharField(max_length=64)
    offer_id = models.CharField(max_length=64)
    order_line_id = models.UUIDField(null=True)
    phase = models.CharField(max_length=10, choices=Phase)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="contracts_of_a_service_never_overlap",
                expressions=[
                    ("vehicle", RangeOperators.EQUAL),
                    ("service_id", RangeOperators.EQUAL),
                    # LEAST passes over nulls: whatever ends the contract first
                    (
                        TsTzRange(F("starts_at"), Least(F("ends_at"), F("ended_at")), RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.UniqueConstraint(
                fields=["order_line_id", "service_id"],
                condition=Q(order_line_id__isnull=False),
                name="one_contract_per_order_line_and_service",
            ),
            models.UniqueConstraint(
                fields=["vehicle", "service_id"],
                condition=Q(phase="inclusive"),
                name="one_inclusive_period_per_service",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="contract_ends_after_its_start"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("starts_at")), name="contract_ended_after_its_start"
            ),
            models.CheckConstraint(
                condition=Q(phase="inclusive") | Q(order_line_id__isnull=False),
                name="paid_contracts_come_from_orders",
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(ended_at=None), name="contracts_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.phase} {self.starts_at:%Y-%m-%d}"
