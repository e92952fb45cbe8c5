"""Reading what a form sent, strictly: what no page of ours could have sent is `Invalid`, never guessed."""

from __future__ import annotations

import re

from kamtrain.core.errors import Invalid
from kamtrain.core.item import Form
from kamtrain.core.message import message

NUMBER = re.compile(r"0|[1-9][0-9]{0,3}", re.ASCII)


def position(value: str, size: int, field: str) -> int:
    """A shown position below `size`. Raises `Invalid`."""
    if not NUMBER.fullmatch(value) or int(value) >= size:
        raise Invalid(
            message("This answer is not one of those offered. Load the page again and answer once more."), field
        )
    return int(value)


def positions(form: Form, field: str, size: int) -> tuple[int, ...]:
    """The shown positions sent for `field`, each at most once, in ascending order. Raises `Invalid`."""
    chosen = sorted(position(value, size, field) for value in form.get(field, ()))
    if len(set(chosen)) < len(chosen):
        raise Invalid(message("The same answer was sent twice. Load the page again and answer once more."), field)
    return tuple(chosen)


def only(form: Form, field: str) -> str | None:
    """The one value sent for `field`; None where there is none. Raises `Invalid` for several."""
    values = form.get(field, ())
    if len(values) > 1:
        raise Invalid(message("Only one answer can be sent here. Load the page again and answer once more."), field)
    return values[0] if values else None


def no_more_rows(form: Form, prefix: str, count: int) -> None:
    """Raises `Invalid` for a field of a row that the question does not have; rows are `{prefix}-0`, `{prefix}-1`, …"""
    known = {f"{prefix}-{row}" for row in range(count)}
    for name in form:
        if name not in known and re.fullmatch(rf"{re.escape(prefix)}-\d+", name):
            raise Invalid(
                message("This row is not part of the question. Load the page again and answer once more."), name
            )
