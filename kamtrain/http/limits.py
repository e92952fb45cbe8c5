"""How often somebody may try, counted by the limits library in memory or in Redis; and how much may be sent."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import RequestEntityTooLarge

from kamtrain.core.errors import TooMany
from kamtrain.core.message import message
from kamtrain.core.people import Person, Role

SMALL = 1_000_000  # bytes of a request from whoever writes no content: reading a form costs a hundred times its size
FIELDS = 2_000  # of a form
# Addresses that take a file from everybody, of 2 MB in the file's own coding; its text goes on with the form.
ROOMY = frozenset({"workbench.import_preview", "workbench.import_apply"})
ROOM = 5_000_000


@dataclass(frozen=True)
class Bucket:
    """What is counted together: `limit` as the limits library writes it ("10 per 15 minutes"), for this `key`."""

    limit: str
    key: str

    @property
    def item(self) -> RateLimitItem:
        return parse(self.limit)


def install(app: Flask, storage: str) -> None:
    app.extensions["kamtrain.limiter"] = MovingWindowRateLimiter(storage_from_string(storage))


def client_address() -> str:
    """Whom an attempt is counted for: the address; for IPv6 its network of 64 bits, since one client owns all of it."""
    address = request.remote_addr or ""
    try:
        if ipaddress.ip_address(address).version == 6:
            return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    except ValueError:
        pass
    return address


def bound(person: Person | None) -> None:
    """Refuse what would take seconds and gigabytes to read. Raises RequestEntityTooLarge."""
    if person is None or not person.has(Role.trainer, Role.admin):
        most = ROOM if request.endpoint in ROOMY and person is not None else SMALL
        request.max_content_length = min(most, current_app.config["MAX_CONTENT_LENGTH"])
    # Werkzeug counts the fields of a form in parts, not those of the usual one.
    if request.mimetype == "application/x-www-form-urlencoded" and request.get_data().count(b"&") >= FIELDS:
        raise RequestEntityTooLarge


def check(buckets: Sequence[Bucket]) -> None:
    """Raise TooMany, with the seconds to wait, where one of the buckets is full. Counts nothing."""
    strategy = _limiter()
    waits = [
        strategy.get_window_stats(bucket.item, bucket.key).reset_time - time.time()
        for bucket in buckets
        if not strategy.test(bucket.item, bucket.key)
    ]
    if not waits:
        return
    seconds = max(1, math.ceil(max(waits)))
    raise TooMany(
        message("Too many attempts. Please wait %(minutes)s min, then try again.", minutes=math.ceil(seconds / 60)),
        seconds,
    )


def count(buckets: Sequence[Bucket]) -> None:
    """Note one attempt in each of the buckets."""
    for bucket in buckets:
        _limiter().hit(bucket.item, bucket.key)


def _limiter() -> MovingWindowRateLimiter:
    limiter: MovingWindowRateLimiter = current_app.extensions["kamtrain.limiter"]
    return limiter
