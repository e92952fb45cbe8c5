"""Negotiation tables: several issues, a worth for each side, and a buyer who concedes by rule.

Where a talk stands is computed from the moves stored, never stored beside them: `play` is the whole truth, and the same
table, buyer, seed and moves always give the same talk. Worth is counted in tenths of a point; all of a side's best options
together are worth 1000. What the buyer gets from an option, and how far he would go, leaves this module only in `debrief`.

The buyer's rule is a time-dependent tactic with reciprocity (P. Faratin, C. Sierra, N. R. Jennings, "Negotiation decision
functions for autonomous agents", 1998): what he insists on falls from his opening to his limit along a curve of his style,
and every move of ours earns a part of the way. Below his target he goes only in return for something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import pairwise
from typing import Any, Literal, get_args

from kamtrain.core.catalog import Grade
from kamtrain.core.scenario import BASE

WHOLE = 1000  # tenths of a point: all of a side's best options together
TURN = 10  # parts that a good move earns; a table of eight turns has a way of eighty
CHANCE = 3  # the seed adds less than this to what is earned
TAUGHT = 10  # parts lost by giving when two of them press in turns
LEARNT = 3  # parts lost by a step that is not smaller than the one before, to whoever watches steps
MOST_TURNS = 20

Package = tuple[int, ...]  # place of the option, for each issue
Act = Literal["offer", "ask", "pause", "accept", "walk"]
ACTS: tuple[Act, ...] = get_args(Act)
Kind = Literal["first", "trade", "gift", "hold", "harder", "ask", "again", "pause", "accept", "walk"]
End = Literal["deal", "walked", "broken", "out-of-time"]
ENDS: tuple[End, ...] = get_args(End)


class Impossible(ValueError):
    """A move that cannot be made here."""


# --- the table ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Option:
    label: str
    yours: int  # tenths of a point: worth to the trainee
    theirs: int  # tenths of a point: worth to the buyer


@dataclass(frozen=True)
class Range:
    """Options that are numbers: from the first one in equal steps to the last one, up or down."""

    first: int
    last: int
    step: int  # positive
    unit: str = ""

    @property
    def values(self) -> tuple[int, ...]:
        down = self.last < self.first
        return tuple(range(self.first, self.last + (-1 if down else 1), -self.step if down else self.step))


@dataclass(frozen=True)
class Issue:
    id: str
    name: str
    options: tuple[Option, ...]
    numbers: Range | None = None

    def place(self, worth: str, *, best: bool) -> int:
        """The place of the side's best or worst option; `worth` is "yours" or "theirs". The first of equals."""
        order = [getattr(option, worth) for option in self.options]
        return order.index(max(order) if best else min(order))

    @property
    def weight(self) -> int:
        """Tenths of a point the buyer's best option is worth to him."""
        return max(option.theirs for option in self.options)


@dataclass(frozen=True)
class Buyer:
    """One who may sit opposite. The three marks are his own matter until the end."""

    name: str
    post: str
    style: str
    pressure: str
    opening: int  # tenths of a point, as the next two
    target: int
    limit: int
    pair: int | None = None  # after this turn two of them press, one hard and one kindly


@dataclass(frozen=True)
class Table:
    """One table in one language.

    `words` goes from an event to what is said then, by buyer, with `BASE`: one wording for each time it comes, in turn.
    """

    id: str
    language: str
    title: str
    briefing: str  # HTML
    turns: int
    issues: tuple[Issue, ...]
    target: int  # tenths of a point, the trainee's, as the limit
    limit: int
    buyers: Mapping[str, Buyer]  # by variant, with `BASE`
    words: Mapping[str, Mapping[str, tuple[str, ...]]]  # event -> variant -> HTML
    strong: int = 60  # percent of the surplus that was to be had
    acceptable: int = 30
    zone: bool = True  # False: there is none, and leaving is right
    debrief: str = ""  # HTML: the questions for afterwards
    competencies: tuple[str, ...] = ()

    @property
    def variants(self) -> tuple[str, ...]:
        return tuple(self.buyers)

    def yours(self, package: Package) -> int:
        return sum(issue.options[place].yours for issue, place in zip(self.issues, package, strict=True))

    def theirs(self, package: Package) -> int:
        return sum(issue.options[place].theirs for issue, place in zip(self.issues, package, strict=True))

    @property
    def dream(self) -> Package:
        """The best the trainee can ask for."""
        return tuple(issue.place("yours", best=True) for issue in self.issues)

    def said(self, event: str, variant: str, times: int = 0) -> str:
        """HTML, when the event has come so many times before; "" where nothing is said."""
        by = self.words.get(event, {})
        wordings = by.get(variant) or by.get(BASE, ())
        return wordings[times % len(wordings)] if wordings else ""


