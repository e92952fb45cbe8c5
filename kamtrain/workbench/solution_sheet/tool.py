"""Which claim holds against the best rival, where do the rivals stand, and what is the solution worth?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

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
    share,
    shown,
    total,
)

RIVALS, SOLUTION = "six-1.3", "six-3.1"
YES, NO = "yes", "no"
POINT, TICKET, THEIRS, ORNAMENT = (
    N_("Selling point"),
    N_("Entry ticket"),
    N_("The rival's strength"),
    N_("Ornament"),
)
MOST_NAMES = 18  # in the legend of the map; the rest are counted


def _points(name: str, label: str, most: int, help: str = "") -> Field:
    return Field(name, label, least=Decimal(1), most=Decimal(most), whole=True, help=help)


def _axis(name: str, label: str) -> Field:
    return _points(name, label, 9, N_("1 to 9; 7 and above is strong."))


def _price(name: str, label: str, help: str) -> Field:
    return Field(name, label, unit=MONEY, least=Decimal(0), most=MOST_MONEY, help=help)


SECTIONS = (
    Section(
        N_("Does the claim hold?"),
        (
            Table(
                "claims",
                N_("Claims"),
                (
                    Field("claim", N_("Claim"), "text"),
                    _points("importance", N_("Importance"), 5, N_("1 to 5, by the customer.")),
                    Field(
                        "said",
                        N_("Who says so"),
                        "choice",
                        choices=(("customer", N_("the customer")), ("us", N_("we ourselves"))),
                    ),
                    _points("ours", N_("Ours"), 5, N_("How well we do it, 1 to 5.")),
                    Field("best", N_("Best rival"), "text", offers="rivals.name"),
                    _points("theirs", N_("Theirs"), 5, N_("How well the best rival does it, 1 to 5.")),
                    Field("proof", N_("What it rests on"), "text"),
                ),
                computed=(
                    Output("lead", N_("Ahead by"), places=0, formula='IF(COUNT({ours},{theirs})<2,"",{ours}-{theirs})'),
                    Output("finding", N_("Finding")),
                ),
                help=N_(
                    "Against the best rival, not the weakest. Whoever scores the importance alone measures own taste."
                ),
            ),
        ),
    ),
    Section(
        N_("Where the rivals stand"),
        (
            _axis("technology", N_("Our technology")),
            _axis("concept", N_("Our business concept")),
            Table(
                "rivals",
                N_("Rivals"),
                (
                    Field("name", N_("Rival"), "text"),
                    _axis("rival-technology", N_("Technology")),
                    _axis("rival-concept", N_("Business concept")),
                    Field("since", N_("Supplies them with, since"), "text"),
                    Field("ally", N_("Who speaks for them"), "text", offers="people.name"),
                    Field("complaint", N_("What people complain about"), "text"),
                    Field("next", N_("Likely next move"), "text"),
                    Field("source", N_("Source and date"), "text"),
                ),
                computed=(Output("place", N_("Strong in")),),
                fact="rivals",
                help=N_(
                    "Nothing that had no right to reach us: no sealed bids, no price lists, no customer lists of theirs."
                ),
            ),
        ),
    ),
    Section(
        N_("The solution, line by line"),
        (
            Table(
                "needs",
                N_("Needs"),
                (
                    Field("need", N_("Need, in their words"), "text"),
                    Field("confirmed", N_("Confirmed by"), "text", offers="people.name"),
                    Field("met", N_("Met?"), "choice", choices=((YES, N_("yes")), (NO, N_("no")))),
                    Field("element", N_("What we do"), "text"),
                    Field(
                        "value",
                        N_("Value a year"),
                        unit=MONEY,
                        least=Decimal(0),
                        most=MOST_MONEY,
                        help=N_("With its sum and the customer's own figures as evidence."),
                        sourced=True,
                    ),
                    Field("shown", N_("Proof"), "text", help=N_("Where it has worked, and how it was measured.")),
                    Field("owner", N_("Who does it"), "text"),
                ),
                help=N_(
                    "From left to right: no line without a confirmed need. Needs that stay open are written down, too."
                ),
            ),
        ),
    ),
    Section(
        N_("For those who report upwards"),
        (
            _price("our-price", N_("Our price a year"), N_("With everything it costs the customer.")),
            _price(
                "rival-price", N_("The rival's price a year"), N_("With everything it costs the customer, as for us.")
            ),
            Field("comparable", N_("What makes the two prices comparable"), "long"),
            Field(
                "upward",
                N_("One sentence for their management"),
                "long",
                help=N_("One that your contact can say without you."),
            ),
        ),
    ),
)

_SCORED = 'COUNTIFS({claims.importance},">=0",{claims.lead},">=-9")'
_ANSWERED = "(COUNTIF({needs.met},{needs.met:yes})+COUNTIF({needs.met},{needs.met:no}))"
_VALUED = 'COUNTIFS({needs.met},{needs.met:yes},{needs.value},">=0")'
OUTPUTS = (
    Output(
        "points",
        N_("Claims that hold"),
        places=0,
        formula=f'IF({_SCORED}=0,"",COUNTIFS({{claims.importance}},">="&{{@need}},{{claims.lead}},">="&{{@lead}}))',
        help=N_("Needed by the customer, and better than the best rival"),
    ),
    Output(
        "met-needs",
        N_("Needs met"),
        places=0,
        formula=f'IF({_ANSWERED}=0,"",COUNTIF({{needs.met}},{{needs.met:yes}}))',
    ),
    Output("all-needs", N_("Needs found"), places=0, formula=f'IF({_ANSWERED}=0,"",{_ANSWERED})'),
    Output(
        "coverage",
        N_("Share of the needs met"),
        "%",
        places=0,
        formula='IF(COUNT({=all-needs},{=met-needs})<2,"",100*{=met-needs}/{=all-needs})',
        help=N_("Needs met ÷ needs found"),
    ),
    Output(
        "value-in-all",
        N_("Value a year, of the needs met"),
        MONEY,
        formula=f'IF({_VALUED}=0,"",SUMIFS({{needs.value}},{{needs.met}},{{needs.met:yes}}))',
    ),
    Output(
        "extra",
        N_("We cost more by"),
        MONEY,
        formula='IF(COUNT({our-price},{rival-price})<2,"",{our-price}-{rival-price})',
    ),
    Output(
        "extra-share",
        N_("We cost more by, of the rival's price"),
        "%",
        formula='IF(COUNT({=extra})=0,"",IF({rival-price}=0,"",100*{=extra}/{rival-price}))',
    ),
    Output(
        "stays",
        N_("Stays with the customer"),
        MONEY,
        formula='IF(COUNT({=value-in-all},{=extra})<2,"",{=value-in-all}-{=extra})',
        help=N_("Value less what we cost more"),
    ),
)

SETTINGS = (
    Field("need", N_("Needed from an importance of"), least=Decimal(1), most=Decimal(5), whole=True, default="4"),
    Field("lead", N_("Better from a lead of"), least=Decimal(0), most=Decimal(4), whole=True, default="1"),
    Field("strong", N_("Strong on an axis from"), least=Decimal(1), most=Decimal(9), whole=True, default="7"),
)


@dataclass(frozen=True)
class Claim:
    row: Row
    importance: Decimal
    lead: Decimal
    finding: str


def compute(sheet: Sheet, settings: Sheet) -> Result:
    """Which claims hold, where everybody stands, how much of the need is met, and what stays with the customer."""
    need, lead, strong = (settings.number(name) or Decimal() for name in ("need", "lead", "strong"))
    claims = list(_claims(sheet, need, lead))
    needs = sheet.rows("needs")
    met = [row for row in needs if row.choice("met") == YES]
    answered = sum(1 for row in needs if row.choice("met"))
    value = total(row.number("value") for row in met)
    ours, rival = sheet.number("our-price"), sheet.number("rival-price")
    extra = None if ours is None or rival is None else ours - rival
    stays = None if value is None or extra is None else value - extra
    points = sum(1 for claim in claims if claim.finding == POINT)
    figures: dict[str, Value] = {
        "points": Decimal(points) if claims else None,
        "met-needs": Decimal(len(met)) if answered else None,
        "all-needs": Decimal(answered) if answered else None,
        "coverage": share(Decimal(len(met)), Decimal(answered)),
        "value-in-all": value,
        "extra": extra,
        "extra-share": share(extra, rival),
        "stays": stays,
    }
    cells: dict[str, Value] = {}
    for row in sheet.rows("claims"):
        own, theirs = row.number("ours"), row.number("theirs")
        cells[row.key("lead")] = None if own is None or theirs is None else own - theirs
    for claim in claims:
        cells[claim.row.key("finding")] = Message(claim.finding)
    for row in sheet.rows("rivals"):
        cells[row.key("place")] = _place(row.number("rival-technology"), row.number("rival-concept"), strong)
    notices = (
        *_of_claims(claims, points),
        *_of_place(sheet, strong),
        *_of_needs(needs),
        *_of_price(sheet, figures, met),
    )
    verdict, tone = _verdict(stays, points if claims else None)
    return Result(figures, cells, verdict, tone, notices, tuple(_turns(claims, need, lead)), _picture(sheet, strong))


def _claims(sheet: Sheet, need: Decimal, least: Decimal) -> Iterator[Claim]:
    """The claims with all three scores."""
    for row in sheet.rows("claims"):
        importance, ours, theirs = (row.number(name) for name in ("importance", "ours", "theirs"))
        if importance is None or ours is None or theirs is None:
            continue
        yield Claim(row, importance, ours - theirs, _finding(importance, ours - theirs, need, least))


def _finding(importance: Decimal, lead: Decimal, need: Decimal, least: Decimal) -> str:
    if importance < need:
        return ORNAMENT
    if lead >= least:
        return POINT
    return THEIRS if lead < 0 else TICKET


def _place(technology: Decimal | None, concept: Decimal | None, strong: Decimal) -> Message | None:
    """On which axis somebody is strong; None where a score is missing."""
    if technology is None or concept is None:
        return None
    if technology >= strong and concept >= strong:
        return message("both")
    if technology >= strong:
        return message("technology")
    return message("business concept") if concept >= strong else message("neither")


def _verdict(stays: Decimal | None, points: int | None) -> tuple[Message | None, Tone]:
    if stays is not None and stays <= 0:
        return message("The solution costs the customer more than it brings"), "danger"
    if points == 0:
        return message("No claim holds yet"), "warning"
    if stays is not None:
        return message("The solution pays for the customer"), "good"
    return (None, "info") if points is None else (message("Claims that hold: %(count)s", count=points), "good")


def _of_claims(claims: list[Claim], points: int) -> Iterator[Notice]:
    if claims and not points:
        text = message("Without a claim that holds everybody looks the same, and only the price is left to compare.")
        yield Notice("no-point", text, "warning", RIVALS)
    own = tuple(claim.row.key("said") for claim in claims if claim.row.choice("said") != "customer")
    if own:
        text = message(
            "%(count)s importances are not the customer's. Ask somebody there to score them.", count=len(own)
        )
        yield Notice("own-taste", text, "warning", RIVALS, own)
    for claim in claims:
        name = Message(claim.row.name)
        if claim.finding == THEIRS:
            text = message("“%(name)s” is the rival's strength: answer it before they ask.", name=name)
            yield Notice("their-strength", text, "info", RIVALS, (claim.row.key("theirs"),))
        if claim.finding == ORNAMENT and claim.lead > 0:
            text = message("You lead in “%(name)s”, and nobody asked for it: leave it for the appendix.", name=name)
            yield Notice("ornament", text, "info", RIVALS, (claim.row.key("importance"),))


def _of_place(sheet: Sheet, strong: Decimal) -> Iterator[Notice]:
    technology, concept = sheet.number("technology"), sheet.number("concept")
    if technology is not None and concept is not None and technology < strong and concept < strong:
        text = message("We are strong on neither axis: whoever stands in the middle is called in to press the price.")
        yield Notice("middle", text, "warning", RIVALS, ("technology", "concept"))


def _of_needs(needs: tuple[Row, ...]) -> Iterator[Notice]:
    loose = tuple(row.key("confirmed") for row in needs if row.choice("met") == YES and not row.text("confirmed"))
    if loose:
        text = message("%(count)s lines have a solution and no confirmed need behind it. Ask first.", count=len(loose))
        yield Notice("not-confirmed", text, "warning", SOLUTION, loose)
    valued = [row for row in needs if row.number("value") is not None]
    bare = tuple(row.key("value") for row in valued if not row.evidence("value") and not row.confidence("value"))
    if bare:
        text = message(
            "%(count)s values have no sum behind them: how were they worked out, with whose figures?", count=len(bare)
        )
        yield Notice("no-sum", text, "warning", SOLUTION, bare)
    nameless = tuple(row.key("owner") for row in needs if row.choice("met") == NO and not row.text("owner"))
    if nameless:
        text = message(
            "%(count)s needs stay open. Name them, and write down who else could meet them.", count=len(nameless)
        )
        yield Notice("open-need", text, "info", SOLUTION, nameless)
    unknown = tuple(row.key("met") for row in needs if row.text("need") and not row.choice("met"))
    if unknown:
        text = message(
            "Of %(count)s needs it is not said whether they are met: they are not counted.", count=len(unknown)
        )
        yield Notice("not-answered", text, "info", SOLUTION, unknown)


def _of_price(sheet: Sheet, figures: Mapping[str, Value], met: list[Row]) -> Iterator[Notice]:
    stays = figures["stays"]
    if isinstance(stays, Decimal) and stays <= 0:
        text = message(
            "We cost more than the solution brings. Which elements has nobody asked for? Take those out first."
        )
        yield Notice("loses", text, "danger", SOLUTION, ("our-price",))
    largest = max(met, key=lambda row: row.number("value") or Decimal(), default=None)
    most = None if largest is None else largest.number("value")
    if isinstance(stays, Decimal) and stays > 0 and largest is not None and most is not None and stays - most / 2 <= 0:
        text = message("If “%(name)s” brings only half, nothing is left for the customer.", name=Message(largest.name))
        yield Notice("hangs", text, "warning", SOLUTION, (largest.key("value"),))
    if figures["extra"] is not None and not sheet.text("comparable"):
        text = message("Say what makes the two prices comparable, or the lower figure wins.")
        yield Notice("not-comparable", text, "info", SOLUTION, ("comparable",))
    if met and not sheet.text("upward"):
        text = message("Your contact must be able to justify it upwards without you: write the sentence together.")
        yield Notice("no-upward", text, "info", SOLUTION, ("upward",))


def _turns(claims: list[Claim], need: Decimal, least: Decimal) -> Iterator[Message]:
    """Single scores that, one point away, would make or end a selling point."""
    for claim in claims:
        name = Message(claim.row.name)
        if claim.finding == POINT:
            if claim.lead == least:
                yield message("“%(name)s” holds by one point: if the rival catches up, it is gone.", name=name)
            if claim.importance == need:
                yield message("“%(name)s” holds only as long as its importance is not below %(need)s.", name=name,
                              need=shown(need, 0))  # fmt: skip
        elif claim.importance >= need and claim.lead == least - 1:
            yield message("“%(name)s” would hold with one point more for us.", name=name)
        elif claim.importance == need - 1 and claim.lead >= least:
            yield message("“%(name)s” would hold if the customer gave it %(need)s.", name=name, need=shown(need, 0))


@dataclass(frozen=True)
class Spot:
    x: float
    y: float
    number: str  # "" for us


@dataclass(frozen=True)
class Picture:
    """The map: technology to the right, business concept upwards, 1 to 9 each."""

    spots: tuple[Spot, ...]
    ours: Spot | None
    names: tuple[str, ...]  # of the legend, with number and place
    our_place: str
    more: int  # rivals without a line in the legend
    edge_x: float  # from where on technology is strong
    edge_y: float  # above which the business concept is strong
    ticks: tuple[tuple[float, float, str], ...]  # x of the tick, y of the tick, its number


LEFT, RIGHT, TOP, BOTTOM = 50.0, 410.0, 40.0, 400.0


def _across(value: Decimal) -> float:
    return round(LEFT + (float(value) - 0.5) * (RIGHT - LEFT) / 9, 1)


def _up(value: Decimal) -> float:
    return round(BOTTOM - (float(value) - 0.5) * (BOTTOM - TOP) / 9, 1)


def _beside(count: int) -> tuple[float, float]:
    """Where the next one of several in the same place stands: in rings of six, twelve … around the first."""
    ring, left = 0, count
    while left > 6 * ring:
        left -= 6 * ring or 1
        ring += 1
    if ring == 0:
        return 0.0, 0.0
    angle = 2 * math.pi * (left - 1) / (6 * ring)
    return 19 * ring * math.cos(angle), 19 * ring * math.sin(angle)


def _picture(sheet: Sheet, strong: Decimal) -> Picture | None:
    spots, names, there = [], [], dict[tuple[Decimal, Decimal], int]()
    ours = None
    technology, concept = sheet.number("technology"), sheet.number("concept")
    if technology is not None and concept is not None:
        ours = Spot(_across(technology), _up(concept), "")
        there[technology, concept] = 1
    placed = [
        (row, across, up)
        for row in sheet.rows("rivals")
        if (across := row.number("rival-technology")) is not None and (up := row.number("rival-concept")) is not None
    ]
    for number, (row, across, up) in enumerate(placed[:50], 1):
        count = there.get((across, up), 0)
        there[across, up] = count + 1
        aside, above = _beside(count)
        x = min(max(_across(across) + aside, LEFT + 10), RIGHT - 10)
        y = min(max(_up(up) + above, TOP + 10), BOTTOM - 10)
        spots.append(Spot(round(x, 1), round(y, 1), str(number)))
        if number <= MOST_NAMES:
            names.append(f"{number} · {clipped(row.name, 125, 14)} ({across:f}, {up:f})")
    if ours is None and not spots:
        return None
    ticks = tuple((_across(Decimal(n)), _up(Decimal(n)), str(n)) for n in range(1, 10))
    edge = (float(strong) - 1) / 9
    place = "" if technology is None or concept is None else f"({technology:f}, {concept:f})"
    return Picture(
        tuple(spots),
        ours,
        tuple(names),
        place,
        max(0, len(placed) - len(names)),
        round(LEFT + edge * (RIGHT - LEFT), 1),
        round(BOTTOM - edge * (BOTTOM - TOP), 1),
        ticks,
    )


def _lines(table: str, columns: str, *lines: tuple[str, ...]) -> Mapping[str, str]:
    """Rows 1, 2 … of a table, each the texts of `columns` in their order; "" leaves a cell blank."""
    names = columns.split()
    return {
        f"{table}.{place}.{name}": text
        for place, texts in enumerate(lines, 1)
        for name, text in zip(names, texts, strict=True)
        if text
    }


EXAMPLES = (
    Example(
        "alder",
        N_("Alder: one claim of three holds"),
        {
            **_lines(
                "claims",
                "claim importance said ours best theirs proof",
                (
                    N_("Remote diagnosis"),
                    "5",
                    "customer",
                    "4",
                    N_("Northgate Drives"),
                    "2",
                    N_("41 of 46 faults found from afar last year"),
                ),
                (N_("Low price"), "5", "customer", "3", N_("Quickwire"), "4", N_("Two tenders this year")),
                (N_("Polished brochure"), "2", "customer", "5", N_("Northgate Drives"), "2", ""),
            ),
            "technology": "6",
            "concept": "8",
            **_lines(
                "rivals",
                "name rival-technology rival-concept since ally complaint",
                (
                    N_("Northgate Drives"),
                    "9",
                    "4",
                    N_("Main lines, since 2019"),
                    N_("Han"),
                    N_("Nobody answers at night"),
                ),
                (N_("Quickwire"), "3", "3", N_("Spare parts, since 2024"), N_("Wen"), N_("Wrong parts, twice")),
                (N_("Midland Automation"), "5", "5", "", "", ""),
            ),
            **_lines(
                "needs",
                "need confirmed met element value value~evidence value~confidence shown owner",
                (
                    N_("20 hours of standstill a year"),
                    N_("Qiu"),
                    YES,
                    N_("Remote diagnosis, a call before it stops"),
                    "16",
                    N_("20 hours × 8,000 yuan, their own figure"),
                    "A",
                    N_("Log of a dairy: from 19 hours to 5"),
                    N_("Shen"),
                ),
                (
                    N_("Spares for 400,000 yuan on the shelf"),
                    N_("Han"),
                    YES,
                    N_("One stock for both plants"),
                    "2.4",
                    N_("400,000 × 6 per cent of interest"),
                    "A",
                    "",
                    N_("Xu"),
                ),
                (
                    N_("Energy of the old drives"),
                    N_("Luo"),
                    YES,
                    N_("Ten drives replaced"),
                    "5.6",
                    N_("Measured for two weeks"),
                    "B",
                    N_("Meter, before and after"),
                    N_("Shen"),
                ),
                (N_("One person to call"), N_("Qiu"), YES, N_("Named engineer"), "", "", "", "", N_("Shen")),
                (N_("Training for the night shift"), N_("Fang"), YES, N_("Two evenings"), "", "", "", "", N_("Shen")),
                (N_("Manuals in Chinese"), N_("Fang"), YES, N_("Already done"), "", "", "", "", N_("Lin")),
                (N_("Invoice by plant"), N_("Wen"), YES, N_("Two accounts"), "", "", "", "", N_("Lin")),
                (N_("Data for the auditor"), N_("Han"), YES, N_("Report each quarter"), "", "", "", "", N_("Lin")),
                (N_("Drives for the cold store"), N_("Qiu"), NO, "", "", "", "", "", N_("Midland Automation could")),
                (N_("Leasing"), N_("Han"), NO, "", "", "", "", "", N_("Their bank could")),
            ),
            "our-price": "112",
            "rival-price": "100",
            "comparable": N_("Both with delivery, starting up, one year of spares and the hours of their own people."),
            "upward": N_(
                "Twelve per cent dearer, 15 hours less standstill a year; measured after three months, or the price comes down."
            ),
        },
        {
            "points": "1",
            "met-needs": "8",
            "all-needs": "10",
            "coverage": "80",
            "value-in-all": "24.0",
            "extra": "12.0",
            "extra-share": "12.0",
            "stays": "12.0",
            "verdict": "The solution pays for the customer",
        },
        N_("Alder"),
        N_(
            "Three rivals supply Alder's bottling plants, and Lanxi Controls is not the cheapest. Of three things it likes to "
            "show, Alder needs two, and Lanxi is better than the best rival in one of them."
        ),
    ),
)

TOOL = Tool(
    id="solution-sheet",
    name=N_("Competitor, selling point and solution sheet"),
    summary=N_("Which claim holds against the best rival, and what a solution is worth, line by line."),
    sections=SECTIONS,
    outputs=OUTPUTS,
    stage="know",
    compute=compute,
    examples=EXAMPLES,
    rubric=(
        N_("A list of features."),
        N_("The two conditions are applied rightly, and rivals are placed."),
        N_("Each line has a value with its sum, and a proof."),
        N_("The customer has confirmed the needs and the values."),
    ),
    settings=SETTINGS,
    lessons=("six-1.3", "six-3.1"),
    competencies=("C02", "C08"),
)
