"""A sentence that is written once, carried as a value, and translated only where somebody reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """`id` is the English sentence with `%(name)s` places (the gettext message id); `arguments` fill them.

    An argument that is a word of ours, and not the reader's or an author's, is a Message itself; several names are a
    tuple, because languages part them differently.
    """

    id: str
    arguments: Mapping[str, Argument] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.id, tuple(self.arguments.items())))

    def __str__(self) -> str:
        listed = {name: ", ".join(one) if isinstance(one, tuple) else one for name, one in self.arguments.items()}
        return self.id % listed if listed else self.id


Argument = str | int | Message | tuple[str, ...]


def message(id: str, /, **arguments: Argument) -> Message:
    """A `Message`. Babel extracts the first argument, so it must be a literal."""
    return Message(id, arguments)


def N_(text: str) -> str:
    """`text` itself: marks a literal for extraction that is translated elsewhere (labels in tables)."""
    return text
