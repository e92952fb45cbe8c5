"""What a hurried or Chinese-typing author types, said once and then read as what it stands for."""

from __future__ import annotations

from collections.abc import Sequence

from kamtrain.content.source import Text
from kamtrain.core.problems import Problem


def read(text: Text) -> tuple[Text, Sequence[Problem]]:
    return text, ()
