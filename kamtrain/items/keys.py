"""What somebody typed against what an author accepts: numbers with a tolerance, and words.

Width, case, spaces and punctuation at the ends never count. `script` lets 简 and 繁 match character by character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from opencc import OpenCC

from kamtrain.core.errors import Invalid
from kamtrain.core.item import Form
from kamtrain.core.message import Message, message
from kamtrain.items import forms

LONGEST = 200  # characters of an answer in a line
ANY_SCRIPT = "any-script"  # the word on the tag line
UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")  # no database or no page keeps them as they are
_HAN = r"[\u2e80-\u9fff\uf900-\ufaff]"
_SPACE_BESIDE_HAN = re.compile(rf"(?<={_HAN}) | (?={_HAN})")
_SIGNS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "٫": ".", "’": "'", "、": ","})
_DIGITS = r"\d{1,3}(?:,\d{3})+|\d{1,4}(?:,\d{4})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:'\d{3})+|\d+"
_NUMBER = rf"[-+]? ?(?:{_DIGITS})(?:\.\d*)?|[-+]? ?\.\d+|[-+]? ?\d+,\d{{1,2}}(?![\d,.])"
_UNIT = r"[^\d\s.,±+'-][^\d±]*|"  # an author's and a trainee's: no digit is part of it
_TYPED = re.compile(rf"(?P<number>{_NUMBER}) ?(?P<unit>{_UNIT})", re.ASCII)
_WRITTEN = re.compile(
    rf"(?P<number>{_NUMBER})(?: ?(?:±|\+-|\+/-) ?(?P<tolerance>(?:{_DIGITS})(?:\.\d+)?))? ?(?P<unit>{_UNIT})", re.ASCII
)
_OR = re.compile(r"\s+/\s+|\s*／\s*")


@dataclass(frozen=True)
class Number:
    """A number as an author accepts it."""

    value: Fraction
    tolerance: Fraction
    text: str  # the number as written, to be shown: "60.8"
    give: str  # the tolerance as written, "" for exactly this number
    unit: str  # as written, "" for none
    units: tuple[str, ...] = ()  # the same in other languages

    @property
    def places(self) -> int:
        """Decimal places, as written."""
        return len(re.sub(r"\s", "", self.text.partition(".")[2]))

    def accepts(self, value: Fraction) -> bool:
        return abs(value - self.value) <= self.tolerance

    @property
    def shown(self) -> str:
        return f"{self.text} {self.unit}".strip()


# --- what is typed ------------------------------------------------------------------------------------------------------


def line(form: Form, field: str) -> str | None:
    """The text of a one-line field as it is kept: spaces brought to one; None where there is none. Raises `Invalid`."""
    text = forms.only(form, field) or ""
    if len(text) > LONGEST:
        raise Invalid(message("This answer is too long: at most %(most)s characters.", most=LONGEST), field)
    if UNSTORABLE.search(text):
        raise Invalid(message("This answer holds a character that cannot be stored. Please write it once more."), field)
    return " ".join(text.split()) or None


def _narrow(text: str) -> str:
    """NFC, and full-width and half-width forms as the ordinary ones. Superscripts and fractions stay what they are."""
    wide = "".join(
        unicodedata.normalize("NFKC", c) if unicodedata.decomposition(c).startswith(("<wide>", "<narrow>")) else c
        for c in text
    )
    return " ".join(unicodedata.normalize("NFC", wide).split())


def _at_the_ends(c: str) -> bool:
    return c.isspace() or unicodedata.category(c).startswith("P")


def folded(text: str, script: bool = False) -> str:
    """What two answers have in common that count as the same. An answer of nothing but punctuation keeps it."""
    plain = _narrow(_narrow(text).casefold())
    start, end = 0, len(plain)
    while start < end and _at_the_ends(plain[start]):
        start += 1
    while end > start and _at_the_ends(plain[end - 1]):
        end -= 1
    plain = _SPACE_BESIDE_HAN.sub("", plain[start:end] or plain)
    return "".join(map(_simplified, plain)) if script else plain


@lru_cache(maxsize=20_000)
def _simplified(c: str) -> str:
    # Character by character: what stands beside it must not decide, or a mixture of scripts would match nothing.
    simplified: str = _CONVERTER.convert(c)
    return simplified


_CONVERTER = OpenCC("t2s")


def _value(number: str) -> Fraction:
    plain = number.replace(" ", "").replace("'", "")
    if re.fullmatch(r"[-+]?\d+,\d{1,2}", plain):  # a comma before one or two digits can only be a decimal one
        plain = plain.replace(",", ".")
    return Fraction(plain.replace(",", "").removesuffix("."))


def _numeric(text: str) -> str:
    return _narrow(text).translate(_SIGNS)


def typed(text: str) -> tuple[Fraction, str] | None:
    """The number and the unit that somebody typed; None where it is no number. Full-width and with separators it is one."""
    match = _TYPED.fullmatch(_numeric(text))
    return (_value(match["number"]), match["unit"].strip()) if match else None


def doubt(number: Number, text: str) -> Message | None:
    """Why `text` is no number in this unit: asked again rather than counted as wrong."""
    read = typed(text)
    if read is None or (read[1] and not number.unit):
        return message("“%(text)s” cannot be read as a number. Write only digits, such as `12.5`.", text=text)
    known = {folded(unit) for unit in (number.unit, *number.units)}
    if read[1] and folded(read[1]) not in known:
        return message("Write the number in “%(unit)s”; “%(text)s” has another unit.", unit=number.unit, text=text)
    return None


def hit(number: Number, text: str | None) -> bool:
    read = typed(text) if text is not None else None
    if text is None or read is None or doubt(number, text) is not None:
        return False
    return number.accepts(read[0])


# --- what an author wrote -----------------------------------------------------------------------------------------------


def number(text: str) -> Number | None:
    """A number as an author writes it: `60.8 ± 0.1 days`. None where it is none."""
    if len(text) > LONGEST:
        return None
    match = _WRITTEN.fullmatch(_numeric(text))
    if match is None:
        return None
    give = match["tolerance"] or ""
    if re.search(r",\d{1,2}$", match["number"]):
        return None  # an author writes a decimal point: in the file a comma may part thousands only
    value, tolerance = _value(match["number"]), _value(give) if give else Fraction(0)
    return Number(value, tolerance, match["number"].strip(), give, match["unit"].strip())


@dataclass(frozen=True)
class Key:
    """The accepted answers of one gap or one short question. `numbers` and `words` may both be there."""

    shown: tuple[str, ...]  # as a page shows them, the first one first; what other languages add is not shown
    numbers: tuple[Number, ...]
    words: frozenset[str]  # folded
    script: bool = False
    after: str = (
        ""  # in small letters: what stands after the gap; a unit typed along with the number repeats its beginning
    )

    @property
    def numeric(self) -> Number | None:
        """The number asked for; None where words are."""
        return self.numbers[0] if self.numbers and not self.words else None

    def accepts(self, text: str) -> bool:
        read = self._read(text)
        if read is not None and any(one.accepts(read) for one in self.numbers):
            return True
        return folded(text, self.script) in self.words

    def doubt(self, text: str) -> Message | None:
        if self.numeric is None or self._read(text) is not None:
            return None
        return doubt(self.numeric, text)

    def _read(self, text: str) -> Fraction | None:
        read = typed(text) if self.numbers else None
        if read is None:
            return None
        unit = _narrow(read[1]).casefold().rstrip(".。")
        known = self.after.startswith(unit) or any(folded(unit) == folded(one.unit) for one in self.numbers)
        return read[0] if known else None


def words_key(accepted: Iterable[str], others: Iterable[str] = (), script: bool = False) -> Key:
    """Words only, as in `short`."""
    shown = tuple(dict.fromkeys(" ".join(text.split()) for text in accepted))
    return Key(shown, (), frozenset(folded(text, script) for text in (*shown, *others)), script)


def gap_number(text: str) -> Number | None:
    """A gap that reads as a number. A unit stands after the gap: inside it makes words of it, unless there is a `±`."""
    found = number(text)
    return found if found is not None and (found.give or not found.unit) else None


def alternatives(text: str) -> tuple[str, ...]:
    """The accepted answers in a gap, parted by ` / `."""
    return tuple(part for part in (" ".join(raw.split()) for raw in _OR.split(text.strip())) if part)


def gap_key(text: str, others: Sequence[str] = (), script: bool = False, after: str = "") -> Key:
    """The key of a gap as its author wrote it. `others` is the same gap in other languages, `after` the text behind it."""
    numbers: list[Number] = []
    words: list[str] = []
    shown: list[str] = []
    for part in alternatives(text):
        found = gap_number(part)
        if found is None:
            words.append(part)
        else:
            numbers.append(found)
        shown.append(part if found is None else found.text)
    more = [part for other in others for part in alternatives(other) if gap_number(part) is None]
    return Key(
        tuple(dict.fromkeys(shown)),
        tuple(numbers),
        frozenset(folded(word, script) for word in (*words, *(more if words else ()))),
        script,
        _narrow(after).casefold(),
    )
