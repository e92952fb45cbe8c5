"""The catalogues of the interface brought up to date with the code: `python3 kam.py messages`.

English stands in the code; `zh_Hans` is written by people; `zh_Hant` is made from it as the library's texts are.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from kamtrain.content import traditional

ROOT = Path(__file__).resolve().parent
CATALOGUES = ROOT / "kamtrain/translations"
WRITTEN, DERIVED = "zh_Hans", "zh_Hant"
WORDS = CATALOGUES / "taiwan.csv"  # what a program calls things in Taiwan; in lessons such words mean something else
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "message": None}
# A date that stays: otherwise two branches that add a sentence each would always differ in it.
MADE = datetime(2026, 11, 21, tzinfo=UTC)


def path_of(locale: str) -> Path:
    return CATALOGUES / locale / "LC_MESSAGES/messages.po"


def catalogue(locale: str) -> Catalog:
    """The committed one; an empty one where there is none yet."""
    if not path_of(locale).exists():
        return _empty(locale)
    with path_of(locale).open("rb") as file:
        return read_po(file, locale=locale)


def extracted(root: Path = ROOT) -> Catalog:
    """Every text of the code and the templates that is marked for translation; reads all of them."""
    found = _empty(None)
    for name, line, id, comments, context in extract_from_dir(root / "kamtrain", METHODS, OPTIONS, KEYWORDS):
        found.add(id, None, [(name, line)], auto_comments=comments, context=context)
    return found


def updated(old: Catalog, template: Catalog) -> Catalog:
    """The template's texts with the translations of `old`; "" where there is none yet, nothing that is no longer used."""
    new = _empty(WRITTEN)
    for entry in _texts(template):
        known = old.get(entry.id)
        new.add(entry.id, known.string if known is not None and not known.fuzzy else "", flags=entry.flags)
    return new


def derived(written: Catalog) -> Catalog:
    """`written` in traditional characters: the words of programs, the library's terms, OpenCC for the rest."""
    new = _empty(DERIVED)
    for entry in _texts(written):
        made = tuple(map(_traditional, strings(entry)))
        new.add(entry.id, made if entry.pluralizable else made[0], flags=entry.flags)
    return new


def missing(catalogue: Catalog) -> list[str]:
    """The English of what is not translated, a plural by its singular."""
    return [_name(entry) for entry in _texts(catalogue) if not all(strings(entry)) or entry.fuzzy]


def faults(catalogue: Catalog) -> list[str]:
    """Translations that lose or invent a place such as `%(name)s`."""
    return [f"{_name(entry)}: {error}" for entry in _texts(catalogue) for error in entry.check(catalogue)]


def strings(entry: Message) -> tuple[str, ...]:
    """The translations, one for each plural form; ("",) where there is none yet."""
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ("",))


def write(catalogue: Catalog) -> None:
    path = path_of(str(catalogue.locale))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, no_location=True, sort_output=True)


def _empty(locale: str | None) -> Catalog:
    return Catalog(
        locale,
        project="kamtrain",
        version="1",
        header_comment="",
        msgid_bugs_address="kamtrain",
        last_translator="kamtrain",
        language_team="kamtrain",
        creation_date=MADE,
        revision_date=MADE,
        fuzzy=False,
    )


def _texts(catalogue: Catalog) -> Iterator[Message]:
    return (entry for entry in catalogue if entry.id)


def _name(entry: Message) -> str:
    return entry.id if isinstance(entry.id, str) else entry.id[0]


@cache
def _words() -> dict[str, str]:
    with WORDS.open(encoding="utf-8", newline="") as file:
        return {row["zh-Hans"]: row["zh-Hant"] for row in csv.DictReader(file)}


def _traditional(string: str) -> str:
    pieces = re.split("(" + "|".join(map(re.escape, sorted(_words(), key=len, reverse=True))) + ")", string)
    return "".join(_words()[piece] if place % 2 else traditional.text(piece) for place, piece in enumerate(pieces))


def main() -> None:
    written = updated(catalogue(WRITTEN), extracted())
    write(written)
    write(derived(written))
    for text in missing(written):
        print(f"not translated: {text}")
    for text in faults(written):
        print(f"wrong: {text}")
    sys.exit(1 if missing(written) or faults(written) else 0)


if __name__ == "__main__":
    main()
