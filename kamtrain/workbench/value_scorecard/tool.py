"""What an account is worth now and could become: target and actual in four boxes, and three gauges."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kamtrain.core.account_facts import BASELINE_SALES, MARGIN, MONEY, MOST_MONEY
from kamtrain.core.message import N_, Message, message
from kamtrain.core.sheet import (
    Example,
    Field,
    Notice,
    Output,
    Result,
    Row,
    Section,
    Sheet,
    Table,
    Tone,
    Tool,
    Value,
    ratio,
    share,
    shown,
    total,
)

NOTHING, ALL = Decimal(0), Decimal(100)
BOXES = (
    ("financial", N_("Financial")),
    ("sales", N_("Sales")),
    ("customer", N_("Customer")),
    ("service", N_("Service")),
)
LABELS = dict(BOXES)
LESSONS = {"financial": "svc-3.3", "sales": "fnd-1.2", "customer": "fnd-1.3", "service": "svc-1.2"}
CURRENT, POTENTIAL = ("financial", "sales"), ("customer", "service")
DIRECTIONS = (("higher", N_("+ more is better")), ("lower", N_("− less is better")))
STARTS: tuple[tuple[str, str, str, str], ...] = (
    (N_("Gross profit"), "financial", "higher", "60"),
    (N_("Days it takes to pay us"), "financial", "lower", "40"),
    (N_("Sales"), "sales", "higher", "70"),
    (N_("Our share of what it buys, %"), "sales", "higher", "30"),
    (N_("Its growth, %"), "customer", "higher", "50"),
    (N_("What it spends on what we sell"), "customer", "higher", "50"),
    (N_("Satisfaction"), "service", "higher", "50"),
    (N_("Complaints"), "service", "lower", "50"),
)
FIFTH = Decimal("0.8")  # what is left of a score when it is tried whether the class holds
STEP = Decimal(10)  # by how much a cut-off is moved for the same question

_HIGHER = 'IF({target}<=0,"",MAX(0,MIN({@cap},100*{actual}/{target})))'
_LOWER = "IF({actual}<=0,MIN({@cap},IF(AND({actual}=0,{target}=0),100,{@cap})),MIN({@cap},100*{target}/{actual}))"
SECTIONS = (
    Section(
        N_("What we want with this account"),
        (
            Field("mission", N_("Mission: what we are there for"), "long"),
            Field("strategy", N_("Strategy: how we get there"), "long"),
        ),
    ),
    Section(
        N_("Target and actual"),
        (
            Table(
                "indicators",
                N_("Indicators"),
                (
                    Field("name", N_("Indicator"), "text"),
                    Field("box", N_("Box"), "choice", choices=BOXES),
                    Field("target", N_("Target"), least=NOTHING, most=MOST_MONEY),
                    Field("actual", N_("Actual"), least=-MOST_MONEY, most=MOST_MONEY, sourced=True),
                    Field("direction", N_("Direction"), "choice", choices=DIRECTIONS),
                    Field("weight", N_("Weight in the box"), least=NOTHING, most=ALL),
                ),
                computed=(
                    Output(
                        "reached",
                        N_("Reached"),
                        "%",
                        formula='IF(COUNT({target},{actual})<2,"",IF({direction}={indicators.direction:higher},'
                        'IF({target}<=0,"",100*{actual}/{target}),IF({direction}={indicators.direction:lower},'
                        'IF({actual}<=0,"",100*{target}/{actual}),"")))',
                    ),
                    Output(
                        "score",
                        N_("Score"),
                        formula=f'IF(COUNT({{target}},{{actual}})<2,"",IF({{direction}}={{indicators.direction:higher}},{_HIGHER},'
                        f'IF({{direction}}={{indicators.direction:lower}},{_LOWER},"")))',
                    ),
                    Output(
                        "weighted",
                        N_("Weighted"),
                        places=0,
                        formula='IF(COUNT({score},{weight})<2,"",{score}*{weight})',
                    ),
                ),
                rows=tuple(
                    (f"{place:02}", {"name": name, "box": box, "direction": direction, "weight": weight})
                    for place, (name, box, direction, weight) in enumerate(STARTS, 1)
                ),
                help=N_("The weights of a box add up to 100. Leave blank what you do not know."),
            ),
        ),
    ),
    Section(
        N_("Fuel: what it costs to serve"),
        (
            BASELINE_SALES,
            MARGIN,
            Field(
                "cost_to_serve",
                N_("Cost to serve, a year"),
                unit=MONEY,
                least=NOTHING,
                most=MOST_MONEY,
                help=N_("Visits, support, special deliveries, credit: what this account costs beyond the goods."),
                sourced=True,
            ),
        ),
    ),
)


def _index(name: str) -> str:
    weights = (
        f'SUMIFS({{indicators.weight}},{{indicators.box}},{{indicators.box:{name}}},{{indicators.weighted}},">=0")'
    )
    points = f"SUMIF({{indicators.box}},{{indicators.box:{name}}},{{indicators.weighted}})"
    return f'IF({weights}=0,"",{points}/{weights})'


OUTPUTS = (
    *(Output(name, label, formula=_index(name)) for name, label in BOXES),
    Output(
        "current",
        N_("Current value"),
        formula='IF(COUNT({=financial},{=sales})<2,"",({=financial}+{=sales})/2)',
        help=N_("Mean of the financial and the sales box."),
    ),
    Output(
        "potential",
        N_("Potential value"),
        formula='IF(COUNT({=customer},{=service})<2,"",({=customer}+{=service})/2)',
        help=N_("Mean of the customer and the service box."),
    ),
    Output("speed", N_("Speed"), formula="{=sales}", help=N_("How sales run now: the sales box.")),
    Output("altitude", N_("Altitude"), formula="{=customer}", help=N_("How far it can still rise: the customer box.")),
    Output(
        "fuel",
        N_("Fuel"),
        "%",
        formula='IF(COUNT({baseline_sales},{margin},{cost_to_serve})<3,"",IF({baseline_sales}*{margin}<=0,"",'
        "100*{cost_to_serve}/({baseline_sales}*{margin}/100)))",
        help=N_("Cost to serve, of the gross profit."),
    ),
)

SETTINGS = (
    Field("cap", N_("A score is at most"), least=Decimal(1), most=Decimal(1000), default="120"),
    Field("current-cut", N_("Current value is high from"), least=NOTHING, most=Decimal(1000), default="80"),
    Field("potential-cut", N_("Potential value is high from"), least=NOTHING, most=Decimal(1000), default="80"),
    Field("weak", N_("A box is weak below"), least=NOTHING, most=Decimal(1000), default="80"),
    Field("fuel-good", N_("Fuel is low up to"), unit="%", least=NOTHING, most=Decimal(1000), default="20"),
    Field("fuel-high", N_("Fuel is high above"), unit="%", least=NOTHING, most=Decimal(1000), default="35"),
)
CLASSES: Mapping[tuple[bool, bool], tuple[str, Tone]] = {  # current high?, potential high?
    (True, True): (N_("Key account"), "good"),
    (True, False): (N_("Maintenance account"), "info"),
    (False, True): (N_("Key-development account"), "info"),
    (False, False): (N_("Opportunistic account"), "warning"),
}


@dataclass(frozen=True)
class Box:
    name: Message
    x: int
    y: int
    index: str  # "" where nothing is scored
    length: float
    weak: bool


@dataclass(frozen=True)
class Gauge:
    """A half dial: arcs with their tones, where the needle ends (None: nothing to show), and the reading in words."""

    name: Message
    x: int
    reading: str
    arcs: tuple[tuple[str, str], ...]  # tone, path
    needle: tuple[float, float] | None
    word: Message


@dataclass(frozen=True)
class Picture:
    boxes: tuple[Box, ...]
    hundred: float  # where 100 lies on a box's bar
    current: str
    potential: str
    place: tuple[float, float] | None  # of the account between current (right) and potential (up)
    cut: tuple[float, float]  # where the field is parted
    gauges: tuple[Gauge, ...]
    floor: int  # on which the dials stand


def compute(sheet: Sheet, settings: Sheet) -> Result:
    """Scores, the four boxes, current and potential value, the class, and the gauges."""
    rows = sheet.rows("indicators")
    scores = {row.id: _score(row, settings) for row in rows}
    boxes = {name: _box(rows, scores, name) for name in LABELS}
    current, potential = (_mean([boxes[name] for name in pair]) for pair in (CURRENT, POTENTIAL))
    fuel = _fuel(sheet)
    figures: dict[str, Value] = {
        **boxes,
        "current": current,
        "potential": potential,
        "speed": boxes["sales"],
        "altitude": boxes["customer"],
        "fuel": fuel,
    }
    cells: dict[str, Value] = {}
    for row in rows:
        score, weight = scores[row.id], row.number("weight")
        cells[row.key("reached")] = _reached(row)
        cells[row.key("score")] = score
        cells[row.key("weighted")] = None if score is None or weight is None else score * weight
    found = _class(current, potential, settings)
    return Result(
        figures,
        cells,
        None if found is None else Message(CLASSES[found][0]),
        "info" if found is None else CLASSES[found][1],
        _notices(sheet, settings, rows, scores, boxes, fuel),
        _turns(settings, rows, scores, boxes, found),
        _picture(settings, boxes, current, potential, fuel),
    )


def _reached(row: Row) -> Decimal | None:
    """Actual of target, or target of actual where less is better, in percent."""
    target, actual = row.number("target"), row.number("actual")
    if target is None or actual is None:
        return None
    match row.choice("direction"):
        case "higher":
            return 100 * actual / target if target > 0 else None
        case "lower":
            return 100 * target / actual if actual > 0 else None
    return None


def _score(row: Row, settings: Sheet) -> Decimal | None:
    """Reached, from 0 up to the cap. Where less is better, nothing at all is the best there is."""
    cap = settings.number("cap") or Decimal(120)
    target, actual = row.number("target"), row.number("actual")
    if row.choice("direction") == "lower" and target is not None and actual is not None and actual <= 0:
        return min(cap, ALL) if actual == target == 0 else cap
    reached = _reached(row)
    return None if reached is None else max(NOTHING, min(cap, reached))


def _scored(rows: Sequence[Row], scores: Mapping[str, Decimal | None], box: str) -> list[tuple[Row, Decimal, Decimal]]:
    """The box's rows that have both, with weight and score."""
    found = []
    for row in rows:
        weight, score = row.number("weight"), scores[row.id]
        if row.choice("box") == box and weight is not None and score is not None:
            found.append((row, weight, score))
    return found


