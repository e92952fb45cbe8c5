"""Tables and the buyer's rule: reproducible, never below a limit; what is said afterwards against brute force."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamtrain.core import negotiation as rules
from kamtrain.core.negotiation import (
    MANNERS,
    Buyer,
    Impossible,
    Issue,
    Move,
    Option,
    Package,
    Point,
    Range,
    State,
    Table,
    debrief,
    frontier,
    play,
    step,
)


def table_of(
    issues: tuple[tuple[tuple[int, int], ...], ...],
    limit: int,
    buyer: tuple[int, int, int],
    style: str,
    pair: int | None,
) -> Table:
    opening, target, low = buyer
    return Table(
        id="t",
        language="en",
        title="T",
        briefing="",
        turns=7,
        issues=tuple(
            Issue(f"i{n}", f"I{n}", tuple(Option(f"o{place}", *worth) for place, worth in enumerate(options)))
            for n, options in enumerate(issues)
        ),
        target=max(limit, 650),
        limit=limit,
        buyers={"": Buyer("B", "", style, "", opening, target, low, pair)},
        words={},
    )


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Weights of either side sum to 1000; each issue has an option worth nothing to it."""
    count = draw(st.integers(2, 4))
    sides = []
    for _ in range(2):
        cuts = sorted(draw(st.lists(st.integers(0, 1000), min_size=count - 1, max_size=count - 1)))
        sides.append([high - low for low, high in zip([0, *cuts], [*cuts, 1000], strict=True)])
    issues = []
    for mine, theirs in zip(*sides, strict=True):
        between = draw(st.lists(st.tuples(st.integers(0, mine), st.integers(0, theirs)), max_size=3))
        issues.append(((mine, 0), *between, (0, theirs)))
    marks = sorted(draw(st.tuples(*[st.integers(0, 1000)] * 3)), reverse=True)
    buyer = (marks[0], marks[1], marks[2])
    return table_of(
        tuple(issues),
        draw(st.integers(0, 1000)),
        buyer,
        draw(st.sampled_from(sorted(MANNERS))),
        draw(st.sampled_from([None, 2, 3])),
    )


@st.composite
def talks(draw: st.DrawFn) -> tuple[Table, int, list[Move], tuple[State, ...]]:
    table, seed = draw(tables()), draw(st.integers(0, 999_999))
    states = [rules.start(table, "")]
    moves: list[Move] = []
    while not states[-1].ended:
        act = draw(st.sampled_from(["offer", "offer", "offer", "offer", "ask", "pause", "accept", "walk"]))
        issue = draw(st.sampled_from([issue.id for issue in table.issues]))
        package = tuple(draw(st.integers(0, len(issue.options) - 1)) for issue in table.issues)
        move = {
            "offer": Move("offer", package, draw(st.sampled_from(["", issue]))),
            "ask": Move("ask", issue=issue),
        }.get(act) or Move(act)  # type: ignore[arg-type]
        moves.append(move)
        states.append(step(table, "", seed, states[-1], move))
    return table, seed, moves, tuple(states)


def everything(table: Table) -> list[Point]:
    packages = product(*[range(len(issue.options)) for issue in table.issues])
    return [Point(table.yours(package), table.theirs(package), package) for package in packages]


@settings(max_examples=60, deadline=None)
@given(talks())
def test_the_same_moves_make_the_same_talk_and_the_buyer_keeps_to_his_limit(
    told: tuple[Table, int, list[Move], tuple[State, ...]],
) -> None:
    table, seed, moves, states = told
    stored = [rules.restored(move.stored()) for move in moves]
    assert play(table, "", seed, stored) == states
    buyer, last = table.buyers[""], states[-1]
    assert len(moves) <= table.turns
    counters = [table.theirs(state.counter) for state in states]
    assert min(counters) >= buyer.limit
    assert counters == sorted(counters, reverse=True), "he never goes back behind what he has offered"
    ours = [table.yours(state.counter) for state in states]
    assert ours == sorted(ours), "nor is a later offer of his worse for us"
    if last.deal is not None:
        assert table.theirs(last.deal) >= buyer.limit
    with pytest.raises(Impossible):
        step(table, "", seed, last, Move("pause"))


