"""Reading forms, and what is wrong with them, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request

from kamtrain.core.accounts import Fault
from kamtrain.core.errors import Conflict, Invalid
from kamtrain.http.locale import translate
from kamtrain.http.redirects import ID_MAX


@dataclass(frozen=True)
class Errors:
    """What is wrong, translated: (name of the input, text) pairs in the form's order; "" belongs to no input."""

    pairs: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.pairs)

    def of(self, field: str) -> str:
        """What is wrong with this input; "" where nothing is."""
        return next((text for name, text in self.pairs if name == field), "")

    @property
    def summary(self) -> list[tuple[str, str] | str]:
        """As `ui.errors` takes them."""
        return [(name, text) if name else text for name, text in self.pairs]


def errors(faults: Iterable[Fault]) -> Errors:
    return Errors(tuple((fault.field, translate(fault.message)) for fault in faults))


def refusal(error: Invalid | Conflict, field: str = "") -> Errors:
    """A service's refusal as the fault of the input it names, else of `field`."""
    named = error.field if isinstance(error, Invalid) else None
    return Errors(((named or field, translate(error.message)),))


def text(name: str) -> str:
    """The form's value as it was typed; "" where there is none."""
    return request.form.get(name, "")


def number(name: str) -> int | None:
    """The form's value as a whole number (an id); None where it is empty or none."""
    return whole(text(name))


def numbers(name: str) -> list[int]:
    """The whole numbers among the form's values of that name."""
    return [value for text in request.form.getlist(name) if (value := whole(text)) is not None]


def whole(value: str) -> int | None:
    """`value` as an id; None where it cannot be one."""
    if not (value.isascii() and value.isdigit() and len(value) <= 10):
        return None
    return int(value) if int(value) <= ID_MAX else None
