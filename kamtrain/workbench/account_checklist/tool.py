"""What do we know of an account, how sure is it, and what do its figures ask us? Seven parts, A to G."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from kamtrain.core.account_facts import (
    BASELINE_SALES,
    CATEGORY_SPEND,
    COLLECTION_DAYS,
    DAYS,
    MONEY,
    MOST_DAYS,
    MOST_MONEY,
    NET_PROFIT,
    REVENUE,
)
from kamtrain.core.message import N_, Message, message
from kamtrain.core.sheet import (
    CONFIDENCES,
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

YEAR = Decimal(365)
FAMILIES = (
    ("self", N_("the customer itself")),
    ("around", N_("around the customer")),
    ("market", N_("the outside market")),
    ("inside", N_("inside our firm")),
)
FACTORS = (
    N_("What buying costs them"),
    N_("Technology"),
    N_("Policy and society"),
)
MOST_NAMED = 4  # names in one sentence
STEP = Decimal("0.1")  # by how much a figure is changed to see whether the band holds


def _money(name: str, label: str, help: str = "") -> Field:
    return Field(name, label, unit=MONEY, least=Decimal(0), most=MOST_MONEY, help=help, sourced=True)


# The eight figures of part A; the days of the period go with them.
FIGURES = (
    _money("current_assets", N_("Current assets")),
    _money("current_liabilities", N_("Current liabilities"), N_("What falls due within a year.")),
    _money("total_assets", N_("Total assets")),
    REVENUE,
    NET_PROFIT,
    _money(
        "receivables",
        N_("Average receivables"),
        N_("The mean of the beginning and the end of the year, or you may have caught the tidiest day."),
    ),
    _money("cogs", N_("Cost of goods sold")),
    _money("inventory", N_("Average inventory"), N_("The mean of the beginning and the end of the year.")),
)
WORDS = (("B", "storage"), ("B", "transport"))
NUMBERS = (("D", "baseline_sales"), ("D", "category_spend"))
LISTS = (
    ("B", "buyers", "name"),
    ("C", "seniors", "name"),
    ("D", "months", "month"),
    ("D", "items", "item"),
    ("F", "competitors", "name"),
    ("G", "facts", "fact"),
)
PARTS = (
    ("A", N_("A · Operating figures")),
    ("B", N_("B · Its customers and logistics")),
    ("C", N_("C · Senior people")),
    ("D", N_("D · Dealings with us")),
    ("E", N_("E · What shapes its purchases")),
    ("F", N_("F · Competitors there")),
    ("G", N_("G · Facts and their sources")),
)
LINES = len(FIGURES) + len(WORDS) + len(NUMBERS) + len(LISTS) + len(FACTORS)  # of the whole checklist

_PART = dict(PARTS)
SECTIONS = (
    Section(
        _PART["A"],
        (
            *FIGURES,
            Field(
                "days", N_("Days in the period"), unit=DAYS, least=Decimal(1), most=MOST_DAYS, whole=True, default="365"
            ),
            Field(
                "supplier_days",
                N_("Days after which it pays its suppliers"),
                unit=DAYS,
                least=Decimal(0),
                most=MOST_DAYS,
                sourced=True,
            ),
        ),
        help=N_("A ratio is a prompt for a question, and no verdict. Leave blank what you do not know."),
    ),
    Section(
        _PART["B"],
        (
            Table(
                "buyers",
                N_("To whom it sells"),
                (
                    Field("name", N_("Its customer"), "text"),
                    Field("share", N_("Share of its sales"), unit="%", least=Decimal(0), most=Decimal(100)),
                    Field("note", N_("What that means for it"), "text"),
                ),
            ),
            Field("storage", N_("Storage"), "long", help=N_("Who stores, where, and where do the days lie?")),
            Field("transport", N_("Transport"), "long", help=N_("Who drives, how often, and what goes wrong?")),
        ),
    ),
    Section(
        _PART["C"],
        (
            Table(
                "seniors",
                N_("Who decides"),
                (
                    Field("name", N_("Name"), "text", offers="people.name"),
                    Field("decides", N_("What the post may decide"), "text"),
                    Field("pressure", N_("What presses on it"), "text"),
                    Field("informed", N_("How this person likes to be informed"), "text"),
                    Field("trust", N_("Who of us is trusted"), "text"),
                ),
                help=N_("What belongs to the work, and nothing private: would you write it if this person read along?"),
            ),
        ),
    ),
    Section(
        _PART["D"],
        (
            BASELINE_SALES,
            CATEGORY_SPEND,
            COLLECTION_DAYS,
            Table(
                "months",
                N_("By month, the oldest first"),
                (
                    Field("month", N_("Month"), "text"),
                    Field("sales", N_("Sales"), unit=MONEY, least=-MOST_MONEY, most=MOST_MONEY),
                    Field("volume", N_("Volume"), least=Decimal(0), most=MOST_MONEY),
                ),
            ),
            Table(
                "items",
                N_("Item by item"),
                (
                    Field("item", N_("Item"), "text"),
                    Field("before", N_("A month, before"), unit=MONEY, least=Decimal(0), most=MOST_MONEY),
                    Field("now", N_("A month, now"), unit=MONEY, least=Decimal(0), most=MOST_MONEY),
                ),
                computed=(
                    Output(
                        "change",
                        N_("Rise or fall"),
                        "%",
                        formula='IF(OR({before}="",{now}="",{before}=0),"",100*({now}-{before})/{before})',
                    ),
                ),
                help=N_("A total tells you that something happened, an item tells you where."),
            ),
        ),
    ),
    Section(
        _PART["E"],
        (
            Table(
                "factors",
                N_("Shaping factors"),
                (
                    Field("name", N_("Factor"), "text"),
                    Field("effect", N_("How it shapes what they buy, and when"), "text"),
                ),
                rows=tuple((f"{place:02}", {"name": text}) for place, text in enumerate(FACTORS, 1)),
                more=False,
            ),
        ),
    ),
    Section(
        _PART["F"],
        (
            Table(
                "competitors",
                N_("Who else supplies it"),
                (
                    Field("name", N_("Competitor"), "text", offers="rivals.name"),
                    Field("supplies", N_("What it supplies"), "text"),
                    Field("share", N_("Its share there"), unit="%", least=Decimal(0), most=Decimal(100)),
                    Field("strong", N_("Where it is strong"), "text"),
                    Field("weak", N_("Where it is weak"), "text"),
                ),
            ),
        ),
    ),
    Section(
        _PART["G"],
        (
            Field("checked", N_("Checked on"), "date", help=N_("The age of the facts is counted up to this day.")),
            Table(
                "facts",
                N_("Facts"),
                (
                    Field("fact", N_("Fact"), "text"),
                    Field("families", N_("Where it comes from"), "several", choices=FAMILIES),
                    Field(
                        "grade",
                        N_("Grade"),
                        "choice",
                        choices=CONFIDENCES,
                        help=N_("Two who heard it from the same third are one source."),
                    ),
                    Field("day", N_("Date"), "date"),
                    Field("hangs", N_("What hangs on it"), "text", help=N_("The decision it could change.")),
                ),
                help=N_("Only by ways you could describe to the customer; only what could change a decision."),
            ),
        ),
    ),
)


def _over(part: str, whole: str, times: str = "") -> str:
    return f'IF(OR({{{part}}}="",{{{whole}}}="",{{{whole}}}=0),"",{times}{{{part}}}/{{{whole}}})'


_PERIOD = 'IF({days}="",365,{days})*'
_FILLED = "+".join(
    (
        f"COUNT({','.join(f'{{{one.name}}}' for one in FIGURES)})",
        f"COUNT({','.join(f'{{{name}}}' for _, name in NUMBERS)})",
        *(f'({{{name}}}<>"")' for _, name in WORDS),
        *(f'(SUMPRODUCT(--({{{table}.{column}}}<>""))>0)' for _, table, column in LISTS),
        f'MIN({len(FACTORS)},SUMPRODUCT(--({{factors.effect}}<>"")))',
    )
)
_FACTS = 'SUMPRODUCT(--({facts.fact}<>""))'
_DATED = 'SUMPRODUCT(({facts.fact}<>"")*({facts.day}<>""))'
OUTPUTS = (
    Output(
        "current-ratio",
        N_("Current ratio"),
        places=2,
        formula=_over("current_assets", "current_liabilities"),
        help=N_("A prompt for a question: compare with its trade and with last year."),
    ),
    Output(
        "liquid-share",
        N_("Liquid-asset share"),
        "%",
        formula=_over("current_assets", "total_assets", "100*"),
        help=N_("The source gives two readings one name; for paying ability, the current ratio counts."),
    ),
    Output("net-margin", N_("Net profit margin"), "%", formula=_over("net_profit", "revenue", "100*")),
    Output("return-on-assets", N_("Return on assets"), "%", formula=_over("net_profit", "total_assets", "100*")),
    Output("collection", N_("Collection period"), DAYS, formula=_over("receivables", "revenue", _PERIOD)),
    Output("inventory-days", N_("Inventory period"), DAYS, formula=_over("inventory", "cogs", _PERIOD)),
    Output(
        "cycle",
        N_("From buying to being paid"),
        DAYS,
        formula='IF(OR({=collection}="",{=inventory-days}=""),"",{=collection}+{=inventory-days})',
    ),
    Output(
        "financed",
        N_("Days it finances itself"),
        DAYS,
        formula='IF(OR({=cycle}="",{supplier_days}=""),"",{=cycle}-{supplier_days})',
    ),
    Output(
        "our-share", N_("Our share of what it spends"), "%", formula=_over("baseline_sales", "category_spend", "100*")
    ),
    Output("trend", N_("Last three months against the three before"), "%"),  # rows may be blank: no fixed range says it
    Output("complete", N_("Checklist filled"), "%", formula=f"100*({_FILLED})/{LINES}"),
    Output(
        "families",
        N_("Families of sources, of four"),
        places=0,
        formula="+".join(
            f"(SUMPRODUCT(--ISNUMBER(SEARCH({{facts.families:{name}}},{{facts.families}})))>0)" for name, _ in FAMILIES
        ),
    ),
    Output(
        "two-sources",
        N_("Facts with two sources"),
        "%",
        formula=(
            f'IF({_FACTS}=0,"",100*SUMPRODUCT(({{facts.fact}}<>"")*({{facts.grade}}={{facts.grade:A}}))/{_FACTS})'
        ),
    ),
    Output(
        "old",
        N_("Facts grown old"),
        "%",
        formula=(
            f'IF(OR({{checked}}="",{_DATED}=0),"",100*SUMPRODUCT(({{facts.fact}}<>"")*({{facts.day}}<>"")'
            '*(TEXT({facts.day},"yyyy-mm-dd")<TEXT(EDATE({checked},-{@old}),"yyyy-mm-dd")))'
            f"/{_DATED})"
        ),
    ),
)

SETTINGS = (
    Field("comfortable", N_("Current ratio: comfortable from"), least=Decimal(0), most=Decimal(100), default="1.5"),
    Field("tight", N_("Current ratio: tight below"), least=Decimal(0), most=Decimal(100), default="1"),
    Field(
        "old", N_("A fact is old after so many months"), least=Decimal(1), most=Decimal(120), whole=True, default="6"
    ),
    Field("drop", N_("An item has fallen from"), unit="%", least=Decimal(0), most=Decimal(100), default="30"),
    Field(
        "chain", N_("One customer of theirs weighs from"), unit="%", least=Decimal(0), most=Decimal(100), default="50"
    ),
)


def _set(settings: Sheet, name: str) -> Decimal:
    """A setting; its default where a trainer's figure cannot be read."""
    found = settings.number(name)
    return Decimal(settings.tool.fields[name].default) if found is None else found


