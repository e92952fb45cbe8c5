"""What a key of the front matter may hold: readers that type a node by its key, or say what stands there instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal, get_args

from kamtrain.content.frontmatter import Front, Items, Node, Pairs, Scalar, quoted
from kamtrain.content.report import Report
from kamtrain.content.source import Line
from kamtrain.core.message import Message, message

ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?")
COMPETENCIES = frozenset(
    f"C{number:02}" for number in range(100)
)  # the codes there can be; a file says which there are

# What an author who thinks in Chinese may type for a key.
CHINESE: Mapping[str, str] = {
    "标题": "title", "題目": "title", "题目": "title", "標題": "title", "编号": "id", "編號": "id", "类型": "kind",
    "類型": "kind", "时长": "minutes", "分钟": "minutes", "目标": "objectives", "学习目标": "objectives", "能力": "competencies",
    "要求": "requires", "前置": "requires", "依据": "basis", "来源": "sources", "抽题": "draw", "乱序": "shuffle", "及格": "pass",
    "次数": "attempts", "反馈": "feedback", "信心": "confidence", "人物": "persona", "客户": "persona", "变体": "variants",
    "回合": "turns", "轮次": "turns", "状态": "state", "名称": "names", "译自": "follows", "跟随": "follows", "量表": "scale",
    "匿名": "anonymous", "模块": "modules", "语言": "languages", "作者": "authors", "简介": "summary",
    "评分": "marking", "复评": "second", "时限": "time", "间隔": "wait", "开放": "opens", "截止": "closes",
}  # fmt: skip


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    choices = list(known)
    if CHINESE.get(word) in choices:
        return CHINESE[word]
    close = difflib.get_close_matches(word.lower()[:60], choices, 1, 0.6)
    return close[0] if close else None


def meant(word: str, known: Collection[str]) -> Message | None:
    """ "Did you mean …?", or what there is to choose from where that is short."""
    guess = nearest(word, known)
    if guess is not None:
        return message("Did you mean `%(guess)s`?", guess=guess)
    if 0 < len(known) <= 12:
        return message("Possible: %(words)s", words=tuple(f"`{w}`" for w in known))
    return None


def named(
    front: Mapping[str, tuple[Scalar, Node]], known: Collection[str], report: Report
) -> dict[str, tuple[Scalar, Node]]:
    """`front` with each unknown key said and, where it is clear which one was meant, read as that one."""
    found = dict(front)
    for name, (key, node) in front.items():
        if unknown_key(key, known, report):
            guess = nearest(name, known)
            if guess is not None and guess not in found:
                found[guess] = (key, node)
            del found[name]
    return found


def unknown_key(key: Scalar, known: Collection[str], report: Report) -> bool:
    if key.text in known:
        return False
    guess = nearest(key.text, known)
    report.error(
        key.at,
        "unknown-key",
        message("Unknown key `%(key)s`.", key=key.text),
        meant(key.text, known),
        # A word of another language can only mean this; a misspelt one may mean something else, and stays the author's.
        report.edit(key.at, key.length, guess) if guess and key.text in CHINESE else None,
    )
    return True


def text(key: str, node: Node | None, report: Report) -> str:
    """The text of a scalar; "" where it is missing or something else (which is said)."""
    if node is None:
        return ""
    if isinstance(node, Scalar):
        return node.text.strip()
    raw = node.at.text.rstrip()
    if isinstance(node, Pairs) and raw[:1] != "{":
        report.error(
            node.at,
            "unquoted",
            message("`%(key)s` takes a text; the colon in it makes a key of its beginning.", key=key),
            message("Put the value in straight quotes: %(value)s", value=f"`{quoted(raw)}`"),
            report.edit(node.at, len(raw), quoted(raw)),
        )
        return raw
    report.error(node.at, "wrong-kind", message("`%(key)s` takes a text.", key=key), _example(key, "…"))
    return ""


def _example(key: str, value: str) -> Message:
    return message("Write `%(key)s: %(value)s`.", key=key, value=value)


def number(key: str, node: Node | None, report: Report, low: int = 0, high: int = 1_000_000) -> int | None:
    """A whole number without a unit; None where it is missing or none (which is said)."""
    if node is None:
        return None
    raw = text(key, node, report) if isinstance(node, Scalar) else ""
    plain = raw.translate(_DIGITS)
    if re.fullmatch(r"\d{1,7}", plain, re.ASCII) and low <= int(plain) <= high:
        if plain != raw and isinstance(node, Scalar):
            report.error(
                node.at,
                "full-width",
                message("The digits of `%(key)s` are full-width.", key=key),
                _example(key, plain),
                report.edit(node.at, node.length, plain),
            )
        return int(plain)
    found = re.match(r"\s*(\d{1,7})", plain, re.ASCII)
    value = min(max(int(found[1]), low), high) if found else None
    report.error(
        node.at,
        "not-a-number",
        message("`%(key)s` takes a whole number from %(low)s to %(high)s, without unit.", key=key, low=low, high=high),
        _example(key, str(value if value is not None else low)),
        report.edit(node.at, node.length, str(value)) if value is not None and isinstance(node, Scalar) else None,
    )
    return value


_DIGITS = {ord("０") + n: str(n) for n in range(10)}


def flag(key: str, node: Node | None, report: Report, default: bool = False) -> bool:
    if node is None:
        return default
    raw = text(key, node, report) if isinstance(node, Scalar) else ""
    if raw in ("true", "yes"):
        return True
    if raw in ("false", "no"):
        return False
    report.error(
        node.at,
        "not-a-flag",
        message("`%(key)s` takes `true` or `false`.", key=key),
        _example(key, "true"),
    )
    return default


def share(key: str, node: Node | None, report: Report) -> int:
    """A share in whole percent, written with its sign: `20%`; 0 where it is missing or none."""
    if node is None:
        return 0
    raw = text(key, node, report) if isinstance(node, Scalar) else ""
    match = re.fullmatch(r"(\d{1,3})\s*[%％]", raw, re.ASCII)
    if match is not None and 1 <= int(match[1]) <= 100:
        return int(match[1])
    report.error(
        node.at,
        "not-a-share",
        message("`%(key)s` takes a share from 1%% to 100%%.", key=key),
        _example(key, "20%"),
    )
    return 0


SPANS: Mapping[str, int] = {"min": 1, "h": 60, "d": 1440}  # minutes
_SPAN = re.compile(r"(\d{1,5})\s*([a-z]+)", re.ASCII)


def span(key: str, node: Node | None, report: Report, example: str) -> int | None:
    """A length of time in minutes, written with its unit: `20 min`, `1 h`, `2 d`; None where it is missing or none."""
    if node is None:
        return None
    raw = text(key, node, report) if isinstance(node, Scalar) else ""
    match = _SPAN.fullmatch(raw)
    if match is not None and match[2] in SPANS and 0 < int(match[1]) * SPANS[match[2]] <= 525_600:
        return int(match[1]) * SPANS[match[2]]
    report.error(
        node.at,
        "not-a-span",
        message("`%(key)s` takes a whole number and `min`, `h` or `d`.", key=key),
        _example(key, example),
    )
    return None


_WALL = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d))?", re.ASCII)


def wall(key: str, node: Node | None, report: Report, *, end: bool = False) -> datetime | None:
    """A day and time as a wall clock shows it, without a zone. A day alone is its beginning; with `end`, its end."""
    if node is None:
        return None
    raw = text(key, node, report) if isinstance(node, Scalar) else ""
    match = _WALL.fullmatch(raw)
    try:
        if match is not None:
            found = datetime.fromisoformat(f"{match[1]} {match[2] or '00:00'}")
            return found + timedelta(days=1) if end and not match[2] else found
    except (ValueError, OverflowError):
        pass  # no such day: said below
    report.error(
        node.at,
        "not-a-moment",
        message("`%(key)s` takes a day, or a day and a time.", key=key),
        _example(key, "2027-03-01 09:00"),
    )
    return None


def in_order(opens: datetime | None, closes: datetime | None, at: Line, report: Report) -> None:
    """Says that a window closes before it opens."""
    if opens is not None and closes is not None and closes <= opens:
        report.error(at, "closes-before", message("It closes before it opens."), message("Write a later `closes`."))


def one_of(key: str, node: Node | None, known: Collection[str], report: Report, default: str = "") -> str:
    if node is None:
        return default
    raw = text(key, node, report)
    if raw in known:
        return raw
    if raw:
        report.error(
            node.at, "unknown-value", message("`%(key)s` cannot be `%(value)s`.", key=key, value=raw), meant(raw, known)
        )
    return default


def items(key: str, node: Node | None, report: Report) -> tuple[Node, ...]:
    if node is None:
        return ()
    if isinstance(node, Items):
        return node.items
    report.error(node.at, "wrong-kind", message("`%(key)s` takes a list.", key=key), _example(key, "[…, …]"))
    return (node,) if isinstance(node, Scalar) and node.text else ()


def words(key: str, node: Node | None, report: Report) -> tuple[tuple[str, Line], ...]:
    """A list of words with their places. A full-width comma between them is said and then read as a comma."""
    found: list[tuple[str, Line]] = []
    for item in items(key, node, report):
        raw = text(key, item, report)
        if "，" in raw or "、" in raw:
            parts = [part.strip() for part in re.split("[，、]", raw)]
            report.error(
                item.at,
                "full-width",
                message("`%(value)s` is one word here: the comma in it is full-width.", value=raw),
                message("Write `%(value)s`.", value=", ".join(parts)),
                report.edit(item.at, item.length, ", ".join(parts)) if isinstance(item, Scalar) else None,
            )
            found.extend((part, item.at) for part in parts if part)
        elif raw:
            found.append((raw, item.at))
    return tuple(found)


def competencies(key: str, node: Node | None, report: Report) -> tuple[str, ...]:
    found: list[str] = []
    if isinstance(node, Scalar):
        node = Items((node,), node.at)
    for word, at in words(key, node, report):
        if competency(word, at, report):
            found.append(word)
    return tuple(dict.fromkeys(found))


def competency(word: str, at: Line, report: Report) -> bool:
    if word in COMPETENCIES:
        return True
    report.error(
        at,
        "unknown-competency",
        message("`%(word)s` is no competency.", word=word),
        message("Write `C` and two digits, as in `C06`."),
    )
    return False


def identity(key: str, node: Node | None, report: Report) -> str:
    raw = text(key, node, report)
    if raw and node is not None:
        checked_id(raw, node.at, report)
    return raw


def checked_id(raw: str, at: Line, report: Report) -> bool:
    if ID.fullmatch(raw) and len(raw) <= 100:
        return True
    proposal = re.sub(r"[^a-z0-9.]+", "-", raw.lower())[:60].strip(".-")
    report.error(
        at,
        "bad-id",
        message("`%(id)s` is no id: ids are small letters, digits, `.` and `-`.", id=raw[:60]),
        message("Write `%(id)s`.", id=proposal) if ID.fullmatch(proposal) else None,
    )
    return False


def texts(key: str, node: Node | None, report: Report) -> dict[str, str]:
    """Language -> text."""
    if node is None:
        return {}
    if not isinstance(node, Pairs):
        report.error(
            node.at,
            "wrong-kind",
            message("`%(key)s` takes a text for each language.", key=key),
            _example(key, "{en: …, zh-Hans: …}"),
        )
        return {}
    found: dict[str, str] = {}
    for tag, value in node.pairs:
        if language(tag.text, tag.at, report):
            found[tag.text] = text(tag.text, value, report)
    return found


def language(tag: str, at: Line, report: Report) -> bool:
    if LANGUAGE.fullmatch(tag):
        return True
    known = ("en", "zh-Hans", "zh-Hant")
    report.error(at, "bad-language", message("`%(tag)s` is no language tag.", tag=tag[:40]), meant(tag, known))
    return False


def value(front: Front, key: str) -> Node | None:
    pair = front.values.get(key)
    return pair[1] if pair else None


Kind = Literal["lesson", "quiz", "drill", "scenario", "negotiation", "survey"]
KINDS: tuple[str, ...] = get_args(Kind)[1:]
