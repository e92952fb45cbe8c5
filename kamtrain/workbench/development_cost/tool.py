"""What does an account leave, after everything that winning and serving it costs?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from kamtrain.core.account_facts import COLLECTION_DAYS, DAYS, MARGIN, MONEY, MOST_MONEY, SALES
from kamtrain.core.message import N_, Message, message
from kamtrain.core.sheet import (
    Example,
    Field,
    Notice,
    Output,
    Result,
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

YEAR = Decimal(365)  # days
HUNDRED = Decimal(100)
DEVELOP, HOLD, WATCH, LEAVE = N_("Develop"), N_("Hold"), N_("Reprice, and look again"), N_("Leave or reprice")
TONES: Mapping[str, Tone] = {DEVELOP: "good", HOLD: "info", WATCH: "warning", LEAVE: "danger"}


def _cost(name: str, label: str, help: str = "") -> Field:
    return Field(name, label, unit=MONEY, least=Decimal(0), most=MOST_MONEY, help=help, sourced=True)


YEARLY = (
    _cost("staff", N_("Staff"), N_("People's time for this account, a year.")),
    _cost("travel", N_("Travel")),
    _cost("management", N_("Management and operation")),
    _cost("promotion", N_("Promotion"), N_("Samples, events, reference visits. Write 0 where there is none.")),
)
RISK = Field(
    "risk",
    N_("Risk coefficient"),
    unit="%",
    least=Decimal(0),
    most=HUNDRED,
    help=N_("The share of the contribution that is likely to be lost: cuts in price, returns, bad debts."),
    sourced=True,
)

ABOVE: Mapping[str, str] = {"sales": "sales", "margin": "margin", "risk": "risk", "days": "collection_days"}


def _own(name: str) -> str:
    """In a spreadsheet's words: what the case says, else what stands above."""
    return f"IF(COUNT({{case-{name}}})=0,{{{ABOVE[name]}}},{{case-{name}}})"


def _none(*names: str) -> str:
    """In a spreadsheet's words: the row is empty, or neither the case nor what stands above says one of these."""
    empty = f"COUNTA({{case}},{','.join(f'{{case-{name}}}' for name in ABOVE)})=0"
    return f"OR({','.join((empty, *(f'COUNT({{case-{name}}},{{{ABOVE[name]}}})=0' for name in names)))})"