def _times(value: Decimal | None, times: Decimal) -> Decimal | None:
    return None if value is None else value * times


def _ratios(sheet: Sheet) -> dict[str, Decimal | None]:
    read = sheet.number
    days = read("days") or YEAR
    collection = _times(ratio(read("receivables"), read("revenue")), days)
    stock = _times(ratio(read("inventory"), read("cogs")), days)
    cycle = None if collection is None or stock is None else collection + stock
    paid = read("supplier_days")
    return {
        "current-ratio": ratio(read("current_assets"), read("current_liabilities")),
        "liquid-share": share(read("current_assets"), read("total_assets")),
        "net-margin": share(read("net_profit"), read("revenue")),
        "return-on-assets": share(read("net_profit"), read("total_assets")),
        "collection": collection,
        "inventory-days": stock,
        "cycle": cycle,
        "financed": None if cycle is None or paid is None else cycle - paid,
        "our-share": share(read("baseline_sales"), read("category_spend")),
    }


def _trend(rows: tuple[Row, ...]) -> Decimal | None:
    """The last three months with sales against the three before them."""
    sales = [value for row in rows if (value := row.number("sales")) is not None]
    if len(sales) < 6:
        return None
    before, now = sum(sales[-6:-3], Decimal()), sum(sales[-3:], Decimal())
    return share(now - before, before) if before > 0 else None


