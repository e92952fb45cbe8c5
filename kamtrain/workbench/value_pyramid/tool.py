"""Who gets which service: tiers by rank of value, what each tier is entitled to, and what that costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

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
LESSON = "fnd-1.2"
TIERS = (
    ("platinum", N_("Platinum")),
    ("gold", N_("Gold")),
    ("silver", N_("Silver")),
    ("standard", N_("Standard")),
)
LABELS = dict(TIERS)
PLACE = {name: place for place, (name, _) in enumerate(TIERS)}
CUTS = ("platinum", "gold", "silver")  # each has a setting of its name; the rest is standard
YES_NO = (("yes", N_("yes")), ("no", N_("no")))
REVIEWS = (
    ("monthly", N_("monthly")),
    ("quarterly", N_("quarterly")),
    ("half-yearly", N_("twice a year")),
    ("yearly", N_("yearly")),
    ("none", N_("none")),
)


def _level(cell: str) -> str:
    """A formula for a tier's place from above: 1 to 4."""
    return (
        f"IF({cell}={{customers.before:platinum}},1,IF({cell}={{customers.before:gold}},2,"
        f"IF({cell}={{customers.before:silver}},3,4)))"
    )


SECTIONS = (
    Section(
        N_("Customers by value"),
        (
            Field(
                "measure",
                N_("Value is"),
                "choice",
                choices=(
                    ("profit", N_("gross profit, 10,000 yuan a year")),
                    ("index", N_("the index of the value scorecard")),
                    ("other", N_("another figure")),
                ),
                default="profit",
                help=N_("One figure for all. Gross profit less the cost to serve is best; sales only pass through."),
            ),
            Table(
                "customers",
                N_("Customers"),
                (
                    Field("name", N_("Customer"), "text"),
                    Field("value", N_("Value"), least=-MOST_MONEY, most=MOST_MONEY, sourced=True),
                    Field(
                        "candidate",
                        N_("In the programme?"),
                        "choice",
                        choices=YES_NO,
                        default="yes",
                        help=N_("“no” takes a customer out of the count."),
                    ),
                    Field("before", N_("Tier last time"), "choice", choices=TIERS),
                ),
                computed=(
                    Output(
                        "counted",
                        N_("Value that counts"),
                        formula='IF(OR(COUNT({value})=0,{candidate}={customers.candidate:no}),"",{value})',
                    ),
                    Output(
                        "rank",
                        N_("Rank"),
                        places=0,
                        formula='IF({counted}="","",1+SUMPRODUCT(({customers.counted}<>"")*({customers.counted}>{counted}))'
                        '+SUMPRODUCT(({customers.counted}<>"")*({customers.counted}={counted})'
                        "*(ROW({customers.counted})<ROW({counted}))))",
                    ),
                    Output(
                        "tier",
                        N_("Tier"),
                        formula='IF({rank}="","",IF({rank}<={=to-platinum},{customers.before:platinum},'
                        "IF({rank}<={=to-gold},{customers.before:gold},"
                        "IF({rank}<={=to-silver},{customers.before:silver},{customers.before:standard}))))",
                    ),
                    Output(
                        "move",
                        N_("Move"),
                        formula='IF(OR({tier}="",{before}=""),"",IF({before}={tier},"=",'
                        f'IF({_level("{tier}")}<{_level("{before}")},"↑","↓")))',
                        help=N_("↑ up, ↓ down, = stays."),
                    ),
                ),
            ),
        ),
    ),
    Section(
        N_("What each tier is entitled to"),
        (
            Table(
                "tiers",
                N_("Tiers"),
                (
                    Field("tier", N_("Tier"), "choice", choices=TIERS),
                    Field("visits", N_("Visits a year"), least=NOTHING, most=Decimal(365)),
                    Field("hours", N_("Reply within"), unit=N_("hours"), least=NOTHING, most=Decimal(1000)),
                    Field("owner", N_("Named owner"), "choice", choices=YES_NO),
                    Field("on_site", N_("Person on site"), "choice", choices=YES_NO),
                    Field("review", N_("Review"), "choice", choices=REVIEWS),
                    Field(
                        "cost",
                        N_("Cost a customer and year"),
                        unit=MONEY,
                        least=NOTHING,
                        most=MOST_MONEY,
                        help=N_("Time, travel and people of ours; a careful guess is better than none."),
                    ),
                ),
                computed=(
                    Output(
                        "count",
                        N_("Customers"),
                        places=0,
                        formula='IF({tier}="","",COUNTIF({customers.tier},{tier}))',
                    ),
                    Output(
                        "value-share",
                        N_("Share of value"),
                        "%",
                        formula='IF({tier}="","",IF(SUM({customers.counted})<=0,"",'
                        "100*SUMIF({customers.tier},{tier},{customers.counted})/SUM({customers.counted})))",
                    ),
                    Output(
                        "mean",
                        N_("Value a customer"),
                        formula='IF({tier}="","",IF(COUNTIF({customers.tier},{tier})=0,"",'
                        "SUMIF({customers.tier},{tier},{customers.counted})/COUNTIF({customers.tier},{tier})))",
                    ),
                    Output(
                        "all-visits",
                        N_("Visits in all"),
                        places=0,
                        formula='IF(COUNT({count},{visits})<2,"",{count}*{visits})',
                    ),
                    Output(
                        "all-cost", N_("Cost in all"), MONEY, formula='IF(COUNT({count},{cost})<2,"",{count}*{cost})'
                    ),
                    Output(
                        "cost-share",
                        N_("Cost of the value"),
                        "%",
                        formula='IF(OR({measure}={measure:index},{measure}={measure:other},COUNT({mean},{cost})<2),"",'
                        'IF({mean}<=0,"",100*{cost}/{mean}))',
                    ),
                ),
                rows=tuple((f"{place:02}", {"tier": name}) for place, (name, _) in enumerate(TIERS, 1)),
                more=False,
            ),
            Field(
                "rule",
                N_("When somebody moves"),
                "long",
                help=N_("Who moves up or down, when it is looked at, and who tells the customer?"),
            ),
        ),
    ),
    Section(
        N_("A few against all the others"),
        (
            Field("few_customers", N_("These few are, of all customers"), unit="%", least=NOTHING, most=ALL),
            Field("few_result", N_("They bring, of the result"), unit="%", least=NOTHING, most=ALL),
        ),
        help=N_("When you only know two shares: how many others is one of the few worth?"),
    ),
)

