"""What a hurried or Chinese-typing author types, said once and then read as what it stands for.

Works on single lines before anything else reads them, and remembers for each character where it stands in the file, so that
columns and fixes stay true.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from kamtrain.content.links import SAFE, SCHEMES, masked
from kamtrain.content.source import Line, Text
from kamtrain.core.message import Message, message
from kamtrain.core.problems import Edit, Problem, Severity

_MARKER = r"(?:[-*+]|\d{1,9}[.)])"
_SUSPECT = re.compile(r"[^\x00-\x7f]|^\s*(?:!!!|#|>)|\*\*|\t|\{|\[|^-\S")
_FENCE = re.compile(r"[ ]{0,24}(?:[-*+] |\d{1,9}[.)] )?[ ]{0,8}(?P<mark>`{3,}|~{3,})")
_TARGET = rf"#[^\s()（）]+|(?:{'|'.join((*SCHEMES, *SAFE))})[:：][^\s()（）]+|media/[^\s()（）]+"

_KEY = re.compile(
    r"(?P<indent>[ ]{0,24})(?P<key>[^\s:：#\"'“”\[\]{},-][^\s:：\"'“”\[\]{},]{0,39})(?P<colon>[ 　]*：[ 　]*)"
)
_TIGHT_KEY = re.compile(r"[a-z]+:(?=[^\s/:])")
_TABS = re.compile(r"[ ]*\t[ \t]*")
_WIDE_INDENT = re.compile(r"(?P<wide>[ ]*　[ 　]*)(?=[>》\-*+#`|·]|\d+[.)、])")
_QUOTE = re.compile(r"[ ]*(?P<mark>[》＞])[ ]?")
_HASHES = re.compile(r"[ ]{0,3}(?P<marks>[＃#]*＃[＃#]*)(?P<space>[ 　]*)(?=[^＃#\s])")
_HEADING = re.compile(r"(?:##+|#(?=　))(?P<space>[　]+|(?=[^\s#]))")
_ATTRIBUTES = re.compile(r"(?P<marks>#{1,6})[ ]+(?P<title>.*?)[ ]*\{(?P<inner>[#.:][^{}]*)\}[ ]*$")
_BULLET = re.compile(r"[ ]*(?P<mark>[·•●○◦・‧∙－–])(?P<space>[ 　]+)(?=\S)")
_NUMBER = re.compile(r"[ ]*(?P<mark>(?P<digits>[0-9０-９]{1,3})(?:[、．]|(?<=[０-９])[.)])[ 　]*)(?=\S)")
_WIDE_AFTER = re.compile(rf"[ ]*{_MARKER}(?P<space>[ ]*　[ 　]*)(?=\S)")
_TIGHT_DASH = re.compile(r"[ ]*-(?P<space>)(?=[\u3400-\u9fff【［\[])")
_BOX = re.compile(
    rf"[ ]*{_MARKER}[ ]+(?P<box>[\[［【][ 　]*(?P<mark>[xXｘＸ√✓✔☑*]?)[ 　]*[\]］】])(?P<space>[ 　]*)(?=(?P<next>.?))"
)
_PIPES = re.compile(r"[ ]*[｜|].*[｜|][ ]*$|[ ]*｜")
_CODE = re.compile(r"(?:^|(?<=\s))·(?P<inner>[A-Za-z][^·`]{0,200})·(?=\s*(?:$|[·`]))")
_LINK = re.compile(
    r"(?P<open>[\[【［])(?P<text>[^\[\]【】［］]*)(?P<close>[\]】］])"
    rf"[ ]?(?P<left>[(（])[ ]?(?P<target>{_TARGET})[ ]?(?P<right>[)）])"
)
_ADMONITION = re.compile(r"(?P<mark>!!!|！！！)[ 　]*(?P<kind>[a-z]+)(?:[ ]+[\"“](?P<title>[^\"”]*)[\"”])?[ ]*$")
_STRONG = re.compile(r"(?<!\*)(?P<open>\*\*)(?P<text>[^*\s](?:[^*]*[^*\s])?)\*\*(?!\*)")
_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "（": "）", "(": ")", "《": "》", "【": "】", '"': '"', "'": "'"}


@dataclass
class _Row:
    """A line under repair: `places[n]` is where character n stands in the file's line."""

    number: int
    text: str
    places: list[int]
    changed: bool = False

    def put(self, start: int, end: int, new: str) -> None:
        place = self.places[start]
        # A character put in stands where what it replaces stood; the ones after it keep their places.
        width = self.places[end] - place
        self.places[start:end] = [place + min(n, width) for n in range(len(new))]
        self.text = self.text[:start] + new + self.text[end:]
        self.changed = True


