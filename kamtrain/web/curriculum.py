"""What the courses are made for: competencies with their levels, the rows they were asked to cover, and their terms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from flask import url_for
from flask_babel import gettext as _

from kamtrain.content.library import Library
from kamtrain.core.catalog import PLAYABLE, Cover
from kamtrain.core.language import INTERFACE
from kamtrain.services.names import sort_key
from kamtrain.workbench import TOOLS

# --- competencies -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CompetencyView:
    code: str
    name: str
    levels: tuple[tuple[str, str], ...]  # (name of the level, how one can tell)
    lessons: tuple[tuple[str, str], ...]  # (title, url) of those that teach it
    tools: tuple[tuple[str, str], ...]  # (name, url) of those whose sheets are evidence for it


@dataclass(frozen=True)
class CompetenciesPage:
    competencies: tuple[CompetencyView, ...]


def competencies_page(library: Library, language: str) -> CompetenciesPage:
    names = (_("Aware"), _("Guided"), _("Independent"), _("Coaches others"))
    taught: dict[str, list[tuple[str, str]]] = {}
    for course in library.courses.values():
        for id in course.lesson_ids:
            if id in library.lessons:
                found = (library.title("lesson", id, language), url_for("learn.lesson", course=course.id, lesson=id))
                for code in library.lessons[id].competencies:
                    taught.setdefault(code, []).append(found)
    views = (
        CompetencyView(
            code=code,
            name=library.text(competency.name, language),
            levels=tuple(zip(names, (library.text(level, language) for level in competency.levels), strict=True)),
            lessons=tuple(taught.get(code, ())),
            tools=tuple(
                (_(tool.name), url_for("workbench.tool", tool=tool.id))
                for tool in TOOLS.values()
                if code in tool.competencies
            ),
        )
        for code, competency in library.competencies.items()
    )
    return CompetenciesPage(tuple(views))


# --- what was asked for -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CoverView:
    kind: str  # lesson, quiz, scenario, tool, course
    title: str
    url: str  # "" where it is to come


@dataclass(frozen=True)
class RowView:
    id: str
    text: str
    covers: tuple[CoverView, ...]
    state: str  # "covered" (something is there), "to-come", "left-out"


@dataclass(frozen=True)
class PartView:
    title: str
    rows: tuple[RowView, ...]


@dataclass(frozen=True)
class SourcesPage:
    parts: tuple[PartView, ...]
    counts: Mapping[str, int]  # state -> rows, in all of them
    show: str  # the state that is shown, "" for all


def sources_page(library: Library, language: str, show: str) -> SourcesPage:
    parts = tuple(
        PartView(
            library.text(part.title, language),
            tuple(
                RowView(
                    row.id,
                    library.text(row.text, language),
                    covers := tuple(_cover(library, cover, language) for cover in row.by),
                    "left-out" if row.left_out else "covered" if any(cover.url for cover in covers) else "to-come",
                )
                for row in part.rows
            ),
        )
        for part in library.sources
    )
    states = ("covered", "to-come", "left-out")
    rows = [row for part in parts for row in part.rows]
    counts = {state: sum(row.state == state for row in rows) for state in states}
    if show not in states:
        return SourcesPage(parts, counts, "")
    shown = (PartView(part.title, tuple(row for row in part.rows if row.state == show)) for part in parts)
    return SourcesPage(tuple(part for part in shown if part.rows), counts, show)


def _cover(library: Library, cover: Cover, language: str) -> CoverView:
    """A link to what is there; a name for what is to come."""
    if cover.kind == "tool":
        url = url_for("workbench.tool", tool=cover.id) if library.has("tool", cover.id) else ""
        return CoverView("tool", _(TOOLS[cover.id].name) if cover.id in TOOLS else cover.id, url)
    title = library.title(cover.kind, cover.id, language)
    if cover.kind == "course" and cover.id in library.courses:
        return CoverView("course", title, url_for("learn.course", course=cover.id))
    if cover.kind in PLAYABLE and library.has(cover.kind, cover.id):
        if cover.kind == "lesson":
            course = library.lessons[cover.id].course
            return CoverView("lesson", title, url_for("learn.lesson", course=course, lesson=cover.id))
        if cover.kind == "drill":
            return CoverView(cover.kind, title, url_for("drill.show", drill=cover.id))
        return CoverView(cover.kind, title, url_for("practice.intro", kind=cover.kind, activity=cover.id))
    course, dash, number = cover.id.partition("-")
    if dash and course in library.planned:  # its title is not written yet: the course's, and which one of it
        return CoverView(cover.kind, f"{library.title('course', course, language)} {number}", "")
    return CoverView(cover.kind, title, "")


# --- terms ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TermEntry:
    slug: str
    name: str
    html: str
    others: tuple[tuple[str, str], ...]  # (language, name) in the other languages


@dataclass(frozen=True)
class Letter:
    letter: str  # with which the names begin, as they sort: A … Z, or #
    terms: tuple[TermEntry, ...]


@dataclass(frozen=True)
class _Found:
    entry: TermEntry
    key: str
    names: str  # what a search looks in first
    words: str  # and then


@dataclass(frozen=True)
class GlossaryPage:
    query: str
    letters: tuple[Letter, ...]  # all terms, or those whose name was found
    mentioned: tuple[TermEntry, ...]  # found in the explanation only
    total: int


def glossary_page(library: Library, language: str, query: str) -> GlossaryPage:
    """All terms as names sort in this site (Chinese by pinyin), or those in which `query` stands, in any language."""
    every = library.kept(("glossary", language), lambda: _entries(library, language))
    wanted = " ".join(query.casefold().split())
    named = [one for one in every if wanted in one.names] if wanted else list(every)
    slugs = {one.entry.slug for one in named}
    mentioned = [one.entry for one in every if wanted and one.entry.slug not in slugs and wanted in one.words]
    letters: dict[str, list[TermEntry]] = {}
    for one in named:
        first = one.key[:1].upper()
        letters.setdefault(first if "A" <= first <= "Z" else "#", []).append(one.entry)
    groups = tuple(Letter(letter, tuple(entries)) for letter, entries in letters.items())
    return GlossaryPage(query, groups, tuple(mentioned), len(every))


def _entries(library: Library, language: str) -> tuple[_Found, ...]:
    found = []
    for slug, term in library.terms.items():
        name = library.text(term.name, language)
        others = tuple((tag, term.name[tag]) for tag in INTERFACE if term.name.get(tag) and term.name[tag] != name)
        html = library.text(term.html, language)
        key = sort_key(name)
        pinyin = re.sub(r"\d", "", " ".join(sort_key(text) for text in term.name.values()))
        names = f"{' '.join(term.name.values())} {slug} {pinyin} {pinyin.replace(' ', '')}".casefold()
        words = unescape(re.sub(r"<[^>]*>", "", " ".join(term.html.values()))).casefold()
        found.append(_Found(TermEntry(slug, name, html, others), key, names, words))
    return tuple(sorted(found, key=lambda one: (one.key, one.entry.slug)))