# --- the buyer's manner -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Manner:
    """How one style concedes.

    After a share p of the way he has given (early·p + (4 − early)·p²) / 4 of what lies between opening and limit.
    """

    early: int
    earns: Mapping[Kind, int]  # parts of a turn
    patience: int  # moves in a row that give nothing, until it sticks
    watches: bool  # whether a step that does not shrink tells him to wait


MANNERS: Mapping[str, Manner] = {
    "dominant": Manner(
        0, {"first": 5, "trade": 11, "gift": 0, "hold": 3, "ask": 5, "pause": 2}, patience=2, watches=True
    ),
    "analytical": Manner(
        2, {"first": 5, "trade": 10, "gift": 2, "hold": 2, "ask": 8, "pause": 4}, patience=3, watches=True
    ),
    "amiable": Manner(
        4, {"first": 5, "trade": 10, "gift": 5, "hold": 2, "ask": 9, "pause": 6}, patience=3, watches=False
    ),
    "social": Manner(
        6, {"first": 6, "trade": 11, "gift": 4, "hold": 3, "ask": 6, "pause": 5}, patience=2, watches=False
    ),
}


# --- moves --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """`issue` is what is asked about, and with an offer what is asked for in return ("" nothing)."""

    act: Act
    package: Package = ()
    issue: str = ""

    def stored(self) -> dict[str, Any]:
        return {"act": self.act, "package": list(self.package), "issue": self.issue}


def restored(raw: Mapping[str, Any]) -> Move:
    return Move(raw["act"], tuple(raw["package"]), raw["issue"])


@dataclass(frozen=True)
class Turn:
    """One move and what the buyer made of it."""

    move: Move
    kind: Kind
    events: tuple[str, ...]  # what is said, in order
    gave: int  # tenths of a point of our own worth given up since our last offer; 0: nothing, or more was asked
    returned: int  # tenths of a point by which his offer became better for us
    counter: Package  # his offer after it


@dataclass(frozen=True)
class State:
    """Where a talk stands. What the fields from `earned` on hold is the buyer's own matter."""

    turns: tuple[Turn, ...]
    counter: Package  # the buyer's offer on the table
    offer: Package | None  # ours
    left: int  # turns
    stuck: bool  # deadlock
    end: End | None
    deal: Package | None
    earned: int  # parts of the way
    insists: int  # tenths of a point below which he accepts nothing now
    stalls: int = 0
    asked: frozenset[str] = frozenset()
    paused: bool = False
    pressed: bool = False  # two of them press, and wait for what we do

    @property
    def ended(self) -> bool:
        return self.end is not None


def _buyer(table: Table, variant: str) -> Buyer:
    if variant not in table.buyers:
        raise Impossible(variant)
    return table.buyers[variant]


def start(table: Table, variant: str) -> State:
    """The buyer has opened."""
    buyer = _buyer(table, variant)
    counter = answer_to(table, table.dream, buyer.opening)
    return State((), counter, None, table.turns, False, None, None, 0, buyer.opening)


def answer_to(table: Table, offer: Package, insists: int, asked: str = "") -> Package:
    """`offer`, corrected as little as it takes until the buyer has what he insists on.

    He begins where most is at stake for him and leaves the rest as it was proposed; what was asked for in return he
    corrects last. Where even his best of everything is too little, that is the answer.
    """
    package = list(offer)
    worth = table.theirs(offer)
    places = sorted(range(len(package)), key=lambda n: (table.issues[n].id == asked, -table.issues[n].weight, n))
    for n in places:
        options = table.issues[n].options
        have = options[package[n]].theirs
        if worth >= insists:
            break
        better = [place for place, option in enumerate(options) if option.theirs > have]
        if not better:
            continue
        enough = [place for place in better if worth - have + options[place].theirs >= insists]
        chosen = (
            min(enough, key=lambda p: (options[p].theirs, -options[p].yours, p))
            if enough
            else max(better, key=lambda p: (options[p].theirs, options[p].yours, -p))
        )
        worth += options[chosen].theirs - have
        package[n] = chosen
    return tuple(package)