def _filled(sheet: Sheet) -> dict[str, int]:
    """How many lines of the checklist are filled, by part."""
    found = dict.fromkeys(_PART, 0)
    found["A"] = sum(sheet.number(one.name) is not None for one in FIGURES)
    found["E"] = min(len(FACTORS), sum(bool(row.text("effect")) for row in sheet.rows("factors")))
    for part, name in WORDS:
        found[part] += bool(sheet.text(name))
    for part, name in NUMBERS:
        found[part] += sheet.number(name) is not None
    for part, table, column in LISTS:
        found[part] += any(row.text(column) for row in sheet.rows(table))
    return found


def _facts(sheet: Sheet) -> tuple[Row, ...]:
    return tuple(row for row in sheet.rows("facts") if row.text("fact"))


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date.min if year < 1 else date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _old(sheet: Sheet, settings: Sheet) -> tuple[list[Row], Decimal | None]:
    """The facts grown old by the day of the check, and their share in percent of those that have a date."""
    checked = sheet.day("checked")
    dated = [(row, day) for row in _facts(sheet) if (day := row.day("day")) is not None]
    if checked is None or not dated:
        return [], None
    edge = _months_before(checked, int(_set(settings, "old")))
    old = [row for row, day in dated if day < edge]
    return old, share(Decimal(len(old)), Decimal(len(dated)))