OUTPUTS = (
    Output("candidates", N_("Candidates with a value"), places=0, formula="COUNT({customers.counted})"),
    Output(
        "to-platinum",
        N_("Platinum to rank"),
        places=0,
        formula="IF({=candidates}=0,0,MAX(1,ROUND({=candidates}*{@platinum}/100,0)))",
    ),
    Output(
        "to-gold",
        N_("Gold to rank"),
        places=0,
        formula="MAX({=to-platinum},ROUND({=candidates}*{@gold}/100,0))",
    ),
    Output(
        "to-silver",
        N_("Silver to rank"),
        places=0,
        formula="MAX({=to-gold},ROUND({=candidates}*{@silver}/100,0))",
    ),
    *(
        Output(name, label, places=0, formula=f"COUNTIF({{customers.tier}},{{customers.before:{name}}})")
        for name, label in TIERS
    ),
    Output(
        "worth",
        N_("One platinum customer is worth"),
        N_("others"),
        formula='IF(OR({=platinum}=0,{=candidates}={=platinum}),"",'
        "IF(SUM({customers.counted})-SUMIF({customers.tier},{customers.before:platinum},{customers.counted})<=0,"
        '"",SUMIF({customers.tier},{customers.before:platinum},{customers.counted})/{=platinum}/'
        "(SUM({customers.counted})-SUMIF({customers.tier},{customers.before:platinum},{customers.counted}))"
        "*({=candidates}-{=platinum})))",
    ),
    Output(
        "few-worth",
        N_("One of the few is worth"),
        N_("others"),
        formula='IF(COUNT({few_customers},{few_result})<2,"",IF(OR({few_customers}=0,{few_customers}=100,{few_result}=100),'
        '"",{few_result}/{few_customers}/(100-{few_result})*(100-{few_customers})))',
    ),
    Output(
        "visits-in-all",
        N_("Visits a year in all"),
        places=0,
        formula='IF(COUNT({tiers.all-visits})=0,"",SUM({tiers.all-visits}))',
    ),
    Output("cost-in-all", N_("Cost in all"), MONEY, formula='IF(COUNT({tiers.all-cost})=0,"",SUM({tiers.all-cost}))'),
)

