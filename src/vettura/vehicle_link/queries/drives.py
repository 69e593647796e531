"""The trips of a car, told apart by what it said of its mileage."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vettura.foundation import statements
from vettura.foundation.errors import NotFound
from vettura.vehicle_link import rules
from vettura.vehicles import queries as vehicle_queries
from vettura.vehicles.models import Vehicle

# Trips, told apart by the pauses between them: what a car said while its mileage grew. Reports that are farther apart than a pause
# say nothing of when the car was driven (privacy mode, no line), so they are no part of a trip; thinned hours neither.
DRIVES = """
    WITH said AS (
        SELECT measured_at, mileage, lag(mileage) OVER points AS before, lag(measured_at) OVER points AS since
        FROM vehicle_link_historypoint
        WHERE vehicle_id = %(vehicle)s AND mileage IS NOT NULL AND is_fine
          AND measured_at >= %(begin)s AND measured_at <= %(end)s
        WINDOW points AS (ORDER BY measured_at, sequence)
    ), driven AS (
        SELECT *, lag(measured_at) OVER (ORDER BY measured_at) AS last_driven FROM said
        WHERE mileage > before AND measured_at - since <= %(pause)s
    ), numbered AS (
        SELECT *, count(*) FILTER (WHERE last_driven IS NULL OR since - last_driven > %(pause)s)
                  OVER (ORDER BY measured_at) AS trip
        FROM driven
    )
    SELECT min(since), max(measured_at), min(before), max(mileage) FROM numbered
    GROUP BY trip ORDER BY max(measured_at) DESC LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Drive:
    """A trip: when it began and ended (world time; the last one may go on), and the mileage before and after (kilometers)."""

    began_at: datetime
    ended_at: datetime
    mileage_before: float
    mileage_after: float


def drives_of(*, vehicle: Vehicle, account_id: UUID, until: datetime, limit: int) -> list[Drive]:
    """
    The trips of a vehicle that ended before a moment, the newest first, as far back as reports are kept one by one. For one of
    its users, as `history_of`. Raises NotFound for somebody who does not use the car.
    """
    since = vehicle_queries.history_visible_since(vehicle=vehicle, account_id=account_id)
    if since is None:
        raise NotFound
    facts = {"vehicle": vehicle.id, "begin": since, "end": until, "pause": rules.PAUSE_BETWEEN_DRIVES, "limit": limit}
    return [Drive(*row) for row in statements.fetch(DRIVES, facts)]
