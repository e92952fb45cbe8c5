"""What was said, who will do what by when, and has the purchase moved? Written before the engine is started."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from kamtrain.core.account_facts import BUYING_STEPS, LAST_VISIT, NEXT_VISIT, STAGE
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
    share,
    shown,
)

SCORES = (
    ("0", N_("0 · not reached")),
    ("1", N_("1 · the fallback")),
    ("2", N_("2 · the primary aim")),
)
SIDES = (
    ("customer", N_("the customer's")),
    ("ours", N_("ours")),
)
CAUSES = (
    ("misunderstanding", N_("misunderstanding")),
    ("gap", N_("a real gap")),
    ("doubt", N_("doubt")),
    ("habit", N_("habit")),
    ("stall", N_("a stall: somebody else decides")),
)
STEPS = {name: place for place, (name, _) in enumerate(BUYING_STEPS)}
MOST_NAMED = 4

COMMITMENTS = Table(
    "commitments",
    N_("Commitments"),
    (
        Field("what", N_("What will be done"), "text"),
        Field("side", N_("Whose"), "choice", choices=SIDES),
        Field("who", N_("By whom"), "text", offers="people.name"),
        Field("due", N_("By which day"), "date"),
        Field("done", N_("Done"), "tick"),
    ),
    computed=(Output("state", N_("State")),),
    help=N_("Also what was promised between door and car, prices first."),
)
SECTIONS = (
    Section(
        N_("Before you start the engine"),
        (
            LAST_VISIT,
            Field("score", N_("Against the aim"), "choice", choices=SCORES),
            COMMITMENTS,
            Field("next_step", N_("Next step"), "long", help=N_("Who does what next?")),
            NEXT_VISIT,
            Field("within", N_("Written within 24 hours"), "tick"),
        ),
    ),
    Section(
        N_("Heard, and what you make of it"),
        (
            Table(
                "said",
                N_("Who said what"),
                (
                    Field("who", N_("Speaker"), "text", offers="people.name"),
                    Field("heard", N_("Heard or seen"), "long", help=N_("It would stand before a court.")),
                    Field("reading", N_("What I make of it"), "long", help=N_("A note to yourself; it may be wrong.")),
                ),
                help=N_("What has nothing to do with the work stands in neither column."),
            ),
            Field("needs", N_("Needs they confirmed"), "long", help=N_("Word for word.")),
            Table(
                "objections",
                N_("Objections"),
                (
                    Field("text", N_("Objection"), "text"),
                    Field("cause", N_("Its cause, I think"), "choice", choices=CAUSES),
                ),
            ),
        ),
    ),
    Section(
        N_("What has moved"),
        (
            Field("stage_before", N_("Buying step before the visit"), "choice", choices=BUYING_STEPS),
            replace(STAGE, label=N_("Buying step now")),
            Field("rivals_news", N_("News of competitors"), "text"),
            Field(
                "relations",
                N_("Who stands how to whom"),
                "text",
                help=N_("Only what bears on the purchase: illness, family and gossip stay out."),
            ),
            Field(
                "sales_plan",
                N_("Next sales plan"),
                "long",
                help=N_("What changes on the map of people, in the forecast, in the offer?"),
            ),
        ),
    ),
    Section(
        N_("Later: what has become of it"),
        (
            Field(
                "status",
                N_("State of this day"),
                "date",
                help=N_("What was due before it and is not done is overdue."),
            ),
        ),
    ),
)


def _place(field: str) -> str:
    """Which of the seven steps a cell names, in a spreadsheet's words."""
    return "+".join(f"{place}*({{{field}}}={{{field}:{name}}})" for name, place in STEPS.items())


_CUSTOMERS = "COUNTIF({commitments.side},{commitments.side:customer})"
_OURS = "COUNTIF({commitments.side},{commitments.side:ours})"
_OF_US = "({commitments.side}={commitments.side:customer})+({commitments.side}={commitments.side:ours})"
OUTPUTS = (
    Output("balance", N_("Commitment balance"), "%", formula='IF({=all}=0,"",100*{=customers}/{=all})',
           help=N_("The customer's commitments, of all.")),
    Output("all", N_("Commitments of both sides"), places=0, formula=f"{_CUSTOMERS}+{_OURS}"),
    Output("customers", N_("The customer's commitments"), places=0, formula=_CUSTOMERS),
    Output(
        "dated",
        N_("Of these, with a day"),
        places=0,
        formula='SUMPRODUCT(({commitments.side}={commitments.side:customer})*({commitments.due}<>""))',
    ),
    Output("open", N_("Open items"), places=0, formula=f"SUMPRODUCT(({_OF_US})*({{commitments.done}}<>TRUE))"),
    Output(
        "overdue",
        N_("Overdue"),
        places=0,
        formula=(
            f'IF({{status}}="","",SUMPRODUCT(({_OF_US})*({{commitments.done}}<>TRUE)*({{commitments.due}}<>"")'
            "*({commitments.due}<{status})))"
        ),
        help=N_("Counted once a day is named up to which it counts."),
    ),
    Output(
        "moved",
        N_("Buying steps moved"),
        places=0,
        formula=f'IF(OR({{stage}}="",{{stage_before}}=""),"",{_place("stage")}-({_place("stage_before")}))',
    ),
)  # fmt: skip

