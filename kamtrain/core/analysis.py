"""What the answers of many say about the questions: how hard each is, whom it tells apart, and how far a score is to be trusted.

Classical test theory. A sheet is what one person answered; sheets may hold different questions where a quiz draws them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, inf, lgamma, log, log1p, sqrt
from operator import mul
from statistics import quantiles
from typing import NamedTuple

from kamtrain.core.message import Message, message

FEW = 30  # answers; below them nothing is said, since chance would say it
FIFTHS = 5
EASY, HARD = 0.95, 0.20  # facility
DULL = 0.20  # item-rest correlation; below it a question hardly goes with the rest (Ebel 1965)
OPEN = 0.10  # share left open that is worth a word
LONGEST = 600  # seconds; who takes longer over one question has gone for coffee, and counts as this long
WAITING = 0.10  # share not marked yet that makes a question's figures say something else


class Given(NamedTuple):
    """One person's answer to one question. `current`: given to the question as it is written now."""

    points: int | None  # thousandths; None waits for a mark
    possible: int  # thousandths
    omitted: bool
    current: bool


Sheet = Mapping[str, Given]  # question ->


@dataclass(frozen=True)
class Figures:
    """One question. Shares are 0..1; None where there are too few answers, or no two of them differ."""

    answers: int  # marked, to the question as it is now
    waiting: int  # not marked yet
    older: int  # to the question as it was before
    facility: float | None = None  # mean share of its points
    discrimination: float | None = None  # item-rest correlation, -1..1
    omitted: float | None = None
    fifths: tuple[float | None, ...] = ()  # facility within each fifth by total score, the lowest first


@dataclass(frozen=True)
class Times:
    """How long one question takes, in seconds: a quarter of the answers below `low`, half below `median`."""

    answers: int
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Choice:
    """One option of a question, and how many chose it."""

    label: str
    right: bool
    chosen: int


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha with its interval, over people who answered the same questions."""

    alpha: float
    low: float
    high: float
    people: int
    questions: int


class _Column:
    """The marked answers to one question, side by side."""

    __slots__ = ("fifths", "older", "omitted", "rests", "shares", "waiting")

    def __init__(self) -> None:
        self.shares: list[float] = []
        self.rests: list[float | None] = []  # share of everything else on the sheet; None where there is nothing else
        self.fifths: list[int] = []
        self.omitted = self.waiting = self.older = 0


def figures(sheets: Sequence[Sheet], questions: Iterable[str]) -> dict[str, Figures]:
    """Each question's figures. A total is the share of the points of everything marked on the sheet."""
    columns: dict[str, _Column] = defaultdict(_Column)
    totals = [_total(sheet) for sheet in sheets]
    ranks = fifths([points / possible if possible else 0.0 for points, possible in totals])
    # Of many thousand answers few differ: each kind is looked at once. No sum below depends on the order (fsum).
    kinds: dict[tuple[str, Given, int, int, int], int] = {}
    for sheet, (total, whole), fifth in zip(sheets, totals, ranks, strict=True):
        for question, given in sheet.items():
            kind = question, given, total, whole, fifth
            kinds[kind] = kinds.get(kind, 0) + 1
    for (question, (points, possible, omitted, current), total, whole, fifth), times_given in kinds.items():
        column = columns[question]
        if not current:
            column.older += times_given
        elif points is None:
            column.waiting += times_given
            column.omitted += omitted * times_given
        else:
            rest = (total - points) / (whole - possible) if whole > possible else None
            column.omitted += omitted * times_given
            column.shares += [points / possible] * times_given
            column.rests += [rest] * times_given
            column.fifths += [fifth] * times_given
    return {question: _figures(columns[question]) for question in questions}


def _figures(column: _Column) -> Figures:
    answers, waiting = len(column.shares), column.waiting
    if answers < FEW or waiting > WAITING * (answers + waiting):
        return Figures(answers, waiting, column.older)
    within: list[list[float]] = [[] for _ in range(FIFTHS)]
    for share, fifth in zip(column.shares, column.fifths, strict=True):
        within[fifth].append(share)
    beside = [share for share, rest in zip(column.shares, column.rests, strict=True) if rest is not None]
    rests = [rest for rest in column.rests if rest is not None]
    return Figures(
        answers,
        waiting,
        column.older,
        facility=fsum(column.shares) / answers,
        discrimination=_correlation(beside, rests),
        omitted=column.omitted / (answers + waiting),
        fifths=tuple(fsum(shares) / len(shares) if shares else None for shares in within),
    )


def _total(sheet: Sheet) -> tuple[int, int]:
    """Points and possible points of what is marked."""
    total = whole = 0
    for points, possible, _, _ in sheet.values():
        if points is not None:
            total += points
            whole += possible
    return total, whole


def fifths(totals: Sequence[float]) -> list[int]:
    """For each total its fifth, 0 the lowest. Equal totals stay together, at their middle rank: so no order decides."""
    counts = Counter(totals)
    below, places = 0, {}
    for total in sorted(counts):
        places[total] = min(FIFTHS - 1, int(FIFTHS * (below + counts[total] / 2) / len(totals)))
        below += counts[total]
    return [places[total] for total in totals]


def times(taken: Mapping[int, int]) -> Times | None:
    """`taken`: seconds -> how many took them; None of too few. Quartiles as spreadsheets have them (Hyndman and Fan, 7)."""
    answers = sum(taken.values())
    if answers < FEW:
        return None
    seconds = [min(one, LONGEST) for one in sorted(taken) for _ in range(taken[one])]
    low, median, high = quantiles(seconds, method="inclusive")
    return Times(answers, low, median, high)


