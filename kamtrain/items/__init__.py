"""The question types: every folder here is one; the folder listing is the registry."""

from __future__ import annotations

import sys

from kamtrain.core.item import ItemType
from kamtrain.registry import discover

TYPES: dict[str, ItemType] = {name: module.TYPE for name, module in discover(sys.modules[__name__], "item").items()}
