"""The page values of negotiations. While a talk goes on they hold nothing of what only the buyer knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import url_for

from kamtrain.core import negotiation as rules
from kamtrain.core.catalog import Grade
from kamtrain.core.message import Message
from kamtrain.core.negotiation import Buyer, Issue, Kind, Move, Package, Table
from kamtrain.core.scenario import for_variant
from kamtrain.services.negotiations import Talk


def points(tenths: int) -> Decimal:
    """Points as one says them."""
    return Decimal(tenths) / 10


@dataclass(frozen=True)
class Term:
    """One issue of a package."""

    name: str
    value: str
    points: Decimal  # our worth


@dataclass(frozen=True)
class Said:
    """One turn: our move in parts, the buyer's words, and his offer where it changed."""

    number: int
    act: str
    kind: Kind
    issue: str  # name of what was asked about, or for
    terms: tuple[Term, ...]
    points: Decimal
    words: tuple[str, ...]  # HTML
    moved: bool
    counter: tuple[Term, ...]
    counter_points: Decimal


@dataclass(frozen=True)
class Field:
    """One issue in the form."""

    id: str
    name: str
    value: str  # as sent back
    options: tuple[tuple[str, str, int], ...]  # (place, label, tenths of a point of our worth); () for numbers
    low: int
    high: int
    step: int
    unit: str
    worth: tuple[tuple[int, int], ...]  # numbers: (value, tenths of a point), for the count while typing
    low_points: Decimal  # our worth of the lowest number
    high_points: Decimal


@dataclass(frozen=True)
class TablePage:
    title: str
    lang: str
    back_url: str
    buyer: str
    post: str
    pressure: str
    briefing: str  # HTML
    opening: str  # HTML
    turns: tuple[Said, ...]
    left: int
    all_turns: int
    target: Decimal
    limit: Decimal
    limit_tenths: int
    target_tenths: int
    stuck: bool
    counter: tuple[Term, ...]
    counter_points: Decimal
    mine: tuple[Term, ...]  # our last offer; () before the first
    mine_points: Decimal
    fields: tuple[Field, ...]
    issues: tuple[tuple[str, str], ...]  # (id, name)
    unasked: tuple[tuple[str, str], ...]  # (id, name) of what was not asked about yet
    back: str  # the issue asked for in return, as sent
    turn: int  # 0-based, to be sent back
    make_url: str
    error: Message | None = None


@dataclass(frozen=True)
class Dot:
    """A package in the picture; places in its units."""

    x: float
    y: float
    label: str
    yours: Decimal
    theirs: Decimal


@dataclass(frozen=True)
class Picture:
    """Worth to us goes to the right, worth to the buyer upwards; 0 to 100 points each."""

    line: tuple[Dot, ...]  # what no other package beats for both
    offers: tuple[Dot, ...]
    counters: tuple[Dot, ...]
    deal: Dot | None
    better: Dot | None
    limit_x: float
    limit_y: float

    @property
    def path(self) -> str:
        return _path(self.line)

    @property
    def zone(self) -> str:
        """The corners of what both could have agreed to, between their limits and the line; "" where there is none."""
        within = [dot for dot in self.line if dot.x >= self.limit_x and dot.y <= self.limit_y]
        if not within:
            return ""
        ends = f"{self.limit_x},{self.limit_y} {within[0].x},{self.limit_y}"
        return f"{ends} {_path(within)} {self.limit_x},{within[-1].y}"


def _path(dots: Sequence[Dot]) -> str:
    return " ".join(f"{dot.x},{dot.y}" for dot in dots)


LEFT, TOP, SIDE = 44, 12, 320  # of the square, in units of the picture


@dataclass(frozen=True)
class LogLine:
    number: int
    act: str
    kind: Kind
    issue: str
    terms: tuple[Term, ...]
    gave: Decimal
    returned: Decimal
    step: rules.Step | None


@dataclass(frozen=True)
class AgreedLine:
    """One issue of the agreement, beside what would have been better."""

    name: str
    value: str
    yours: Decimal
    theirs: Decimal
    better: str
    better_yours: Decimal | None
    better_theirs: Decimal | None
    between: tuple[str, str] | None  # numbers: the values both could have signed, the rest as agreed