SECTIONS = (
    Section(
        N_("What comes in"),
        (replace(SALES, sourced=True), replace(MARGIN, sourced=True), RISK),
    ),
    Section(
        N_("Money that waits"),
        (
            _cost("stock", N_("Stock held for it"), N_("The value on the shelf, on average.")),
            Field("stock-days", N_("Days in stock"), unit=DAYS, least=Decimal(0), most=Decimal(3650)),
            COLLECTION_DAYS,
            Field("rate", N_("Interest rate, a year"), unit="%", least=Decimal(0), most=HUNDRED),
        ),
    ),
    Section(
        N_("What it costs a year"),
        (
            *YEARLY,
            _cost("once", N_("Paid once"), N_("A test line, an approval, tools. Write 0 where there is none.")),
            Field(
                "years",
                N_("Years it is spread over"),
                unit=N_("years"),
                least=Decimal(1),
                most=Decimal(30),
                help=N_("How long what is paid once will serve."),
            ),
        ),
    ),
    Section(
        N_("Three cases"),
        (
            Table(
                "cases",
                N_("Cases"),
                (
                    Field("case", N_("Case"), "text"),
                    Field("case-sales", N_("Sales"), unit=MONEY, least=Decimal(0), most=MOST_MONEY),
                    Field("case-margin", N_("Margin"), unit="%", least=Decimal(-100), most=HUNDRED),
                    Field("case-risk", N_("Risk coefficient"), unit="%", least=Decimal(0), most=HUNDRED),
                    Field("case-days", N_("Days to pay"), unit=DAYS, least=Decimal(0), most=Decimal(3650)),
                ),
                computed=(
                    Output(
                        "case-contribution",
                        N_("Contribution"),
                        MONEY,
                        formula=f'IF({_none("sales", "margin", "risk")},"",'
                        f"{_own('sales')}*{_own('margin')}/100*(1-{_own('risk')}/100))",
                    ),
                    Output(
                        "case-interest",
                        N_("Interest until it pays"),
                        MONEY,
                        places=2,
                        formula=f'IF(OR(COUNT({{rate}})=0,{_none("sales", "days")}),"",'
                        f"{_own('sales')}*{_own('days')}/365*{{rate}}/100)",
                    ),
                    Output(
                        "case-cost",
                        N_("Cost"),
                        MONEY,
                        places=2,
                        formula=f'IF(OR({_none()},COUNT({{=fixed}},{{case-interest}})=0),"",SUM({{=fixed}},{{case-interest}}))',
                    ),
                    Output(
                        "case-net",
                        N_("Net"),
                        MONEY,
                        places=2,
                        formula='IF(COUNT({case-contribution},{case-cost})<2,"",{case-contribution}-{case-cost})',
                    ),
                    Output(
                        "case-return",
                        N_("Return on cost"),
                        "%",
                        formula='IF(COUNT({case-net},{case-cost})<2,"",IF({case-cost}=0,"",100*{case-net}/{case-cost}))',
                    ),
                    Output("case-answer", N_("What follows")),
                ),
                rows=(("1", {"case": N_("Low")}), ("2", {"case": N_("Base")}), ("3", {"case": N_("High")})),
                help=N_("Leave blank what is as above. “Low” is what may well happen, not the end of the world."),
            ),
        ),
    ),
    Section(
        N_("Decide"),
        (
            Field(
                "last-net",
                N_("Net at the last review"),
                unit=MONEY,
                least=-MOST_MONEY,
                most=MOST_MONEY,
                help=N_("Blank where this is the first review."),
            ),
            Field(
                "reason",
                N_("Reasons that are not in the figures"),
                "long",
                help=N_("A market it opens, what we learn there, a name that others follow."),
            ),
            Field(
                "reason-price",
                N_("What these reasons may cost a year"),
                unit=MONEY,
                least=Decimal(0),
                most=MOST_MONEY,
            ),
            Field("stop", N_("Until when: the day we stop if nothing has come of it"), "date"),
        ),
    ),
)

_FIXED = ",".join(f"{{{one.name}}}" for one in YEARLY)
_KEPT = "({margin}/100*(1-{risk}/100)-IF(COUNT({collection_days},{rate})<2,0,{collection_days}/365*{rate}/100))"
OUTPUTS = (
    Output(
        "contribution",
        N_("Contribution after risk"),
        MONEY,
        formula='IF(COUNT({sales},{margin},{risk})<3,"",{sales}*{margin}/100*(1-{risk}/100))',
        help=N_("Sales × margin × (1 − risk)"),
    ),
    Output(
        "stock-interest",
        N_("Interest on stock"),
        MONEY,
        places=2,
        formula='IF(COUNT({stock},{stock-days},{rate})<3,"",{stock}*{rate}/100*{stock-days}/365)',
    ),
    Output(
        "receivable-interest",
        N_("Interest until it pays"),
        MONEY,
        places=2,
        formula='IF(COUNT({sales},{collection_days},{rate})<3,"",{sales}*{collection_days}/365*{rate}/100)',
    ),
    Output(
        "once-yearly",
        N_("Paid once, a year"),
        MONEY,
        places=2,
        formula='IF(COUNT({once},{years})<2,IF(COUNT({once})=0,"",IF({once}=0,0,"")),{once}/{years})',
    ),
    Output(
        "fixed",
        N_("Fixed part of the cost"),
        MONEY,
        places=2,
        formula=f'IF(COUNT({_FIXED},{{=stock-interest}},{{=once-yearly}})=0,"",'
        f"SUM({_FIXED},{{=stock-interest}},{{=once-yearly}}))",
        help=N_("What it costs however much is sold."),
    ),
    Output(
        "cost",
        N_("Cost in all"),
        MONEY,
        places=2,
        formula='IF(COUNT({=fixed},{=receivable-interest})=0,"",SUM({=fixed},{=receivable-interest}))',
    ),
    Output(
        "net",
        N_("Net"),
        MONEY,
        places=2,
        formula='IF(COUNT({=contribution},{=cost})<2,"",{=contribution}-{=cost})',
    ),
    Output(
        "return",
        N_("Return on cost"),
        "%",
        formula='IF(COUNT({=net},{=cost})<2,"",IF({=cost}=0,"",100*{=net}/{=cost}))',
    ),
    Output(
        "break-even",
        N_("Break-even sales"),
        MONEY,
        formula=f'IF(COUNT({{=fixed}},{{margin}},{{risk}})<3,"",IF({_KEPT}<=0,"",{{=fixed}}/{_KEPT}))',
        help=N_("Fixed part ÷ what each yuan of sales leaves"),
    ),
    Output(
        "break-even-share",
        N_("Break-even, of the expected sales"),
        "%",
        formula='IF(COUNT({=break-even},{sales})<2,"",IF({sales}=0,"",100*{=break-even}/{sales}))',
    ),
)