def _changes(sheet: Sheet) -> dict[str, Decimal | None]:
    found = {}
    for row in sheet.rows("items"):
        before, now = row.number("before"), row.number("now")
        found[row.id] = None if before is None or now is None else share(now - before, before)
    return found


def compute(sheet: Sheet, settings: Sheet) -> Result:
    """Six ratios and what follows from two of them, the dealings, and how far the facts carry."""
    ratios = _ratios(sheet)
    facts = _facts(sheet)
    filled = _filled(sheet)
    families = {family for row in sheet.rows("facts") for family in row.several("families")}
    sure = [row for row in facts if row.choice("grade") == "A"]
    old, old_share = _old(sheet, settings)
    changes = _changes(sheet)
    figures: dict[str, Value] = {
        **ratios,
        "trend": _trend(sheet.rows("months")),
        "complete": share(Decimal(sum(filled.values())), Decimal(LINES)),
        "families": Decimal(len(families)),
        "two-sources": share(Decimal(len(sure)), Decimal(len(facts))),
        "old": old_share,
    }
    notices = (
        *_of_figures(sheet, settings, ratios),
        *_of_dealings(sheet, settings, changes),
        *_of_facts(sheet, settings, facts, old, len(families)),
        *_of_gaps(filled),
    )
    verdict, tone = _verdict(ratios["current-ratio"], settings)
    cells: dict[str, Value] = {f"items.{id}.change": change for id, change in changes.items()}
    return Result(figures, cells, verdict, tone, notices, tuple(_turns(sheet, settings)))