@dataclass
class _Repair:
    path: str
    offsets: Sequence[int]
    problems: list[Problem] = field(default_factory=list)

    def say(
        self,
        row: _Row,
        start: int,
        end: int,
        new: str,
        code: str,
        said: Message,
        mend: Message,
        *,
        severity: Severity = Severity.error,
        read: bool = True,
    ) -> None:
        """One problem with its fix; `read` says whether the line is read as mended (a warning's line is read as it is)."""
        offset = self.offsets[row.number - 1]
        edit = Edit(offset + row.places[start], offset + row.places[end], new)
        self.problems.append(Problem(self.path, row.number, row.places[start] + 1, severity, code, said, mend, edit))
        if read:
            row.put(start, end, new)

    def swap(self, row: _Row, start: int, end: int, new: str, code: str = "look-alike") -> None:
        wrong, right = row.text[start:end].strip(" "), new.strip(" ")
        self.say(
            row,
            start,
            end,
            new,
            code,
            message("`%(wrong)s` only looks like `%(right)s`.", wrong=wrong[:40], right=right[:40]),
            message("Write `%(right)s` for `%(wrong)s`.", wrong=wrong[:40], right=right[:40]),
        )

    def space(self, row: _Row, start: int, end: int, new: str = " ") -> None:
        if start == end:
            said, mend, code = message("A space is missing here."), message("Put a space here."), "missing-space"
        else:
            said, mend = message("This space is a wide one."), message("Write an ordinary space here.")
            code = "wide-space"
        self.say(row, start, end, new, code, said, mend)


def read(text: Text, *, yaml: bool = False) -> tuple[Text, tuple[Problem, ...]]:
    """`text` with every look-alike replaced, and a problem with its fix for each. `yaml`: there is no body."""
    repair = _Repair(text.path, text.offsets)
    lines: list[Line] = []
    places: dict[int, Sequence[int]] = {}
    state = _State(front=yaml, yaml=yaml)
    for line in text.lines:
        if len(repair.problems) > 500:  # one cause; every further line would only repeat it
            lines.append(line)
            continue
        row = _Row(line.number, line.text, [])
        if state.front or state.before_front(line):
            state.pass_front(line)
            if "：" in line.text or "\t" in line.text or _TIGHT_KEY.match(line.text):
                row.places = list(range(len(line.text) + 1))
                _front(row, repair)
        elif not state.in_fence(line.text):
            if _SUSPECT.search(line.text) or state.admonition:
                row.places = list(range(len(line.text) + 1))
                _body(row, repair, state)
            state.previous = row.text
        if row.changed:
            places[line.number] = tuple(row.places)
        lines.append(replace(line, text=row.text) if row.changed else line)
    return Text(text.path, tuple(lines), text.offsets, places), tuple(repair.problems)


@dataclass
class _State:
    """Where in the file one is."""

    front: bool
    yaml: bool
    begun: bool = False
    fence: str = ""
    previous: str = ""
    admonition: bool = False

    def before_front(self, line: Line) -> bool:
        """Whether this is the line with which the front matter begins."""
        if self.begun or line.blank:
            return False
        self.begun = True
        self.front = line.text.rstrip() == "---"
        return self.front

    def pass_front(self, line: Line) -> None:
        if self.yaml:
            return
        if self.front and line.text.rstrip() in ("---", "...") and self.previous:
            self.front = False
        self.previous = self.previous or "---"
        if not self.front:
            self.previous = ""

    def in_fence(self, text: str) -> bool:
        match = _FENCE.match(text)
        if self.fence:
            if match and match["mark"].startswith(self.fence) and not text.strip().strip(self.fence[0]):
                self.fence = ""
            return True
        if match:
            self.fence = match["mark"]
            return True
        return False