COSTS = ("stock", "stock-days", "collection_days", "rate", *(one.name for one in YEARLY), "once")  # blank: not counted

SETTINGS = (
    Field("limit", N_("Develop if break-even lies below"), unit="%", least=Decimal(1), most=HUNDRED, default="60"),
)


@dataclass(frozen=True)
class Case:
    """What one case knows, in 10,000 yuan, percent and days; None: not known."""

    sales: Decimal | None
    margin: Decimal | None
    risk: Decimal | None
    days: Decimal | None
    rate: Decimal | None
    fixed: Decimal | None

    @property
    def contribution(self) -> Decimal | None:
        if self.sales is None or self.margin is None or self.risk is None:
            return None
        return self.sales * self.margin / HUNDRED * (1 - self.risk / HUNDRED)

    @property
    def waiting(self) -> Decimal:
        """Interest until it pays, of each yuan of sales; nothing where it is not known."""
        return Decimal() if self.days is None or self.rate is None else self.days / YEAR * self.rate / HUNDRED

    @property
    def receivable(self) -> Decimal | None:
        return None if self.sales is None or self.days is None or self.rate is None else self.sales * self.waiting

    @property
    def cost(self) -> Decimal | None:
        return total((self.fixed, self.receivable))

    @property
    def net(self) -> Decimal | None:
        return None if self.contribution is None or self.cost is None else self.contribution - self.cost

    @property
    def kept(self) -> Decimal | None:
        """What each yuan of sales leaves to pay the fixed part with."""
        if self.margin is None or self.risk is None:
            return None
        return self.margin / HUNDRED * (1 - self.risk / HUNDRED) - self.waiting

    @property
    def break_even(self) -> Decimal | None:
        return None if self.fixed is None or self.kept is None or self.kept <= 0 else self.fixed / self.kept


def _answer(case: Case, last: Decimal | None, limit: Decimal) -> str:
    """What follows from a case; "" where its net is not known."""
    if case.net is None or case.sales is None:
        return ""
    if case.net <= 0:
        return LEAVE if last is not None and last <= 0 else WATCH
    enough = case.break_even is not None and case.break_even < limit / HUNDRED * case.sales
    return DEVELOP if enough else HOLD