@dataclass(frozen=True)
class DebriefPage:
    title: str
    lang: str
    back_url: str
    buyer: str
    style: str
    end: str
    grade: Grade
    score: int
    words: str  # HTML
    result: rules.Debrief
    yours: Decimal | None
    theirs: Decimal | None
    limit: Decimal
    target: Decimal
    their_limit: Decimal
    their_target: Decimal
    zone: tuple[Decimal, Decimal] | None
    their_zone: tuple[Decimal, Decimal] | None
    surplus: Decimal
    their_surplus: Decimal
    joint_left: Decimal  # what both together left on the table
    better_gain: Decimal  # ours, in the better package
    better_their_gain: Decimal
    agreed: tuple[AgreedLine, ...]
    log: tuple[LogLine, ...]
    picture: Picture
    questions: str  # HTML
    again_url: str
    variants: tuple[tuple[str, str, bool], ...]  # (variant, style, whether it is this one)
    variant: str
    course: str
    next_title: str
    next_url: str


def terms(table: Table, package: Package) -> tuple[Term, ...]:
    return tuple(
        Term(issue.name, issue.options[place].label, points(issue.options[place].yours))
        for issue, place in zip(table.issues, package, strict=True)
    )


def _name(table: Table, id: str) -> str:
    return next((issue.name for issue in table.issues if issue.id == id), "")


def _said(talk: Talk, number: int) -> Said:
    table, turn = talk.table, talk.here.turns[number - 1]
    before = talk.states[number - 1].counter
    package = turn.move.package
    return Said(
        number=number,
        act=turn.move.act,
        kind=turn.kind,
        issue=_name(table, turn.move.issue),
        terms=terms(table, package) if package else (),
        points=points(table.yours(package)) if package else Decimal(0),
        words=_words(talk, number),
        moved=turn.counter != before,
        counter=terms(table, turn.counter),
        counter_points=points(table.yours(turn.counter)),
    )


def _words(talk: Talk, number: int) -> tuple[str, ...]:
    """What is said after a turn, each event in the wording for so many times."""
    before = [event for turn in talk.here.turns[: number - 1] for event in turn.events]
    said = (talk.table.said(event, talk.variant, before.count(event)) for event in talk.here.turns[number - 1].events)
    return tuple(words for words in said if words)


def _field(issue: Issue, place: int, sent: str | None) -> Field:
    numbers = issue.numbers
    pairs = tuple(zip(numbers.values, (o.yours for o in issue.options), strict=True)) if numbers else ()
    worth = dict(pairs)
    low, high = (min(worth), max(worth)) if worth else (0, 0)
    return Field(
        id=issue.id,
        name=issue.name,
        value=sent if sent is not None else str(numbers.values[place]) if numbers else str(place),
        options=()
        if numbers
        else tuple((str(n), option.label, option.yours) for n, option in enumerate(issue.options)),
        low=low,
        high=high,
        step=numbers.step if numbers else 1,
        unit=numbers.unit if numbers else "",
        worth=pairs,
        low_points=points(worth.get(low, 0)),
        high_points=points(worth.get(high, 0)),
    )


def table_page(
    talk: Talk, back_url: str, sent: Mapping[str, str] | None = None, error: Message | None = None
) -> TablePage:
    """`sent`: what a form holds that could not be read."""
    table, here = talk.table, talk.here
    buyer = for_variant(table.buyers, talk.variant)
    start = here.offer or table.dream
    sent = sent or {}
    names = tuple((issue.id, issue.name) for issue in table.issues)
    return TablePage(
        title=table.title,
        lang=table.language,
        back_url=back_url,
        buyer=buyer.name,
        post=buyer.post,
        pressure=buyer.pressure,
        briefing=table.briefing,
        opening=table.said("opening", talk.variant),
        turns=tuple(_said(talk, number) for number in range(1, len(here.turns) + 1)),
        left=here.left,
        all_turns=table.turns,
        target=points(table.target),
        limit=points(table.limit),
        limit_tenths=table.limit,
        target_tenths=table.target,
        stuck=here.stuck,
        counter=terms(table, here.counter),
        counter_points=points(table.yours(here.counter)),
        mine=terms(table, here.offer) if here.offer else (),
        mine_points=points(table.yours(here.offer)) if here.offer else Decimal(0),
        fields=tuple(
            _field(issue, place, sent.get(f"issue-{issue.id}"))
            for issue, place in zip(table.issues, start, strict=True)
        ),
        issues=names,
        unasked=tuple((id, name) for id, name in names if id not in here.asked),
        back=sent.get("return", ""),
        turn=len(here.turns),
        make_url=url_for("negotiation.make", attempt=talk.attempt.id),
        error=error,
    )


# --- afterwards ---------------------------------------------------------------------------------------------------------


def _dot(point: rules.Point, label: str = "") -> Dot:
    return Dot(_x(point.yours), _y(point.theirs), label, points(point.yours), points(point.theirs))


