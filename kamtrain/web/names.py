"""Names of what has a code, in the reader's language: buyer styles; and the templates of item types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext

from kamtrain import items
from kamtrain.core.message import N_
from kamtrain.http import templates

STYLES: Mapping[str, str] = {
    "dominant": N_("dominant"),
    "amiable": N_("amiable"),
    "social": N_("social"),
    "analytical": N_("analytical"),
}


def style_name(tag: str) -> str:
    """A buyer style; a tag of an author's own shows as written."""
    return str(gettext(STYLES[tag])) if tag in STYLES else tag


def install(app: Flask) -> None:
    app.jinja_env.filters["style_name"] = style_name

    def item_template(type: str) -> Any:
        """The macros of an item type: `ask`, `review`, and `mark` where a person marks."""
        if type not in items.TYPES:
            raise KeyError(type)
        return templates.module(f"items/{type}/item.html")

    app.jinja_env.globals["item_template"] = item_template
