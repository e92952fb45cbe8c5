"""Every number that a lesson or a question computes is computed again here, exactly, and stands in the text as it comes out."""

from __future__ import annotations

import ast
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "tests" / "content" / "sums").glob("*.yaml"))
LANGUAGES = ("en", "zh-Hans")
LARGEST_POWER = 100
UNITS = {
    "": Fraction(1),
    "%": Fraction(1, 100),
    "‰": Fraction(1, 1000),
    "千": Fraction(1000),
    "万": Fraction(10**4),
    "亿": Fraction(10**8),
    "万亿": Fraction(10**12),
    "thousand": Fraction(10**3),
    "million": Fraction(10**6),
    "billion": Fraction(10**9),
}
SHOWN = re.compile(
    r"(?P<sign>[-−+]?)(?P<whole>\d{1,3}(?:[,\u00a0\u2009\u202f ]\d{3})+|\d+)(?:\.(?P<decimals>\d+))?"
    rf"\s?(?P<unit>{'|'.join(sorted(UNITS, key=len, reverse=True))})"
)


def result(sum: str) -> Fraction:
    """The exact value of an arithmetic expression. Raises ValueError for anything else."""
    try:
        tree = ast.parse(sum.strip(), mode="eval")
    except SyntaxError:
        raise ValueError(f"{sum!r} is no sum: write numbers without separators, + - * / ** and brackets") from None
    return _value(tree.body, sum.strip())


def _value(node: ast.expr, sum: str) -> Fraction:
    match node:
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            # From the text, not from the float: 47.4 is exactly 47.4.
            return Fraction(str(ast.get_source_segment(sum, node)))
        case ast.UnaryOp(op=ast.USub()):
            return -_value(node.operand, sum)
        case ast.UnaryOp(op=ast.UAdd()):
            return _value(node.operand, sum)
        case ast.BinOp():
            left, right = _value(node.left, sum), _value(node.right, sum)
            match node.op:
                case ast.Add():
                    return left + right
                case ast.Sub():
                    return left - right
                case ast.Mult():
                    return left * right
                case ast.Div() if right:
                    return left / right
                case ast.Pow() if abs(right) <= LARGEST_POWER:
                    return _power(left, right)
    raise ValueError(f"{sum!r} is no sum: it takes only numbers, + - * / ** and brackets, and nothing is divided by 0")


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator == 1:
        return base**exponent.numerator
    with localcontext(prec=60):  # a root, as in a yearly rate: more digits than anything shows
        one, other = (Decimal(part.numerator) / Decimal(part.denominator) for part in (base, exponent))
        return Fraction(one**other)


def shown_as(value: Fraction, like: str) -> str:
    """`value` written with the decimals and the unit of `like`, without separators. Raises ValueError: no number."""
    match = SHOWN.fullmatch(like.strip())
    if match is None:
        raise ValueError(f"{like!r} is no number: write it as 31.6, 216,000, 45 % or 21.6万")
    decimals = len(match["decimals"] or "")
    scaled = value / UNITS[match["unit"]] * 10**decimals
    with localcontext(prec=200):
        digits = abs(Decimal(scaled.numerator) / Decimal(scaled.denominator)).quantize(Decimal(1), ROUND_HALF_UP)
        rounded = digits.scaleb(-decimals)
    sign = "-" if scaled < 0 and rounded else ""
    return f"{sign}{rounded:f}"


def written(like: str) -> str:
    """The number in `like` without separators and unit, to compare with `shown_as`."""
    match = SHOWN.fullmatch(like.strip())
    assert match is not None
    whole = re.sub(r"\D", "", match["whole"])
    number = whole + (f".{match['decimals']}" if match["decimals"] else "")
    negative = match["sign"] in ("-", "−") and Decimal(number) != 0
    return f"{'-' if negative else ''}{Decimal(number):f}"


def stands_in(number: str, text: str) -> bool:
    """Whether `number` stands in `text` by itself, not as a part of a longer number or word."""
    before, after = r"(?<![A-Za-z0-9_])(?<!\d[.,])", r"(?![A-Za-z0-9_])(?![.,]\d)"
    return re.search(before + re.escape(number.strip()) + after, text) is not None


def faults(path: str, row: Any, texts: dict[str, str]) -> list[str]:
    """What is wrong with one row of a file of sums."""
    where = f"{path}: {row}"
    if not isinstance(row, dict) or set(row) != {"sum", *LANGUAGES}:
        return [f"{where}: a row takes sum, {' and '.join(LANGUAGES)}"]
    if not all(isinstance(value, str) for value in row.values()):
        return [f"{where}: put all three in straight quotes"]
    try:
        value = result(row["sum"])
        right = {language: shown_as(value, row[language]) for language in LANGUAGES}
    except ValueError as error:
        return [f"{where}: {error}"]
    found = []
    for language, number in right.items():
        if written(row[language]) != number:
            found.append(f"{where}: the sum gives {float(value):.8g}, so that {language} shows {number}")
        if not stands_in(row[language], texts[language]):
            found.append(f"{where}: {row[language]!r} does not stand in {path}.{language}.md")
    return found