def _correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Pearson's; None for too few, or where all of one side are equal. `statistics.correlation` takes four times as long."""
    if len(xs) < FEW or min(xs) == max(xs) or min(ys) == max(ys):
        return None
    across, up = fsum(xs) / len(xs), fsum(ys) / len(ys)
    dx, dy = [x - across for x in xs], [y - up for y in ys]
    product = fsum(map(mul, dx, dy)) / sqrt(fsum(map(mul, dx, dx)) * fsum(map(mul, dy, dy)))
    return max(-1.0, min(1.0, product))


def reliability(sheets: Sequence[Sheet]) -> Reliability | None:
    """Alpha over the largest group who answered the same questions as they are now; None where that group is too small."""
    groups: dict[frozenset[str], list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        same = frozenset([id for id, (points, _, _, current) in sheet.items() if current and points is not None])
        groups[same].append(sheet)
    if not groups:
        return None
    # Of two groups of one size the one with more questions; then by name, so that the answer is always the same.
    questions = max(groups, key=lambda same: (len(groups[same]), len(same), sorted(same)))
    people, order = groups[questions], sorted(questions)
    if len(people) < FEW or len(questions) < 2:
        return None
    alpha = cronbach([[sheet[id].points or 0 for id in order] for sheet in people])
    if alpha is None:
        return None
    low, high = feldt(alpha, len(people), len(questions))
    return Reliability(alpha, low, high, len(people), len(questions))


def judgement(one: Reliability) -> Message:
    """What alpha says in words; by its lower end, since that is what one may count on (bounds of Nunnally 1978)."""
    if one.low >= 0.9:
        return message("Whoever does better here can do more: the score may decide something about one person.")
    if one.low >= 0.7:
        return message("The score tells groups apart; for one person look at more than this quiz.")
    return message("Chance has a large part in the score: good for practice, not for judging anybody.")


def cronbach(rows: Sequence[Sequence[int]]) -> float | None:
    """Cronbach's alpha; a row is a person, a column a question. None where all have the same total."""
    columns = list(zip(*rows, strict=True))
    total = _spread([sum(row) for row in rows])
    if not total:
        return None
    count = len(columns)
    return count / (count - 1) * (1 - sum(map(_spread, columns)) / total)


def _spread(values: Sequence[int]) -> int:
    """The variance times n (n - 1): whole points have it exactly."""
    total, squares = sum(values), sum(value * value for value in values)
    return len(values) * squares - total * total


def feldt(alpha: float, people: int, questions: int, level: float = 0.95) -> tuple[float, float]:
    """The interval of alpha: (1 - alpha) / (1 - estimate) is distributed as F (Feldt, Woodruff and Salih 1987)."""
    above = people - 1
    below = above * (questions - 1)
    tail = (1 - level) / 2
    return 1 - (1 - alpha) * f_quantile(1 - tail, above, below), 1 - (1 - alpha) * f_quantile(tail, above, below)


def f_quantile(share: float, above: float, below: float) -> float:
    """The value of the F distribution with these degrees of freedom that has `share` of it below."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _beta(middle, above / 2, below / 2) < share:
            low = middle
        else:
            high = middle
    return inf if high == 1.0 else below * high / (above * (1 - high))


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Lentz's method; NIST DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # there the fraction converges fast for the other tail only
        return 1 - _beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    tiny = 1e-300
    c, d = 1.0, 1 / ((1 - (a + b) * x / (a + 1)) or tiny)
    fraction = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / ((1 + term * d) or tiny)
            c = (1 + term / c) or tiny
            fraction *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return front * fraction


def advice(one: Figures, parts: Sequence[Sequence[Choice]] = ()) -> tuple[Message, ...]:
    """What to do about a question, the gravest first; () where nothing is amiss. `parts` hold the options of each list."""
    if one.facility is None or one.omitted is None:
        if one.answers < FEW:
            return (message("Too few answers: %(count)s of %(few)s.", count=one.answers, few=FEW),)
        return (message("Too many answers still wait for a mark: %(count)s.", count=one.waiting),)
    said = []
    # One standard error of r: a figure that chance alone gives so often is not worth anybody's time.
    error = 1 / sqrt(one.answers - 3)
    relation = one.discrimination
    if relation is not None and relation < -error:
        said.append(message("The better ones miss it: check the key."))
    for choices in parts:
        said += _about(choices)
    if one.facility >= EASY:
        said.append(message("Nearly everybody is right: too easy, or well taught."))
    elif one.facility <= HARD:
        said.append(message("Hardly anybody is right: is it taught, and is the key right?"))
    elif relation is not None and -error <= relation and relation + error < DULL:
        said.append(message("Whoever is good at the rest is no better here: is it clear what is asked?"))
    if one.omitted >= OPEN:
        share = round(100 * one.omitted)
        said.append(message("%(share)s of 100 leave it open: is it clear, and is there time?", share=share))
    return tuple(said)


def _about(choices: Sequence[Choice]) -> list[Message]:
    said = []
    right = [choice.chosen for choice in choices if choice.right]
    wrong = [choice for choice in choices if not choice.right]
    if len(right) == 1:
        said += [
            message(
                "More choose %(option)s than the right answer: a common wrong read, or a wrong key.", option=one.label
            )
            for one in wrong
            if one.chosen > right[0]
        ]
    said += [message("Nobody chooses %(option)s: rewrite it.", option=one.label) for one in wrong if not one.chosen]
    return said
