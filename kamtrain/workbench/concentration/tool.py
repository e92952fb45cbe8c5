"""How much hangs on one customer: shares, effective number, loss test, and the way to a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from kamtrain.core.account_facts import MONEY, MOST_MONEY
from kamtrain.core.message import N_, Message, message
from kamtrain.core.picture import clipped
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
LESSON = "fnd-4.1"
TOP = 5

SECTIONS = (
    Section(
        N_("What you measure"),
        (
            Field(
                "level",
                N_("The rows are"),
                "choice",
                choices=(("customers", N_("customers")), ("sectors", N_("sectors"))),
                default="customers",
            ),
            Field(
                "entered",
                N_("You enter"),
                "choice",
                choices=(("shares", N_("shares in %")), ("amounts", N_("amounts"))),
                default="shares",
            ),
            Field(
                "measure",
                N_("Measured by"),
                "choice",
                choices=(("profit", N_("gross profit")), ("sales", N_("sales"))),
                help=N_("For the loss test gross profit counts, not sales."),
            ),
            Field(
                "base",
                N_("The whole that the shares are of"),
                unit=MONEY,
                least=NOTHING,
                most=MOST_MONEY,
                help=N_("Only if you enter shares and want to see amounts."),
            ),
        ),
    ),
    Section(
        N_("Who has how much"),
        (
            Table(
                "parts",
                N_("Customers or sectors"),
                (
                    Field("name", N_("Name"), "text"),
                    Field("amount", N_("Share or amount"), least=NOTHING, most=MOST_MONEY, sourced=True),
                    Field(
                        "within",
                        N_("Largest customer within it"),
                        unit="%",
                        least=NOTHING,
                        most=ALL,
                        help=N_("For sectors: how much of the sector is its largest single customer?"),
                    ),
                ),
                computed=(
                    Output(
                        "share",
                        N_("Share"),
                        "%",
                        formula='IF(COUNT({amount})=0,"",IF({entered}={entered:amounts},IF(SUM({parts.amount})=0,"",'
                        "100*{amount}/SUM({parts.amount})),{amount}))",
                    ),
                    Output(
                        "rank",
                        N_("Rank"),
                        places=0,
                        formula='IF({share}="","",1+SUMPRODUCT(({parts.share}<>"")*({parts.share}>{share}))+'
                        'SUMPRODUCT(({parts.share}<>"")*({parts.share}={share})*(ROW({parts.share})<ROW({share}))))',
                    ),
                    Output(
                        "single",
                        N_("Single customer"),
                        "%",
                        places=2,
                        formula='IF({share}="","",IF({level}={level:sectors},IF(COUNT({within})=0,"",'
                        "{share}*{within}/100),{share}))",
                        help=N_("Its share of everything."),
                    ),
                ),
                help=N_("Leave blank what you do not know. The order does not matter."),
            ),
        ),
    ),
    Section(
        N_("Limit and loss test"),
        (
            Field("limit", N_("Our limit for one customer"), unit="%", least=NOTHING, most=ALL),
            Field("reason", N_("Why this limit, and how we get there"), "long"),
            Field(
                "gross_profit",
                N_("Gross profit of all together"),
                unit=MONEY,
                least=-MOST_MONEY,
                most=MOST_MONEY,
                sourced=True,
            ),
            Field(
                "fixed_costs",
                N_("Costs that stay when the largest leaves"),
                unit=MONEY,
                least=NOTHING,
                most=MOST_MONEY,
                sourced=True,
            ),
            Field(
                "largest_profit",
                N_("Gross profit of the largest customer"),
                unit=MONEY,
                least=-MOST_MONEY,
                most=MOST_MONEY,
                help=N_("Blank: its share of the gross profit is taken to be the share in the table."),
                sourced=True,
            ),
        ),
        help=N_("What is left of the profit if the largest leaves? Its gross profit goes, the fixed costs stay."),
    ),
)

OUTPUTS = (
    Output("sum", N_("Sum of the shares"), "%", formula='IF(COUNT({parts.share})=0,"",SUM({parts.share}))'),
    Output("largest", N_("Largest share"), "%", formula='IF(COUNT({parts.share})=0,"",MAX({parts.share}))'),
    Output(
        "top-five",
        N_("Five largest together"),
        "%",
        formula='IF(COUNT({parts.share})=0,"",SUMIF({parts.rank},"<=5",{parts.share}))',
    ),
    Output(
        "squares",
        N_("Sum of the squared shares"),
        formula='IF(COUNT({parts.share})=0,"",SUMSQ({parts.share}))',
        help=N_("Ten equal customers: 1,000. A single one: 10,000."),
    ),
    Output(
        "effective",
        N_("Effective number"),
        formula='IF({=squares}="","",IF({=squares}=0,"",10000/{=squares}))',
        help=N_("So many customers of equal size would be just as concentrated."),
    ),
    Output(
        "single-share",
        N_("Largest single customer"),
        "%",
        places=2,
        formula='IF(COUNT({parts.single})=0,"",MAX({parts.single}))',
    ),
    Output(
        "single-amount",
        N_("Largest single customer, amount"),
        MONEY,
        formula='IF({=single-share}="","",IF({entered}={entered:amounts},{=single-share}*SUM({parts.amount})/100,'
        'IF(COUNT({base})=0,"",{=single-share}*{base}/100)))',
    ),
    Output(
        "profit",
        N_("Profit today"),
        MONEY,
        formula='IF(COUNT({gross_profit},{fixed_costs})<2,"",{gross_profit}-{fixed_costs})',
    ),
    Output(
        "leaves",
        N_("Gross profit that would go"),
        MONEY,
        formula='IF(COUNT({largest_profit})=1,{largest_profit},IF(OR(COUNT({gross_profit})=0,{=largest}=""),"",'
        '{gross_profit}*IF({=single-share}="",{=largest},{=single-share})/100))',
    ),
    Output(
        "after",
        N_("Profit if the largest leaves"),
        MONEY,
        formula='IF(OR({=profit}="",{=leaves}=""),"",{=profit}-{=leaves})',
    ),
    Output(
        "red-line",
        N_("Red line"),
        "%",
        formula='IF({=profit}="","",IF({gross_profit}<=0,"",MAX(0,100*{=profit}/{gross_profit})))',
        help=N_("Up to this share of the gross profit the loss of one customer can be borne."),
    ),
    Output(
        "grow",
        N_("The others must bring in addition"),
        MONEY,
        formula='IF(OR({=leaves}="",COUNT({limit},{gross_profit})<2),"",IF({limit}=0,"",'
        "MAX(0,100*{=leaves}/{limit}-{gross_profit})))",
        help=N_("So that the largest comes down to the limit without shrinking."),
    ),
    Output(
        "grow-share",
        N_("That is, of what they bring today"),
        "%",
        formula='IF({=grow}="","",IF({gross_profit}-{=leaves}<=0,"",100*{=grow}/({gross_profit}-{=leaves})))',
    ),
)

SETTINGS = (
    Field("tolerance", N_("Shares may miss 100 by"), unit="%", least=NOTHING, most=ALL, default="0.1"),
    Field("few", N_("Warn below an effective number of"), least=NOTHING, most=Decimal(1000), default="5"),
)


@dataclass(frozen=True)
class Bar:
    """One customer or sector; lengths in the picture's units. `inner`: its largest single customer, None where unknown."""

    name: str
    y: int
    length: float
    inner: float | None
    share: str
    running: str
    over: bool


