"""Applies the fixes that problems carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kamtrain.core.problems import Edit, Problem

ROUNDS = 8  # a fix may uncover another fault


def applied(text: str, edits: Iterable[Edit]) -> str:
    """`text` with all edits that do not overlap an earlier one."""
    parts: list[str] = []
    end = 0
    for edit in sorted(set(edits), key=lambda edit: (edit.start, edit.end)):
        if not end <= edit.start <= edit.end <= len(text):
            continue
        parts.extend((text[end : edit.start], edit.text))
        end = edit.end
    return "".join(parts) + text[end:]


def mended(data: bytes, problems_of: Callable[[bytes], Iterable[Problem]]) -> bytes:
    """`data` with every fault mended that carries a fix. `problems_of` looks at the file anew; bytes that are no text stay."""
    for _ in range(ROUNDS):
        edits = [problem.fix for problem in problems_of(data) if problem.fix is not None]
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return data
        after = applied(text, edits).encode()
        if after == data:
            break
        data = after
    return data