def _x(tenths: int) -> float:
    return round(LEFT + SIDE * tenths / rules.WHOLE, 1)


def _y(tenths: int) -> float:
    return round(TOP + SIDE - SIDE * tenths / rules.WHOLE, 1)


def picture(table: Table, buyer: Buyer, result: rules.Debrief) -> Picture:
    return Picture(
        line=tuple(_dot(point) for point in result.frontier),
        offers=tuple(_dot(point, str(n)) for n, point in enumerate(_distinct(result.offers), 1)),
        counters=tuple(_dot(point, str(n)) for n, point in enumerate(result.counters, 1)),
        deal=_dot(result.deal) if result.deal else None,
        better=_dot(result.better) if result.better else None,
        limit_x=_x(table.limit),
        limit_y=_y(buyer.limit),
    )


def _distinct(found: Sequence[rules.Point]) -> tuple[rules.Point, ...]:
    return tuple(dict.fromkeys(found))


def _log(talk: Talk, result: rules.Debrief) -> tuple[LogLine, ...]:
    steps = {step.turn: step for step in result.steps}
    return tuple(
        LogLine(
            number=number,
            act=turn.move.act,
            kind=turn.kind,
            issue=_name(talk.table, turn.move.issue),
            terms=_changed(talk.table, _offered_before(talk, number), turn.move),
            gave=points(turn.gave),
            returned=points(turn.returned),
            step=steps.get(number),
        )
        for number, turn in enumerate(talk.here.turns, 1)
    )


def _offered_before(talk: Talk, number: int) -> Package | None:
    return talk.states[number - 1].offer


def _changed(table: Table, before: Package | None, move: Move) -> tuple[Term, ...]:
    """The issues in which an offer differs from the one before; all of the first one."""
    if not move.package:
        return ()
    return tuple(
        term for n, term in enumerate(terms(table, move.package)) if before is None or before[n] != move.package[n]
    )


def _agreed(table: Table, result: rules.Debrief) -> tuple[AgreedLine, ...]:
    if result.deal is None:
        return ()
    lines = []
    for n, (issue, place) in enumerate(zip(table.issues, result.deal.package, strict=True)):
        option = issue.options[place]
        other = issue.options[result.better.package[n]] if result.better else None
        between = None
        if issue.numbers is not None and issue.id in result.ranges:
            low, high = result.ranges[issue.id]
            labels = [issue.options[issue.numbers.values.index(value)].label for value in (low, high)]
            between = (labels[0], labels[1])
        lines.append(
            AgreedLine(
                issue.name,
                option.label,
                points(option.yours),
                points(option.theirs),
                other.label if other else "",
                points(other.yours) if other else None,
                points(other.theirs) if other else None,
                between,
            )
        )
    return tuple(lines)


def debrief_page(talk: Talk, back_url: str, course: str, again: bool, next_title: str, next_url: str) -> DebriefPage:
    table = talk.table
    buyer = for_variant(table.buyers, talk.variant)
    result = rules.debrief(table, talk.variant, talk.here)
    deal, better = result.deal, result.better
    return DebriefPage(
        title=table.title,
        lang=table.language,
        back_url=back_url,
        buyer=buyer.name,
        style=buyer.style,
        end=result.end,
        grade=result.grade,
        score=result.percent,
        words=table.said(result.end, talk.variant),
        result=result,
        yours=points(deal.yours) if deal else None,
        theirs=points(deal.theirs) if deal else None,
        limit=points(table.limit),
        target=points(table.target),
        their_limit=points(result.limit),
        their_target=points(result.target),
        zone=(points(result.zone[0]), points(result.zone[1])) if result.zone else None,
        their_zone=(points(result.their_zone[0]), points(result.their_zone[1])) if result.their_zone else None,
        surplus=points(result.surplus),
        their_surplus=points(result.their_surplus),
        joint_left=points(max(0, result.most - result.surplus - result.their_surplus)),
        better_gain=points(better.yours - deal.yours) if better and deal else Decimal(0),
        better_their_gain=points(better.theirs - deal.theirs) if better and deal else Decimal(0),
        agreed=_agreed(table, result),
        log=_log(talk, result),
        picture=picture(table, buyer, result),
        questions=table.debrief,
        again_url=url_for("practice.begin", kind="negotiation", activity=table.id, course=course or None)
        if again
        else "",
        variants=tuple((v, one.style, v == talk.variant) for v, one in table.buyers.items()),
        variant=talk.variant,
        course=course,
        next_title=next_title,
        next_url=next_url,
    )
