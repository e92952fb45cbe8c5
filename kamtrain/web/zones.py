"""The time zones that forms offer."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def time_zones() -> tuple[tuple[str, str], ...]:
    """The places of the time zone database as options, UTC first."""
    names = sorted(name for name in available_timezones() if name.partition("/")[0] in REGIONS)
    return (("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names))