def _band(current: Decimal, settings: Sheet) -> tuple[str, Tone]:
    if current >= _set(settings, "comfortable"):
        return N_("comfortable"), "good"
    return (N_("watch"), "info") if current >= _set(settings, "tight") else (N_("tight"), "warning")


def _verdict(current: Decimal | None, settings: Sheet) -> tuple[Message | None, Tone]:
    if current is None:
        return None, "info"
    band, tone = _band(current, settings)
    text = message(
        "Current ratio %(ratio)s: %(band)s",
        ratio=shown(current, 2),
        band=Message(band),
    )
    return text, tone


def _of_figures(sheet: Sheet, settings: Sheet, ratios: dict[str, Decimal | None]) -> Iterable[Notice]:
    current, cycle, financed = ratios["current-ratio"], ratios["cycle"], ratios["financed"]
    if current is not None and current < _set(settings, "tight"):
        text = message(
            "More falls due within a year than can be turned into cash. Ask what is due when, and think of a deposit,"
            " stages or security before you promise credit."
        )
        yield Notice("tight", text, "warning", "six-2.2", ("current_assets", "current_liabilities"))
    if cycle is not None and financed is not None and financed > 0:
        text = message(
            "It finances %(financed)s days itself: that is why it asks for long terms. Whatever shortens the %(cycle)s"
            " days is an offer, too.",
            financed=shown(financed),
            cycle=shown(cycle),
        )
        yield Notice("financed", text, "info", "six-2.2", ("receivables", "inventory", "supplier_days"))
    for code, part, whole in (
        ("assets", "current_assets", "total_assets"),
        ("stock", "inventory", "total_assets"),
        ("profit", "net_profit", "revenue"),
    ):
        some, most = sheet.number(part), sheet.number(whole)
        if some is not None and most is not None and some > most:
            text = message(
                "“%(part)s” is more than “%(whole)s”: one of the two was read from the wrong line.",
                part=Message(sheet.tool.fields[part].label),
                whole=Message(sheet.tool.fields[whole].label),
            )
            yield Notice(f"wrong-{code}", text, "warning", "six-2.2", (part, whole))
    guesses = tuple(
        one.name for one in FIGURES if sheet.number(one.name) is not None and sheet.confidence(one.name) == "C"
    )
    if guesses:
        text = message("Ratios rest on guesses: %(n)s of the figures. Ask for the annual accounts.", n=len(guesses))
        yield Notice("guessed-figures", text, "info", "six-2.1", guesses)