def towards(table: Table, counter: Package, offer: Package, insists: int, asked: str = "") -> Package:
    """His offer, brought as near to ours as what he insists on permits: first what we asked for, then what matters least."""
    package = list(counter)
    worth = table.theirs(counter)
    places = sorted(range(len(package)), key=lambda n: (table.issues[n].id != asked, table.issues[n].weight, n))
    for n in places:
        options, have = table.issues[n].options, package[n]
        wanted = options[offer[n]].theirs
        between = [
            place
            for place, option in enumerate(options)
            if max(wanted, insists - worth + options[have].theirs) <= option.theirs <= options[have].theirs
            and option.yours >= options[have].yours
        ]
        if between:
            package[n] = min(between, key=lambda place: (options[place].theirs, -options[place].yours, place))
            worth += options[package[n]].theirs - options[have].theirs
    return tuple(package)


def _counter(table: Table, before: Package, offer: Package, insists: int, asked: str) -> Package:
    """His next offer: never less for us than the one before, and never more for him."""
    fresh = answer_to(table, offer, insists, asked)
    if table.yours(fresh) > table.yours(before) and table.theirs(fresh) <= table.theirs(before):
        return fresh
    return towards(table, before, offer, insists, asked)


def kind_of(table: Table, state: State, move: Move) -> Kind:
    """What a move is. A step that asks for nothing is a gift; to ask is to name what the other side shall move."""
    if move.act == "ask":
        return "again" if move.issue in state.asked else "ask"
    if move.act != "offer":
        return "again" if move.act == "pause" and state.paused and not state.stuck else move.act
    if state.offer is None:
        return "first"
    change = table.yours(move.package) - table.yours(state.offer)
    if change > 0:
        return "harder"
    if move.package == state.offer:
        return "hold"
    rose = any(
        issue.options[new].yours > issue.options[old].yours
        for issue, new, old in zip(table.issues, move.package, state.offer, strict=True)
    )
    if rose or _asks(table, state, move):
        return "trade"
    return "gift" if change < 0 else "hold"


def _asks(table: Table, state: State, move: Move) -> bool:
    """Whether the offer asks for a move that the buyer has not made already."""
    for place, issue in enumerate(table.issues):
        if issue.id == move.issue:
            return issue.options[move.package[place]].yours > issue.options[state.counter[place]].yours
    return False


def check(table: Table, state: State, move: Move) -> None:
    """Raises `Impossible` for a move that the table does not have, or that comes after the end."""
    ids = [issue.id for issue in table.issues]
    if state.ended or move.act not in ACTS:
        raise Impossible(move.act)
    if move.act == "offer":
        if len(move.package) != len(ids) or (move.issue and move.issue not in ids):
            raise Impossible(move.act)
        for issue, place in zip(table.issues, move.package, strict=True):
            if not 0 <= place < len(issue.options):
                raise Impossible(issue.id)
    elif move.act == "ask" and move.issue not in ids:
        raise Impossible(move.issue)


def _chance(seed: int, turn: int) -> int:
    return sha256(f"{seed}/{turn}".encode()).digest()[0] % CHANCE


def _earns(manner: Manner, state: State, kind: Kind, gave: int, seed: int) -> int:
    """Parts of the way that a move brings the buyer on."""
    parts = manner.earns.get(kind, 0)
    if parts:
        parts += _chance(seed, len(state.turns))
    steps = [turn.gave for turn in state.turns if turn.gave]
    if manner.watches and kind in ("trade", "gift") and steps and gave >= steps[-1]:
        parts = max(0, parts - LEARNT)
    if state.stuck and kind not in ("trade", "pause"):
        parts = 0
    if state.pressed and kind == "gift":
        parts -= TAUGHT
    return parts


def insisted(buyer: Buyer, manner: Manner, earned: int, turns: int) -> int:
    """What the buyer insists on after `earned` parts of the way; never below his limit."""
    way = turns * TURN
    gone = min(max(earned, 0), way)
    share = manner.early * gone * way + (4 - manner.early) * gone * gone  # of 4·way²
    return buyer.opening - (buyer.opening - buyer.limit) * share // (4 * way * way)


