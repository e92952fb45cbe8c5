"""All tables together, for migrations and tests: whoever asks has every aggregate of this folder loaded."""

from __future__ import annotations

import importlib
import pkgutil

from sqlalchemy import MetaData

import kamtrain.store
from kamtrain.store.base import Base


def metadata() -> MetaData:
    """The tables of every module of `kamtrain.store`."""
    for module in pkgutil.iter_modules(kamtrain.store.__path__):
        importlib.import_module(f"{kamtrain.store.__name__}.{module.name}")
    return Base.metadata