SETTINGS = (
    Field("platinum", N_("Platinum: the first"), unit="%", least=NOTHING, most=ALL, default="4"),
    Field("gold", N_("Gold: up to"), unit="%", least=NOTHING, most=ALL, default="20"),
    Field("silver", N_("Silver: up to"), unit="%", least=NOTHING, most=ALL, default="50"),
    Field("cap", N_("A tier may cost, of its value"), unit="%", least=NOTHING, most=ALL, default="25"),
)


@dataclass(frozen=True)
class Band:
    """One tier: its slice of the pyramid, how many are in it, what they bring, and who is first."""

    name: Message
    points: str
    tone: str
    y: int
    count: str
    share: str
    length: float  # of the bar for the share of value
    names: str


@dataclass(frozen=True)
class Picture:
    bands: tuple[Band, ...]


def compute(sheet: Sheet, settings: Sheet) -> Result:
    """Rank of the candidates, tiers by cumulative counts, and each tier's value and cost."""
    rows = sheet.rows("customers")
    values = {row.id: row.number("value") if row.choice("candidate") != "no" else None for row in rows}
    ranked = sorted((row for row in rows if values[row.id] is not None), key=lambda row: -(values[row.id] or NOTHING))
    ends = _ends(len(ranked), settings)
    tiers = {row.id: _tier(place, ends) for place, row in enumerate(ranked, 1)}
    members = {name: [row for row in ranked if tiers[row.id] == name] for name in LABELS}
    whole = total(values.values())
    worth = {name: total(values[row.id] for row in found) for name, found in members.items()}
    cells: dict[str, Value] = {}
    places = {row.id: Decimal(place) for place, row in enumerate(ranked, 1)}
    for row in rows:
        tier = tiers.get(row.id)
        cells[row.key("counted")] = values[row.id]
        cells[row.key("rank")] = places.get(row.id)
        cells[row.key("tier")] = None if tier is None else Message(LABELS[tier])
        cells[row.key("move")] = _move(tier, row.choice("before"))
    costs = _tier_cells(sheet, members, worth, whole, cells)
    figures: dict[str, Value] = {
        "candidates": Decimal(len(ranked)),
        **{f"to-{name}": Decimal(end) for name, end in zip(CUTS, ends, strict=True)},
        **{name: Decimal(len(found)) for name, found in members.items()},
        "worth": _worth(worth["platinum"], len(members["platinum"]), whole, len(ranked)),
        "few-worth": _few_worth(sheet),
        "visits-in-all": total(_number(cells, row, "all-visits") for row in sheet.rows("tiers")),
        "cost-in-all": total(_number(cells, row, "all-cost") for row in sheet.rows("tiers")),
    }
    verdict, tone = _verdict(members)
    return Result(
        figures,
        cells,
        verdict,
        tone,
        _notices(sheet, settings, rows, ranked, values, tiers, costs),
        _turns(ranked, values, ends),
        _picture(members, worth, whole),
    )


def _ends(count: int, settings: Sheet) -> tuple[int, ...]:
    """The last rank of platinum, gold and silver: cumulative, rounded half up; platinum has at least one."""
    found: list[int] = []
    for name in CUTS:
        part = (count * (settings.number(name) or NOTHING) / 100).quantize(Decimal(1), ROUND_HALF_UP)
        least = found[-1] if found else min(count, 1)
        found.append(max(int(part), least))
    return tuple(found)


def _tier(place: int, ends: Sequence[int]) -> str:
    return next((name for name, end in zip(CUTS, ends, strict=True) if place <= end), "standard")


