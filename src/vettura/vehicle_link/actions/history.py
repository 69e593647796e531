"""What becomes of charge, ranges and mileage over time: kept once, thinned, and forgotten."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.vehicle_link import queries, rules
from vettura.vehicle_link.models import HistoryPoint, PrivacySpan, VehicleLink
from vettura_wire import payloads, signals

COLUMNS = ", ".join(rules.HISTORY)


def keep_history(states: Sequence[tuple[str, payloads.State]], received_at: datetime) -> None:
    """
    This will keep what reports say of charge, ranges and mileage; inside a transaction of whoever keeps the reports.

    A report that comes again changes nothing. What was measured in privacy mode or before the last main user parted is left
    out.
    """
    told = [(vin, state, _said(state)) for vin, state in states]
    rows = [
        (vin, state.seq, rules.believable(clock.to_world(state.measured_at), received_at), *said)
        for vin, state, said in told
        if any(value is not None for value in said)
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS arriving_point (vin text, sequence bigint, measured_at timestamptz, "
            "charge float8, electric_range int, fuel_range int, mileage float8) ON COMMIT DELETE ROWS"
        )
        with cursor.copy(f"COPY arriving_point (vin, sequence, measured_at, {COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            f"""
            INSERT INTO vehicle_link_historypoint (vehicle_id, sequence, measured_at, {COLUMNS})
            SELECT vehicle.id, arriving.sequence, arriving.measured_at, {COLUMNS}
            FROM arriving_point arriving
            JOIN vehicles_vehicle vehicle ON vehicle.vin = arriving.vin
             AND NOT (vehicle.privacy_mode_on AND arriving.measured_at >= vehicle.privacy_changed_at)
            LEFT JOIN vehicle_link_vehiclelink link ON link.vehicle_id = vehicle.id
            WHERE arriving.measured_at >= coalesce(link.history_since, '-infinity')
            ORDER BY vehicle.id, arriving.sequence
            ON CONFLICT DO NOTHING
            """  # noqa: S608  # names of our own columns
        )
        cursor.execute("DELETE FROM arriving_point")


def _said(state: payloads.State) -> list[payloads.SignalValue | None]:
    return [
        value if (value := state.values.get(path)) is not None and signals.fits(path, value) else None
        for path in rules.HISTORY.values()
    ]


@transaction.atomic
def note_privacy(*, vin: str, on: bool, at: datetime) -> None:
    """This will note that a car went into privacy mode, or left it; saying it again changes nothing."""
    vehicle = queries.vehicle_of(vin=vin)
    if on:
        PrivacySpan.objects.get_or_create(vehicle=vehicle, ended_at=None, defaults={"began_at": at})
    else:
        PrivacySpan.objects.filter(vehicle=vehicle, ended_at=None).update(ended_at=at)


@transaction.atomic
def forget_history(*, vin: str) -> None:
    """This will forget how a car was used, and let nothing in any more that was measured before now."""
    now = clock.now()
    HistoryPoint.objects.filter(vehicle__vin=vin).delete()
    PrivacySpan.objects.filter(vehicle__vin=vin, ended_at__isnull=False).delete()
    PrivacySpan.objects.filter(vehicle__vin=vin).update(began_at=now)
    VehicleLink.objects.filter(vehicle__vin=vin).update(history_since=now)


@transaction.atomic
def thin_history(*, at: datetime) -> int:
    """This will leave the last of each value in each hour of what is older than `history_fine`; returns how many went."""
    before = (at - catalog.terms().history_fine).replace(minute=0, second=0, microsecond=0)
    if not HistoryPoint.objects.filter(is_fine=True, measured_at__lt=before).exists():
        return 0
    lasts = ", ".join(
        f"max(measured_at) FILTER (WHERE {column} IS NOT NULL) OVER hour AS last_{column}" for column in rules.HISTORY
    )
    is_last = " OR ".join(f"measured_at = last_{column}" for column in rules.HISTORY)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            DELETE FROM vehicle_link_historypoint point
            USING (
                SELECT vehicle_id, sequence, coalesce({is_last}, false) AS is_last
                FROM (
                    SELECT vehicle_id, sequence, measured_at, {lasts}
                    FROM vehicle_link_historypoint
                    WHERE is_fine AND measured_at < %s
                    WINDOW hour AS (PARTITION BY vehicle_id, date_trunc('hour', measured_at))
                ) looked_at
            ) judged
            WHERE point.vehicle_id = judged.vehicle_id AND point.sequence = judged.sequence AND NOT judged.is_last
            """,  # noqa: S608  # names of our own columns
            [before],
        )
        gone: int = cursor.rowcount
    HistoryPoint.objects.filter(is_fine=True, measured_at__lt=before).update(is_fine=False)
    return gone


@transaction.atomic
def forget_old_history(*, at: datetime) -> int:
    """This will delete what is older than `history_kept`; returns how many points went."""
    before = at - catalog.terms().history_kept
    PrivacySpan.objects.filter(ended_at__lt=before).delete()
    return HistoryPoint.objects.filter(is_fine=False, measured_at__lt=before).delete()[0]