def _front(row: _Row, repair: _Repair) -> None:
    if match := _TABS.match(row.text):
        width = "  " * match[0].count("\t") + " " * match[0].count(" ")
        repair.say(row, 0, match.end(), width, "tab", message("YAML takes no tab here."), message("Use two spaces."))
    if match := _TIGHT_KEY.match(row.text):
        repair.space(row, match.end(), match.end())
    match = _KEY.match(row.text)
    if match and (not match["indent"] or re.fullmatch(r"[a-z-]+", match["key"])):
        start, end = match.span("colon")
        repair.say(
            row,
            start,
            end,
            ": " if row.text[end:].strip() else ":",
            "look-alike",
            message("The colon after `%(key)s` is full-width.", key=match["key"]),
            message("Write `%(key)s: ` with a half-width colon and a space.", key=match["key"]),
        )


def _tabs(row: _Row) -> None:
    """Tabs in front of the text become the spaces they stand for (CommonMark 0.31 §2.2); nothing is wrong with them."""
    while match := re.match(rf"[ ]*(?:(?:{_MARKER}|>)[ ]*)*\t", row.text):
        start = match.end() - 1
        row.put(start, start + 1, " " * (4 - start % 4))


def _body(row: _Row, repair: _Repair, state: _State) -> None:
    if "\t" in row.text[:100]:
        _tabs(row)
    _admonition(row, repair, state)
    for rule in _RULES:
        rule(row, repair)
    _quotes(row, repair, state.previous)
    if "**" in row.text:
        _strong(row, repair)


def _wide_indent(row: _Row, repair: _Repair) -> None:
    if match := _WIDE_INDENT.match(row.text):
        wide = match["wide"].replace("　", "  ")
        said, mend = message("These spaces are wide ones."), message("Write ordinary spaces here.")
        repair.say(row, 0, match.end("wide"), wide, "wide-space", said, mend)


def _quote_mark(row: _Row, repair: _Repair) -> None:
    if match := _QUOTE.match(row.text):
        repair.swap(row, match.start("mark"), match.end(), "> ")


def _hashes(row: _Row, repair: _Repair) -> None:
    if match := _HASHES.match(row.text):
        repair.swap(row, match.start("marks"), match.end("space"), "#" * len(match["marks"]) + " ")
    if match := _HEADING.match(row.text):
        repair.space(row, *match.span("space"))
    if match := _ATTRIBUTES.match(row.text):
        _attributes(row, match, repair)


def _attributes(row: _Row, match: re.Match[str], repair: _Repair) -> None:
    id = re.match(r"#([a-z0-9.-]+)", match["inner"])
    title = match["title"]
    heading = (
        f"{match['marks']} {id[1]}: {title}" if id and not re.match(r"\S+[:：]", title) else f"{match['marks']} {title}"
    )
    repair.say(
        row,
        0,
        len(row.text),
        heading,
        "attributes",
        message("Braces have no meaning here; other viewers show them."),
        message("Delete them: the id stands before the title, `%(heading)s`.", heading=heading[:80]),
    )


def _bullet(row: _Row, repair: _Repair) -> None:
    if match := _BULLET.match(row.text):
        repair.swap(row, match.start("mark"), match.end("space"), "- ")
    elif match := _NUMBER.match(row.text):
        digits = unicodedata.normalize("NFKC", match["digits"])
        repair.swap(row, match.start("mark"), match.end("mark"), f"{digits}. ")
    elif match := _WIDE_AFTER.match(row.text) or _TIGHT_DASH.match(row.text):
        repair.space(row, *match.span("space"))


def _box(row: _Row, repair: _Repair) -> None:
    match = _BOX.match(row.text)
    if match is None or match["next"] in ("(", "（") or (match["next"] == "[" and not match["space"]):
        return
    start, end = match.span("box")
    right = "[x]" if match["mark"] else "[ ]"
    space = match.span("space")
    wide = match["space"].strip(" ") != ""
    missing = not match["space"] and match["next"] != ""
    if wide or missing:
        repair.space(row, *space)
    if match["box"] not in ("[ ]", "[x]", "[X]"):
        repair.swap(row, start, end, right)


def _pipes(row: _Row, repair: _Repair) -> None:
    if "｜" in row.text and _PIPES.match(row.text) and row.text.lstrip().startswith("｜"):
        repair.swap(row, 0, len(row.text), row.text.replace("｜", "|"))


def _code(row: _Row, repair: _Repair) -> None:
    for _ in range(20):
        match = _CODE.search(row.text)
        if match is None:
            return
        repair.swap(row, match.start(), match.end(), f"`{match['inner']}`")


