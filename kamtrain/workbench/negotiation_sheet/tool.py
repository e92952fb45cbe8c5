"""What do we want, when do we leave, what can be traded, and do our steps shrink?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from kamtrain.core.account_facts import DAYS, MONEY, MOST_DAYS, MOST_MONEY
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
    ratio,
    share,
    shown,
    total,
)

SIDES: tuple[tuple[str, str], ...] = (("seller", N_("we sell")), ("buyer", N_("we buy")))
ISSUES = (N_("Price"), N_("Payment term"), N_("Volume"), N_("Delivery"), N_("Service"), N_("Contract"))
ROLES: tuple[tuple[str, str], ...] = (
    (N_("Lead negotiator"), N_("Alone says figures and dates")),
    (N_("Recorder"), N_("Writes down who said what, and reads it out before each break")),
    (N_("Observer"), N_("Says little, watches who looks at whom")),
    (N_("Specialist"), N_("Answers what is technical, then stops")),
)
TACTICS = (
    N_("An extreme first figure"),
    N_("A harsh and a mild face"),
    N_("“That is our last word”"),
    N_("One small thing more, at the very end"),
    N_("Somebody who is not in the room must agree"),
)
NEEDED = ("01", "02", "03")  # roles without which nobody goes: lead, recorder, observer
ETHICS: tuple[tuple[str, str], ...] = (
    ("true", N_("Every fact I will state is true")),
    ("sources", N_("Nothing on this sheet was leaked")),
    ("real", N_("The alternative I mention is real")),
    ("clean", N_("Nobody gains privately")),
)
BEFORE, LIMIT, TRADE, ETHIC = "neg-1.1", "neg-1.2", "neg-2.2", "neg-3.3"
DRAWN = 12  # steps in the picture


def _price(name: str, label: str, help: str = "", *, sourced: bool = False) -> Field:
    return Field(name, label, unit=MONEY, least=Decimal(0), most=MOST_MONEY, help=help, sourced=sourced)


SECTIONS = (
    Section(
        N_("Three figures, on both sides"),
        (
            Field("side", N_("Our side"), "choice", choices=SIDES, default="seller"),
            _price("opening", N_("Our opening")),
            _price("target", N_("Our target"), N_("What we can ask for with good reasons.")),
            _price(
                "reservation",
                N_("Our limit"),
                N_("Where leaving is as good as signing. It comes from the alternative, not from cost or hope."),
                sourced=True,
            ),
            _price("their-opening", N_("Their opening")),
            _price(
                "their-reservation",
                N_("Their limit, estimated"),
                N_("What they would do without us, with everything that comes with it."),
                sourced=True,
            ),
        ),
    ),
    Section(
        N_("Alternatives"),
        (
            Field("alternative", N_("If this fails, then on Monday we …"), "long"),
            _price(
                "alternative-worth",
                N_("… and that is as good as a price of"),
                N_("After all its costs, weighed by its chances."),
            ),
            Field("their-alternative", N_("If this fails, then they …"), "long"),
            _price("their-alternative-worth", N_("… and that is as good to them as a price of")),
            Field("intelligence", N_("What we know, and from where"), "long"),
        ),
    ),
    Section(
        N_("What can be traded"),
        (
            Table(
                "issues",
                N_("Issues"),
                (
                    Field("issue", N_("Issue"), "text"),
                    Field("want", N_("Our target"), "text"),
                    Field("least", N_("Our walk-away"), "text"),
                    Field("guess", N_("What they want, we guess"), "text"),
                    _price("cost", N_("Costs us to give")),
                    _price("worth", N_("Worth to them"), sourced=True),
                ),
                computed=(
                    Output(
                        "ratio",
                        N_("Worth ÷ cost"),
                        formula='IF(COUNT({cost},{worth})<2,"",IF({cost}=0,"",{worth}/{cost}))',
                    ),
                    Output(
                        "rank", N_("Give first"), places=0, formula='IF({ratio}="","",RANK({ratio},{issues.ratio}))'
                    ),
                ),
                rows=tuple((f"{place:02}", {"issue": issue}) for place, issue in enumerate(ISSUES, 1)),
                help=N_("A line for each thing on which you could agree or fail, not only the price."),
            ),
            Field(
                "credit-days",
                N_("Longer to pay, by"),
                unit=DAYS,
                least=Decimal(0),
                most=MOST_DAYS,
                help=N_("To work out what a payment term costs."),
            ),
            Field("credit-rate", N_("Interest rate, a year"), unit="%", least=Decimal(0), most=Decimal(100)),
        ),
    ),
    Section(
        N_("Concessions, step by step"),
        (
            Table(
                "steps",
                N_("Steps"),
                (
                    Field("back", N_("If they …"), "text", help=N_("What is asked back, said first.")),
                    _price("size", N_("… then we give")),
                ),
                computed=(
                    Output(
                        "price",
                        N_("Price then"),
                        MONEY,
                        formula='IF(COUNT({opening},{size})<2,"",{opening}-IF({side}={side:buyer},-1,1)'
                        "*SUMPRODUCT(--(ROW({steps.size})<=ROW({size})),{steps.size}))",
                    ),
                    Output("inside", N_("In the zone?")),
                ),
                help=N_("Each step smaller than the one before, and each asks for something."),
            ),
            _price("look", N_("Price to look at"), N_("Blank: the price after the last step.")),
        ),
    ),
    Section(
        N_("Packages"),
        (
            Table(
                "packages",
                N_("Packages"),
                (
                    Field("package", N_("Package"), "text"),
                    Field("content", N_("What is in it"), "text"),
                    _price("package-price", N_("Price")),
                    _price(
                        "package-cost", N_("Costs us in all"), N_("With its terms. Who buys writes what it is worth.")
                    ),
                ),
                computed=(
                    Output(
                        "left",
                        N_("Leaves us"),
                        MONEY,
                        formula='IF(COUNT({package-price},{package-cost})<2,"",'
                        "IF({side}={side:buyer},-1,1)*({package-price}-{package-cost}))",
                    ),
                ),
                rows=tuple((id, {"package": name}) for id, name in (("01", "A"), ("02", "B"), ("03", "C"))),
                help=N_("Three whole offers: different for them, nearly the same for us."),
            ),
        ),
    ),
    Section(
        N_("Who goes, and within what"),
        (
            Table(
                "team",
                N_("Roles at the table"),
                (
                    Field("role", N_("Role"), "text"),
                    Field("task", N_("Task"), "text"),
                    Field("who", N_("Who takes it"), "text"),
                    Field("answers", N_("Answers for"), "text"),
                ),
                rows=tuple(
                    (f"{place:02}", {"role": role, "task": task}) for place, (role, task) in enumerate(ROLES, 1)
                ),
                help=N_("Roles, not heads: two people can fill all four."),
            ),
            Field("authority", N_("What we may decide ourselves"), "long"),
            Field("red-lines", N_("What we never give"), "long"),
            Table(
                "tactics",
                N_("If they try …"),
                (Field("tactic", N_("Tactic"), "text"), Field("answer", N_("Our answer"), "text")),
                rows=tuple((f"{place:02}", {"tactic": tactic}) for place, tactic in enumerate(TACTICS, 1)),
            ),
            Field("ethics", N_("Checked"), "several", choices=ETHICS),
        ),
    ),
)

_SIGN = "IF({side}={side:buyer},-1,1)"
_LOW = "IF({side}={side:buyer},{their-reservation},{reservation})"
_HIGH = "IF({side}={side:buyer},{reservation},{their-reservation})"
_BOTH = "COUNT({reservation},{their-reservation})<2"
OUTPUTS = (
    Output("low", N_("The seller's limit"), MONEY, formula=f'IF(COUNT({_LOW})=0,"",IF({_LOW}="","",{_LOW}))'),
    Output("high", N_("The buyer's limit"), MONEY, formula=f'IF(COUNT({_HIGH})=0,"",IF({_HIGH}="","",{_HIGH}))'),
    Output(
        "width",
        N_("Width of the zone"),
        MONEY,
        formula=f'IF({_BOTH},"",IF({_HIGH}<{_LOW},"",{_HIGH}-{_LOW}))',
        help=N_("Between the two limits; nothing stands here where there is no zone."),
    ),
    Output(
        "middle",
        N_("Middle of the zone"),
        MONEY,
        formula=f'IF({_BOTH},"",IF({_HIGH}<{_LOW},"",({_HIGH}+{_LOW})/2))',
    ),
    Output("given", N_("Given in all"), MONEY, formula='IF(COUNT({steps.size})=0,"",SUM({steps.size}))'),
    Output(
        "price-at",
        N_("Price looked at"),
        MONEY,
        formula='IF(COUNT({look})=1,{look},IF(COUNT({opening},{=given})<2,"",{opening}-' + _SIGN + "*{=given}))",
    ),
    Output(
        "used",
        N_("Room used"),
        "%",
        formula='IF(COUNT({=given},{opening},{reservation})<3,"",IF('
        + _SIGN
        + '*({opening}-{reservation})<=0,"",100*{=given}/('
        + _SIGN
        + "*({opening}-{reservation}))))",
        help=N_("Given ÷ (opening − limit)"),
    ),
    Output("shrinking", N_("Do the steps shrink?")),
    Output("first-inside", N_("First step in the zone"), MONEY),
    Output(
        "our-surplus",
        N_("Our surplus at that price"),
        MONEY,
        formula='IF(COUNT({=price-at},{reservation})<2,"",' + _SIGN + "*({=price-at}-{reservation}))",
    ),
    Output(
        "their-surplus",
        N_("Their surplus at that price"),
        MONEY,
        formula='IF(COUNT({=price-at},{their-reservation})<2,"",' + _SIGN + "*({their-reservation}-{=price-at}))",
    ),
    Output("best", N_("Best trade: worth ÷ cost"), formula='IF(COUNT({issues.ratio})=0,"",MAX({issues.ratio}))'),
    Output(
        "credit-cost",
        N_("What the longer term costs"),
        MONEY,
        formula='IF(COUNT({=price-at},{credit-days},{credit-rate})<3,"",{=price-at}*{credit-rate}/100*{credit-days}/365)',
        help=N_("Price × rate × days ÷ 365"),
    ),
    Output(
        "apart",
        N_("Packages apart"),
        "%",
        places=2,
        formula='IF(COUNT({packages.left})<2,"",IF(MAX({packages.package-price})=0,"",'
        "100*(MAX({packages.left})-MIN({packages.left}))/MAX({packages.package-price})))",
        help=N_("Largest difference of what they leave us, of the highest price"),
    ),
)

SETTINGS = (
    Field("apart", N_("Packages may lie apart by"), unit="%", least=Decimal(0), most=Decimal(100), default="0.5"),
    Field("most-steps", N_("Steps at most"), least=Decimal(1), most=Decimal(20), whole=True, default="4"),
)


@dataclass(frozen=True)
class Step:
    row: Row
    size: Decimal
    price: Decimal | None  # None: no opening


@dataclass(frozen=True)
class Zone:
    """The two limits; None: not known."""

    low: Decimal | None
    high: Decimal | None

    @property
    def width(self) -> Decimal | None:
        return None if self.low is None or self.high is None or self.high < self.low else self.high - self.low

    @property
    def missing(self) -> bool:
        """Both limits are known, and there is nothing between them."""
        return self.low is not None and self.high is not None and self.high < self.low

    def holds(self, price: Decimal | None) -> bool | None:
        if price is None or self.low is None or self.high is None:
            return None
        return self.low <= price <= self.high


def plain(value: Decimal) -> str:
    """A price as one says it: without decimals where it has none."""
    return shown(value, 0 if value == value.to_integral_value() else 2)


def compute(sheet: Sheet, settings: Sheet) -> Result:
    """The zone, the steps, the surplus at a price, the trades by ratio and the packages; what would go wrong."""
    sign = -1 if sheet.choice("side") == "buyer" else 1
    opening, limit, theirs = (sheet.number(name) for name in ("opening", "reservation", "their-reservation"))
    zone = Zone(limit, theirs) if sign == 1 else Zone(theirs, limit)
    steps = _steps(sheet, opening, sign)
    given = total(step.size for step in steps)
    last = None if opening is None or given is None else opening - sign * given
    look = sheet.number("look")
    price = last if look is None else look
    room = None if opening is None or limit is None else sign * (opening - limit)
    ratios = {row.id: ratio(row.number("worth"), row.number("cost")) for row in sheet.rows("issues")}
    known = [one for one in ratios.values() if one is not None]
    left = {row.id: _left(row, sign) for row in sheet.rows("packages")}
    inside = [step.price for step in steps if zone.holds(step.price)]
    days, rate = sheet.number("credit-days"), sheet.number("credit-rate")
    figures: dict[str, Value] = {
        "low": zone.low,
        "high": zone.high,
        "width": zone.width,
        "middle": None if zone.width is None or zone.low is None else zone.low + zone.width / 2,
        "given": given,
        "price-at": price,
        "used": share(given, room) if room is not None and room > 0 else None,
        "shrinking": _shrinking(steps),
        "first-inside": inside[0] if inside else None,
        "our-surplus": None if price is None or limit is None else sign * (price - limit),
        "their-surplus": None if price is None or theirs is None else sign * (theirs - price),
        "best": max(known, default=None),
        "credit-cost": None if price is None or days is None or rate is None else price * rate / 100 * days / 365,
        "apart": _apart(sheet, left),
    }
    cells: dict[str, Value] = {}
    for row in sheet.rows("issues"):
        own = ratios[row.id]
        cells[row.key("ratio")] = own
        cells[row.key("rank")] = None if own is None else Decimal(1 + sum(one > own for one in known))
    for step in steps:
        cells[step.row.key("price")] = step.price
        cells[step.row.key("inside")] = _where(step, zone, sign)
    cells |= {f"packages.{id}.left": value for id, value in left.items()}
    notices = (
        *_of_limits(sheet, zone, sign),
        *_of_steps(sheet, steps, zone, last, sign, settings),
        *_of_trades(sheet, ratios, figures, settings),
        *_of_team(sheet),
    )
    verdict, tone = _verdict(zone)
    return Result(
        figures, cells, verdict, tone, notices, tuple(_turns(zone, price, sign)), _picture(sheet, zone, steps)
    )


def _steps(sheet: Sheet, opening: Decimal | None, sign: int) -> list[Step]:
    """Steps whose size is known, each with the price after it."""
    found, price = [], opening
    for row in sheet.rows("steps"):
        size = row.number("size")
        if size is not None:
            price = None if price is None else price - sign * size
            found.append(Step(row, size, price))
    return found


def _shrinking(steps: list[Step]) -> Message | None:
    if len(steps) < 2:
        return None
    shrink = all(after.size < before.size for before, after in pairwise(steps))
    return message("yes") if shrink else message("no")


def _left(row: Row, sign: int) -> Decimal | None:
    price, cost = row.number("package-price"), row.number("package-cost")
    return None if price is None or cost is None else sign * (price - cost)


def _apart(sheet: Sheet, left: Mapping[str, Decimal | None]) -> Decimal | None:
    known = [one for one in left.values() if one is not None]
    prices = [price for row in sheet.rows("packages") if (price := row.number("package-price")) is not None]
    return None if len(known) < 2 else share(max(known) - min(known), max(prices))


def _verdict(zone: Zone) -> tuple[Message | None, Tone]:
    if zone.low is None or zone.high is None:
        return None, "info"
    if zone.missing:
        return message("No zone on the price: the limits lie %(gap)s apart", gap=plain(zone.low - zone.high)), "danger"
    return message("Zone of agreement: %(low)s to %(high)s", low=plain(zone.low), high=plain(zone.high)), "good"


def _of_limits(sheet: Sheet, zone: Zone, sign: int) -> Iterator[Notice]:
    opening, target, limit = (sheet.number(name) for name in ("opening", "target", "reservation"))
    theirs, worth = sheet.number("their-reservation"), sheet.number("alternative-worth")
    if zone.missing:
        text = message(
            "No skill at the table makes a zone out of nothing. Add an issue that costs one side little, or leave with thanks."
        )
        yield Notice("no-zone", text, "danger", LIMIT, ("reservation", "their-reservation"))
    if limit is not None and not sheet.text("alternative"):
        text = message(
            "A limit without an alternative is a hope, and gives way under pressure. What do you do on Monday?"
        )
        yield Notice("no-alternative", text, "warning", LIMIT, ("alternative",))
    if limit is not None and worth is not None and sign * (limit - worth) < 0:
        text = message("Your limit is worse than your alternative: you would sign where leaving is better.")
        yield Notice("limit-worse", text, "danger", LIMIT, ("reservation", "alternative-worth"))
    if target is not None and theirs is not None and sign * (target - theirs) > 0:
        text = message(
            "Your target lies beyond their estimated limit: more must be on the table than the price, or the estimate is wrong."
        )
        yield Notice("target-beyond", text, "info", LIMIT, ("target", "their-reservation"))
    order = [one for one in (opening, target, limit) if one is not None]
    if any(sign * (before - after) < 0 for before, after in pairwise(order)):
        text = message("Opening, target and limit are out of order: one opens beyond the target, and leaves behind it.")
        yield Notice("order", text, "warning", LIMIT, ("opening", "target", "reservation"))
    if theirs is not None and sheet.confidence("their-reservation") in ("", "C"):
        text = message("Their limit is a guess. Turn it into a question you can ask before the talk.")
        yield Notice("guess", text, "info", BEFORE, ("their-reservation",))


def _of_steps(
    sheet: Sheet, steps: list[Step], zone: Zone, last: Decimal | None, sign: int, settings: Sheet
) -> Iterator[Notice]:
    limit = sheet.number("reservation")
    if str(_shrinking(steps) or "") == "no":
        text = message("The steps do not shrink. Equal ones say: there is more. Growing ones say: wait.")
        yield Notice("not-shrinking", text, "warning", TRADE, tuple(step.row.key("size") for step in steps))
    for step in steps:
        if step.size > 0 and not step.row.text("back"):
            text = message(
                "The step of %(size)s asks for nothing back: it teaches them to ask again.", size=plain(step.size)
            )
            yield Notice("nothing-back", text, "warning", TRADE, (step.row.key("back"),))
    if last is not None and limit is not None and sign * (last - limit) < 0:
        text = message("The steps lead to %(price)s, past your own limit.", price=plain(last))
        yield Notice("past-limit", text, "danger", LIMIT, tuple(step.row.key("size") for step in steps))
    early = [
        step
        for step in steps
        if step.price is not None and zone.holds(step.price) is False and _before(step, zone, sign)
    ]
    if early and not zone.missing:
        text = message(
            "At %(prices)s they cannot yet say yes. Do not lose heart there, and do not hurry on.",
            prices=tuple(plain(step.price) for step in early[:DRAWN] if step.price is not None),
        )
        yield Notice("too-early", text, "info", TRADE)
    most = settings.number("most-steps")
    if most is not None and len(steps) > most:
        text = message("%(count)s steps: plan %(most)s at most, or the last ones will not be believed.", count=len(steps),
                       most=shown(most, 0))  # fmt: skip
        yield Notice("many-steps", text, "info", TRADE)


def _where(step: Step, zone: Zone, sign: int) -> Message | None:
    """Whether the price after a step lies in the zone; None where that is not known."""
    held = zone.holds(step.price)
    if held is None:
        return None
    return message("yes") if held else message("not yet") if _before(step, zone, sign) else message("past it")


def _before(step: Step, zone: Zone, sign: int) -> bool:
    """Whether the zone is still ahead of this step: for a seller the price is too high, for a buyer too low."""
    if step.price is None or zone.low is None or zone.high is None:
        return False
    return step.price > zone.high if sign == 1 else step.price < zone.low


def _of_trades(
    sheet: Sheet, ratios: Mapping[str, Decimal | None], figures: Mapping[str, Value], settings: Sheet
) -> Iterator[Notice]:
    for row in sheet.rows("issues"):
        own = ratios[row.id]
        if own is not None and own < 1:
            text = message(
                "“%(name)s” costs us more than it is worth to them: give something else.", name=Message(row.name)
            )
            yield Notice("poor-trade", text, "warning", TRADE, (row.key("cost"), row.key("worth")))
        if row.number("worth") is not None and not row.evidence("worth") and not row.confidence("worth"):
            text = message("What “%(name)s” is worth to them has no source yet.", name=Message(row.name))
            yield Notice("no-source", text, "info", BEFORE, (row.key("worth"),))
    apart, most = figures["apart"], settings.number("apart")
    if isinstance(apart, Decimal) and most is not None and apart > most:
        text = message(
            "The packages leave us %(apart)s %% of the price apart: there is one you would be sorry to see chosen.",
            apart=shown(apart, 2),
        )
        yield Notice("packages-apart", text, "warning", BEFORE)


def _of_team(sheet: Sheet) -> Iterator[Notice]:
    if not any(sheet.number(one) is not None for one in ("opening", "target", "reservation")):
        return
    roles = {row.id: row for row in sheet.rows("team")}
    empty = [roles[id] for id in NEEDED if id in roles and not roles[id].text("who")]
    if empty:
        text = message("%(count)s roles at the table are empty. Two people can fill all of them.", count=len(empty))
        yield Notice("role-empty", text, "warning", BEFORE, tuple(row.key("who") for row in empty))
    if len(sheet.several("ethics")) < len(ETHICS):
        text = message("Not all of the four checks are ticked: settle what is open before you go.")
        yield Notice("ethics-open", text, "warning", ETHIC, ("ethics",))


def _turns(zone: Zone, price: Decimal | None, sign: int) -> Iterator[Message]:
    if zone.width is None or zone.low is None or zone.high is None:
        return
    theirs, ours = (zone.high, zone.low) if sign == 1 else (zone.low, zone.high)
    yield message(
        "If their limit is not %(theirs)s but lies beyond %(ours)s, by %(width)s, there is no zone.",
        theirs=plain(theirs),
        ours=plain(ours),
        width=plain(zone.width),
    )
    if price is not None and zone.holds(price):
        yield message(
            "If their limit is off by more than %(room)s, they cannot sign at %(price)s.",
            room=plain(abs(theirs - price)),
            price=plain(price),
        )


@dataclass(frozen=True)
class Mark:
    """One price on the line: its label stands at `label_x`, moved aside where labels would collide."""

    x: float
    label_x: float
    label: Message
    value: str


@dataclass(frozen=True)
class Stair:
    y: int
    x_from: float
    x_to: float
    inside: bool
    text: str
    note: Message | None
    text_x: float
    anchor: str


@dataclass(frozen=True)
class Band:
    """Between the limits: a zone, or the gap where there is none."""

    x: float
    width: float
    found: bool
    size: str  # what lies between them


@dataclass(frozen=True)
class Picture:
    height: int
    ours: tuple[Mark, ...]
    theirs: tuple[Mark, ...]
    band: Band | None
    stairs: tuple[Stair, ...]
    more: int  # steps that are not drawn
    caption: Message | None


LEFT, RIGHT, LINE, STAIRS, RISE = 50.0, 590.0, 72, 186, 30


def _picture(sheet: Sheet, zone: Zone, steps: list[Step]) -> Picture | None:
    """All prices on one line 640 wide, ours above it and theirs below; the steps under it, each on a line of its own."""
    ours = [
        (label, value)
        for name, label in (
            ("opening", N_("our opening")),
            ("target", N_("our target")),
            ("reservation", N_("our limit")),
        )
        if (value := sheet.number(name)) is not None
    ]
    theirs = [
        (label, value)
        for name, label in (("their-opening", N_("their opening")), ("their-reservation", N_("their limit")))
        if (value := sheet.number(name)) is not None
    ]
    priced = [(step, step.price) for step in steps if step.price is not None]
    prices = [value for _, value in (*ours, *theirs)] + [price for _, price in priced[:DRAWN]]
    if len(prices) < 2:
        return None
    least, most = min(prices), max(prices)

    def at(value: Decimal) -> float:
        part = Decimal("0.5") if most == least else (value - least) / (most - least)
        return round(LEFT + float(part) * (RIGHT - LEFT), 1)

    def marks(found: list[tuple[str, Decimal]]) -> tuple[Mark, ...]:
        places = spread([at(value) for _, value in found], 112, 56, 584)
        return tuple(
            Mark(at(value), place, Message(label), plain(value))
            for (label, value), place in zip(found, places, strict=True)
        )

    band = None
    if zone.low is not None and zone.high is not None:
        start, end = sorted((at(zone.low), at(zone.high)))
        band = Band(start, max(2.0, round(end - start, 1)), not zone.missing, plain(abs(zone.high - zone.low)))
    stairs, before = [], sheet.number("opening")
    for number, (step, price) in enumerate(priced[:DRAWN]):
        x_from, x_to = at(price if before is None else before), at(price)
        stairs.append(_stair(STAIRS + RISE * number, x_from, x_to, step, price, bool(zone.holds(price))))
        before = price
    more = max(0, len(priced) - DRAWN)
    height = 172 + (RISE * len(stairs) + 10 if stairs else 0) + (20 if more else 0)
    return Picture(height, marks(ours), marks(theirs), band, tuple(stairs), more, _verdict(zone)[0])


def _stair(y: int, x_from: float, x_to: float, step: Step, price: Decimal, inside: bool) -> Stair:
    """The step as a line, with its words on the side that has more room."""
    low, high = sorted((x_from, x_to))
    on_left = low > 640 - high
    room = (low if on_left else 640 - high) - 14
    said = f"{plain(step.size)} → {plain(price)}"
    back = step.row.text("back")
    text = clipped(f"{said} · {back}" if back else said, room)
    note = None if back or step.size == 0 else message("asks nothing back")
    return Stair(y, x_from, x_to, inside, text, note, low - 9 if on_left else high + 9, "end" if on_left else "start")


def _lines(table: str, lines: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    return {f"{table}.{id}.{name}": text for id, texts in lines.items() for name, text in texts.items()}


EXAMPLES = (
    Example(
        "alder",
        N_("Alder: from 960 down to 870"),
        {
            "opening": "960",
            "target": "900",
            "reservation": "820",
            "reservation~evidence": N_("A dealer takes the line for 855; storing and refitting cost 35"),
            "reservation~confidence": "A",
            "their-opening": "780",
            "their-reservation": "880",
            "their-reservation~evidence": N_("A rival at 845, format parts 20, training 15"),
            "their-reservation~confidence": "B",
            "alternative": N_("we give the line to the dealer in Hangzhou, who has asked twice"),
            "alternative-worth": "820",
            "their-alternative": N_("they buy from the rival and train their people anew"),
            "their-alternative-worth": "880",
            **_lines(
                "issues",
                {
                    "01": {"want": "900", "least": "820", "guess": N_("a tenth off")},
                    "02": {"want": N_("30 per cent with the order"), "guess": N_("30 days more")},
                    "07": {"issue": N_("Second year of warranty"), "cost": "5", "worth": "18", "worth~confidence": "B"},
                    "08": {
                        "issue": N_("Engineer on site at the start"),
                        "cost": "12",
                        "worth": "30",
                        "worth~confidence": "B",
                    },
                },
            ),
            "credit-days": "30",
            "credit-rate": "9",
            **_lines(
                "steps",
                {
                    "01": {"back": N_("order by the end of June"), "size": "45"},
                    "02": {"back": N_("pay 30 per cent with the order"), "size": "25"},
                    "03": {"back": N_("buy spares from us for two years"), "size": "14"},
                    "04": {"back": N_("sign on Friday"), "size": "6"},
                },
            ),
            **_lines(
                "packages",
                {
                    "01": {
                        "content": N_("The line, one year of warranty"),
                        "package-price": "870",
                        "package-cost": "700",
                    },
                    "02": {
                        "content": N_("With a second year of warranty"),
                        "package-price": "875",
                        "package-cost": "705",
                    },
                    "03": {
                        "content": N_("Warranty and an engineer on site"),
                        "package-price": "887",
                        "package-cost": "717",
                    },
                },
            ),
            "team.01.who": N_("Lin"),
            "team.02.who": N_("Shen"),
            "team.03.who": N_("Shen"),
            "team.04.who": N_("Xu, by telephone"),
            "ethics": "true,sources,real,clean",
        },
        {
            "low": "820.0",
            "high": "880.0",
            "width": "60.0",
            "middle": "850.0",
            "given": "90.0",
            "price-at": "870.0",
            "used": "64.3",
            "shrinking": "yes",
            "first-inside": "876.0",
            "our-surplus": "50.0",
            "their-surplus": "10.0",
            "best": "3.6",
            "credit-cost": "6.4",
            "apart": "0.00",
            "verdict": "Zone of agreement: 820 to 880",
        },
        N_("Alder"),
        N_(
            "Lanxi Controls offers Alder the control of a whole filling line. Alder has opened at 7.8 million yuan and has a "
            "rival's offer in the drawer; Lanxi could sell the line to a dealer."
        ),
    ),
)

TOOL = Tool(
    id="negotiation-sheet",
    name=N_("Negotiation preparation sheet"),
    summary=N_("Limits on both sides, what can be traded, and a plan of steps that shrink."),
    sections=SECTIONS,
    outputs=OUTPUTS,
    stage="agree",
    compute=compute,
    examples=EXAMPLES,
    rubric=(
        N_("One price, nothing else."),
        N_("An alternative, two limits and the zone between them."),
        N_("Trades by ratio, a plan of shrinking steps with returns, and roles."),
        N_("Packages, an alternative that was made better, and an answer to each tactic."),
    ),
    settings=SETTINGS,
    lessons=("neg-1.1", "neg-1.2", "neg-2.2"),
    competencies=("C10",),
)