def _move(now: str | None, before: str) -> str | None:
    if now is None or not before:
        return None
    return "=" if now == before else "↑" if PLACE[now] < PLACE[before] else "↓"


def _tier_cells(
    sheet: Sheet,
    members: Mapping[str, Sequence[Row]],
    worth: Mapping[str, Decimal | None],
    whole: Decimal | None,
    cells: dict[str, Value],
) -> dict[str, Decimal]:
    """Fills the cells of the tiers' table; the cost of each tier in percent of its value, by the row's id."""
    found = {}
    for row in sheet.rows("tiers"):
        name = row.choice("tier")
        count = Decimal(len(members[name])) if name else None
        mean = ratio(worth[name], count) if name else None
        visits, cost = row.number("visits"), row.number("cost")
        money = sheet.choice("measure") not in ("index", "other")
        cost_share = share(cost, mean) if money and mean is not None and mean > 0 else None
        there = (worth[name] or NOTHING) if name else None
        cells[row.key("count")] = count
        cells[row.key("value-share")] = share(there, whole) if whole is not None and whole > 0 else None
        cells[row.key("mean")] = mean
        cells[row.key("all-visits")] = None if count is None or visits is None else count * visits
        cells[row.key("all-cost")] = None if count is None or cost is None else count * cost
        cells[row.key("cost-share")] = cost_share
        if cost_share is not None:
            found[row.id] = cost_share
    return found


def _number(cells: Mapping[str, Value], row: Row, name: str) -> Decimal | None:
    value = cells[row.key(name)]
    return value if isinstance(value, Decimal) else None


def _worth(few: Decimal | None, few_count: int, whole: Decimal | None, count: int) -> Decimal | None:
    """How many of the other customers one of the few is worth."""
    if few is None or whole is None or count == few_count or whole - few <= 0:
        return None
    return few / few_count / (whole - few) * (count - few_count)


def _few_worth(sheet: Sheet) -> Decimal | None:
    customers, result = sheet.number("few_customers"), sheet.number("few_result")
    if customers is None or result is None or customers in (0, 100) or result == 100:
        return None
    return result / customers / (100 - result) * (100 - customers)


def _verdict(members: Mapping[str, Sequence[Row]]) -> tuple[Message | None, Tone]:
    if not members["platinum"]:
        return None, "info"
    counts = {name: len(found) for name, found in members.items()}
    return (
        message("%(platinum)s platinum, %(gold)s gold, %(silver)s silver, %(standard)s standard", **counts),
        "info",
    )


def _notices(
    sheet: Sheet,
    settings: Sheet,
    rows: Sequence[Row],
    ranked: Sequence[Row],
    values: Mapping[str, Decimal | None],
    tiers: Mapping[str, str],
    costs: Mapping[str, Decimal],
) -> tuple[Notice, ...]:
    found = []
    cut = settings.number("platinum")
    if ranked and cut is not None and len(ranked) * cut < 50:
        text = message(
            "%(cut)s %% of %(count)s candidates is less than half a customer; platinum has one because it needs one.",
            cut=f"{cut:f}",
            count=len(ranked),
        )
        found.append(Notice("few-candidates", text, "info", LESSON))
    valueless = [row for row in rows if row.choice("candidate") != "no" and row.number("value") is None]
    if valueless:
        text = message("Without a value there is no rank: %(names)s", names=_names(valueless))
        found.append(Notice("no-value", text, "info", at=tuple(row.key("value") for row in valueless)))
    for above, below in pairwise(ranked):
        if values[above.id] == values[below.id] and tiers[above.id] != tiers[below.id]:
            text = message(
                "“%(one)s” and “%(other)s” have the same value and stand in different tiers. Decide by a second figure.",
                one=above.name,
                other=below.name,
            )
            found.append(Notice("line-through-equals", text, at=(above.key("value"), below.key("value"))))
    losing = [row for row in ranked if tiers[row.id] != "standard" and (values[row.id] or NOTHING) <= 0]
    if losing:
        text = message("They earn nothing and stand above standard: %(names)s", names=_names(losing))
        found.append(Notice("earns-nothing", text, "warning", LESSON, tuple(row.key("value") for row in losing)))
    found += _about_entitlements(sheet, settings, costs)
    found += _about_moves(sheet, rows, tiers)
    cuts = [settings.number(name) or NOTHING for name in CUTS]
    if cuts != sorted(cuts):
        text = message("The cut-offs must rise from platinum to silver; a lower one has no effect.")
        found.append(Notice("cut-offs-fall", text))
    return tuple(found)