@settings(max_examples=60, deadline=None)
@given(talks())
def test_the_debrief_says_what_counting_everything_says(
    told: tuple[Table, int, list[Move], tuple[State, ...]],
) -> None:
    table, _, _, states = told
    result, buyer, packages = debrief(table, "", states[-1]), table.buyers[""], everything(table)
    unbeaten = {
        (p.yours, p.theirs)
        for p in packages
        if not any(
            (q.yours >= p.yours and q.theirs >= p.theirs) and (q.yours, q.theirs) != (p.yours, p.theirs)
            for q in packages
        )
    }
    assert {(p.yours, p.theirs) for p in result.frontier} == unbeaten
    assert all((table.yours(p.package), table.theirs(p.package)) == (p.yours, p.theirs) for p in result.frontier)
    zone = [p for p in packages if p.yours >= table.limit and p.theirs >= buyer.limit]
    assert (result.zone is None) == (not zone)
    if zone:
        assert result.zone == (table.limit, max(p.yours for p in zone))
        assert result.their_zone == (buyer.limit, max(p.theirs for p in zone))
        assert result.most == max(p.yours + p.theirs for p in zone) - table.limit - buyer.limit
    if result.deal is not None and zone and result.deal in zone:
        assert result.surplus >= 0
        assert result.their_surplus >= 0
    if result.deal is not None:
        same = [p for p in packages if p.yours >= result.deal.yours and p.theirs >= result.deal.theirs]
        best = max(p.yours + p.theirs for p in same)
        assert (result.better is None) == (best == result.deal.yours + result.deal.theirs)
        if result.better is not None:
            assert result.better.yours >= result.deal.yours
            assert result.better.theirs >= result.deal.theirs
    assert 0 <= result.percent <= 100
    assert result.grade != "strong" or result.percent >= table.strong


def test_nothing_is_told_before_the_end() -> None:
    table = PLAIN
    with pytest.raises(Impossible):
        debrief(table, "", rules.start(table, ""))


# Price: what one gains the other loses. Service: cheap to us, dear to him.
PRICES = tuple((60 * n, 50 * (10 - n)) for n in range(10, -1, -1))
SERVICE = ((400, 0), (300, 370), (0, 500))
PLAIN = table_of((PRICES, SERVICE), 350, (900, 650, 430), "amiable", None)


def of_style(style: str, pair: int | None = None) -> Table:
    return table_of((PRICES, SERVICE), 350, (900, 650, 430), style, pair)


def offers(*packages: Package, asking: str = "") -> list[Move]:
    return [Move("offer", package, asking) for package in packages]


STEPS: tuple[Package, ...] = ((0, 0), (2, 0), (3, 0), (3, 1), (4, 1))


@pytest.mark.parametrize("style", sorted(MANNERS))
def test_steps_for_something_bring_more_than_gifts(style: str) -> None:
    table = of_style(style)
    given_away = play(table, "", 1, offers(*STEPS[:3]))[-1]
    traded = play(table, "", 1, offers(*STEPS[:3], asking="i0"))[-1]
    assert [turn.kind for turn in given_away.turns] == ["first", "gift", "gift"]
    assert [turn.kind for turn in traded.turns] == ["first", "trade", "trade"]
    assert traded.insists < given_away.insists
    assert table.yours(traded.counter) > table.yours(rules.start(table, "").counter)


def test_a_buyer_who_tells_gives_nothing_for_nothing() -> None:
    table = of_style("dominant")
    states = play(table, "", 1, offers(*STEPS[:4]))
    assert len({state.counter for state in states[1:]}) == 1
    assert states[-1].insists >= states[1].insists


def test_below_his_target_he_goes_only_for_something() -> None:
    for style in MANNERS:
        states = play(of_style(style), "", 1, offers((0, 0), *[(n, 0) for n in range(1, 7)]))
        assert all(state.insists >= 650 for state in states if not state.ended), style