def _box(rows: Sequence[Row], scores: Mapping[str, Decimal | None], box: str) -> Decimal | None:
    there = _scored(rows, scores, box)
    return ratio(total(weight * score for _, weight, score in there), total(weight for _, weight, _ in there))


def _mean(two: Sequence[Decimal | None]) -> Decimal | None:
    there = [one for one in two if one is not None]
    return sum(there, Decimal()) / 2 if len(there) == 2 else None


def _fuel(sheet: Sheet) -> Decimal | None:
    sales, margin, cost = (sheet.number(name) for name in ("baseline_sales", "margin", "cost_to_serve"))
    if sales is None or margin is None or cost is None or sales * margin <= 0:
        return None
    return share(cost, sales * margin / 100)


def _class(
    current: Decimal | None, potential: Decimal | None, settings: Sheet, less: Decimal = NOTHING
) -> tuple[bool, bool] | None:
    """Whether current and potential value are high; `less`: with both cut-offs so much lower."""
    cuts = settings.number("current-cut"), settings.number("potential-cut")
    if current is None or potential is None or cuts[0] is None or cuts[1] is None:
        return None
    return current >= cuts[0] - less, potential >= cuts[1] - less


def _notices(
    sheet: Sheet,
    settings: Sheet,
    rows: Sequence[Row],
    scores: Mapping[str, Decimal | None],
    boxes: Mapping[str, Decimal | None],
    fuel: Decimal | None,
) -> tuple[Notice, ...]:
    found = []
    weak = settings.number("weak")
    for name, index in boxes.items():
        there = _scored(rows, scores, name)
        if weak is not None and index is not None and index < weak:
            lowest = min(there, key=lambda one: one[2])[0]
            text = message(
                "The box “%(box)s” stands at %(index)s, below %(weak)s. Begin with “%(name)s”: who does what until when?",
                box=Message(LABELS[name]),
                index=shown(index),
                weak=shown(weak, 0),
                name=lowest.name,
            )
            found.append(Notice("weak-box", text, "warning", LESSONS[name], (lowest.key("actual"),)))
        weighed = [row for row in rows if row.choice("box") == name and row.number("weight") is not None]
        summed = total(row.number("weight") for row in weighed)
        if there and summed is not None and summed != 100:
            text = message(
                "The weights in “%(box)s” add up to %(sum)s, not to 100. The index is their weighted mean all the same.",
                box=Message(LABELS[name]),
                sum=f"{summed.normalize():f}",
            )
            found.append(Notice("weights", text, "info", at=tuple(row.key("weight") for row in weighed)))
    empty = tuple(name for name, index in boxes.items() if index is None)
    if 0 < len(empty) < len(boxes):
        text = message("“%(box)s” is empty: half a picture has no class.", box=Message(LABELS[empty[0]]))
        found.append(Notice("box-empty", text, "info"))
    found += [notice for row in rows for notice in _about_row(row, scores[row.id], settings)]
    high = settings.number("fuel-high")
    if fuel is not None and high is not None and fuel > high:
        text = message(
            "Serving it takes %(fuel)s %% of the gross profit. What of that does it pay for, and what could be done otherwise?",
            fuel=shown(fuel),
        )
        found.append(Notice("fuel-high", text, "warning", "fnd-1.2", ("cost_to_serve",)))
    if any(index is not None for index in boxes.values()) and not sheet.text("strategy"):
        text = message("Targets without a strategy are wishes. Write in one sentence what you want with this account.")
        found.append(Notice("no-strategy", text, "info", "six-3.3", ("strategy",)))
    return tuple(found)