def read(file: Path) -> dict[str, Any]:
    """The file's rows by path. Raises ValueError where a path stands twice: YAML would forget the first one's rows."""
    text = file.read_text(encoding="utf-8")
    node = yaml.compose(text)
    assert isinstance(node, yaml.MappingNode), file.name
    twice = [path for path, times in Counter(key.value for key, _ in node.value).items() if times > 1]
    if twice:
        raise ValueError(f"{file.name}: put the rows of {twice} under one key")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_computed_number_comes_out_and_stands_in_the_text(file: Path) -> None:
    found: list[str] = []
    for path, rows in read(file).items():
        places = {language: ROOT / f"{path}.{language}.md" for language in LANGUAGES}
        if missing := [place for place in places.values() if not place.is_file()]:
            found.append(f"{path}: there is no {missing[0].relative_to(ROOT)}")
            continue
        texts = {language: place.read_text(encoding="utf-8") for language, place in places.items()}
        assert isinstance(rows, list), path
        for row in rows:
            found.extend(faults(path, row, texts))
    assert found == []


@pytest.mark.parametrize(
    ("sum", "like", "right"),
    [
        ("(47.4 / 2.77) / (52.6 / 97.23)", "31.6", "31.6"),
        ("432000 / 2", "216,000", "216000"),
        ("432000 / 2", "21.6万", "21.6"),
        ("324 / 360", "90.0 %", "90.0"),
        ("1 / 8", "0.13", "0.13"),  # half up, where floats and bankers write 0.12
        ("-1 / 8", "−0.13", "-0.13"),
        ("0.1 + 0.2", "0.3", "0.3"),
        ("1.5 ** 10", "57.7", "57.7"),
        ("2 ** (1 / 2)", "1.4142", "1.4142"),
        ("2.5 * 10 ** 8", "2.5亿", "2.5"),
        ("1200000", "1.2 million", "1.2"),
        ("-0.001", "0.0", "0.0"),
        ("7", "7.00", "7.00"),
    ],
)
def test_a_sum_is_rounded_half_up_to_what_is_shown(sum: str, like: str, right: str) -> None:
    assert shown_as(result(sum), like) == right == written(like)


@pytest.mark.parametrize(
    "sum", ["1,000 + 1", "abs(1)", "1 / 0", "'a' * 3", "9 ** 9999", "x", "", "True", "1 if 1 else 2"]
)
def test_only_sums_are_computed(sum: str) -> None:
    with pytest.raises(ValueError, match="is no sum"):
        result(sum)


@pytest.mark.parametrize(
    ("number", "text", "stands"),
    [
        ("31.6", "about 31.6 times.", True),
        ("31.6", "about 31.6.", True),
        ("31.6", "约31.6倍", True),
        ("31.6", "131.6", False),
        ("31.6", "31.65", False),
        ("216", "216,000", False),
        ("000", "216,000", False),
        ("4", "Q4 and T04", False),
        ("21.6万", "每年21.6万元", True),
        ("45 %", "45 % of it", True),
    ],
)
def test_a_number_stands_by_itself(number: str, text: str, stands: bool) -> None:
    assert stands_in(number, text) is stands


def test_what_is_wrong_with_a_row_is_said() -> None:
    texts = {"en": "It is 2.", "zh-Hans": "是3。"}
    assert faults("a", {"sum": "1 + 1", "en": "2", "zh-Hans": "3"}, texts) == [
        "a: {'sum': '1 + 1', 'en': '2', 'zh-Hans': '3'}: the sum gives 2, so that zh-Hans shows 2"
    ]
    assert "does not stand in a.en.md" in faults("a", {"sum": "4", "en": "4", "zh-Hans": "4"}, texts)[0]
    assert "takes sum" in faults("a", {"sum": "4"}, texts)[0]
    assert "straight quotes" in faults("a", {"sum": 4, "en": "4", "zh-Hans": "4"}, texts)[0]
    assert "no number" in faults("a", {"sum": "4", "en": "four", "zh-Hans": "4"}, texts)[0]


def test_a_path_that_stands_twice_is_said(tmp_path: Path) -> None:
    file = tmp_path / "twice.yaml"
    file.write_text("a: []\na: []\n", encoding="utf-8")
    with pytest.raises(ValueError, match="under one key"):
        read(file)