def _names(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(row.name for row in rows[:10]) + (("…",) if len(rows) > 10 else ())


def _about_entitlements(sheet: Sheet, settings: Sheet, costs: Mapping[str, Decimal]) -> list[Notice]:
    found = []
    cap = settings.number("cap")
    rows = {row.choice("tier"): row for row in sheet.rows("tiers") if row.choice("tier")}
    for name, row in rows.items():
        cost = costs.get(row.id)
        if cap is not None and cost is not None and cost > cap:
            text = message(
                "%(tier)s costs %(cost)s %% of what it brings; the cap is %(cap)s %%. Give less, or to fewer.",
                tier=Message(LABELS[name]),
                cost=shown(cost),
                cap=shown(cap, 0),
            )
            found.append(Notice("over-cap", text, "warning", LESSON, (row.key("cost"),)))
    ordered = [rows[name] for name in LABELS if name in rows]
    for above, below in pairwise(ordered):
        for column, sign in (("visits", 1), ("hours", -1)):
            high, low = above.number(column), below.number(column)
            if high is not None and low is not None and sign * high < sign * low:
                text = message(
                    "%(below)s gets more than %(above)s. A tier above must be worth striving for.",
                    above=Message(LABELS[above.choice("tier")]),
                    below=Message(LABELS[below.choice("tier")]),
                )
                found.append(Notice("upside-down", text, "warning", LESSON, (above.key(column), below.key(column))))
    return found


def _about_moves(sheet: Sheet, rows: Sequence[Row], tiers: Mapping[str, str]) -> list[Notice]:
    found = []
    moves = {row.id: _move(tiers.get(row.id), row.choice("before")) for row in rows}
    down = [row for row in rows if moves[row.id] == "↓"]
    up = [row for row in rows if moves[row.id] == "↑"]
    if up:
        found.append(Notice("moved-up", message("Moved up: %(names)s", names=_names(up)), "good"))
    if down:
        text = message("Moved down: %(names)s. Talk to them before anything is taken away.", names=_names(down))
        found.append(Notice("moved-down", text, "warning", "svc-3.1", tuple(row.key("before") for row in down)))
    out = [row for row in rows if row.choice("before") and row.id not in tiers]
    if out:
        text = message("No longer in the pyramid: %(names)s", names=_names(out))
        found.append(Notice("left-out", text, "info", at=tuple(row.key("before") for row in out)))
    if (up or down) and not sheet.text("rule"):
        text = message("Customers move, and no rule says when. Write it down before the first one asks.")
        found.append(Notice("no-rule", text, "info", LESSON, ("rule",)))
    return found


def _turns(ranked: Sequence[Row], values: Mapping[str, Decimal | None], ends: Sequence[int]) -> tuple[Message, ...]:
    """For each line: who stands next below it, and how much value is missing."""
    found = []
    for name, end in zip(CUTS, ends, strict=True):
        if 0 < end < len(ranked):
            above, below = values[ranked[end - 1].id], values[ranked[end].id]
            if above is not None and below is not None:
                found.append(
                    message(
                        "“%(name)s” is %(tier)s with %(more)s more value than now.",
                        name=ranked[end].name,
                        tier=Message(LABELS[name]),
                        more=shown(above - below),
                    )
                )
    return tuple(dict.fromkeys(found))


MIDDLE, HALF, HEAD, DEPTH, BAR = 165, 145, 10, 72, 170
TONES = ("pic-a", "pic-b", "pic-good", "pic-quiet")


def _picture(
    members: Mapping[str, Sequence[Row]], worth: Mapping[str, Decimal | None], whole: Decimal | None
) -> Picture | None:
    if not members["platinum"]:
        return None
    bands = []
    for place, (name, label) in enumerate(TIERS):
        y = HEAD + place * DEPTH
        upper, lower = HALF * place / 4, HALF * (place + 1) / 4
        corners = ((-upper, y), (upper, y), (lower, y + DEPTH - 4), (-lower, y + DEPTH - 4))
        part = share(worth[name] or NOTHING, whole) if whole is not None and whole > 0 else None
        bands.append(
            Band(
                Message(label),
                " ".join(f"{MIDDLE + x:g},{height}" for x, height in corners),
                TONES[place],
                y,
                str(len(members[name])),
                "" if part is None else shown(part),
                0.0 if part is None else round(float(min(max(part, NOTHING), ALL)) * BAR / 100, 1),
                clipped(", ".join(clipped(row.name, 110) for row in members[name][:12]), 290, 12),
            )
        )
    return Picture(tuple(bands))


_VALUES = "756 702 465 198 280 174 125 152 78 66 60 58 55 52 50 47 45 42 40 38 35 33 30 28 25".split()  # noqa: SIM905
_ENTITLED = {
    "platinum": ("24", "2", "yes", "yes", "monthly", "60"),
    "gold": ("12", "4", "yes", "no", "quarterly", "20"),
    "silver": ("6", "8", "yes", "no", "half-yearly", "6"),
    "standard": ("2", "24", "no", "no", "yearly", "1"),
}


def _candidates() -> dict[str, str]:
    cells = {
        "measure": "profit",
        "rule": N_("Looked at each January, by two years' gross profit; the owner tells the customer first."),
    }
    for place, (letter, value) in enumerate(zip("ABCDEFGHIJKLMNOPQRSTUVWXY", _VALUES, strict=True), 1):
        cells |= {f"customers.{place:02}.name": letter, f"customers.{place:02}.value": value}
    cells |= {"customers.26.name": "Z", "customers.26.value": "90", "customers.26.candidate": "no"}
    cells |= {"customers.01.before": "platinum", "customers.05.before": "silver", "customers.08.before": "standard"}
    for place, texts in enumerate(_ENTITLED.values(), 1):
        columns = zip(("visits", "hours", "owner", "on_site", "review", "cost"), texts, strict=True)
        cells |= {f"tiers.{place:02}.{column}": text for column, text in columns}
    return cells


EXAMPLES = (
    Example(
        "twenty-five",
        N_("Twenty-five candidates of Lanxi Controls"),
        _candidates(),
        {
            "candidates": "25",
            "to-platinum": "1",
            "to-gold": "5",
            "to-silver": "13",
            "platinum": "1",
            "gold": "4",
            "silver": "8",
            "standard": "12",
            "verdict": "1 platinum, 4 gold, 8 silver, 12 standard",
        },
        brief=N_("By gross profit in 10,000 yuan a year. Z is not in the programme and is not counted."),
    ),
    Example(
        "few",
        N_("A few customers with nearly half the revenue"),
        {"few_customers": "2.77", "few_result": "47.4"},
        {"few-worth": "31.6"},
        brief=N_("From the sources: 2.77 per cent of a telephone company's users bring 47.4 per cent of its revenue."),
    ),
)

TOOL = Tool(
    id="value-pyramid",
    name=N_("Customer value pyramid"),
    summary=N_("Place customers in tiers by rank, and decide what each tier is entitled to and may cost."),
    sections=SECTIONS,
    outputs=OUTPUTS,
    compute=compute,
    examples=EXAMPLES,
    rubric=(
        N_("The tiers go by feeling."),
        N_("The counts of the tiers are right."),
        N_("Each tier has an entitlement, and its cost is worked out."),
        N_("A rule says when customers move, and a cap limits what a tier may cost."),
    ),
    settings=SETTINGS,
    about="many",
    lessons=("fnd-1.2",),
    competencies=("C01", "C13"),
)