def _links(row: _Row, repair: _Repair) -> None:
    if not re.search(r"[】］）（：]", row.text):
        return
    for match in reversed(list(_LINK.finditer(masked(row.text)))[:50]):
        target = re.sub(r"^([a-z]+)：", r"\1:", match["target"])
        right = f"[{row.text[slice(*match.span('text'))]}]({target})"
        if match["open"] + match["close"] + match["left"] + match["right"] != "[]()" or target != match["target"]:
            repair.swap(row, match.start(), match.end(), right)


_RULES: tuple[Callable[[_Row, _Repair], None], ...] = (
    _wide_indent,
    _quote_mark,
    _hashes,
    _bullet,
    _box,
    _pipes,
    _code,
    _links,
)


def _admonition(row: _Row, repair: _Repair, state: _State) -> None:
    """`!!! note` and the indented lines under it."""
    if match := _ADMONITION.match(row.text):
        title = f" {match['title']}" if match["title"] else ""
        new = f"> [!{match['kind']}]{title}"
        repair.swap(row, 0, len(row.text), new, "admonition")
        state.admonition = True
    elif state.admonition and row.text.startswith("    "):
        said = message("This line belongs to the box above.")
        repair.say(row, 0, 4, "> ", "admonition", said, message("Begin it with `> `."))
    elif state.admonition and not row.text.strip():
        state.admonition = False
    else:
        state.admonition = False


def _quotes(row: _Row, repair: _Repair, previous: str) -> None:
    """A quote at the margin right under an answer is its feedback; right under feedback it is the debrief."""
    if not row.text.startswith(">"):
        return
    if re.match(r"[ ]+>", previous):
        said = message("An empty line is missing before this quote: it would join the feedback above.")
        offset = repair.offsets[row.number - 1]
        repair.problems.append(
            Problem(
                repair.path,
                row.number,
                1,
                Severity.error,
                "missing-empty-line",
                said,
                message("Put an empty line before it."),
                Edit(offset, offset, "\n"),
            )
        )
    elif re.match(rf"{_MARKER} +(?:\[[ xX]\] |\[[^\]]*\]\(#)", previous):
        said = message("This quote is not part of the entry above.")
        repair.say(row, 0, 0, "  ", "feedback-at-margin", said, message("Indent it by two spaces."))


def _strong(row: _Row, repair: _Repair) -> None:
    """Bold text that other viewers show with its asterisks (CommonMark 0.31 §6.2: flanking)."""
    text = masked(row.text)
    for match in reversed(list(_STRONG.finditer(text))[:200]):
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        inner = match["text"]
        bad_open = _sign(inner[0]) and not _sign(before) and not before.isspace() and before != ""
        bad_close = _sign(inner[-1]) and not _sign(after) and not after.isspace() and after != ""
        if not bad_open and not bad_close:
            continue
        lead, tail = _edges(inner, bad_open, bad_close)
        core = row.text[match.start("text") + len(lead) : match.end("text") - len(tail)]
        new = f"{lead}**{core}**{tail}" if core.strip() and not core[0].isspace() else ""
        if not new or _sign(core[0]) or _sign(core[-1]):
            new = f"{' ' if bad_open else ''}{row.text[match.start() : match.end()]}{' ' if bad_close else ''}"
        repair.say(
            row,
            match.start(),
            match.end(),
            new,
            "bold-beside-sign",
            message("Other viewers show the asterisks here, because a sign stands next to them."),
            message("Write `%(right)s`, or put a space.", right=new[:80]),
            severity=Severity.warning,
            read=False,
        )


def _edges(inner: str, bad_open: bool, bad_close: bool) -> tuple[str, str]:
    """The signs to be taken out of the bold text, in front and behind."""
    lead = inner[: len(inner) - len(inner.lstrip("".join({c for c in inner if _sign(c)})))] if bad_open else ""
    tail = inner[len(inner.rstrip("".join({c for c in inner if _sign(c)}))) :] if bad_close else ""
    if tail and not lead and _PAIRS.get(inner[0]) == tail[0]:
        lead = inner[0]
    if lead and not tail and _PAIRS.get(lead[-1]) == inner[-1]:
        tail = inner[-1]
    return lead, tail


def _sign(character: str) -> bool:
    """Punctuation or symbol, as CommonMark has it."""
    return character != "" and unicodedata.category(character)[0] in "PS"