def _of_dealings(sheet: Sheet, settings: Sheet, changes: dict[str, Decimal | None]) -> Iterable[Notice]:
    drop = _set(settings, "drop")
    fallen = [row for row in sheet.rows("items") if (change := changes[row.id]) is not None and change <= -drop < 0]
    if fallen:
        text = message(
            "Fallen by %(drop)s %% or more: %(items)s. One item, one competitor perhaps, and one conversation.",
            drop=shown(drop, 0),
            items=_names(fallen, "item"),
        )
        yield Notice("item-fallen", text, "warning", "six-2.2", tuple(row.key("now") for row in fallen))
    ours, others = sheet.number("collection_days"), sheet.number("supplier_days")
    if ours is not None and others is not None and ours > others:
        text = message(
            "It pays us %(days)s days later than its other suppliers. Ask why before the next offer.",
            days=shown(ours - others, 0),
        )
        yield Notice("pays-us-late", text, "warning", "svc-3.3", ("collection_days", "supplier_days"))
    heavy = [row for row in sheet.rows("buyers") if (row.number("share") or 0) >= _set(settings, "chain")]
    if heavy:
        text = message(
            "%(names)s: whoever sells so much to one customer has that customer's worries.", names=_names(heavy)
        )
        yield Notice("one-buyer", text, "info", "six-2.2", tuple(row.key("share") for row in heavy))
    for table in ("buyers", "competitors"):
        shares = [row for row in sheet.rows(table) if row.number("share") is not None]
        if (total(row.number("share") for row in shares) or 0) > 100:
            text = message("These shares come to more than %(whole)s %%.", whole=100)
            yield Notice(f"shares-{table}", text, "warning", "", tuple(row.key("share") for row in shares))


def _of_facts(sheet: Sheet, settings: Sheet, facts: tuple[Row, ...], old: list[Row], families: int) -> Iterable[Notice]:
    if facts and families < 2:
        text = message("All facts come from one family of sources or none is named. Begin inside: ask our own service.")
        yield Notice("one-family", text, "warning", "six-2.1", tuple(row.key("families") for row in facts))
    weak = [row for row in facts if row.choice("grade") in ("", "C") and row.text("hangs")]
    if weak:
        text = message("A decision hangs on a guess: %(facts)s. Verify this first.", facts=_names(weak, "fact"))
        yield Notice("guess", text, "warning", "six-2.1", tuple(row.key("grade") for row in weak))
    if old:
        text = message(
            "Older than %(months)s months: %(facts)s. Check again before money hangs on it.",
            months=shown(_set(settings, "old"), 0),
            facts=_names(old, "fact"),
        )
        yield Notice("old", text, "warning", "six-2.1", tuple(row.key("day") for row in old))


def _of_gaps(filled: dict[str, int]) -> Iterable[Notice]:
    if any(filled.values()):
        for part, label in PARTS:
            if not filled[part]:
                text = message("Nothing in this part yet: %(part)s.", part=Message(label))
                yield Notice("part-empty", text, "info", "six-2.1" if part == "G" else "six-2.2")


def _names(rows: list[Row], column: str = "name") -> tuple[str, ...]:
    names = [row.text(column) or "?" for row in rows]
    return (*names[:MOST_NAMED], *(("…",) if len(names) > MOST_NAMED else ()))


def _turns(sheet: Sheet, settings: Sheet) -> Iterable[Message]:
    """Which of the two figures, a tenth more or less, moves the current ratio into another band."""
    assets, debts = sheet.number("current_assets"), sheet.number("current_liabilities")
    current = ratio(assets, debts)
    if assets is None or debts is None or current is None:
        return
    band, _ = _band(current, settings)
    for name, value in (("current_assets", assets), ("current_liabilities", debts)):
        for step in (-STEP, STEP):
            other = value * (1 + step)
            changed = ratio(other, debts) if name == "current_assets" else ratio(assets, other)
            if changed is not None and (now := _band(changed, settings)[0]) != band:
                yield message(
                    "With %(value)s for “%(name)s” the current ratio is %(ratio)s: %(band)s.",
                    value=shown(other, 0),
                    name=Message(sheet.tool.fields[name].label),
                    ratio=shown(changed, 2),
                    band=Message(now),
                )