@dataclass(frozen=True)
class Square:
    x: float
    y: float
    filled: float  # width of what is filled


@dataclass(frozen=True)
class Picture:
    """Bars from the largest down, lines for limit and red line (x, None where there is none), and the effective number."""

    height: int
    bars: tuple[Bar, ...]
    bottom: int  # where the bars end
    others: int  # rows that are not drawn
    inner: bool  # whether a bar has an inner one
    limit: float | None
    limit_text: str
    red_line: float | None
    red_line_text: str
    squares: tuple[Square, ...]
    size: float
    count: str
    effective: str


def compute(sheet: Sheet, settings: Sheet) -> Result:
    """Shares, their squares, the effective number, the loss test and how far the others must grow."""
    rows = sheet.rows("parts")
    shares = _shares(sheet, rows)
    ranked = sorted((row for row in rows if shares[row.id] is not None), key=lambda row: -(shares[row.id] or NOTHING))
    singles = {row.id: _single(sheet, row, shares[row.id]) for row in rows}
    figures = _figures(sheet, [shares[row.id] for row in ranked], list(singles.values()))
    cells: dict[str, Value] = {}
    places = {row.id: Decimal(place) for place, row in enumerate(ranked, 1)}
    for row in rows:
        cells[row.key("share")] = shares[row.id]
        cells[row.key("rank")] = places.get(row.id)
        cells[row.key("single")] = singles[row.id]
    verdict, tone = _verdict(sheet, figures)
    return Result(
        dict(figures),
        cells,
        verdict,
        tone,
        _notices(sheet, settings, ranked, shares, singles, figures),
        _turns(figures),
        _picture(sheet, ranked, shares, singles, figures),
    )