def compute(sheet: Sheet, settings: Sheet) -> Result:
    """Contribution, cost, net, break-even and the decision; the same for each case."""
    limit = settings.number("limit") or Decimal(60)
    rate, last = sheet.number("rate"), sheet.number("last-net")
    stock, stock_days = sheet.number("stock"), sheet.number("stock-days")
    stocked = (
        None if stock is None or stock_days is None or rate is None else stock * rate / HUNDRED * stock_days / YEAR
    )
    once, years = sheet.number("once"), sheet.number("years")
    yearly = Decimal() if once == 0 else ratio(once, years)
    fixed = total((*(sheet.number(one.name) for one in YEARLY), stocked, yearly))
    base = Case(
        sheet.number("sales"),
        sheet.number("margin"),
        sheet.number("risk"),
        sheet.number("collection_days"),
        rate,
        fixed,
    )
    cases = _cases(sheet, base)
    figures: dict[str, Value] = {
        "contribution": base.contribution,
        "stock-interest": stocked,
        "receivable-interest": base.receivable,
        "once-yearly": yearly,
        "fixed": fixed,
        "cost": base.cost,
        "net": base.net,
        "return": share(base.net, base.cost),
        "break-even": base.break_even,
        "break-even-share": share(base.break_even, base.sales),
    }
    cells: dict[str, Value] = {}
    for id, (_, case) in cases.items():
        answer = _answer(case, last, limit)
        cells |= {
            f"cases.{id}.case-contribution": case.contribution,
            f"cases.{id}.case-interest": case.receivable,
            f"cases.{id}.case-cost": case.cost,
            f"cases.{id}.case-net": case.net,
            f"cases.{id}.case-return": share(case.net, case.cost),
            f"cases.{id}.case-answer": Message(answer) if answer else None,
        }
    answer = _answer(base, last, limit)
    verdict = Message(answer) if answer else None
    notices = tuple(_notices(sheet, base, cases, answer))
    return Result(figures, cells, verdict, TONES.get(answer, "info"), notices, tuple(_turns(base, last, limit, answer)))


def _cases(sheet: Sheet, base: Case) -> Mapping[str, tuple[str, Case]]:
    """Each case's row id, name and figures; what it leaves blank is as in `base`."""
    found = {}
    for row in sheet.rows("cases"):
        own = {name: row.number(f"case-{name}") for name in ABOVE}
        found[row.id] = (row.name, replace(base, **{name: value for name, value in own.items() if value is not None}))
    return found


def _notices(sheet: Sheet, base: Case, cases: Mapping[str, tuple[str, Case]], answer: str) -> Iterator[Notice]:
    blank = tuple(one for one in COSTS if sheet.number(one) is None)
    if (sheet.number("once") or 0) > 0 and sheet.number("years") is None:
        blank = (*blank, "years")
    if base.cost is not None and blank:
        text = message(
            "%(count)s figures of cost are blank. What is not known is not counted: the account costs at least this much.",
            count=len(blank),
        )
        yield Notice("cost-open", text, "info", "six-3.3", blank)
    if base.kept is not None and base.kept <= 0:
        text = message(
            "Each yuan of sales costs more than it leaves: selling more makes it worse. Change the price, the risk or the days."
        )
        yield Notice("never", text, "danger", "six-3.3", ("margin", "risk", "collection_days"))
    if base.net is None:
        return
    if all(case == base for _, case in cases.values()):
        text = message("Three cases, one figure: say what “low” and “high” would look like.")
        yield Notice("one-case", text, "info", "six-3.3")
    for id, (name, case) in cases.items():
        if case.net is not None and case.net <= 0 < base.net:
            text = message(
                "In the case “%(name)s” the account costs more than it brings. Write down by which sign you will see it coming.",
                name=Message(name),
            )
            yield Notice("loses", text, "warning", "six-3.3", (f"cases.{id}.case",))
    stopless = sheet.number("reason-price") is None or sheet.day("stop") is None
    if sheet.text("reason") and stopless:
        text = message("A reason outside the figures needs two figures: what it may cost a year, and the day you stop.")
        yield Notice("no-stop", text, "warning", "six-3.3", ("reason-price", "stop"))
    if answer in (WATCH, LEAVE) and not sheet.text("reason"):
        text = message("Nothing is left. Whoever goes on needs a reason, its price and a day on which it ends.")
        yield Notice("no-reason", text, "warning", "six-3.3", ("reason",))


