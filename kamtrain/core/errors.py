"""The six ways in which kamtrain refuses. `str(error)` may be shown; the edge translates `error.message`."""

from __future__ import annotations

from datetime import datetime

from kamtrain.core.message import Message


class Refusal(Exception):
    """Base of the six. `status` is the HTTP status that says the same."""

    status = 400

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class NotFound(Refusal):
    """There is no such thing, or the person may not know of it."""

    status = 404


class Forbidden(Refusal):
    """The person may know of it, and may not do this."""

    status = 403


class Invalid(Refusal):
    """What was sent cannot be read or is out of range. `field` names the input, where one is to blame."""

    status = 422

    def __init__(self, message: Message, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Conflict(Refusal):
    """It was right once: somebody, or another tab, was faster."""

    status = 409


class Closed(Refusal):
    """No longer, or not yet, possible. `until` is when that ends, `None` where it does not."""

    status = 409

    def __init__(self, message: Message, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class TooMany(Refusal):
    """Too often. `retry_after` is in seconds."""

    status = 429

    def __init__(self, message: Message, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