SETTINGS = (Field("least", N_("Balance at least"), unit="%", least=Decimal(0), most=Decimal(100), default="20"),)


def _of(rows: Iterable[Row], side: str) -> list[Row]:
    return [row for row in rows if row.choice("side") == side]


def _overdue(sheet: Sheet, rows: list[Row]) -> list[Row] | None:
    """What was due before the day of the state and is not done; None where no such day is named."""
    status = sheet.day("status")
    if status is None:
        return None
    return [row for row in rows if not row.tick("done") and (due := row.day("due")) is not None and due < status]


def _state(row: Row, late: set[str]) -> Message | None:
    if not row.choice("side"):
        return None
    if row.tick("done"):
        return message("done")
    if row.id in late:
        return message("overdue")
    return message("not done yet") if row.day("due") else message("no day yet")


def compute(sheet: Sheet, settings: Sheet) -> Result:
    """The balance of commitments, what is open, and whether this was an advance."""
    rows = sheet.rows("commitments")
    theirs, ours = _of(rows, "customer"), _of(rows, "ours")
    taken = [row for row in rows if row.choice("side")]
    dated = [row for row in theirs if row.day("due") is not None]
    late = _overdue(sheet, taken)
    balance = share(Decimal(len(theirs)), Decimal(len(taken)))
    before, now = sheet.choice("stage_before"), sheet.choice("stage")
    moved = Decimal(STEPS[now] - STEPS[before]) if before and now else None
    figures: dict[str, Value] = {
        "balance": balance,
        "all": Decimal(len(taken)),
        "customers": Decimal(len(theirs)),
        "dated": Decimal(len(dated)),
        "open": Decimal(sum(not row.tick("done") for row in taken)),
        "overdue": None if late is None else Decimal(len(late)),
        "moved": moved,
    }
    lateness = {row.id for row in late or ()}
    cells: dict[str, Value] = {row.key("state"): _state(row, lateness) for row in rows}
    notices = (
        *_of_commitments(rows, theirs, ours, dated, balance, settings),
        *_of_lateness(late or []),
        *_of_record(sheet, moved, bool(dated)),
    )
    verdict, tone = _verdict(sheet, theirs, dated, taken)
    return Result(figures, cells, verdict, tone, notices, tuple(_turns(theirs, dated, taken)))


def _verdict(sheet: Sheet, theirs: list[Row], dated: list[Row], taken: list[Row]) -> tuple[Message | None, Tone]:
    if dated:
        return message("Advance: the customer does something by a day"), "good"
    if theirs:
        return message("Open: the customer will act, but no day is named"), "warning"
    if taken or sheet.choice("score"):
        return message("Continuation: nobody at the customer does anything"), "warning"
    return None, "info"


def _names(rows: list[Row]) -> tuple[str, ...]:
    names = [row.text("what") or row.text("who") or "?" for row in rows]
    return (*names[:MOST_NAMED], *(("…",) if len(names) > MOST_NAMED else ()))


def _of_commitments(
    rows: tuple[Row, ...],
    theirs: list[Row],
    ours: list[Row],
    dated: list[Row],
    balance: Decimal | None,
    settings: Sheet,
) -> Iterable[Notice]:
    if ours and not theirs:
        text = message("All commitments are ours. Who of the two wants this project? Ask for one act with a day.")
        yield Notice("continuation", text, "warning", "nine-3.4", tuple(row.key("side") for row in ours))
    undated = [row for row in theirs if row.day("due") is None]
    if undated:
        text = message("The customer named no day: %(items)s. Ask: by when could we have it?", items=_names(undated))
        yield Notice("no-day", text, "info" if dated else "warning", "nine-3.4", tuple(r.key("due") for r in undated))
    least = settings.number("least")
    if theirs and balance is not None and least is not None and balance < least:
        text = message(
            "Only %(balance)s %% of the commitments are the customer's. Below %(least)s %%, ask who wants this project.",
            balance=shown(balance),
            least=shown(least, 0),
        )
        yield Notice("balance", text, "warning", "nine-3.4", tuple(row.key("side") for row in ours))
    nobody = [row for row in rows if row.text("what") and not row.choice("side")]
    if nobody:
        text = message("Whose is it? %(items)s", items=_names(nobody))
        yield Notice("no-side", text, "info", "nine-3.4", tuple(row.key("side") for row in nobody))


def _of_lateness(late: list[Row]) -> Iterable[Notice]:
    for code, side, text in (
        (
            "overdue-ours",
            "ours",
            message("We are late: %(items)s. Say so before they ask.", items=_names(_of(late, "ours"))),
        ),
        (
            "overdue-theirs",
            "customer",
            message("They are late: %(items)s. Ask what has come between.", items=_names(_of(late, "customer"))),
        ),
    ):
        found = _of(late, side)
        if found:
            tone: Tone = "danger" if side == "ours" else "warning"
            yield Notice(code, text, tone, "nine-4.5", tuple(row.key("due") for row in found))