def _shares(sheet: Sheet, rows: Sequence[Row]) -> dict[str, Decimal | None]:
    amounts = {row.id: row.number("amount") for row in rows}
    if sheet.choice("entered") != "amounts":
        return amounts
    whole = total(amounts.values())
    return {id: share(amount, whole) for id, amount in amounts.items()}


def _single(sheet: Sheet, row: Row, of: Decimal | None) -> Decimal | None:
    if of is None or sheet.choice("level") != "sectors":
        return of
    within = row.number("within")
    return None if within is None else of * within / 100


def _figures(
    sheet: Sheet, shares: Sequence[Decimal | None], singles: Sequence[Decimal | None]
) -> dict[str, Decimal | None]:
    """`shares` from the largest down."""
    squares = total(one * one for one in shares if one is not None)
    largest = shares[0] if shares else None
    single = max((one for one in singles if one is not None), default=None)
    amounts = sheet.choice("entered") == "amounts"
    whole = total(row.number("amount") for row in sheet.rows("parts")) if amounts else sheet.number("base")
    earned, fixed, limit = (sheet.number(name) for name in ("gross_profit", "fixed_costs", "limit"))
    profit = None if earned is None or fixed is None else earned - fixed
    leaves = sheet.number("largest_profit")
    exposed = largest if single is None else single
    if leaves is None and earned is not None and exposed is not None:
        leaves = earned * exposed / 100
    line = share(profit, earned) if earned is not None and earned > 0 else None
    aim = ratio(None if leaves is None else 100 * leaves, limit)
    grow = None if aim is None or earned is None else max(NOTHING, aim - earned)
    others = None if earned is None or leaves is None or earned <= leaves else earned - leaves
    return {
        "sum": total(shares),
        "largest": largest,
        "top-five": total(shares[:TOP]),
        "squares": squares,
        "effective": ratio(Decimal(10_000), squares),
        "single-share": single,
        "single-amount": None if single is None or whole is None else single * whole / 100,
        "profit": profit,
        "leaves": leaves,
        "after": None if profit is None or leaves is None else profit - leaves,
        "red-line": None if line is None else max(NOTHING, line),
        "grow": grow,
        "grow-share": share(grow, others),
    }


def _exposed(figures: Mapping[str, Decimal | None]) -> Decimal | None:
    """What hangs on one name, in percent: the largest single customer, else the largest row."""
    single = figures["single-share"]
    return figures["largest"] if single is None else single


def _verdict(sheet: Sheet, figures: Mapping[str, Decimal | None]) -> tuple[Message | None, Tone]:
    exposed, limit, after = _exposed(figures), sheet.number("limit"), figures["after"]
    if exposed is None:
        return None, "info"
    if after is not None and after < 0:
        return message("Too dependent: without the largest there is no profit"), "danger"
    if limit is None:
        return message("Measured; the limit is still missing"), "info"
    if exposed > limit:
        return message("Above the limit"), "warning"
    return message("Within the limit"), "good"


def _notices(
    sheet: Sheet,
    settings: Sheet,
    ranked: Sequence[Row],
    shares: Mapping[str, Decimal | None],
    singles: Mapping[str, Decimal | None],
    figures: Mapping[str, Decimal | None],
) -> tuple[Notice, ...]:
    if not ranked:
        return ()
    found = []
    summed, tolerance = figures["sum"], settings.number("tolerance")
    if summed is not None and tolerance is not None and abs(summed - 100) > tolerance and _typed_shares(sheet):
        text = message(
            "The shares add up to %(sum)s %%, not to 100. Which row is missing, or stands twice?", sum=shown(summed)
        )
        found.append(Notice("sum", text, at=tuple(r.key("amount") for r in ranked)))
    found += _about_the_limit(sheet, ranked[0], figures)
    few, effective = settings.number("few"), figures["effective"]
    if few is not None and effective is not None and effective < few:
        text = message(
            "%(count)s on the list weigh like %(effective)s of equal size.",
            count=len(ranked),
            effective=shown(effective),
        )
        found.append(Notice("few", text, lesson=LESSON))
    found += _about_sectors(ranked, shares, singles, figures) if sheet.choice("level") == "sectors" else []
    if sheet.choice("measure") == "sales" and figures["leaves"] is not None and sheet.number("largest_profit") is None:
        text = message(
            "These are shares of sales. The loss test takes every margin to be equal; "
            "enter the gross profit of the largest customer."
        )
        found.append(Notice("sales-shares", text, "info", LESSON, ("largest_profit",)))
    return tuple(found)


