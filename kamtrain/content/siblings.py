"""The files of one lesson, quiz or scenario in its languages: which one the others follow, and what only that one says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kamtrain.content import schema
from kamtrain.content.document import Document
from kamtrain.content.frontmatter import Items, Node, Pairs, Scalar
from kamtrain.content.links import Places
from kamtrain.content.report import Report
from kamtrain.core.message import message


@dataclass(frozen=True)
class Siblings:
    """`first` is the file the others follow; `reports` gather what is found about each of them, by language."""

    id: str
    first: Document
    translations: tuple[Document, ...]
    reports: dict[str, Report]
    places: Places

    @property
    def documents(self) -> tuple[Document, ...]:
        return (self.first, *self.translations)


def arranged(documents: Sequence[Document], places: Places, stem: str) -> Siblings:
    """`documents` (at least one) as siblings; what does not fit together is said at once.

    `stem` is the beginning of their file names: it stands in for an id that is missing, so that nothing else misses it.
    """
    reports = {document.language: document.report for document in documents}
    tags = {document.language for document in documents}
    leaders = [document for document in documents if "follows" not in document.front.values]
    first = leaders[0] if leaders else documents[0]
    for document in documents:
        report = reports[document.language]
        if not document.text.lines:
            continue
        follows = schema.text("follows", schema.value(document.front, "follows"), report)
        if document is first and follows:
            report.error(
                document.at("follows"),
                "follows-nothing",
                message("Every one of these files follows another; one of them must be the first."),
                message("Delete `follows` in the file the others are translated from."),
            )
        elif document is not first and not follows and document.front.values:
            report.error(
                document.front.at,
                "no-follows",
                message("There is a file in another language without `follows`, too: `%(path)s`.", path=first.path),
                message("Write `follows: %(tag)s` in the one that is the translation.", tag=first.language),
            )
        elif document is not first and follows != first.language and follows:
            report.error(
                document.at("follows"),
                "follows-nothing" if follows not in tags else "follows-translation",
                message("`follows: %(tag)s` does not name the file the others follow.", tag=follows),
                message("Write `follows: %(tag)s`.", tag=first.language),
            )
    id = schema.identity("id", schema.value(first.front, "id"), reports[first.language])
    for document in documents:
        report = reports[document.language]
        if not document.front.values:
            continue
        own = schema.text("id", schema.value(document.front, "id"), document.report)
        if not own:
            report.error(
                document.front.at, "no-id", message("The id is missing."), message("Write `id: …` in the front matter.")
            )
        elif own != id and id:
            report.error(
                document.at("id"),
                "other-id",
                message("The id is `%(own)s`, and in `%(path)s` it is `%(id)s`.", own=own, path=first.path, id=id),
                message("Write `id: %(id)s`.", id=id),
            )
        if not schema.text("title", schema.value(document.front, "title"), document.report):
            report.error(
                document.front.at,
                "no-title",
                message("The title is missing."),
                message("Write `title: …` in the front matter."),
            )
    translations = tuple(document for document in documents if document is not first and document.text.lines)
    if not id and schema.ID.fullmatch(stem):
        id = stem
    return Siblings(id, first, translations, reports, places)


def check_keys(siblings: Siblings, known: Collection[str], own: Collection[str]) -> None:
    """Keys of the first file are among `known`; a translation has those of `own`, and no other that differs."""
    first = siblings.first
    for name, (key, _) in first.front.values.items():
        if name not in (*known, "follows"):
            _other_kind(name, key, known, siblings.reports[first.language])
    allowed = {"id", "title", "follows", *own}
    for document in siblings.translations:
        report = siblings.reports[document.language]
        for name, (key, node) in document.front.values.items():
            if name in allowed:
                continue
            if name not in known:
                _other_kind(name, key, known, report)
                continue
            there = first.front.values.get(name)
            if there is None or plain(there[1]) != plain(node):
                report.error(
                    key.at,
                    "only-in-first",
                    message(
                        "`%(key)s` stands in `%(path)s` alone, and this differs from it.", key=name, path=first.path
                    ),
                    message("Delete it here."),
                )


def _other_kind(name: str, key: Scalar, known: Collection[str], report: Report) -> None:
    report.error(
        key.at,
        "unknown-key",
        message("`%(key)s` has no meaning in a file of this kind.", key=name),
        message("Possible: %(words)s", words=tuple(f"`{word}`" for word in known)),
    )


def plain(node: Node) -> object:
    """A node without its places, to compare."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    assert isinstance(node, Pairs)
    return {key.text: plain(value) for key, value in node.pairs}
