"""When a car charges and warms itself: pure functions of its settings, the place and the local time."""

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from vettura_wire.remote import (
    WEEKDAYS,
    Area,
    ChargingProfile,
    DepartureTimer,
    PreferredTime,
    clock_time,
)

ONCE_BEGUN = timedelta(minutes=10)
METERS_PER_DEGREE = 111_320.0


def departures(timer: DepartureTimer, at: datetime) -> list[datetime]:
    """
    The departures of a timer around a moment: the last one within a day before it, and the next ones within a week. ``at`` has
    the car's time zone; a time that a change of clocks leaves out is the one an hour later.
    """
    if not timer.enabled:
        return []
    clock = clock_time(timer.time)
    if timer.date is not None:
        days = [date.fromisoformat(timer.date)]
    else:
        around = [at.date() + timedelta(days=number) for number in range(-1, 8)]
        days = [day for day in around if WEEKDAYS[day.weekday()] in timer.weekdays]
    return [datetime.combine(day, clock, tzinfo=at.tzinfo) for day in days]


def departure_to_warm_for(
    timers: Sequence[DepartureTimer], at: datetime, *, lead: timedelta, done: datetime | None
) -> datetime | None:
    """The departure for which the cabin has to be brought to its temperature now; ``done`` is the last one that was begun."""
    found = [
        departure
        for timer in timers
        if timer.climate
        for departure in departures(timer, at)
        if departure - lead <= at < departure and departure != done
    ]
    return min(found, default=None)


def used_up(timers: Sequence[DepartureTimer], at: datetime) -> list[DepartureTimer]:
    """The timers as they are after their time: one for a single date is off once that moment is over."""
    return [
        _switched_off(timer)
        if timer.enabled and timer.date is not None and all(each <= at for each in departures(timer, at))
        else timer
        for timer in timers
    ]


def _switched_off(timer: DepartureTimer) -> DepartureTimer:
    return DepartureTimer(
        id=timer.id,
        enabled=False,
        time=timer.time,
        date=timer.date,
        climate=timer.climate,
        target_percent=timer.target_percent,
    )


def profile_at(profiles: Sequence[ChargingProfile], *, latitude: float, longitude: float) -> ChargingProfile | None:
    """The profile that holds at a place: the nearest whose circle it lies in, else one for everywhere."""
    switched_on = [each for each in profiles if each.enabled]
    near = [
        (meters_between(each.position, latitude, longitude), each.id, each)
        for each in switched_on
        if each.position is not None and is_inside(each.position, latitude, longitude)
    ]
    if near:
        return min(near)[2]
    return next((each for each in switched_on if each.position is None), None)


def charge_goal(
    *,
    profile: ChargingProfile | None,
    timers: Sequence[DepartureTimer],
    limit: int,
    charge: float,
    percent_per_second: float,
    at: datetime,
    is_charging: bool = False,
) -> float:
    """
    Up to which charge a plugged-in car charges now.

    Without a profile up to its limit; with one at once up to the minimum and in preferred times up to the target; and up
    to what a departure asks for as soon as it would be late otherwise.
    """
    goal = float(limit)
    if profile is not None:
        is_welcome = not profile.preferred_times or any(is_within(each, at) for each in profile.preferred_times)
        goal = float(profile.target_percent if is_welcome else profile.minimum_percent)
    for timer in timers:
        target = timer.target_percent
        if target is None or target <= charge:
            continue
        needed = timedelta(seconds=(target - charge) / percent_per_second)
        if is_charging:
            # what has begun in time goes on, although less and less is needed
            needed += ONCE_BEGUN
        if any(departure - needed <= at < departure for departure in departures(timer, at)):
            goal = max(goal, float(target))
    return goal


def is_within(preferred: PreferredTime, at: datetime) -> bool:
    """Whether a moment lies in a preferred time; one over midnight belongs to the day on which it begins."""
    begins, ends = clock_time(preferred.begins), clock_time(preferred.ends)
    now = at.time()
    if begins < ends:
        return begins <= now < ends and _is_day(preferred, at.date())
    return (now >= begins and _is_day(preferred, at.date())) or (
        now < ends and _is_day(preferred, at.date() - timedelta(days=1))
    )


def _is_day(preferred: PreferredTime, day: date) -> bool:
    return not preferred.weekdays or WEEKDAYS[day.weekday()] in preferred.weekdays


def is_inside(area: Area, latitude: float, longitude: float) -> bool:
    """Whether a place lies in a circle."""
    return meters_between(area, latitude, longitude) <= area.radius


def meters_between(area: Area, latitude: float, longitude: float) -> float:
    """How far a place is from the middle of a circle, on a sphere."""
    one, other = math.radians(area.latitude), math.radians(latitude)
    half_north, half_east = (other - one) / 2, math.radians(longitude - area.longitude) / 2
    part = math.sin(half_north) ** 2 + math.cos(one) * math.cos(other) * math.sin(half_east) ** 2
    return 2 * math.degrees(math.asin(min(1.0, math.sqrt(part)))) * METERS_PER_DEGREE
