"""Which industries are worth a year's work: eight scores each, their sum, and the cut-off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kamtrain.core.message import N_, Message, message
from kamtrain.core.picture import clipped, spread
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
    number,
    shown,
    total,
)

LESSON = "six-1.2"
ATTRACT: tuple[tuple[str, str], ...] = (
    ("capacity", N_("Market capacity")),
    ("growth", N_("Growth")),
    ("awareness", N_("Customer awareness")),
    ("funds", N_("Funds and credit")),
    ("relationship", N_("Customer relationship")),
    ("policy", N_("Support by policy")),
)
REPEL: tuple[tuple[str, str], ...] = (
    ("competition", N_("Competition")),
    ("difficulty", N_("Implementation difficulty")),
)
# In the order in which the matrix is printed.
ORDER = ("capacity", "growth", "awareness", "competition", "difficulty", "funds", "relationship", "policy")
LABELS = dict(ATTRACT + REPEL)
STEP = Decimal(2)  # the source scores in odd numbers: the next one is two away
TWINS = ("awareness", "relationship")  # easily the same thing, scored twice
ALIKE = 3  # industries from which it shows that two columns run together
STAR = "★"


def _score(name: str) -> Field:
    if name in dict(REPEL):
        least, most, help = Decimal(-9), Decimal(-1), N_("Counts against: −1 hardly any, −9 very much.")
    else:
        least, most, help = Decimal(1), Decimal(9), N_("1 little, 9 very much; leave blank what you do not know.")
    return Field(name, LABELS[name], least=least, most=most, whole=True, help=help)


_SCORES = ",".join(f"{{{name}}}" for name in ORDER)
SECTIONS = (
    Section(
        N_("Cut-off"),
        (
            Field(
                "cutoff",
                N_("Selected from"),
                "choice",
                choices=(("average", N_("the average of these industries")), ("fixed", N_("a fixed total"))),
                default="average",
                help=N_("The average follows your list; a fixed total keeps its height when the list changes."),
            ),
        ),
    ),
    Section(
        N_("Score each industry"),
        (
            Table(
                "industries",
                N_("Industries"),
                (
                    Field("name", N_("Industry"), "text"),
                    *(_score(name) for name in ORDER),
                    Field(
                        "printed",
                        N_("Printed total"),
                        least=Decimal(-100),
                        most=Decimal(100),
                        whole=True,
                        help=N_("If you check somebody's matrix: the total that stands there."),
                    ),
                    Field("starred", N_("Printed star"), "tick"),
                    Field("evidence", N_("What the scores rest on"), "text"),
                ),
                computed=(
                    Output("total", N_("Total"), places=0, formula=f'IF(COUNT({_SCORES})<8,"",SUM({_SCORES}))'),
                    Output(
                        "difference",
                        N_("Printed less total"),
                        places=0,
                        formula='IF(COUNT({printed},{total})<2,"",{printed}-{total})',
                    ),
                    Output(
                        "star",
                        N_("Selected"),
                        formula=f'IF(COUNT({{total}},{{=cut}})<2,"",IF({{total}}>={{=cut}},"{STAR}",""))',
                    ),
                    Output(
                        "rank",
                        N_("Rank"),
                        places=0,
                        formula='IF({total}="","",1+COUNTIF({industries.total},">"&{total}))',
                    ),
                ),
                help=N_("Competition and difficulty count against an industry: write them with a minus."),
            ),
        ),
    ),
)

OUTPUTS = (
    Output("counted", N_("Industries with all eight scores"), places=0, formula="COUNT({industries.total})"),
    Output(
        "average",
        N_("Own average"),
        formula='IF(COUNT({industries.total})=0,"",AVERAGE({industries.total}))',
    ),
    Output(
        "printed-average",
        N_("Average of the printed totals"),
        formula='IF(COUNT({industries.printed})=0,"",AVERAGE({industries.printed}))',
    ),
    Output("cut", N_("Cut-off used"), formula="IF({cutoff}={cutoff:fixed},{@fixed},{=average})"),
    Output("selected", N_("Industries selected"), places=0, formula=f'COUNTIF({{industries.star}},"{STAR}")'),
)

SETTINGS = (Field("fixed", N_("Fixed total"), least=Decimal(-100), most=Decimal(100), default="29.1"),)


@dataclass(frozen=True)
class Dot:
    """One industry: where it stands, and where its label is led to (y)."""

    x: float
    y: float
    label_y: float
    label: str
    selected: bool


@dataclass(frozen=True)
class Picture:
    height: int
    bottom: int
    line: tuple[float, float, float, float] | None  # x1, y1, x2, y2 of the cut-off, where it crosses the field
    cut: str
    dots: tuple[Dot, ...]
    others: int  # industries that are not drawn
    ticks: tuple[tuple[float, str], ...]  # of the pull, upwards
    marks: tuple[tuple[float, str], ...]  # of the resistance, to the right


def compute(sheet: Sheet, settings: Sheet) -> Result:
    """Totals of the rows that are complete, their average, the cut-off, and who reaches it."""
    rows = sheet.rows("industries")
    totals = {row.id: _total(row) for row in rows}
    scored = [row for row in rows if totals[row.id] is not None]
    average = _average(totals.values())
    fixed = sheet.choice("cutoff") == "fixed"
    cut = settings.number("fixed") if fixed else average
    selected = {row.id for row in scored if cut is not None and (totals[row.id] or Decimal()) >= cut}
    ordered = sorted((one for one in totals.values() if one is not None), reverse=True)
    places: dict[Decimal, int] = {}
    for place, value in enumerate(ordered, 1):
        places.setdefault(value, place)
    cells: dict[str, Value] = {}
    for row in rows:
        reached, printed = totals[row.id], row.number("printed")
        cells[row.key("total")] = reached
        cells[row.key("difference")] = None if reached is None or printed is None else printed - reached
        cells[row.key("star")] = STAR if row.id in selected else None
        cells[row.key("rank")] = None if reached is None else Decimal(places[reached])
    figures: dict[str, Value] = {
        "counted": Decimal(len(scored)),
        "average": average,
        "printed-average": _average(row.number("printed") for row in rows),
        "cut": cut,
        "selected": Decimal(len(selected)),
    }
    ranked = sorted(scored, key=lambda row: -(totals[row.id] or Decimal()))
    verdict, tone = _verdict(ranked, selected)
    notices = _notices(sheet, rows, scored, totals, average, cut, selected)
    turns = _turns(ranked, totals, cut, selected, fixed) if cut is not None else ()
    return Result(figures, cells, verdict, tone, notices, turns, _picture(ranked, cut, selected))


def _total(row: Row) -> Decimal | None:
    """The plain sum; None until all eight are scored, for a blank would count as nothing."""
    scores = [row.number(name) for name in ORDER]
    return None if None in scores else total(scores)


def _average(values: Iterable[Decimal | None]) -> Decimal | None:
    there = [one for one in values if one is not None]
    return sum(there, Decimal()) / len(there) if there else None


def _verdict(ranked: Sequence[Row], selected: set[str]) -> tuple[Message | None, Tone]:
    if not ranked:
        return None, "info"
    names = tuple(row.name for row in ranked if row.id in selected)
    if not names:
        return message("No industry reaches the cut-off"), "warning"
    if len(names) > 8:
        return message("Selected: %(count)s industries", count=len(names)), "good"
    return message("Selected: %(names)s", names=names), "good"


def _notices(
    sheet: Sheet,
    rows: Sequence[Row],
    scored: Sequence[Row],
    totals: Mapping[str, Decimal | None],
    average: Decimal | None,
    cut: Decimal | None,
    selected: set[str],
) -> tuple[Notice, ...]:
    found = [notice for row in rows for notice in _about_signs(row)]
    for row in rows:
        value, printed = totals[row.id], row.number("printed")
        blank = [name for name in ORDER if row.number(name) is None]
        if 0 < len(blank) < len(ORDER):
            text = message(
                "“%(name)s” has no total yet: %(count)s of the eight scores are missing.",
                name=row.name,
                count=len(blank),
            )
            found.append(Notice("incomplete", text, "info", at=tuple(row.key(name) for name in blank)))
        if value is not None and printed is not None and printed != value:
            text = message(
                "“%(name)s”: %(printed)s is printed, the scores add up to %(total)s.",
                name=row.name,
                printed=shown(printed, 0),
                total=shown(value, 0),
            )
            found.append(Notice("printed-differs", text, "warning", LESSON, (row.key("printed"),)))
        if value is not None and cut is not None and row.tick("starred") and row.id not in selected:
            text = message(
                "“%(name)s” is starred with %(total)s, below the cut-off of %(cut)s. The rule holds, not the star.",
                name=row.name,
                total=shown(value, 0),
                cut=shown(cut),
            )
            found.append(Notice("star-breaks-rule", text, "warning", LESSON, (row.key("starred"),)))
    if sheet.choice("cutoff") == "fixed" and average is not None and cut is not None and shown(average) != shown(cut):
        text = message(
            "%(cut)s is not the average of these rows, which is %(average)s. Of which list is it the average?",
            cut=shown(cut),
            average=shown(average),
        )
        found.append(Notice("foreign-average", text, "info", LESSON, ("cutoff",)))
    if sheet.choice("cutoff") != "fixed" and scored and len({totals[row.id] for row in scored}) == 1:
        text = message("All totals are equal to their own average: the cut-off cannot part them. Add an industry.")
        found.append(Notice("nothing-to-compare", text, "info"))
    if len(scored) >= ALIKE and all(_apart(row) <= STEP for row in scored):
        text = message(
            "“Customer awareness” and “Customer relationship” run together in every row. "
            "Do you count the same thing twice?"
        )
        found.append(Notice("counted-twice", text, "info", LESSON, tuple(r.key(TWINS[0]) for r in scored)))
    return tuple(found)


def _apart(row: Row) -> Decimal:
    first, second = (row.number(name) or Decimal() for name in TWINS)
    return abs(first - second)


def _about_signs(row: Row) -> list[Notice]:
    """A score with the other sign is out of its range: say which sign belongs there."""
    found = []
    for name in ORDER:
        typed = number(row.text(name))
        if typed is None or row.number(name) is not None or not 1 <= abs(typed) <= 9:
            continue
        if name in dict(REPEL):
            text = message("“%(item)s” counts against an industry: write it with a minus.", item=Message(LABELS[name]))
        else:
            text = message("“%(item)s” counts for an industry: write it without a minus.", item=Message(LABELS[name]))
        found.append(Notice("sign", text, "warning", LESSON, (row.key(name),)))
    return found


def _turns(
    ranked: Sequence[Row],
    totals: Mapping[str, Decimal | None],
    cut: Decimal,
    selected: set[str],
    fixed: bool,
) -> tuple[Message, ...]:
    """Which indicator left out, or which industry one step higher or lower, would change the selection."""
    found = []
    count = len(ranked)
    for name in ORDER if not fixed else ():
        left = {row.id: (totals[row.id] or Decimal()) - (row.number(name) or Decimal()) for row in ranked}
        average = _average(left.values())
        now = [row for row in ranked if average is not None and left[row.id] >= average]
        if {row.id for row in now} != selected:
            found.append(
                message(
                    "Without “%(item)s” the selection is: %(names)s.",
                    item=Message(LABELS[name]),
                    names=tuple(row.name for row in now[:8]),
                )
            )
    for row in ranked:
        value = totals[row.id] or Decimal()
        step = -STEP if row.id in selected else STEP
        moved = cut if fixed else cut + step / count
        if (value + step >= moved) != (row.id in selected):
            text = (
                message("Two points less in one score, and “%(name)s” is out.", name=row.name)
                if row.id in selected
                else message("Two points more in one score, and “%(name)s” is in.", name=row.name)
            )
            found.append(text)
    return tuple(found[:12])


LEFT, RIGHT, TOP, NAMES = 60, 400, 20, 440
LEAST_PULL, MOST_PULL = 6, 54  # six scores of 1 to 9
LEAST_EASE, MOST_EASE = -18, -2  # two scores of -9 to -1
DRAWN, LINE = 40, 17


def _picture(ranked: Sequence[Row], cut: Decimal | None, selected: set[str]) -> Picture | None:
    if not ranked or cut is None:
        return None
    drawn = ranked[:DRAWN]
    bottom = TOP + max(300, LINE * len(drawn))

    def x(ease: float) -> float:
        return round(LEFT + (ease - LEAST_EASE) / (MOST_EASE - LEAST_EASE) * (RIGHT - LEFT), 1)

    def y(pull: float) -> float:
        return round(bottom - (pull - LEAST_PULL) / (MOST_PULL - LEAST_PULL) * (bottom - TOP), 1)

    places = [(_sum(row, REPEL), _sum(row, ATTRACT)) for row in drawn]
    heights = spread([y(pull) for _, pull in places], LINE, TOP + 6, bottom - 6)
    dots = tuple(
        Dot(
            x(ease),
            y(pull),
            label_y,
            clipped(f"{row.name} {shown(Decimal(ease + pull), 0)}", 640 - NAMES - 22)
            + (f" {STAR}" if row.id in selected else ""),
            row.id in selected,
        )
        for row, (ease, pull), label_y in zip(drawn, places, heights, strict=True)
    )
    first, last = max(LEAST_EASE, float(cut) - MOST_PULL), min(MOST_EASE, float(cut) - LEAST_PULL)
    line = (x(first), y(float(cut) - first), x(last), y(float(cut) - last)) if first < last else None
    ticks = tuple((y(pull), str(pull)) for pull in (6, 18, 30, 42, 54))
    marks = tuple((x(ease), str(ease).replace("-", "−")) for ease in (-18, -14, -10, -6, -2))
    return Picture(bottom + 44, bottom, line, shown(cut), dots, len(ranked) - len(drawn), ticks, marks)


def _sum(row: Row, names: Iterable[tuple[str, str]]) -> int:
    return int(sum((row.number(name) or Decimal() for name, _ in names), Decimal()))


_PRINTED = (
    (N_("Government"), "9 7 7 -3 -3 9 7 9", "42", True),
    (N_("Telecom"), "9 7 9 -5 -1 9 9 7", "46", True),
    (N_("Education"), "9 5 5 -5 -3 7 5 9", "32", False),
    (N_("Finance"), "9 3 9 -9 -7 9 7 7", "28", True),
)


def _example(name: str, title: str, brief: str, cutoff: str, figures: Mapping[str, str]) -> Example:
    cells = {"cutoff": cutoff}
    for place, (industry, scores, printed, starred) in enumerate(_PRINTED, 1):
        row = f"industries.{place:02}"
        cells |= {f"{row}.{item}": score for item, score in zip(ORDER, scores.split(), strict=True)}
        cells |= {f"{row}.name": industry, f"{row}.printed": printed}
        if starred:
            cells[f"{row}.starred"] = "1"
    return Example(name, title, cells, figures, brief=brief)


EXAMPLES = (
    _example(
        "own-average",
        N_("Four industries against their own average"),
        N_("The printed matrix, added up again. One total is wrong, and one star does not follow the rule."),
        "average",
        {
            "counted": "4",
            "average": "36.5",
            "printed-average": "37.0",
            "cut": "36.5",
            "selected": "2",
            "verdict": "Selected: Telecom, Government",
        },
    ),
    _example(
        "fixed",
        N_("The same four against the printed cut-off"),
        N_(
            "29.1 is printed as the average. Of these four it cannot be the average; as a fixed total it lets a third one in."
        ),
        "fixed",
        {"average": "36.5", "cut": "29.1", "selected": "3", "verdict": "Selected: Telecom, Government, Education"},
    ),
)

TOOL = Tool(
    id="industry-matrix",
    name=N_("Industry-attractiveness matrix"),
    summary=N_("Compare industries by eight scores and choose where a year's work is worth most."),
    sections=SECTIONS,
    outputs=OUTPUTS,
    compute=compute,
    examples=EXAMPLES,
    rubric=(
        N_("Competition or difficulty stands with the wrong sign."),
        N_("All sums are right."),
        N_("Both faults of the printed matrix are found, and it is explained why 29.1 cannot be the average."),
        N_("It is also tested what a single score or weight changes, and nothing is counted twice."),
    ),
    settings=SETTINGS,
    about="many",
    lessons=("six-1.2",),
    competencies=("C02", "C01"),
)