def _turns(base: Case, last: Decimal | None, limit: Decimal, answer: str) -> Iterator[Message]:
    """Where one figure alone, the others as they are, takes the decision into the next band."""
    if not answer or base.fixed is None or base.kept is None or not base.sales:
        return
    needed = {DEVELOP: base.fixed / (limit / HUNDRED * base.sales), HOLD: base.fixed / base.sales}
    worse = LEAVE if last is not None and last <= 0 else WATCH
    for bound, above, below in ((DEVELOP, DEVELOP, HOLD), (HOLD, HOLD, worse)):
        if answer not in (above, below):
            continue
        for name, now, value, most in _bounds(base, needed[bound], bound, limit):
            if value is None or not 0 <= value <= most or value == now:
                continue
            yield message(
                "“%(now)s” becomes “%(then)s” where “%(name)s” passes %(value)s; it stands at %(at)s.",
                now=Message(answer),
                then=Message(below if answer == above else above),
                name=Message(name),
                value=shown(value),
                at=shown(now),
            )


def _bounds(
    base: Case, needed: Decimal, bound: str, limit: Decimal
) -> Iterator[tuple[str, Decimal, Decimal | None, Decimal]]:
    """For sales, margin, risk and days: what it is, where the bound lies, and the most it can be."""
    assert base.margin is not None
    assert base.risk is not None
    assert base.sales is not None
    safe = 1 - base.risk / HUNDRED
    if base.break_even is not None:
        part = limit / HUNDRED if bound == DEVELOP else Decimal(1)
        yield SALES.label, base.sales, base.break_even / part, MOST_MONEY
    if safe > 0:
        yield MARGIN.label, base.margin, HUNDRED * (needed + base.waiting) / safe, HUNDRED
    if base.margin > 0:
        yield RISK.label, base.risk, HUNDRED * (1 - (needed + base.waiting) * HUNDRED / base.margin), HUNDRED
    if base.days is not None and base.rate:
        longest = (base.margin / HUNDRED * safe - needed) * YEAR * HUNDRED / base.rate
        yield COLLECTION_DAYS.label, base.days, longest, Decimal(3650)


EXAMPLES = (
    Example(
        "alder",
        N_("Alder: worth developing, if it pays in time"),
        {
            "sales": "1500",
            "margin": "24",
            "risk": "15",
            "risk~evidence": N_("Two price cuts in three years, one return"),
            "risk~confidence": "B",
            "stock": "200",
            "stock-days": "90",
            "collection_days": "60",
            "rate": "6",
            "staff": "80",
            "travel": "12",
            "management": "30",
            "promotion": "0",
            "once": "0",
            "cases.1.case-sales": "1000",
            "cases.1.case-risk": "25",
            "cases.1.case-days": "90",
            "cases.3.case-sales": "1900",
            "cases.3.case-risk": "10",
        },
        {
            "contribution": "306.0",
            "stock-interest": "2.96",
            "receivable-interest": "14.79",
            "fixed": "124.96",
            "cost": "139.75",
            "net": "166.25",
            "return": "119.0",
            "break-even": "643.7",
            "break-even-share": "42.9",
            "verdict": "Develop",
        },
        N_("Alder"),
        N_(
            "Lanxi Controls expects 15 million yuan a year from Alder, at 24 per cent. It would keep spare drives for two "
            "million on the shelf for 90 days, give Alder 60 days to pay, and tie up an engineer, a car and an office."
        ),
    ),
)

TOOL = Tool(
    id="development-cost",
    name=N_("Cost and benefit of developing an account"),
    summary=N_("What an account leaves after everything it costs, and from which sales on it pays."),
    sections=SECTIONS,
    outputs=OUTPUTS,
    stage="agree",
    compute=compute,
    examples=EXAMPLES,
    rubric=(
        N_("Only the sales are given."),
        N_("The sums are right, with risk and the interest on waiting money."),
        N_("Three cases stand side by side, each with what would bring it about."),
        N_("Reasons outside the figures have a price and a day on which they end."),
    ),
    settings=SETTINGS,
    lessons=("six-3.3", "svc-3.3"),
    competencies=("C04",),
)
