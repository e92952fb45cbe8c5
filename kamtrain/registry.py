"""The folder listing is the registry: adding a member of a family edits no file outside its folder."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def discover(package: ModuleType, module: str) -> dict[str, ModuleType]:
    """Folder name -> its `module` (such as "item"), for every folder of `package`, by name.

    A folder without that module is a fault of the programmer and raises ImportError.
    """
    names = sorted(info.name for info in pkgutil.iter_modules(package.__path__) if info.ispkg)
    return {name: importlib.import_module(f"{package.__name__}.{name}.{module}") for name in names}
