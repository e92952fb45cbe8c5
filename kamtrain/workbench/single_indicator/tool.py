"""Customers sorted and classed by one indicator, and by a second one that shows what the first hides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from kamtrain.core.account_facts import COLLECTION_DAYS, DAYS, MARGIN, MONEY, MOST_DAYS, MOST_MONEY
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
    shown,
    total,
)

NOTHING, ALL = Decimal(0), Decimal(100)
LESSON = "fnd-1.2"
CLASSES = (("high", N_("High (good)")), ("medium", N_("Medium (fair)")), ("low", N_("Low (poor)")))
LABELS = dict(CLASSES)
PLACE = {name: place for place, (name, _) in enumerate(CLASSES)}
OWN = ("sales", "profit", "margin", "days")  # indicators with a column of their own
CHOSEN = ("x", "y")  # two more, chosen from the families
USES = (
    ("sales", N_("sales")),
    ("profit", N_("gross profit")),
    ("margin", N_("gross margin")),
    ("days", N_("days to pay")),
    ("x", N_("the further indicator X")),
    ("y", N_("the further indicator Y")),
)
# name, label, whether its figures add up, whether less is better
INDICATORS: tuple[tuple[str, str, bool, bool], ...] = (
    ("deals", N_("Transaction: number of deals"), True, False),
    ("amount", N_("Transaction: amount or profit"), True, False),
    ("gross-margin", N_("Transaction: gross margin"), False, False),
    ("mean-deal", N_("Transaction: mean deal"), False, False),
    ("largest-deal", N_("Transaction: largest deal"), False, False),
    ("returned", N_("Transaction: amount returned"), True, True),
    ("returns", N_("Transaction: number of returns"), True, True),
    ("months", N_("Transaction: months as a customer"), False, False),
    ("cycle", N_("Transaction: mean days between orders"), False, True),
    ("forecast", N_("Transaction: forecast amount"), True, False),
    ("largest-receipt", N_("Finance: largest receipt"), False, False),
    ("mean-receipt", N_("Finance: mean receipt"), False, False),
    ("collection", N_("Finance: mean days to collect"), False, True),
    ("arrears", N_("Finance: mean arrears"), True, True),
    ("arrears-rate", N_("Finance: arrears rate"), False, True),
    ("tasks", N_("Contact: tasks"), True, False),
    ("processes", N_("Contact: processes"), True, False),
    ("praise", N_("Contact: praise, number"), True, False),
    ("praise-rate", N_("Contact: praise, rate"), False, False),
    ("complaints", N_("Contact: complaints, number"), True, True),
    ("complaint-rate", N_("Contact: complaints, rate"), False, True),
    ("suggestions", N_("Contact: suggestions, number"), True, False),
    ("suggestion-rate", N_("Contact: suggestions, rate"), False, False),
    ("capital", N_("Trait: registered capital"), True, False),
    ("yearly-sales", N_("Trait: its annual sales"), True, False),
    ("staff", N_("Trait: its size in people"), True, False),
)
ADDS_UP = {name for name, _, adds, _ in INDICATORS if adds}
LESS_IS_BETTER = {name for name, _, _, less in INDICATORS if less}
TRAITS = (
    ("region", N_("region")),
    ("industry", N_("industry")),
    ("size", N_("size")),
    ("listed", N_("listed or not")),
    ("other", N_("another trait of the firm")),
)
PRIVATE = (
    ("age", N_("age")),
    ("education", N_("education")),
    ("marital", N_("marital status")),
    ("income", N_("income")),
    ("colour", N_("favourite colour")),
    ("car", N_("car")),
    ("children", N_("children")),
)


def _further(name: str) -> tuple[Field, ...]:
    """What is asked about one of the two further indicators."""
    ask: dict[str, str] = {
        "x": N_("Further indicator X"),
        "x_direction": N_("X: which is better?"),
        "x_rule": N_("X: classes by"),
        "x_good": N_("X: high (good) from"),
        "x_fair": N_("X: medium (fair) from"),
        "y": N_("Further indicator Y"),
        "y_direction": N_("Y: which is better?"),
        "y_rule": N_("Y: classes by"),
        "y_good": N_("Y: high (good) from"),
        "y_fair": N_("Y: medium (fair) from"),
    }
    return (
        Field(f"{name}_is", ask[name], "choice", choices=tuple((one, label) for one, label, _, _ in INDICATORS)),
        Field(
            f"{name}_direction",
            ask[f"{name}_direction"],
            "choice",
            choices=(("higher", N_("more")), ("lower", N_("less"))),
            default="higher",
        ),
        Field(
            f"{name}_rule",
            ask[f"{name}_rule"],
            "choice",
            choices=(("shares", N_("cumulative share")), ("cuts", N_("cut-offs"))),
            default="shares",
            help=N_("Shares for what adds up and where more is better; cut-offs for rates and days."),
        ),
        Field(f"{name}_good", ask[f"{name}_good"], least=-MOST_MONEY, most=MOST_MONEY),
        Field(f"{name}_fair", ask[f"{name}_fair"], least=-MOST_MONEY, most=MOST_MONEY),
    )


def _is(use: str, name: str) -> str:
    return f"{{{use}}}={{{use}:{name}}}"


def _lower(use: str) -> str:
    """A formula: is less better of what is used?"""
    chosen = ",".join(f"AND({_is(use, n)},{{{n}_direction}}={{{n}_direction:lower}})" for n in CHOSEN)
    return f"OR({_is(use, 'days')},{chosen})"


def _adds(use: str) -> str:
    """A formula: is what is used classed by cumulative share?"""
    chosen = ",".join(
        f"AND({_is(use, n)},{{{n}_rule}}<>{{{n}_rule:cuts}},{{{n}_direction}}<>{{{n}_direction:lower}})" for n in CHOSEN
    )
    return f"OR({_is(use, 'sales')},{_is(use, 'profit')},{chosen})"


def _columns(use: str, at: str, labels: Mapping[str, str]) -> tuple[Output, ...]:
    """The computed columns of the first or the second indicator; `at` is "one" or "two"."""
    picked = '""'
    for name in (*CHOSEN, *OWN):
        cell = f'IF({{{name}}}="","",{{{name}}})' if name == "profit" else f'IF(COUNT({{{name}}})=0,"",{{{name}}})'
        picked = f"IF({_is(use, name)},{cell},{picked})"
    column, value = f"{{customers.{at}}}", f"{{{at}}}"
    rank = (
        f'IF({value}="","",1+SUMPRODUCT(({column}<>"")*({_lower(use)}*({column}<{value})+NOT({_lower(use)})'
        f'*({column}>{value})))+SUMPRODUCT(({column}<>"")*({column}={value})*(ROW({column})<ROW({value}))))'
    )
    running = (
        f'IF(OR({value}="",NOT({_adds(use)})),"",IF(SUM({column})<=0,"",'
        f'100*SUMIF({{customers.{at}-rank}},"<="&{{{at}-rank}},{column})/SUM({column})))'
    )
    high, medium, low = (f"{{customers.decided:{name}}}" for name, _ in CLASSES)
    by_share = (
        f'IF({{{at}-running}}="","",IF({value}<=0,{low},IF(OR({{{at}-rank}}=1,ROUND({{{at}-running}},9)<={{@high}}),{high},'
        f"IF(ROUND({{{at}-running}},9)<={{@medium}},{medium},{low}))))"
    )

    def cuts(good: str, fair: str, less: bool) -> str:
        sign = "<=" if less else ">="
        return f"IF({value}{sign}{good},{high},IF({value}{sign}{fair},{medium},{low}))"

    by_cut = '""'
    for n in CHOSEN:
        good, fair = f"{{{n}_good}}", f"{{{n}_fair}}"
        both = f"IF({{{n}_direction}}={{{n}_direction:lower}},{cuts(good, fair, True)},{cuts(good, fair, False)})"
        there = f"OR({{{n}_rule}}<>{{{n}_rule:cuts}},COUNT({good},{fair})<2)"
        by_cut = f'IF({_is(use, n)},IF({there},"",{both}),{by_cut})'
    by_cut = f"IF({_is(use, 'margin')},{cuts('{@margin-high}', '{@margin-medium}', False)},{by_cut})"
    by_cut = f"IF({_is(use, 'days')},{cuts('{@days-good}', '{@days-fair}', True)},{by_cut})"
    return (
        Output(at, labels["value"], formula=picked),
        Output(f"{at}-rank", labels["rank"], places=0, formula=rank),
        Output(f"{at}-running", labels["running"], "%", formula=running),
        Output(f"{at}-class", labels["class"], formula=f'IF({value}="","",IF({_adds(use)},{by_share},{by_cut}))'),
    )


SECTIONS = (
    Section(
        N_("By what you sort"),
        (
            Field("first", N_("First indicator"), "choice", choices=USES, default="sales"),
            Field(
                "second",
                N_("Second indicator"),
                "choice",
                choices=USES,
                help=N_("Choose one that could contradict the first: what does the first one hide?"),
            ),
            Field(
                "decision",
                N_("Which indicator fits the decision, and how good are the data?"),
                "long",
            ),
        ),
    ),
    Section(
        N_("Customers"),
        (
            Field("trait_is", N_("The trait is"), "choice", choices=TRAITS),
            Field(
                "private_is",
                N_("The private fact is"),
                "choice",
                choices=PRIVATE,
                personal=True,
                help=N_("Only where customers are persons, who told you freely, and the account keeps such facts."),
            ),
            Table(
                "customers",
                N_("Customers"),
                (
                    Field("name", N_("Customer"), "text"),
                    Field("sales", N_("Sales"), unit=MONEY, least=-MOST_MONEY, most=MOST_MONEY, sourced=True),
                    Field("margin", N_("Gross margin"), unit="%", least=MARGIN.least, most=MARGIN.most, sourced=True),
                    Field(
                        "days",
                        N_("Days to pay"),
                        unit=DAYS,
                        least=COLLECTION_DAYS.least,
                        most=MOST_DAYS,
                        sourced=True,
                    ),
                    Field("x", N_("X"), least=-MOST_MONEY, most=MOST_MONEY, sourced=True),
                    Field("y", N_("Y"), least=-MOST_MONEY, most=MOST_MONEY, sourced=True),
                    Field("trait", N_("Trait"), "text", help=N_("Such as “East”, “steel” or “listed”.")),
                    Field("private", N_("Private fact"), "text", personal=True),
                    Field("volunteered", N_("Told freely"), "tick", personal=True),
                    Field(
                        "decided", N_("Your class"), "choice", choices=CLASSES, help=N_("What you decide in the end.")
                    ),
                ),
                computed=(
                    Output(
                        "profit",
                        N_("Gross profit"),
                        MONEY,
                        formula='IF(COUNT({sales},{margin})<2,"",ROUND({sales}*{margin}/100,9))',
                    ),
                    *_columns(
                        "first",
                        "one",
                        {
                            "value": N_("First indicator"),
                            "rank": N_("Rank"),
                            "running": N_("Cumulative share"),
                            "class": N_("Class"),
                        },
                    ),
                    Output(
                        "one-share",
                        N_("Share"),
                        "%",
                        formula=f'IF(OR({{one}}="",NOT({_adds("first")})),"",IF(SUM({{customers.one}})<=0,"",'
                        "100*{one}/SUM({customers.one})))",
                    ),
                    *_columns(
                        "second",
                        "two",
                        {
                            "value": N_("Second indicator"),
                            "rank": N_("Rank by the second"),
                            "running": N_("Cumulative share by the second"),
                            "class": N_("Class by the second"),
                        },
                    ),
                    Output(
                        "shift",
                        N_("Places gained by the second"),
                        places=0,
                        formula='IF(COUNT({one-rank},{two-rank})<2,"",{one-rank}-{two-rank})',
                    ),
                    Output(
                        "trait-share",
                        N_("Share of all with this trait"),
                        "%",
                        formula=f'IF(OR({{trait}}="",NOT({_adds("first")})),"",IF(SUM({{customers.one}})<=0,"",'
                        "100*SUMPRODUCT(({customers.trait}={trait})*1,{customers.one})/SUM({customers.one})))",
                    ),
                ),
            ),
        ),
    ),
    Section(
        N_("Further indicators"),
        (*_further("x"), *_further("y")),
        help=N_("What stands in the columns X and Y, and how it is classed."),
    ),
)

OUTPUTS = (
    Output("counted", N_("Customers with the first indicator"), places=0, formula="COUNT({customers.one})"),
    Output(
        "sum-sales",
        N_("Sum of sales"),
        MONEY,
        places=0,
        formula='IF(COUNT({customers.sales})=0,"",SUM({customers.sales}))',
    ),
    Output(
        "sum-profit",
        N_("Sum of gross profit"),
        MONEY,
        places=0,
        formula='IF(COUNT({customers.profit})=0,"",SUM({customers.profit}))',
    ),
    *(
        Output(name, label, places=0, formula=f"COUNTIF({{customers.one-class}},{{customers.decided:{name}}})")
        for name, label in CLASSES
    ),
    Output(
        "differ",
        N_("In another class by the second"),
        places=0,
        formula='SUMPRODUCT(({customers.one-class}<>"")*({customers.two-class}<>"")'
        "*({customers.one-class}<>{customers.two-class}))",
    ),
)


def _cut(name: str, label: str, unit: str, default: str, most: Decimal = ALL) -> Field:
    return Field(name, label, unit=unit, least=NOTHING, most=most, default=default)


SETTINGS = (
    _cut("high", N_("High up to a cumulative share of"), "%", "70"),
    _cut("medium", N_("Medium up to a cumulative share of"), "%", "90"),
    _cut("days-good", N_("Days to pay: good up to"), DAYS, "45", MOST_DAYS),
    _cut("days-fair", N_("Days to pay: fair up to"), DAYS, "75", MOST_DAYS),
    _cut("margin-high", N_("Margin: high from"), "%", "30"),
    _cut("margin-medium", N_("Margin: medium from"), "%", "20"),
)


@dataclass(frozen=True)
class Slope:
    """One customer: its place by the first indicator (left) and by the second (right)."""

    name: str
    left: int
    right: int
    first: str  # value, class
    second: str
    first_class: Message | None
    second_class: Message | None
    move: str  # "up", "down", "same"


@dataclass(frozen=True)
class Picture:
    height: int
    first: Message
    second: Message
    slopes: tuple[Slope, ...]
    others: int


@dataclass(frozen=True)
class Ranking:
    """What one indicator makes of the customers, by row id."""

    label: Message
    values: Mapping[str, Decimal]
    ranks: Mapping[str, int]
    shares: Mapping[str, Decimal]
    running: Mapping[str, Decimal]
    classes: Mapping[str, str]
    order: tuple[Row, ...]


def compute(sheet: Sheet, settings: Sheet) -> Result:
    """Both rankings, their classes, and where they contradict each other."""
    rows = sheet.rows("customers")
    one, two = (_ranking(sheet, settings, rows, sheet.choice(use)) for use in ("first", "second"))
    profits = {row.id: _profit(row) for row in rows}
    traits = _groups({row.id: row.text("trait") for row in rows}, one)
    cells: dict[str, Value] = {}
    for row in rows:
        id = row.id
        cells[row.key("profit")] = profits[id]
        for at, ranking in (("one", one), ("two", two)):
            rank, kind = ranking.ranks.get(id), ranking.classes.get(id)
            cells[row.key(at)] = ranking.values.get(id)
            cells[row.key(f"{at}-rank")] = None if rank is None else Decimal(rank)
            cells[row.key(f"{at}-running")] = ranking.running.get(id)
            cells[row.key(f"{at}-class")] = None if kind is None else Message(LABELS[kind])
        cells[row.key("one-share")] = one.shares.get(id)
        both = id in one.ranks and id in two.ranks
        cells[row.key("shift")] = Decimal(one.ranks[id] - two.ranks[id]) if both else None
        cells[row.key("trait-share")] = traits.get(id)
    differ = [row for row in one.order if _apart(row, one, two)]
    figures: dict[str, Value] = {
        "counted": Decimal(len(one.order)),
        "sum-sales": total(row.number("sales") for row in rows),
        "sum-profit": total(profits.values()),
        **{name: Decimal(sum(kind == name for kind in one.classes.values())) for name in LABELS},
        "differ": Decimal(len(differ)),
    }
    verdict, tone = _verdict(one, two, differ)
    notices = _notices(sheet, settings, rows, one, two, differ)
    return Result(figures, cells, verdict, tone, notices, _turns(one, two), _picture(one, two))


def _profit(row: Row) -> Decimal | None:
    sales, margin = row.number("sales"), row.number("margin")
    return None if sales is None or margin is None else sales * margin / 100


def _value(row: Row, name: str) -> Decimal | None:
    return _profit(row) if name == "profit" else row.number(name)


def _less_is_better(sheet: Sheet, name: str) -> bool:
    return name == "days" or (name in CHOSEN and sheet.choice(f"{name}_direction") == "lower")


def _by_share(sheet: Sheet, name: str) -> bool:
    """Whether the indicator is classed by its cumulative share."""
    if name in CHOSEN:
        return sheet.choice(f"{name}_rule") != "cuts" and not _less_is_better(sheet, name)
    return name in ("sales", "profit")


def _ranking(sheet: Sheet, settings: Sheet, rows: Sequence[Row], name: str) -> Ranking:
    read = ((row, _value(row, name)) for row in rows) if name else ()
    values = {row.id: value for row, value in read if value is not None}
    less = _less_is_better(sheet, name)
    there = (row for row in rows if row.id in values)
    order = tuple(sorted(there, key=lambda row: values[row.id] if less else -values[row.id]))
    ranks = {row.id: place for place, row in enumerate(order, 1)}
    whole = total(values.values())
    shares: dict[str, Decimal] = {}
    running: dict[str, Decimal] = {}
    classes: dict[str, str] = {}
    if _by_share(sheet, name):
        if whole is not None and whole > 0:
            so_far = NOTHING
            for row in order:
                so_far += values[row.id]
                shares[row.id] = 100 * values[row.id] / whole
                running[row.id] = 100 * so_far / whole
            classes = _classes_by_share(settings, order, values, running)
    else:
        classes = _classes_by_cut(_cuts(sheet, settings, name), values, less)
    return Ranking(_label(sheet, name), values, ranks, shares, running, classes, order)


def _label(sheet: Sheet, name: str) -> Message:
    chosen = sheet.choice(f"{name}_is") if name in CHOSEN else ""
    found = next((label for one, label, _, _ in INDICATORS if one == chosen), dict(USES).get(name, ""))
    return Message(found)


def _classes_by_share(
    settings: Sheet, order: Sequence[Row], values: Mapping[str, Decimal], running: Mapping[str, Decimal]
) -> dict[str, str]:
    """The first is always high, and who brings nothing is low; else by the cumulative share."""
    high, medium = (settings.number(name) or NOTHING for name in ("high", "medium"))
    found = {}
    for place, row in enumerate(order):
        share_so_far = running[row.id]
        if values[row.id] <= 0:
            found[row.id] = "low"
        elif place == 0 or share_so_far <= high:
            found[row.id] = "high"
        else:
            found[row.id] = "medium" if share_so_far <= medium else "low"
    return found


def _cuts(sheet: Sheet, settings: Sheet, name: str) -> tuple[Decimal | None, Decimal | None]:
    match name:
        case "days":
            return settings.number("days-good"), settings.number("days-fair")
        case "margin":
            return settings.number("margin-high"), settings.number("margin-medium")
        case "x" | "y" if sheet.choice(f"{name}_rule") == "cuts":
            return sheet.number(f"{name}_good"), sheet.number(f"{name}_fair")
    return None, None


def _classes_by_cut(
    cuts: tuple[Decimal | None, Decimal | None], values: Mapping[str, Decimal], less: bool
) -> dict[str, str]:
    good, fair = cuts
    if good is None or fair is None:
        return {}
    sign = -1 if less else 1
    return {
        id: "high" if sign * value >= sign * good else "medium" if sign * value >= sign * fair else "low"
        for id, value in values.items()
    }


def _groups(texts: Mapping[str, str], one: Ranking) -> dict[str, Decimal]:
    """Of the first indicator's sum, the share of all customers with the same text; by row id."""
    sums: dict[str, Decimal] = {}
    for id, text in texts.items():
        if text:
            sums[text.casefold()] = sums.get(text.casefold(), NOTHING) + one.values.get(id, NOTHING)
    whole = total(one.values.values())
    if not one.shares or whole is None:
        return {}
    return {id: 100 * sums[text.casefold()] / whole for id, text in texts.items() if text}