def step(table: Table, variant: str, seed: int, state: State, move: Move) -> State:
    """The talk after one move of ours and the buyer's answer. Raises `Impossible`."""
    check(table, state, move)
    buyer = _buyer(table, variant)
    manner = MANNERS[buyer.style]
    kind = kind_of(table, state, move)
    if move.act == "accept":
        return _ended(state, move, kind, "deal", state.counter)
    if move.act == "walk":
        return _ended(state, move, kind, "walked", None)
    gave = 0
    if kind in ("trade", "gift") and state.offer is not None:
        gave = max(0, table.yours(state.offer) - table.yours(move.package))
    earned = max(0, state.earned + _earns(manner, state, kind, gave, seed))
    insists = insisted(buyer, manner, earned, table.turns)
    if kind not in ("trade", "ask"):
        insists = max(insists, min(state.insists, buyer.target))
    if state.stuck and kind not in ("trade", "pause"):
        insists = state.insists
    # In the last turn he takes what reaches his target, whatever else he had hoped for.
    enough = min(insists, buyer.target) if state.left == 1 and not state.stuck else insists
    if move.act == "offer" and table.theirs(move.package) >= enough:
        return _ended(replace(state, offer=move.package), move, kind, "deal", move.package, gave)
    stalled = kind in ("hold", "harder", "again")
    if state.stuck and stalled:
        return _ended(state, move, kind, "broken", None)
    offer = move.package if move.act == "offer" else state.offer
    counter = state.counter
    if offer is not None and not (state.stuck and kind == "gift") and not stalled:
        # Between offers he comes nearer line by line; to an offer he may answer with another package altogether.
        answer = _counter if move.act == "offer" else towards
        counter = answer(table, state.counter, offer, insists, move.issue if move.act == "offer" else "")
    stalls = state.stalls + 1 if stalled else state.stalls if kind == "ask" else 0
    stuck = state.stuck and kind == "ask"
    events = [_reaction(kind, move, state)]
    if stalls >= manner.patience and not stuck:
        stuck = True
        events = ["deadlock"]
    left = state.left - 1
    if state.pressed:
        events.append("pair-fed" if kind == "gift" else "pair-settled")
    turn = Turn(move, kind, tuple(events), gave, table.yours(counter) - table.yours(state.counter), counter)
    after = replace(
        state,
        turns=(*state.turns, turn),
        counter=counter,
        offer=offer,
        left=left,
        stuck=stuck,
        earned=earned,
        insists=min(insists, state.insists) if kind != "gift" else insists,
        stalls=stalls,
        asked=state.asked | {move.issue} if move.act == "ask" else state.asked,
        paused=state.paused or move.act == "pause",
        pressed=False,
    )
    if left == 0:
        return replace(after, end="out-of-time")
    if buyer.pair == len(after.turns) and not stuck:
        after = replace(after, turns=(*state.turns, replace(turn, events=(*events, "pair"))), pressed=True)
    return after


def _reaction(kind: Kind, move: Move, state: State) -> str:
    if kind == "ask":
        return f"ask-{move.issue}"
    if state.stuck and kind in ("trade", "pause"):
        return "thaw"
    return kind


def _ended(state: State, move: Move, kind: Kind, end: End, deal: Package | None, gave: int = 0) -> State:
    turn = Turn(move, kind, (), gave, 0, state.counter)
    return replace(state, turns=(*state.turns, turn), left=max(0, state.left - 1), end=end, deal=deal, pressed=False)


def play(table: Table, variant: str, seed: int, moves: Sequence[Move]) -> tuple[State, ...]:
    """Every state on the way, the opening first. Raises `Impossible`."""
    states = [start(table, variant)]
    for move in moves:
        states.append(step(table, variant, seed, states[-1], move))
    return tuple(states)


# --- afterwards ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """A package and its worth to both, in tenths of a point."""

    yours: int
    theirs: int
    package: Package


def frontier(table: Table) -> tuple[Point, ...]:
    """The packages that no other beats for both (Pareto), from our best to theirs; one for each worth.

    Worth adds up issue by issue, so what is beaten among the first issues is beaten in every whole, too.
    """
    found = [Point(0, 0, ())]
    for issue in table.issues:
        found = _unbeaten(
            Point(point.yours + option.yours, point.theirs + option.theirs, (*point.package, place))
            for point in found
            for place, option in enumerate(issue.options)
        )
    return tuple(found)


def _unbeaten(points: Any) -> list[Point]:
    found: list[Point] = []
    for point in sorted(points, key=lambda p: (-p.yours, -p.theirs, p.package)):
        if not found or point.theirs > found[-1].theirs:
            found.append(point)
    return found


@dataclass(frozen=True)
class Step:
    """One offer of ours that gave something up, and what came back."""

    turn: int  # from 1
    gave: int  # tenths of a point of our worth
    returned: int  # tenths of a point of our worth, in his answer
    asked: bool  # whether something was asked for in return
    smaller: bool | None  # than the step before; None: it was the first
    closing: bool  # it was accepted: what came back is the agreement

    @property
    def reciprocated(self) -> bool:
        return self.closing or (self.asked and self.returned > 0)