def _about_row(row: Row, score: Decimal | None, settings: Sheet) -> list[Notice]:
    target, actual, reached = row.number("target"), row.number("actual"), _reached(row)
    cap = settings.number("cap")
    if target is not None and actual is not None and not row.choice("direction"):
        text = message("Is more or less better for “%(name)s”? Without the direction it has no score.", name=row.name)
        return [Notice("no-direction", text, "info", at=(row.key("direction"),))]
    if target == 0 and actual is not None and score is None:
        text = message("“%(name)s” has a target of nothing: there is nothing to measure it by.", name=row.name)
        return [Notice("no-target", text, "info", at=(row.key("target"),))]
    found = []
    if cap is not None and reached is not None and reached > cap:
        text = message(
            "“%(name)s” reaches %(reached)s %% of its target and counts as %(cap)s. Was the target too easy?",
            name=row.name,
            reached=shown(reached),
            cap=shown(cap, 0),
        )
        found.append(Notice("capped", text, "info", at=(row.key("target"),)))
    if score is not None and row.confidence("actual") == "C":
        text = message("“%(name)s” rests on a guess. Ask a second source before anything hangs on it.", name=row.name)
        found.append(Notice("guess", text, "info", "six-2.1", (row.key("actual"),)))
    return found


def _turns(
    settings: Sheet,
    rows: Sequence[Row],
    scores: Mapping[str, Decimal | None],
    boxes: Mapping[str, Decimal | None],
    now: tuple[bool, bool] | None,
) -> tuple[Message, ...]:
    """What would change the class: an indicator that reaches its target or loses a fifth, or other cut-offs."""
    if now is None:
        return ()
    found = []
    for box in LABELS:
        there = _scored(rows, scores, box)
        points = total(weight * score for _, weight, score in there) or NOTHING
        weights = total(weight for _, weight, _ in there) or NOTHING
        for row, weight, score in there:
            for other, text in (
                (ALL, N_("If “%(name)s” reached its target: %(kind)s.")),
                (score * FIFTH, N_("If “%(name)s” fell by a fifth: %(kind)s.")),
            ):
                if other == ALL and score >= ALL:
                    continue
                tried = {**boxes, box: ratio(points + weight * (other - score), weights)}
                then = _class(_mean([tried[n] for n in CURRENT]), _mean([tried[n] for n in POTENTIAL]), settings)
                if then is not None and then != now:
                    found.append(Message(text, {"name": row.name, "kind": Message(CLASSES[then][0])}))
    current, potential = (_mean([boxes[name] for name in pair]) for pair in (CURRENT, POTENTIAL))
    for less, text in (
        (STEP, N_("With cut-offs ten lower: %(kind)s.")),
        (-STEP, N_("With cut-offs ten higher: %(kind)s.")),
    ):
        then = _class(current, potential, settings, less)
        if then is not None and then != now:
            found.append(Message(text, {"kind": Message(CLASSES[then][0])}))
    return tuple(found[:12])


