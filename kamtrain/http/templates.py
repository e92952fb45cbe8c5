"""Templates in the language of the page: each text is translated when its template is compiled, not each time it is drawn.

A page asks for about a hundred texts; looking them up while drawing took a third of its time. So there is one
environment for each language.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel.support import Translations
from flask import Flask, current_app
from flask.templating import Environment
from jinja2 import StrictUndefined, nodes
from jinja2.visitor import NodeTransformer

from kamtrain.http import locale

CATALOGUES = Path(__file__).parents[1] / "translations"


class Translated(Environment):
    """An environment that puts the `texts` of its `language` into the templates it compiles; without, they stay calls."""

    language = ""
    texts: NullTranslations | None = None

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        if self.texts is not None:
            source = _Translator(self.texts).visit(source)
            source.set_environment(self)
        return super()._generate(source, name, filename, defer_init)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One dictionary in place of two linked ones: each import compares the names in them."""
        return {**self.globals, **(d or {})}


class _Translator(NodeTransformer):
    """`_('text')` becomes the text, `_('text', name=value)` the text with its values; what is not known yet stays a call."""

    def __init__(self, texts: NullTranslations) -> None:
        self.texts = texts

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 # named by the visitor
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name != "_" or len(node.args) != 1:
            return node
        text = node.args[0]
        if not isinstance(text, nodes.Const) or node.dyn_args is not None or node.dyn_kwargs is not None:
            return node
        line = node.lineno
        said = self.texts.gettext(text.value)
        if not node.kwargs:
            return nodes.MarkSafeIfAutoescape(nodes.Const(said % {}, lineno=line), lineno=line)
        values = [nodes.Pair(nodes.Const(pair.key, lineno=line), pair.value, lineno=line) for pair in node.kwargs]
        safe = nodes.MarkSafeIfAutoescape(nodes.Const(said, lineno=line), lineno=line)
        return nodes.Mod(safe, nodes.Dict(values, lineno=line), lineno=line)


def install(app: Flask) -> None:
    """To be installed before anything asks for `app.jinja_env`."""
    app.jinja_environment = Translated
    app.jinja_env.undefined = StrictUndefined


def render(template: str, **context: Any) -> str:
    """`template` (relative to web/templates) in the language of the page."""
    return _environment().get_template(template).render(context)


def module(template: str) -> Any:
    """The macros of `template`, in the language of the page."""
    return _environment().get_template(template).module


def _environment() -> Translated:
    kept: dict[str, Translated] = current_app.extensions.setdefault("kamtrain.templates", {})
    language = locale.language()
    if language not in kept:
        environment = current_app.jinja_env.overlay()
        assert isinstance(environment, Translated)
        environment.language = language
        environment.texts = Translations.load(CATALOGUES, [language.replace("-", "_")])
        kept[language] = environment
    return kept[language]