def test_offers_repeated_get_stuck_and_end_it_and_a_break_helps() -> None:
    table = of_style("dominant")
    same = offers(*[(1, 0)] * 3)
    stuck = play(table, "", 1, same)[-1]
    assert stuck.stuck
    assert stuck.turns[-1].events == ("deadlock",)
    assert step(table, "", 1, stuck, Move("offer", (1, 0))).end == "broken"
    on = step(table, "", 1, stuck, Move("pause"))
    assert (on.stuck, on.turns[-1].events) == (False, ("thaw",))
    traded = step(table, "", 1, stuck, Move("offer", (2, 0), "i1"))
    assert (traded.stuck, traded.turns[-1].events) == (False, ("thaw",))
    fed = step(table, "", 1, stuck, Move("offer", (2, 0)))
    assert fed.counter == stuck.counter, "who yields to silence gets nothing for it"


def test_two_who_press_in_turns_learn_from_a_gift_and_not_from_a_question() -> None:
    table = of_style("analytical", pair=2)
    pressed = play(table, "", 1, offers((0, 0), (1, 0), asking="i0"))[-1]
    assert pressed.turns[-1].events[-1] == "pair"
    fed = step(table, "", 1, pressed, Move("offer", (2, 0)))
    asked = step(table, "", 1, pressed, Move("ask", issue="i1"))
    assert fed.turns[-1].events == ("gift", "pair-fed")
    assert asked.turns[-1].events == ("ask-i1", "pair-settled")
    assert fed.earned < pressed.earned < asked.earned


def test_a_question_is_answered_once() -> None:
    states = play(PLAIN, "", 1, [Move("ask", issue="i1"), Move("ask", issue="i1")])
    assert [turn.kind for turn in states[-1].turns] == ["ask", "again"]
    assert states[2].earned == states[1].earned


def test_the_clock_runs_out() -> None:
    moves = offers(*[(n % 2, 0) for n in range(7)], asking="i0")
    last = play(of_style("social"), "", 1, moves)[-1]
    assert (last.end, last.left, last.deal) == ("out-of-time", 0, None)
    assert debrief(of_style("social"), "", last).grade == "poor"


def test_steps_are_counted_with_what_came_back() -> None:
    moves = [*offers((0, 0), (2, 0)), *offers((3, 0), asking="i0"), *offers((5, 0)), Move("accept")]
    result = debrief(PLAIN, "", play(PLAIN, "", 1, moves)[-1])
    assert [(one.turn, one.gave, one.asked) for one in result.steps] == [
        (2, 120, False),
        (3, 60, True),
        (4, 120, False),
    ]
    assert [one.smaller for one in result.steps] == [None, True, False]
    assert not result.shrinking
    assert result.unreturned == 2


def test_where_nothing_is_to_be_had_leaving_is_right() -> None:
    table = table_of((PRICES, SERVICE), 900, (900, 900, 800), "amiable", None)
    away = debrief(table, "", play(table, "", 1, [Move("walk")])[-1])
    assert (away.zone, away.percent, away.grade) == (None, 100, "strong")
    taken = debrief(table, "", play(table, "", 1, [Move("accept")])[-1])
    assert (taken.percent, taken.grade) == (0, "poor")


def test_a_deal_below_ones_own_limit_is_none() -> None:
    result = debrief(PLAIN, "", play(PLAIN, "", 1, [Move("accept")])[-1])
    assert result.surplus < 0
    assert (result.percent, result.grade) == (0, "poor")


def test_numbers_count_down_as_well_as_up() -> None:
    assert Range(960, 940, 5).values == (960, 955, 950, 945, 940)
    assert Range(10, 30, 10).values == (10, 20, 30)


@pytest.mark.parametrize(
    "move",
    [
        Move("offer", (0,)),
        Move("offer", (0, 3)),
        Move("offer", (-1, 0)),
        Move("offer", (0, 0), "nothing"),
        Move("ask", issue="nothing"),
        Move("shout"),  # type: ignore[arg-type]
    ],
)
def test_what_the_table_does_not_have_is_refused(move: Move) -> None:
    with pytest.raises(Impossible):
        play(PLAIN, "", 1, [move])
    with pytest.raises(Impossible):
        rules.start(PLAIN, "nobody")


def test_a_frontier_of_five_issues_is_quick_and_small() -> None:
    issues = tuple(tuple((10 * n, 10 * (20 - n)) for n in range(21)) for _ in range(5))
    assert len(frontier(table_of(issues, 0, (900, 600, 400), "social", None))) == 101