BAR, WIDE, TALL = 175, 199, 76  # of a box's bar, and of a box
SIDE, RIGHT, UPPER = 190, 440, 36  # of the field of classes
FLOOR, OUTER, INNER = 330, 72, 54  # of the dials


def _picture(
    settings: Sheet,
    boxes: Mapping[str, Decimal | None],
    current: Decimal | None,
    potential: Decimal | None,
    fuel: Decimal | None,
) -> Picture | None:
    if fuel is None and all(index is None for index in boxes.values()):
        return None
    cap = float(settings.number("cap") or 120)
    weak = settings.number("weak") or NOTHING
    drawn = []
    for place, (name, label) in enumerate(BOXES):
        index = boxes[name]
        drawn.append(
            Box(
                Message(label),
                4 + place % 2 * (WIDE + 8),
                UPPER + place // 2 * (TALL + 38),
                "" if index is None else shown(index),
                0.0 if index is None else round(float(index) / cap * BAR, 1),
                index is not None and index < weak,
            )
        )

    def at(value: Decimal) -> float:
        """The field shows 40 to 120: what is lower or higher stands at its edge."""
        return round((min(max(float(value), 40), 120) - 40) / 80 * SIDE, 1)

    cuts = [settings.number(name) or NOTHING for name in ("current-cut", "potential-cut")]
    good, high = (float(settings.number(name) or 0) for name in ("fuel-good", "fuel-high"))
    course = ((float(weak), "pic-warn"), (cap, "pic-good"))
    return Picture(
        tuple(drawn),
        round(100 / cap * BAR, 1),
        "" if current is None else shown(current),
        "" if potential is None else shown(potential),
        None
        if current is None or potential is None
        else (round(RIGHT + at(current), 1), round(UPPER + SIDE - at(potential), 1)),
        (round(RIGHT + at(cuts[0]), 1), round(UPPER + SIDE - at(cuts[1]), 1)),
        (
            _gauge(N_("Speed"), 110, boxes["sales"], "", course, _word(boxes["sales"], weak)),
            _gauge(N_("Altitude"), 320, boxes["customer"], "", course, _word(boxes["customer"], weak)),
            _gauge(
                N_("Fuel"),
                530,
                fuel,
                " %",
                ((good, "pic-good"), (high, "pic-warn"), (max(2 * high, good, 1.0), "pic-bad")),
                _fuel_word(fuel, good, high),
            ),
        ),
        FLOOR,
    )