def _apart(row: Row, one: Ranking, two: Ranking) -> bool:
    first, second = one.classes.get(row.id), two.classes.get(row.id)
    return first is not None and second is not None and first != second


def _verdict(one: Ranking, two: Ranking, differ: Sequence[Row]) -> tuple[Message | None, Tone]:
    if not one.order:
        return None, "info"
    if not two.order:
        highest = [row for row in one.order if one.classes.get(row.id) == "high"]
        return message("High by %(indicator)s: %(names)s", indicator=one.label, names=_names(highest)), "info"
    if differ:
        return (
            message(
                "By %(indicator)s %(count)s of the customers stand in another class",
                indicator=two.label,
                count=len(differ),
            ),
            "warning",
        )
    if any(one.ranks[id] != two.ranks[id] for id in one.ranks.keys() & two.ranks.keys()):
        return message("Same classes, another order"), "info"
    return message("Both indicators say the same"), "good"


def _names(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(row.name for row in rows[:10]) + (("…",) if len(rows) > 10 else ())


def _notices(
    sheet: Sheet, settings: Sheet, rows: Sequence[Row], one: Ranking, two: Ranking, differ: Sequence[Row]
) -> tuple[Notice, ...]:
    found = []
    hidden = [row for row in differ if (one.classes[row.id], two.classes[row.id]) == ("high", "low")]
    for row in hidden[:5]:
        text = message(
            "“%(name)s” is among the best by %(first)s and among the poorest by %(second)s. What does the first hide?",
            name=row.name,
            first=one.label,
            second=two.label,
        )
        found.append(Notice("hidden", text, "warning", LESSON, (row.key("name"),)))
    if differ:
        text = message("The two indicators part on: %(names)s", names=_names(differ))
        found.append(Notice("differ", text, "info", LESSON))
    blank = [row for row in rows if row.id not in one.values]
    if blank and one.order:
        text = message("Not sorted, since the first indicator is blank: %(names)s", names=_names(blank))
        found.append(Notice("blank", text, "info", at=tuple(row.key("name") for row in blank)))
    for ranking in (one, two):
        for above, below in pairwise(ranking.order):
            same = ranking.values[above.id] == ranking.values[below.id]
            if same and ranking.classes.get(above.id) != ranking.classes.get(below.id):
                text = message(
                    "“%(one)s” and “%(other)s” are equal by %(indicator)s and fall into two classes. Put them together.",
                    one=above.name,
                    other=below.name,
                    indicator=ranking.label,
                )
                found.append(Notice("equals-parted", text, at=(above.key("name"), below.key("name"))))
    losing = [row for row in rows if (value := _profit(row)) is not None and value <= 0]
    if losing:
        text = message("They bring no gross profit: %(names)s", names=_names(losing))
        found.append(Notice("no-profit", text, "warning", LESSON, tuple(row.key("margin") for row in losing)))
    for name in CHOSEN:
        if name in (sheet.choice("first"), sheet.choice("second")):
            found += _about_further(sheet, name)
    found += _about_evidence(sheet, one)
    found += _about_private(rows)
    return tuple(found)


def _about_further(sheet: Sheet, name: str) -> list[Notice]:
    """Whether direction, rule and cut-offs fit the indicator that was chosen."""
    found = []
    chosen, less, label = sheet.choice(f"{name}_is"), _less_is_better(sheet, name), _label(sheet, name)
    if not chosen:
        text = message("Say what the further indicator is: numbers without a name compare nothing.")
        return [Notice("nameless", text, "info", at=(f"{name}_is",))]
    if less != (chosen in LESS_IS_BETTER):
        text = (
            message("“%(indicator)s”: usually more is better. Is the direction right?", indicator=label)
            if less
            else message("“%(indicator)s”: usually less is better. Is the direction right?", indicator=label)
        )
        found.append(Notice("direction", text, "warning", at=(f"{name}_direction",)))
    if sheet.choice(f"{name}_rule") != "cuts" and (less or chosen not in ADDS_UP):
        text = message("“%(indicator)s” cannot be classed by shares. Use cut-offs.", indicator=label)
        found.append(Notice("no-shares", text, "warning", at=(f"{name}_rule",)))
    good, fair = sheet.number(f"{name}_good"), sheet.number(f"{name}_fair")
    if sheet.choice(f"{name}_rule") == "cuts" and (good is None or fair is None):
        text = message("“%(indicator)s” needs two cut-offs; until then it is only sorted.", indicator=label)
        found.append(Notice("no-cut-offs", text, "info", at=(f"{name}_good", f"{name}_fair")))
    elif good is not None and fair is not None and (good > fair if less else good < fair):
        text = message("The cut-offs of “%(indicator)s” stand the wrong way round.", indicator=label)
        found.append(Notice("cut-offs-crossed", text, at=(f"{name}_good", f"{name}_fair")))
    return found


def _about_evidence(sheet: Sheet, one: Ranking) -> list[Notice]:
    name = sheet.choice("first")
    columns = ("sales", "margin") if name == "profit" else (name,)
    guessed = [
        row
        for row in one.order
        if one.classes.get(row.id) == "high" and any(row.confidence(column) == "C" for column in columns)
    ]
    if not guessed:
        return []
    text = message("High, and resting on a guess: %(names)s. Ask a second source first.", names=_names(guessed))
    return [Notice("guess", text, "warning", "six-2.1", tuple(row.key(columns[0]) for row in guessed))]


def _about_private(rows: Iterable[Row]) -> list[Notice]:
    kept = [row for row in rows if row.text("private")]
    if not kept:
        return []
    found = []
    text = message(
        "Private facts: only what was told freely and is needed. Would you write it if the person read along?"
    )
    found.append(Notice("private", text, "info", "six-2.1"))
    silent = [row for row in kept if not row.tick("volunteered")]
    if silent:
        text = message("Not marked as told freely: %(names)s. Delete it.", names=_names(silent))
        found.append(Notice("not-volunteered", text, "warning", "six-2.1", tuple(r.key("private") for r in silent)))
    return found


def _turns(one: Ranking, two: Ranking) -> tuple[Message, ...]:
    """Who overtakes whom by the second indicator: the ten who gain most places first."""
    both = [row for row in one.order if row.id in two.ranks]
    risers = [row for row in both if two.ranks[row.id] < one.ranks[row.id]]
    found = []
    for row in sorted(risers, key=lambda row: (two.ranks[row.id] - one.ranks[row.id], one.ranks[row.id]))[:10]:
        passed = [
            other
            for other in both
            if one.ranks[other.id] < one.ranks[row.id] and two.ranks[other.id] > two.ranks[row.id]
        ]
        if passed:
            found.append(
                message(
                    "By %(indicator)s “%(name)s” overtakes %(names)s.",
                    indicator=two.label,
                    name=row.name,
                    names=_names(passed),
                )
            )
    return tuple(found)


HEAD, STEP, DRAWN = 48, 24, 30


def _picture(one: Ranking, two: Ranking) -> Picture | None:
    """Places by the first indicator beside places by the second, of those that have both."""
    both = [row for row in one.order if row.id in two.ranks]
    if not both:
        return None
    drawn = both[:DRAWN]
    right = {row.id: place for place, row in enumerate(sorted(drawn, key=lambda row: two.ranks[row.id]))}
    slopes = []
    for place, row in enumerate(drawn):
        gained = place - right[row.id]
        first, second = one.classes.get(row.id), two.classes.get(row.id)
        slopes.append(
            Slope(
                clipped(row.name, 84),
                HEAD + place * STEP,
                HEAD + right[row.id] * STEP,
                shown(one.values[row.id]),
                shown(two.values[row.id]),
                None if first is None else Message(LABELS[first]),
                None if second is None else Message(LABELS[second]),
                "up" if gained > 0 else "down" if gained < 0 else "same",
            )
        )
    return Picture(HEAD + len(drawn) * STEP + 24, one.label, two.label, tuple(slopes), len(both) - len(drawn))


_TEN = (
    ("4200", "18", "95"),
    ("2600", "27", "60"),
    ("1500", "31", "45"),
    ("900", "22", "120"),
    ("800", "35", "30"),
    ("600", "29", "50"),
    ("500", "25", "75"),
    ("400", "38", "35"),
    ("300", "26", "90"),
    ("200", "33", "40"),
)


def _ten(second: str) -> dict[str, str]:
    cells = {"first": "sales", "second": second}
    for place, (letter, texts) in enumerate(zip("ABCDEFGHIJ", _TEN, strict=True), 1):
        cells[f"customers.{place:02}.name"] = letter
        columns = zip(("sales", "margin", "days"), texts, strict=True)
        cells |= {f"customers.{place:02}.{column}": text for column, text in columns}
    return cells


_SUMS = {"counted": "10", "sum-sales": "12,000", "sum-profit": "2,996", "high": "3", "medium": "3", "low": "4"}
EXAMPLES = (
    Example(
        "profit",
        N_("Ten customers by sales, and what gross profit changes"),
        _ten("profit"),
        {**_SUMS, "differ": "0", "verdict": "Same classes, another order"},
        brief=N_("Ten customers of Lanxi Controls; money in 10,000 yuan a year."),
    ),
    Example(
        "days",
        N_("The same ten by sales, and how they pay"),
        _ten("days"),
        {**_SUMS, "differ": "7", "verdict": "By days to pay 7 of the customers stand in another class"},
        brief=N_("The largest customer takes 95 days to pay."),
    ),
)

TOOL = Tool(
    id="single-indicator",
    name=N_("Single-indicator classification"),
    summary=N_("Sort customers by one indicator, and find out with a second one what the first hides."),
    sections=SECTIONS,
    outputs=OUTPUTS,
    compute=compute,
    examples=EXAMPLES,
    rubric=(
        N_("The customers are sorted."),
        N_("The classes are right."),
        N_("Two indicators are compared, and it is named what one of them hides."),
        N_("One indicator is recommended for the decision, with a word on how good the data are."),
    ),
    settings=SETTINGS,
    about="many",
    lessons=("fnd-1.2",),
    competencies=("C01", "C04"),
)
