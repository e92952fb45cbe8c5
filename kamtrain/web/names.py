"""Names of what has a code, in the reader's language: buyer styles, competencies; and the templates of item types."""

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

COMPETENCIES: Mapping[str, str] = {
    "C01": N_("Account selection and portfolio"),
    "C02": N_("Market and competitor insight"),
    "C03": N_("Information gathering and verification"),
    "C04": N_("Financial acumen"),
    "C05": N_("Stakeholder mapping"),
    "C06": N_("Style adaptation"),
    "C07": N_("Need discovery"),
    "C08": N_("Solution and value"),
    "C09": N_("Access and call management"),
    "C10": N_("Negotiation"),
    "C11": N_("Objection and conflict handling"),
    "C12": N_("Commitment: close, follow up, collect"),
    "C13": N_("Service, recovery and loyalty"),
    "C14": N_("Account planning and teamwork"),
    "C15": N_("Integrity and compliance"),
    "C16": N_("Coaching and learning design"),
}


def style_name(tag: str) -> str:
    """A buyer style; a tag of an author's own shows as written."""
    return str(gettext(STYLES[tag])) if tag in STYLES else tag


def competency_name(code: str) -> str:
    return str(gettext(COMPETENCIES[code])) if code in COMPETENCIES else code


def install(app: Flask) -> None:
    app.jinja_env.filters.update(style_name=style_name, competency_name=competency_name)

    def item_template(type: str) -> Any:
        """The macros of an item type: `ask`, `review`, and `mark` where a person marks."""
        if type not in items.TYPES:
            raise KeyError(type)
        return templates.module(f"items/{type}/item.html")

    app.jinja_env.globals["item_template"] = item_template