_FACTS_SEEN = (
    (N_("First stage of the hall: 3.4 million yuan"), "self,around", "A", "2026-09-12", N_("size of the offer")),
    (N_("Above 500,000 yuan the group signs"), "self", "B", "2026-06-20", N_("who must be won, and four weeks")),
    (N_("The drives are fourteen years old"), "inside,self", "A", "2026-08-03", N_("the saving in service")),
    (N_("A trial unit stands in the sister plant"), "around", "B", "2026-09-30", N_("what they compare us with")),
    (N_("The old service contract ends in March"), "market", "C", "2026-02-10", N_("when we can begin")),
    (N_("The third shift has ended"), "inside", "B", "2026-05-30", ""),
)
_MONTHS = (
    (N_("January"), "42"),
    (N_("February"), "40"),
    (N_("March"), "44"),
    (N_("April"), "31"),
    (N_("May"), "29"),
    (N_("June"), "27"),
)
_EXAMPLE = {
    "current_assets": "4,800",
    "current_liabilities": "3,200",
    "total_assets": "10,000",
    "revenue": "12,000",
    "net_profit": "720",
    "receivables": "2,000",
    "cogs": "9,000",
    "inventory": "1,350",
    "supplier_days": "45",
    **{f"{one.name}~evidence": N_("Annual accounts 2025, from the public register") for one in FIGURES},
    **{f"{one.name}~confidence": "B" for one in FIGURES},
    "buyers.01.name": N_("A supermarket chain"),
    "buyers.01.share": "38",
    "storage": N_("Own cold store, full in summer; a hired hall from May to August."),
    "transport": N_("A carrier, twice a day; the night run is often late."),
    "seniors.01.name": N_("Han"),
    "seniors.01.decides": N_("payment terms, everything above 500,000 yuan"),
    "seniors.01.informed": N_("one page, figures first"),
    "baseline_sales": "426",
    "category_spend": "1,420",
    **{f"months.{n:02}.month": month for n, (month, _) in enumerate(_MONTHS, 1)},
    **{f"months.{n:02}.sales": sales for n, (_, sales) in enumerate(_MONTHS, 1)},
    "items.01.item": N_("Drives"),
    "items.01.before": "24",
    "items.01.now": "24",
    "items.02.item": N_("Seals"),
    "items.02.before": "18",
    "items.02.now": "5",
    "factors.01.effect": N_("Every change of supplier costs two weeks of trials."),
    "factors.02.effect": N_("The new hall needs data from every drive."),
    "checked": "2026-11-20",
    **{
        f"facts.{n:02}.{column}": text
        for n, texts in enumerate(_FACTS_SEEN, 1)
        for column, text in zip(("fact", "families", "grade", "day", "hangs"), texts, strict=True)
        if text
    },
}
EXAMPLES = (
    Example(
        "alder",
        N_("Alder: good figures, and one item that has gone quiet"),
        _EXAMPLE,
        {
            "current-ratio": "1.50",
            "liquid-share": "48.0",
            "net-margin": "6.0",
            "return-on-assets": "7.2",
            "collection": "60.8",
            "inventory-days": "54.8",
            "cycle": "115.6",
            "financed": "70.6",
            "our-share": "30.0",
            "trend": "-31.0",
            "complete": "90.5",
            "families": "4",
            "two-sources": "33.3",
            "old": "16.7",
        },
        N_("Alder"),
        N_(
            "A food factory asks Lanxi Controls for 90 days of credit. Eight figures and six facts: what do you ask next?"
        ),
    ),
)

TOOL = Tool(
    id="account-checklist",
    name=N_("Account information checklist"),
    summary=N_("Collect what could change a decision, with source and date, and let the figures ask the questions."),
    sections=SECTIONS,
    outputs=OUTPUTS,
    stage="know",
    compute=compute,
    examples=EXAMPLES,
    rubric=(
        N_("Much is blank, and nothing says where the rest comes from."),
        N_("The figures are there and the ratios are computed."),
        N_("Each ratio is read in words, weighty facts have two sources, and the bands suit the trade."),
        N_("What follows for terms and offer stands beside it, and the weakest weighty fact has been verified."),
    ),
    settings=SETTINGS,
    lessons=("six-2.1", "six-2.2", "six-2.3", "nine-1.1"),
    competencies=("C03", "C04"),
)