def _of_record(sheet: Sheet, moved: Decimal | None, advance: bool) -> Iterable[Notice]:
    if moved is not None and moved > 0 and not advance:
        text = message("The buying step was moved forward, but nobody at the customer acts by a day. What moved it?")
        yield Notice("moved-without-act", text, "warning", "nine-3.4", ("stage_before", "stage"))
    if moved is not None and moved < 0:
        text = message("The purchase has gone back. Who has a doubt, and what was new in the room?")
        yield Notice("moved-back", text, "warning", "ppl-2.3", ("stage_before", "stage"))
    readings = [row for row in sheet.rows("said") if row.text("reading") and not row.text("heard")]
    if readings:
        text = message("Here stands a reading without what was heard or seen. Keep the two apart.")
        yield Notice("no-fact", text, "warning", "nine-3.4", tuple(row.key("heard") for row in readings))
    causeless = [row for row in sheet.rows("objections") if row.text("text") and not row.choice("cause")]
    if causeless:
        text = message("An objection has no cause yet: the answer depends on it.")
        yield Notice("no-cause", text, "info", "nine-4.2", tuple(row.key("cause") for row in causeless))
    if sheet.choice("score") and not sheet.tick("within"):
        text = message("After a day you still have the gist; after a week you have a story. Mark what is uncertain.")
        yield Notice("late", text, "info", "nine-3.4", ("within",))
    if sheet.choice("score") and not sheet.text("next_step"):
        text = message("No next step: could a colleague go there tomorrow with this page?")
        yield Notice("no-next-step", text, "warning", "nine-3.4", ("next_step",))


def _turns(theirs: list[Row], dated: list[Row], taken: list[Row]) -> Iterable[Message]:
    if len(dated) == 1:
        yield message("The advance hangs on one act alone: %(item)s.", item=_names(dated)[0])
    elif theirs and not dated:
        yield message("One day named by the customer would make it an advance.")
    elif taken and not theirs:
        now = share(Decimal(1), Decimal(len(taken) + 1)) or Decimal()
        yield message(
            "One act of the customer with a day would make it an advance, with a balance of %(balance)s %%.",
            balance=shown(now),
        )


_COMMITTED = (
    (N_("Temperature log of June to August"), "customer", N_("Qiu"), "2026-10-14"),
    (N_("Half an hour with the shift head"), "customer", N_("Qiu"), "2026-10-16"),
    (N_("Two variants on one page"), "ours", N_("Mei Lin"), "2026-10-15"),
    (N_("Name of a plant with the same load"), "ours", N_("Mei Lin"), "2026-10-13"),
    (N_("Noise figure for the courtyard"), "ours", N_("Zhao Kai"), "2026-10-16"),
)
EXAMPLES = (
    Example(
        "alder",
        N_("Alder: an advance, and what we owe them"),
        {
            "last_visit": "2026-10-12",
            "within": "1",
            "score": "2",
            **{
                f"commitments.{place:02}.{column}": text
                for place, texts in enumerate(_COMMITTED, 1)
                for column, text in zip(("what", "side", "who", "due"), texts, strict=True)
            },
            "next_step": N_("Mei mails the list today; on Friday Zhao meets the shift head"),
            "next_visit": "2026-10-16",
            "said.01.who": N_("Qiu"),
            "said.01.heard": N_("“Nobody touches line three during the day.”"),
            "said.01.reading": N_("Nights or weekends; ask the shift head, do not assume"),
            "said.02.who": N_("Fang"),
            "said.02.heard": N_("Looked twice at Wen when the price was named"),
            "said.02.reading": N_("Wen may have a say in money; one cue, unproven"),
            "needs": N_("“In July line three is at its limit.”"),
            "stage_before": "analysis",
            "stage": "approval",
            "rivals_news": N_("Another firm measured the hall in March"),
            "sales_plan": N_("Map: Wen's influence to be checked. Forecast unchanged until the log is here."),
        },
        {
            "balance": "40.0",
            "all": "5",
            "customers": "2",
            "dated": "2",
            "open": "5",
            "overdue": "",
            "moved": "1",
            "verdict": "Advance: the customer does something by a day",
        },
        N_("Alder"),
        N_("Thirty-five minutes with Alder's head of maintenance, and five commitments. Whose are they?"),
    ),
)

TOOL = Tool(
    id="visit-record",
    name=N_("Visit record"),
    summary=N_("Two minutes within a day: who does what by when, and what was heard apart from what you make of it."),
    sections=SECTIONS,
    outputs=OUTPUTS,
    stage="meet",
    compute=compute,
    examples=EXAMPLES,
    rubric=(
        N_("It is a diary of how the visit felt."),
        N_("It has facts: who said what, and what was agreed."),
        N_("Heard and understood stand apart, and each step has a name and a day."),
        N_("The map of people and the plan have been brought up to date from it."),
    ),
    settings=SETTINGS,
    lessons=("nine-3.4", "nine-4.2", "nine-4.5"),
    competencies=("C09", "C12"),
)