def _typed_shares(sheet: Sheet) -> bool:
    return sheet.choice("entered") != "amounts"


def _about_the_limit(sheet: Sheet, first: Row, figures: Mapping[str, Decimal | None]) -> list[Notice]:
    found = []
    exposed, limit = _exposed(figures), sheet.number("limit")
    after, line, leaves = figures["after"], figures["red-line"], figures["leaves"]
    if limit is None:
        text = message("No limit is set. Without one nobody notices the year in which it is passed.")
        found.append(Notice("no-limit", text, "info", LESSON, ("limit",)))
    elif exposed is not None and exposed > limit:
        text = message(
            "%(share)s %% hang on one name; the limit is %(limit)s %%. Let the others grow; do not shrink the large one.",
            share=shown(
                exposed, 2 if figures["single-share"] is not None and sheet.choice("level") == "sectors" else 1
            ),
            limit=shown(limit),
        )
        found.append(Notice("over-limit", text, lesson=LESSON, at=("limit",)))
    if after is not None and leaves is not None and after < 0:
        text = message(
            "If the largest leaves, %(leaves)s goes and %(after)s is left. You cannot say no to it, and it can sense that.",
            leaves=shown(leaves),
            after=shown(after),
        )
        found.append(Notice("loss", text, "danger", LESSON, ("gross_profit", "fixed_costs")))
    if limit is not None and line is not None and limit > line:
        text = message(
            "The limit of %(limit)s %% lies above the red line of %(line)s %%: it would allow a loss that cannot be borne.",
            limit=shown(limit),
            line=shown(line),
        )
        found.append(Notice("limit-above-line", text, lesson=LESSON, at=("limit",)))
    if not sheet.text("reason") and limit is not None:
        text = message("A limit needs its reason and a way to it: who must grow, and until when?")
        found.append(Notice("no-reason", text, "info", LESSON, ("reason",)))
    return found


def _about_sectors(
    ranked: Sequence[Row],
    shares: Mapping[str, Decimal | None],
    singles: Mapping[str, Decimal | None],
    figures: Mapping[str, Decimal | None],
) -> list[Notice]:
    found = []
    known = figures["single-share"] or NOTHING
    hidden = [row for row in ranked if singles[row.id] is None and (shares[row.id] or NOTHING) > known]
    if hidden:
        text = message(
            "Who is behind %(names)s? One customer there could be larger than the largest you know.",
            names=tuple(row.name for row in hidden[:TOP]),
        )
        found.append(
            Notice("behind-the-sector", text, "info", LESSON, tuple(row.key("within") for row in hidden[:TOP]))
        )
    for row in ranked:
        single, within = singles[row.id], row.number("within")
        if single is not None and within is not None and within >= 50 and single == figures["single-share"] and single:
            text = message(
                "“%(name)s” looks like a sector and is one name: %(share)s %% of everything.",
                name=row.name,
                share=shown(single, 2),
            )
            found.append(Notice("one-name", text, "warning", LESSON, (row.key("within"),)))
            break
    return found


def _turns(figures: Mapping[str, Decimal | None]) -> tuple[Message, ...]:
    """How far it is to the red line, and what a turn of the profit would take."""
    after, leaves, profit = figures["after"], figures["leaves"], figures["profit"]
    if after is None or leaves is None or profit is None:
        return ()
    if after < 0 < profit:
        return (
            message(
                "With %(more)s more profit from the others, the loss of the largest could be borne.", more=shown(-after)
            ),
        )
    if after >= 0:
        return (
            message(
                "The answer turns when the largest brings %(more)s more gross profit, or the others as much less.",
                more=shown(after),
            ),
        )
    return (message("There is no profit today: the loss test says nothing before the firm earns."),)


LEFT, RIGHT, STEP, HEAD = 160, 500, 26, 44
DRAWN, SQUARES = 20, 40