@dataclass(frozen=True)
class Debrief:
    """Everything that may be known afterwards. Worth in tenths of a point."""

    end: End
    deal: Point | None
    limit: int  # theirs
    target: int  # theirs
    zone: tuple[int, int] | None  # what we could have had: from our limit to the most his limit leaves; None: no zone
    their_zone: tuple[int, int] | None
    best: Point | None  # the most for us that he could still have agreed to
    frontier: tuple[Point, ...]
    offers: tuple[Point, ...]  # ours, in order
    counters: tuple[Point, ...]  # his, the opening first
    surplus: int  # ours: above our limit; negative below it
    their_surplus: int
    better: Point | None  # no worse than the deal for either, and better for one; None: the deal is on the frontier
    most: int  # the two surpluses together, at most
    steps: tuple[Step, ...]
    # Issue of numbers -> between which values both could have signed, the rest as agreed.
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    percent: int = 0  # of the surplus that was to be had
    grade: Grade = "poor"

    @property
    def unreturned(self) -> int:
        """Steps that asked for nothing, or brought nothing."""
        return sum(not step.reciprocated for step in self.steps)

    @property
    def shrinking(self) -> bool:
        return all(before.gave > after.gave for before, after in pairwise(self.steps))


def debrief(table: Table, variant: str, state: State) -> Debrief:
    """Raises `Impossible` before the end."""
    if state.end is None:
        raise Impossible("open")
    buyer = _buyer(table, variant)
    line = frontier(table)
    within = [point for point in line if point.yours >= table.limit and point.theirs >= buyer.limit]
    best = max(within, key=lambda point: point.yours, default=None)
    deal = _point(table, state.deal) if state.deal is not None else None
    percent, grade = _result(table, best, deal, state.end)
    offers = [turn.move.package for turn in state.turns if turn.move.act == "offer"]
    counters = [start(table, variant).counter, *(turn.counter for turn in state.turns)]
    return Debrief(
        end=state.end,
        deal=deal,
        limit=buyer.limit,
        target=buyer.target,
        zone=(table.limit, best.yours) if best else None,
        their_zone=(buyer.limit, max(point.theirs for point in within)) if best else None,
        best=best,
        frontier=line,
        offers=tuple(_point(table, package) for package in offers),
        counters=tuple(_point(table, package) for package in dict.fromkeys(counters)),
        surplus=deal.yours - table.limit if deal else 0,
        their_surplus=deal.theirs - buyer.limit if deal else 0,
        better=_better(line, deal) if deal else None,
        most=max((point.yours - table.limit + point.theirs - buyer.limit for point in within), default=0),
        steps=_steps(state),
        ranges=_ranges(table, buyer, state.deal) if state.deal is not None else {},
        percent=percent,
        grade=grade,
    )


def _point(table: Table, package: Package) -> Point:
    return Point(table.yours(package), table.theirs(package), package)


def _result(table: Table, best: Point | None, deal: Point | None, end: End) -> tuple[int, Grade]:
    if best is None:
        # Nothing was to be had: whoever leaves has judged rightly.
        return (100, "strong") if end == "walked" else (0, "poor")
    if deal is None or deal.yours < table.limit:
        return 0, "poor"
    room = best.yours - table.limit
    percent = min(100, 100 * (deal.yours - table.limit) // room) if room else 100
    return percent, "strong" if percent >= table.strong else "acceptable" if percent >= table.acceptable else "poor"


def _better(line: Sequence[Point], deal: Point) -> Point | None:
    """The most for us that leaves him what he has; where that is nothing more, the most for him that leaves us ours."""
    ours = max((p for p in line if p.theirs >= deal.theirs), key=lambda p: p.yours)
    if ours.yours > deal.yours:
        return ours
    his = max((p for p in line if p.yours >= deal.yours), key=lambda p: p.theirs)
    return his if his.theirs > deal.theirs else None


def _steps(state: State) -> tuple[Step, ...]:
    found: list[Step] = []
    for number, turn in enumerate(state.turns, 1):
        if turn.gave:
            smaller = turn.gave < found[-1].gave if found else None
            closing = state.end == "deal" and number == len(state.turns)
            found.append(Step(number, turn.gave, turn.returned, turn.kind == "trade", smaller, closing))
    return tuple(found)


def _ranges(table: Table, buyer: Buyer, deal: Package) -> dict[str, tuple[int, int]]:
    found = {}
    for n, issue in enumerate(table.issues):
        if issue.numbers is None:
            continue
        both = [
            value
            for place, value in enumerate(issue.numbers.values)
            if table.yours(other := (*deal[:n], place, *deal[n + 1 :])) >= table.limit
            and table.theirs(other) >= buyer.limit
        ]
        if both:
            found[issue.id] = (min(both), max(both))
    return found