def _word(index: Decimal | None, weak: Decimal) -> Message:
    if index is None:
        return message("no figure yet")
    return message("below the line") if index < weak else message("on course")


def _fuel_word(fuel: Decimal | None, good: float, high: float) -> Message:
    if fuel is None:
        return message("no figure yet")
    return message("low") if fuel <= good else message("high") if fuel > high else message("watch it")


def _gauge(
    name: str, x: int, value: Decimal | None, unit: str, ends: Sequence[tuple[float, str]], word: Message
) -> Gauge:
    """`ends`: up to where each tone goes; the last is the end of the scale."""
    most = max(end for end, _ in ends)

    def point(of: float, radius: float) -> tuple[float, float]:
        turn = math.pi * (1 - min(max(of, 0), most) / most)
        return round(x + radius * math.cos(turn), 1), round(FLOOR - radius * math.sin(turn), 1)

    arcs, begin = [], 0.0
    for end, tone in ends:
        if end > begin:
            (a, b), (c, d), (e, f), (g, h) = (
                point(begin, OUTER),
                point(end, OUTER),
                point(end, INNER),
                point(begin, INNER),
            )
            arcs.append((tone, f"M{a} {b}A{OUTER} {OUTER} 0 0 1 {c} {d}L{e} {f}A{INNER} {INNER} 0 0 0 {g} {h}Z"))
            begin = end
    needle = None if value is None else point(float(value), OUTER - 8)
    return Gauge(Message(name), x, "" if value is None else shown(value) + unit, tuple(arcs), needle, word)


_FIGURES = ("360 324", "60 75", "1500 1350", "35 30", "12 15", "4200 4200", "90 81", "2 3")


def _example() -> dict[str, str]:
    cells = {
        "mission": N_("Keep Alder's two plants running, at costs it can plan."),
        "strategy": N_("Win the second plant by service on site, and bring payment back to sixty days."),
        "baseline_sales": "1350",
        "margin": "24",
        "cost_to_serve": "81",
    }
    for place, texts in enumerate(_FIGURES, 1):
        target, actual = texts.split()
        cells |= {f"indicators.{place:02}.target": target, f"indicators.{place:02}.actual": actual}
    return cells


EXAMPLES = (
    Example(
        "alder",
        N_("Alder: a key account with a weak box"),
        _example(),
        {
            "financial": "86.0",
            "sales": "88.7",
            "customer": "110.0",
            "service": "78.3",
            "current": "87.4",
            "potential": "94.2",
            "speed": "88.7",
            "altitude": "110.0",
            "fuel": "25.0",
            "verdict": "Key account",
        },
        N_("Alder"),
        N_("Last year with Alder, against the targets of Lanxi Controls. Money in 10,000 yuan."),
    ),
)

TOOL = Tool(
    id="value-scorecard",
    name=N_("Customer value scorecard"),
    summary=N_("Measure what an account is worth now and could become, by targets in four boxes."),
    sections=SECTIONS,
    outputs=OUTPUTS,
    compute=compute,
    examples=EXAMPLES,
    rubric=(
        N_("Indicators are listed."),
        N_("All scores are right."),
        N_("Each target is justified, and each weak box has an action with a name and a date."),
        N_("The targets follow from the strategy, and some are agreed with the customer."),
    ),
    settings=SETTINGS,
    lessons=("fnd-1.2",),
    competencies=("C01", "C04"),
)