def _picture(
    sheet: Sheet,
    ranked: Sequence[Row],
    shares: Mapping[str, Decimal | None],
    singles: Mapping[str, Decimal | None],
    figures: Mapping[str, Decimal | None],
) -> Picture | None:
    effective = figures["effective"]
    if effective is None:
        return None
    limit, line = sheet.number("limit"), figures["red-line"]
    reach = max(figures["largest"] or NOTHING, limit or NOTHING, line or NOTHING, Decimal(1))

    def length(value: Decimal) -> float:
        return round(float(value / reach) * (RIGHT - LEFT), 1)

    running = list(accumulate(shares[row.id] or NOTHING for row in ranked))
    sectors = sheet.choice("level") == "sectors"
    bars = []
    for place, row in enumerate(ranked[:DRAWN]):
        value, single = shares[row.id] or NOTHING, singles[row.id]
        over = limit is not None and (value if single is None else single) > limit
        inner = length(single) if sectors and single is not None else None
        bars.append(
            Bar(
                clipped(row.name, LEFT - 12),
                HEAD + place * STEP,
                length(value),
                inner,
                shown(value),
                shown(running[place]),
                over,
            )
        )
    others = max(0, len(ranked) - DRAWN)
    bottom = HEAD + len(bars) * STEP
    top = bottom + (STEP if others else 0) + 40
    size = 15 if len(ranked) <= SQUARES else 0
    whole = float(effective)
    squares = tuple(
        Square(
            LEFT + place % 20 * (size + 4),
            top + place // 20 * (size + 4),
            round(max(0, min(1, whole - place)) * size, 1),
        )
        for place in range(len(ranked) if size else 0)
    )
    height = top + ((len(squares) - 1) // 20 + 1 if squares else 1) * 19 + 10
    return Picture(
        height,
        tuple(bars),
        bottom,
        others,
        any(bar.inner is not None for bar in bars),
        None if limit is None else LEFT + length(limit),
        "" if limit is None else shown(limit),
        None if line is None else LEFT + length(line),
        "" if line is None else shown(line),
        squares,
        size,
        str(len(ranked)),
        shown(effective),
    )


# In the order in which the source prints them; only the operators' share can be tied to a name.
_PRINTED = ["17.6", "10", "14.7", "6.2", "4.5", "4", "6.7", "21.5", "4.1", "2.9", "7.8"]
_GAINS = ["756", "702", "465", "198", "280", "174", "125", "152", "78", "66"]


def _sectors() -> dict[str, str]:
    cells = {"level": "sectors", "entered": "shares", "measure": "sales", "base": "2560"}
    for place, (letter, text) in enumerate(zip("ABCDEFGHIJK", _PRINTED, strict=True), 1):
        cells[f"parts.{place:02}.name"] = N_("Telephone operators") if text == "21.5" else letter
        cells[f"parts.{place:02}.amount"] = text
    return cells | {"parts.08.within": "90"}


def _customers() -> dict[str, str]:
    cells = {"level": "customers", "entered": "amounts", "measure": "profit"}
    cells |= {"gross_profit": "2996", "fixed_costs": "2400", "limit": "20"}
    cells["reason"] = N_("Two large ones may not sink us: B to J grow, A stays as it is; looked at each quarter.")
    for place, (letter, text) in enumerate(zip("ABCDEFGHIJ", _GAINS, strict=True), 1):
        cells |= {f"parts.{place:02}.name": letter, f"parts.{place:02}.amount": text}
    return cells


EXAMPLES = (
    Example(
        "sectors",
        N_("Eleven sectors, and one name behind the largest"),
        _sectors(),
        {
            "sum": "100.0",
            "largest": "21.5",
            "top-five": "71.6",
            "squares": "1,293.7",
            "effective": "7.7",
            "single-share": "19.35",
            "single-amount": "495.4",
            "verdict": "Measured; the limit is still missing",
        },
        brief=N_(
            "Revenue from key accounts, 25.6 million yuan a month. Nine tenths of the largest sector is one customer."
        ),
    ),
    Example(
        "lanxi",
        N_("Lanxi Controls: ten customers by gross profit"),
        _customers(),
        {
            "sum": "100.0",
            "largest": "25.2",
            "single-share": "25.23",
            "single-amount": "756.0",
            "profit": "596.0",
            "leaves": "756.0",
            "after": "-160.0",
            "red-line": "19.9",
            "grow": "784.0",
            "grow-share": "35.0",
            "verdict": "Too dependent: without the largest there is no profit",
        },
        brief=N_("Ten customers bring 29.96 million yuan of gross profit; costs of 24 million stay whoever leaves."),
    ),
)

TOOL = Tool(
    id="concentration",
    name=N_("Concentration check"),
    summary=N_("See how much hangs on one customer, and whether you could say no to it."),
    sections=SECTIONS,
    outputs=OUTPUTS,
    compute=compute,
    examples=EXAMPLES,
    rubric=(
        N_("Shares stand in a list; no limit is named."),
        N_("Sum, largest share and effective number are right."),
        N_("A limit stands with its reason, and the loss test shows what the firm could bear."),
        N_(
            "A plan says which other customers grow, by how much and until when, so that the large one need not shrink."
        ),
    ),
    settings=SETTINGS,
    about="many",
    lessons=("fnd-4.1",),
    competencies=("C04", "C01"),
)
