"""Whose things stand behind an address: one case for each route whose row in the table of permissions names an owner.

Whoever writes such a route adds a case: `make` puts one thing of its owner into the database and returns its address.
`tests/test_permissions.py` then asks for it as everybody whose role may come in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from tests.cast import Cast


@dataclass(frozen=True)
class Owned:
    """`finds`: the names of the cast who find it; everybody else whose role may come in gets `refused`."""

    endpoint: str
    method: str
    make: Callable[[Flask, Cast], str]
    finds: frozenset[str]
    refused: int = 404


CASES: list[Owned] = []
