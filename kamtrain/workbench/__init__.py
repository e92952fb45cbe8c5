"""The account tools: every folder here is one; the folder listing is the registry."""

from __future__ import annotations

import sys

from kamtrain.core.sheet import Tool
from kamtrain.registry import discover

# By id, which is the folder's name with hyphens: "selection-scorecard".
TOOLS: dict[str, Tool] = {module.TOOL.id: module.TOOL for module in discover(sys.modules[__name__], "tool").values()}
