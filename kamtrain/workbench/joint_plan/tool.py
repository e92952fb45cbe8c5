"""What will both sides do together, who of each, until when, and does it pay?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from kamtrain.core.account_facts import BASELINE_SALES, CATEGORY_SPEND, MARGIN, MONEY, MOST_MONEY
from kamtrain.core.message import N_, Message, message
from kamtrain.core.picture import clipped, width
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
    share,
    shown,
    total,
)

STAGES: tuple[tuple[str, str], ...] = (
    ("opportunity", N_("1 Opportunity")),
    ("plan", N_("2 Joint plan")),
    ("execute", N_("3 Execute")),
    ("evaluate", N_("4 Evaluate")),
    ("replicate", N_("5 Replicate")),
)
PARTS: tuple[tuple[str, str], ...] = (
    (N_("Strategy and selection"), N_("Whom do we choose?")),
    (N_("Organisation and roles"), N_("Who owns the account, and who supports?")),
    (N_("Information"), N_("What do we know, and where is it kept?")),
    (N_("Relationship coverage"), N_("Whom do we know, and on which level?")),
    (N_("Planning"), N_("What will we do together?")),
    (N_("Daily management"), N_("What happens every week?")),
    (N_("Risk control"), N_("What could hurt us?")),
    (N_("Review and incentive"), N_("What was achieved, and how are people paid?")),
)
LESSON = "six-3.3"
BEST = Decimal(5)  # of a part
WEAK = Decimal(2)  # a part at or below it will fail the plan
CARDS = 12  # drawn in one stage; the rest are counted


def _money(name: str, label: str, help: str = "") -> Field:
    return Field(name, label, unit=MONEY, least=Decimal(0), most=MOST_MONEY, help=help)


SECTIONS = (
    Section(
        N_("The plan in a sentence"),
        (
            Field(
                "vision",
                N_("Shared vision"),
                "long",
                help=N_("One sentence in which both sides find their own aim; written with the customer."),
                example=N_(
                    "By the end of next year no line of Alder's waits for a drive, and both know what that saved."
                ),
            ),
            Field("from", N_("From"), "date"),
            Field("to", N_("To"), "date"),
        ),
    ),
    Section(
        N_("Where we stand"),
        (
            BASELINE_SALES,
            CATEGORY_SPEND,
            replace(_money("spend-next", N_("What it will spend next year on what we sell")), sourced=True),
            MARGIN,
        ),
    ),
    Section(
        N_("Initiatives"),
        (
            Table(
                "initiatives",
                N_("Initiatives"),
                (
                    Field("initiative", N_("Initiative"), "text"),
                    Field("stage", N_("Stage"), "choice", choices=STAGES),
                    _money("gain", N_("Sales gained a year")),
                    Field("ours", N_("Owner, ours"), "text"),
                    Field("theirs", N_("Owner, theirs"), "text", offers="people.name"),
                    Field("start", N_("Begins"), "date"),
                    Field("due", N_("Due"), "date"),
                    _money("our-money", N_("Our investment")),
                    _money("their-money", N_("Their investment")),
                    Field("kpi", N_("Measured by"), "text", help=N_("A figure both sides read from the same place.")),
                ),
                computed=(
                    Output(
                        "row-net",
                        N_("Net"),
                        MONEY,
                        formula='IF(COUNT({gain},{margin},{our-money})<3,"",{gain}*{margin}/100-{our-money})',
                        help=N_("Gain × margin − our investment"),
                    ),
                ),
                help=N_("Write 0 where nothing is invested; blank means that nobody knows."),
            ),
        ),
    ),
    Section(
        N_("How it is led, and how it ends"),
        (
            Field(
                "governance", N_("Governance"), "long", help=N_("Who meets when, with which figures, and who decides.")
            ),
            Field(
                "replication",
                N_("When it is taken elsewhere"),
                "long",
                help=N_("The result, measured how long, at which it goes to the next plant or province."),
            ),
            Field(
                "exit",
                N_("When it is stopped"),
                "long",
                help=N_("The sign, written down before: by which day, which figure."),
            ),
        ),
    ),
    Section(
        N_("Can we carry it? Eight parts of our own account management"),
        (
            Table(
                "parts",
                N_("Eight parts"),
                (
                    Field("part", N_("Part"), "text"),
                    Field("question", N_("Its question"), "text"),
                    Field("level", N_("Level"), least=Decimal(1), most=BEST, whole=True, sourced=True),
                ),
                rows=tuple(
                    (str(place), {"part": part, "question": question})
                    for place, (part, question) in enumerate(PARTS, 1)
                ),
                more=False,
                help=N_(
                    "1 left to chance, 2 depends on one person, 3 agreed and done, 4 measured, 5 improved every year."
                ),
            ),
        ),
    ),
)

_TOTAL = 'IF(COUNT({{initiatives.{0}}})=0,"",SUM({{initiatives.{0}}}))'
OUTPUTS = (
    Output("gains", N_("Sales gained"), MONEY, formula=_TOTAL.format("gain")),
    Output(
        "growth",
        N_("Growth"),
        "%",
        formula='IF(COUNT({=gains},{baseline_sales})<2,"",IF({baseline_sales}=0,"",100*{=gains}/{baseline_sales}))',
        help=N_("Gains ÷ last year's sales"),
    ),
    Output(
        "profit",
        N_("Gross profit gained"),
        MONEY,
        formula='IF(COUNT({=gains},{margin})<2,"",{=gains}*{margin}/100)',
    ),
    Output("investment", N_("Our investment in all"), MONEY, formula=_TOTAL.format("our-money")),
    Output("net", N_("Net"), MONEY, formula='IF(COUNT({=profit},{=investment})<2,"",{=profit}-{=investment})'),
    Output(
        "roi",
        N_("Return on investment"),
        "%",
        formula='IF(COUNT({=net},{=investment})<2,"",IF({=investment}=0,"",100*{=net}/{=investment}))',
    ),
    Output(
        "wallet-now",
        N_("Share of wallet now"),
        "%",
        formula='IF(COUNT({baseline_sales},{category_spend})<2,"",'
        'IF({category_spend}=0,"",100*{baseline_sales}/{category_spend}))',
    ),
    Output(
        "wallet-next",
        N_("Share of wallet next year"),
        "%",
        formula='IF(COUNT({baseline_sales},{=gains},{spend-next})<3,"",'
        'IF({spend-next}=0,"",100*({baseline_sales}+{=gains})/{spend-next}))',
    ),
    Output("their-investment", N_("Their investment in all"), MONEY, formula=_TOTAL.format("their-money")),
    Output(
        "balance",
        N_("Their part of the investment"),
        "%",
        formula='IF(COUNT({=investment},{=their-investment})<2,"",IF({=investment}+{=their-investment}=0,"",'
        "100*{=their-investment}/({=investment}+{=their-investment})))",
    ),
    Output(
        "level",
        N_("Eight parts, on average"),
        formula='IF(COUNT({parts.level})=0,"",AVERAGE({parts.level}))',
        help=N_("Of the parts that are rated; look at the lowest, not at the average."),
    ),
)

SETTINGS = (
    Field(
        "balance",
        N_("Their part of the investment, at least"),
        unit="%",
        least=Decimal(0),
        most=Decimal(100),
        default="20",
    ),
)


@dataclass(frozen=True)
class Card:
    y: int
    name: tuple[str, ...]  # one or two lines
    owners: str


@dataclass(frozen=True)
class Column:
    x: int
    label: Message
    count: int
    gain: str  # "" where nobody knows
    cards: tuple[Card, ...]
    more: int  # initiatives that are not drawn


@dataclass(frozen=True)
class Board:
    height: int
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Spoke:
    """One part of the radar: the end of its axis, its label, and its point (None: not rated)."""

    end: tuple[float, float]
    label: Message
    label_at: tuple[float, float]
    anchor: str
    point: tuple[float, float] | None
    level: str


@dataclass(frozen=True)
class Radar:
    spokes: tuple[Spoke, ...]
    rings: tuple[str, ...]  # points of a polygon each, levels 1 to 5
    shape: str  # "" unless all parts are rated


@dataclass(frozen=True)
class Picture:
    board: Board | None
    radar: Radar | None


def compute(sheet: Sheet, settings: Sheet) -> Result:
    """Growth, profit, return, wallet and balance; what is one-sided or without an end; the board and the radar."""
    rows = sheet.rows("initiatives")
    margin, baseline = sheet.number("margin"), sheet.number("baseline_sales")
    spend, later = sheet.number("category_spend"), sheet.number("spend-next")
    gains = total(row.number("gain") for row in rows)
    ours, theirs = (total(row.number(name) for row in rows) for name in ("our-money", "their-money"))
    profit = None if gains is None or margin is None else gains * margin / 100
    net = None if profit is None or ours is None else profit - ours
    next_sales = None if baseline is None or gains is None else baseline + gains
    levels = [row.number("level") for row in sheet.rows("parts")]
    rated = [level for level in levels if level is not None]
    figures: dict[str, Value] = {
        "gains": gains,
        "growth": share(gains, baseline),
        "profit": profit,
        "investment": ours,
        "net": net,
        "roi": share(net, ours),
        "wallet-now": share(baseline, spend),
        "wallet-next": share(next_sales, later),
        "their-investment": theirs,
        "balance": None if ours is None or theirs is None else share(theirs, ours + theirs),
        "level": sum(rated, Decimal()) / len(rated) if rated else None,
    }
    cells: dict[str, Value] = {row.key("row-net"): _net(row, margin) for row in rows}
    notices = (
        *_of_rows(rows),
        *(_of_plan(sheet, figures, settings) if rows else ()),
        *_of_wallet(figures, baseline, spend, later),
        *_of_parts(sheet.rows("parts")),
    )
    verdict, tone = _verdict(net)
    board = _board(rows) if rows else None
    picture = Picture(board, _radar(sheet.rows("parts")) if rated else None)
    drawn = picture if board or rated else None
    return Result(figures, cells, verdict, tone, notices, tuple(_turns(rows, figures, margin)), drawn)


def _net(row: Row, margin: Decimal | None) -> Decimal | None:
    gain, cost = row.number("gain"), row.number("our-money")
    return None if gain is None or cost is None or margin is None else gain * margin / 100 - cost


def _verdict(net: Decimal | None) -> tuple[Message | None, Tone]:
    if net is None:
        return None, "info"
    return (message("The plan pays"), "good") if net > 0 else (message("The plan does not pay in this year"), "warning")


def _of_rows(rows: tuple[Row, ...]) -> Iterator[Notice]:
    for row in rows:
        name = Message(row.name)
        if not row.text("theirs"):
            text = message("“%(name)s” has no owner on their side: an aim without a commitment.", name=name)
            yield Notice("one-sided", text, "warning", LESSON, (row.key("theirs"),))
        missing = tuple(row.key(one) for one in ("ours", "due", "kpi") if not row.text(one))
        if missing:
            text = message("“%(name)s” needs an owner of ours, a date and a measure.", name=name)
            yield Notice("loose", text, "warning", LESSON, missing)
        start, due = row.day("start"), row.day("due")
        if start is not None and due is not None and due < start:
            text = message("“%(name)s” is due before it starts.", name=name)
            yield Notice("dates", text, "warning", "", (row.key("start"), row.key("due")))


def _of_plan(sheet: Sheet, figures: Mapping[str, Value], settings: Sheet) -> Iterator[Notice]:
    rows = sheet.rows("initiatives")
    unknown = tuple(row.key(name) for row in rows for name in ("gain", "our-money") if row.number(name) is None)
    if unknown:
        text = message(
            "%(count)s gains or investments are blank: they are not counted, on either side.", count=len(unknown)
        )
        yield Notice("blank", text, "info", LESSON, unknown)
    balance, least = figures["balance"], settings.number("balance")
    if isinstance(balance, Decimal) and least is not None and balance < least:
        text = message(
            "They carry %(balance)s %% of the investment. What costs them nothing is easily given up.",
            balance=shown(balance),
        )
        yield Notice("balance", text, "warning", LESSON)
    if not sheet.text("exit"):
        text = message(
            "Nothing says when it is stopped: without a sign written down before, it is always one more quarter."
        )
        yield Notice("no-exit", text, "warning", LESSON, ("exit",))
    if any(row.choice("stage") == "replicate" for row in rows) and not sheet.text("replication"):
        text = message("Something is being replicated, and the condition for it is not written down.")
        yield Notice("no-condition", text, "warning", LESSON, ("replication",))
    if not sheet.text("vision"):
        text = message("Write the shared vision with the customer: a plan that only we wrote is our own to-do list.")
        yield Notice("no-vision", text, "info", LESSON, ("vision",))


def _of_wallet(
    figures: Mapping[str, Value], baseline: Decimal | None, spend: Decimal | None, later: Decimal | None
) -> Iterator[Notice]:
    now, after = figures["wallet-now"], figures["wallet-next"]
    whole = Decimal(100)
    if any(isinstance(one, Decimal) and one > whole for one in (now, after)):
        text = message(
            "We would sell more than it buys: one of these figures is not of the same goods or the same year."
        )
        yield Notice("wallet-over", text, "danger", LESSON, ("baseline_sales", "category_spend", "spend-next"))
    if isinstance(now, Decimal) and isinstance(after, Decimal) and after < now:
        text = message(
            "Sales grow and the share of wallet falls, from %(now)s to %(after)s %%: it grows faster than we do with it.",
            now=shown(now),
            after=shown(after),
        )
        yield Notice("losing", text, "warning", LESSON, ("spend-next",))


def _of_parts(rows: tuple[Row, ...]) -> Iterator[Notice]:
    for row in rows:
        level = row.number("level")
        if level is not None and level <= WEAK:
            text = message(
                "“%(name)s” is at %(level)s: here the plan will fail first. %(question)s",
                name=Message(row.name),
                level=shown(level, 0),
                question=Message(row.text("question") or row.name),
            )
            yield Notice("weak-part", text, "warning", LESSON, (row.key("level"),))


def _turns(rows: tuple[Row, ...], figures: Mapping[str, Value], margin: Decimal | None) -> Iterator[Message]:
    """Which figure, changed alone, decides whether the plan pays."""
    gains, ours, net = figures["gains"], figures["investment"], figures["net"]
    if (
        not isinstance(gains, Decimal)
        or not isinstance(ours, Decimal)
        or not isinstance(net, Decimal)
        or margin is None
    ):
        return
    if margin > 0:
        yield message(
            "The investment is covered from gains of %(bound)s on; planned are %(gains)s.",
            bound=shown(100 * ours / margin),
            gains=shown(gains),
        )
    for row in rows:
        gain = row.number("gain")
        if net > 0 and gain is not None and net - gain * margin / 100 <= 0:
            yield message("Without the gain of “%(name)s” the plan does not pay.", name=Message(row.name))


TOP, TALL = 62, 66  # where the first card begins, and from there to the next


def _broken(text: str, room: float) -> tuple[str, ...]:
    """The text on one or two lines: broken between words where it can be, and cut where two are not enough."""
    line = " ".join(text.split())
    if width(line, 14) <= room:
        return (line,)
    fits = len(clipped(line, room, 14)) - 1
    space = line.rfind(" ", 0, fits + 1)
    if space > 0:
        return line[:space], clipped(line[space + 1 :], room, 14)
    return line[:fits], clipped(line[fits:], room, 14)


def _board(rows: tuple[Row, ...]) -> Board:
    """Five columns of cards, 640 wide; initiatives without a stage stand in the first."""
    wide = 124
    columns = []
    for place, (stage, label) in enumerate(STAGES):
        own = [row for row in rows if (row.choice("stage") or STAGES[0][0]) == stage]
        cards = tuple(
            Card(TOP + TALL * number, _broken(row.name, wide - 14), _owners(row, wide - 14))
            for number, row in enumerate(own[:CARDS])
        )
        gain = total(row.number("gain") for row in own)
        said = "" if gain is None else f"+{shown(gain, 0)}"
        columns.append(Column(6 + 126 * place, Message(label), len(own), said, cards, max(0, len(own) - CARDS)))
    tallest = max(len(column.cards) + (1 if column.more else 0) for column in columns)
    return Board(TOP + TALL * max(tallest, 1) + 2, tuple(columns))


def _owners(row: Row, room: float) -> str:
    both = [name for name in (row.text("ours"), row.text("theirs")) if name]
    return clipped(" · ".join(both), room, 12)


def _radar(rows: tuple[Row, ...]) -> Radar:
    """Eight axes from the middle of a square of 640 × 400, the first upwards."""
    middle, reach = (320.0, 200.0), 140.0

    def at(place: int, part: float) -> tuple[float, float]:
        angle = 2 * math.pi * place / len(PARTS) - math.pi / 2
        x, y = middle[0] + reach * part * math.cos(angle), middle[1] + reach * part * math.sin(angle)
        return round(x, 1), round(y, 1)

    by_id = {row.id: row for row in rows}
    spokes = []
    for place, (part, _) in enumerate(PARTS):
        row = by_id.get(str(place + 1))
        level = None if row is None else row.number("level")
        x, y = at(place, 1.12)
        anchor = "middle" if abs(x - middle[0]) < 1 else "start" if x > middle[0] else "end"
        name = part if row is None else row.text("part") or part
        spokes.append(
            Spoke(
                at(place, 1),
                Message(part if name == part else clipped(name, 170, 14)),
                (x, round(y + 4, 1)),
                anchor,
                None if level is None else at(place, float(level / BEST)),
                "–" if level is None else shown(level, 0),
            )
        )
    rings = tuple(_path([at(place, ring / 5) for place in range(len(PARTS))]) for ring in range(1, 6))
    points = [spoke.point for spoke in spokes if spoke.point is not None]
    return Radar(tuple(spokes), rings, _path(points) if len(points) == len(PARTS) else "")


def _path(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _initiative(id: str, **texts: str) -> Mapping[str, str]:
    return {f"initiatives.{id}.{name.replace('_', '-')}": text for name, text in texts.items()}


EXAMPLES = (
    Example(
        "alder",
        N_("Alder: three initiatives, a name on each side"),
        {
            "vision": N_(
                "By the end of next year no line of Alder's waits for a drive, and both know what that saved."
            ),
            "from": "2027-01-01",
            "to": "2027-12-31",
            "baseline_sales": "1200",
            "category_spend": "4000",
            "spend-next": "4200",
            "margin": "28",
            **_initiative(
                "1",
                initiative=N_("Remote diagnosis on line 3"),
                stage="execute",
                gain="90",
                ours=N_("Shen"),
                theirs=N_("Qiu"),
                start="2027-01-15",
                due="2027-06-30",
                our_money="10",
                their_money="6",
                kpi=N_("Hours of standstill a month, from Alder's log"),
            ),
            **_initiative(
                "2",
                initiative=N_("Drives for the new filling hall"),
                stage="plan",
                gain="60",
                ours=N_("Lin"),
                theirs=N_("Luo"),
                start="2027-03-01",
                due="2027-09-30",
                our_money="6",
                their_money="4",
                kpi=N_("Approved by their engineering until May"),
            ),
            **_initiative(
                "3",
                initiative=N_("One stock of spares for both plants"),
                stage="opportunity",
                gain="30",
                ours=N_("Xu"),
                theirs=N_("Wen"),
                start="2027-04-01",
                due="2027-12-15",
                our_money="4",
                their_money="2",
                kpi=N_("Value on both shelves, counted each quarter"),
            ),
            "governance": N_("Every quarter one hour: Luo, Qiu, Lin, Shen. The log is read before anything is said."),
            "replication": N_(
                "Standstill on line 3 halved for three months: then lines 1 and 2, then the second plant."
            ),
            "exit": N_("No approval from engineering until 31 May: the filling hall is taken out of the plan."),
            **{f"parts.{place}.level": level for place, level in enumerate("43324323", 1)},
        },
        {
            "gains": "180.0",
            "growth": "15.0",
            "profit": "50.4",
            "investment": "20.0",
            "net": "30.4",
            "roi": "152.0",
            "wallet-now": "30.0",
            "wallet-next": "32.9",
            "their-investment": "12.0",
            "balance": "37.5",
            "level": "3.0",
            "verdict": "The plan pays",
        },
        N_("Alder"),
        N_(
            "Alder bought for 12 million yuan last year, of 40 million that it spends on drives and service. Lanxi Controls and "
            "Alder sit down to write one page for the next year, and each puts in a name, a date and money."
        ),
    ),
)

TOOL = Tool(
    id="joint-plan",
    name=N_("Joint business plan"),
    summary=N_("One page of what both sides will do, who, until when, and whether it pays for both."),
    sections=SECTIONS,
    outputs=OUTPUTS,
    stage="agree",
    compute=compute,
    examples=EXAMPLES,
    rubric=(
        N_("A list of wishes."),
        N_("The sums are right: growth, net, return, wallet."),
        N_("Both sides have commitments and a measure in each line."),
        N_("It is written down when it is taken elsewhere, and when it is stopped."),
    ),
    settings=SETTINGS,
    lessons=("six-3.3", "svc-1.2"),
    competencies=("C14", "C04"),
)
