"""On which of the five service steps does an account really stand?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

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
    shown,
    total,
)

STEPS: tuple[tuple[str, str], ...] = (
    ("reliable", N_("1 Reliable")),
    ("responsive", N_("2 Responsive")),
    ("proactive", N_("3 Proactive")),
    ("customised", N_("4 Customised")),
    ("partner", N_("5 Partner")),
)
STATEMENTS: Mapping[str, tuple[str, str, str, str]] = {
    "reliable": (
        N_("Delivered as promised"),
        N_("Invoice right the first time"),
        N_("Product as specified"),
        N_("Somebody can be reached"),
    ),
    "responsive": (
        N_("Answered within the promised hours"),
        N_("One owner for each issue"),
        N_("Told where it stands without asking"),
        N_("Promised dates are kept"),
    ),
    "proactive": (
        N_("Planned health check"),
        N_("Early warning before a failure"),
        N_("Quarterly review is held"),
        N_("Usage data are shared"),
    ),
    "customised": (
        N_("A service level of its own"),
        N_("On-site or named engineer"),
        N_("Users are trained"),
        N_("Processes are linked"),
    ),
    "partner": (
        N_("A joint plan is running"),
        N_("A joint improvement project"),
        N_("Senior sponsors meet"),
        N_("References or innovation, both ways"),
    ),
}
LESSON = "svc-1.2"
MOST = Decimal(3)  # points of one statement
APART = Decimal(2)  # points between our rating and the customer's from which on they must be talked about

_SCORE = Field("score", N_("Our score"), least=Decimal(0), most=MOST, whole=True, sourced=True)
SECTIONS = (
    Section(
        N_("Twenty statements"),
        (
            Table(
                "statements",
                N_("Statements"),
                (
                    Field("statement", N_("Statement"), "text"),
                    Field("step", N_("Step"), "choice", choices=STEPS),
                    _SCORE,
                    Field("theirs", N_("Customer's score"), least=Decimal(0), most=MOST, whole=True),
                ),
                rows=tuple(
                    (f"{place}{letter}", {"statement": text, "step": step})
                    for place, (step, _) in enumerate(STEPS, 1)
                    for letter, text in zip("abcd", STATEMENTS[step], strict=True)
                ),
                more=False,
                help=N_(
                    "0 never, 1 sometimes, 2 usually, 3 always. Score whether it arrives, not whether it exists. "
                    "Leave blank what you do not know, and ask somebody who uses the product for the last column."
                ),
            ),
        ),
    ),
    Section(
        N_("Close the lowest gap first"),
        (
            Table(
                "gaps",
                N_("Gaps"),
                (
                    Field("gap", N_("Gap"), "text"),
                    Field("done", N_("What it looks like when it is closed"), "text"),
                    Field("owner", N_("Who closes it"), "text"),
                    Field("due", N_("By when"), "date"),
                    Field("proof", N_("Proved by"), "text"),
                ),
                help=N_("“Improve communication” has no room here: a gap has a sign, a name, a date and a proof."),
            ),
        ),
    ),
)


def _sum(step: str, column: str = "score") -> str:
    return f"SUMIFS({{statements.{column}}},{{statements.step}},{{statements.step:{step}}})"


def _count(step: str, condition: str, column: str = "score") -> str:
    return f'COUNTIFS({{statements.step}},{{statements.step:{step}}},{{statements.{column}}},"{condition}")'


def _holds(step: str, column: str) -> str:
    there = f"COUNTIF({{statements.step}},{{statements.step:{step}}})"
    scored, zeros = _count(step, ">=0", column), _count(step, "=0", column)
    return f"AND({there}>0,{scored}={there},{zeros}=0,{_sum(step, column)}>={{@enough}})"


def _reached(column: str) -> str:
    first = STEPS[0][0]
    there = f"COUNTIF({{statements.step}},{{statements.step:{first}}})"
    scored, zeros = _count(first, ">=0", column), _count(first, "=0", column)
    climb = "5"
    for place in range(len(STEPS) - 1, -1, -1):
        climb = f"IF({_holds(STEPS[place][0], column)},{climb},{place})"
    return f'IF(OR({there}=0,AND({scored}<{there},{zeros}=0)),"",{climb})'


OUTPUTS = (
    Output("reached", N_("Step reached"), places=0, formula=_reached("score")),
    *(
        Output(step, label, places=0, formula=f'IF({_count(step, ">=0")}=0,"",{_sum(step)})', help=N_("of 12"))
        for step, label in STEPS
    ),
    Output("their-reached", N_("Step reached, by the customer's scores"), places=0, formula=_reached("theirs")),
)

SETTINGS = (Field("enough", N_("A step holds from"), least=Decimal(1), most=Decimal(12), whole=True, default="9"),)


@dataclass(frozen=True)
class Step:
    """How one step came out. `points` None: nothing scored. `state`: holds, broken, or open (not fully scored, no zero)."""

    name: str
    label: str
    points: Decimal | None
    state: str
    zeros: tuple[Row, ...] = ()
    blank: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Rung:
    """One step of the picture: where it stands, and what it says."""

    x: int
    y: int
    width: int
    height: int
    tone: str
    label: Message
    points: Message
    state: Message


@dataclass(frozen=True)
class Picture:
    rungs: tuple[Rung, ...]
    flag: tuple[int, int] | None  # where the flag of the reached step stands
    reached: Message


def _steps(rows: tuple[Row, ...], column: str, enough: Decimal, other: Mapping[str, Decimal | None]) -> list[Step]:
    """The five steps by the scores in `column`; `other` takes the place of the scores of some rows."""
    found = []
    for name, label in STEPS:
        own = [row for row in rows if row.choice("step") == name]
        scores = {row.id: other[row.id] if row.id in other else row.number(column) for row in own}
        zeros = tuple(row for row in own if scores[row.id] == 0)
        blank = tuple(row for row in own if scores[row.id] is None)
        points = total(scores.values())
        if not own or (blank and not zeros):
            state = "open"
        else:
            state = "holds" if not zeros and points is not None and points >= enough else "broken"
        found.append(Step(name, label, points, state, zeros, blank))
    return found


def _climbed(steps: list[Step]) -> int | None:
    """How many steps hold from the first on; None where the first cannot be told yet."""
    held = next((place for place, step in enumerate(steps) if step.state != "holds"), len(steps))
    return None if held == 0 and steps[0].state == "open" else held


def compute(sheet: Sheet, settings: Sheet) -> Result:
    """Points and state of each step, the step that is reached, and what keeps the next one from holding."""
    enough = settings.number("enough") or Decimal(9)
    rows = sheet.rows("statements")
    steps = _steps(rows, "score", enough, {})
    reached = _climbed(steps)
    theirs = _climbed(_steps(rows, "theirs", enough, {}))
    figures: dict[str, Value] = {
        "reached": None if reached is None else Decimal(reached),
        "their-reached": None if theirs is None else Decimal(theirs),
        **{step.name: step.points for step in steps},
    }
    if all(step.points is None for step in steps):
        return Result(figures, notices=tuple(_of_gaps(sheet, None)))
    notices = (
        *_of_steps(steps, reached),
        *_of_rows(rows),
        *_of_customer(rows, reached, theirs),
        *_of_gaps(sheet, reached),
    )
    turns = tuple(_turns(rows, reached, enough)) if reached is not None else ()
    return Result(figures, {}, _verdict(reached, steps), _tone(reached), notices, turns, _picture(steps, reached))


def _verdict(reached: int | None, steps: list[Step]) -> Message | None:
    if reached is None:
        return None
    if reached == 0:
        return message("No step holds yet: begin with the first.")
    return message("Step reached: %(step)s", step=Message(steps[reached - 1].label))


def _tone(reached: int | None) -> Tone:
    if reached is None:
        return "info"
    return "danger" if reached == 0 else "good" if reached == len(STEPS) else "info"


def _of_steps(steps: list[Step], reached: int | None) -> Iterator[Notice]:
    below = 0 if reached is None else reached
    if below < len(steps):
        stop = steps[below]
        for row in stop.zeros:
            text = message(
                "“%(name)s” never happens. One zero, and the whole step does not hold, whatever else it came to.",
                name=Message(row.name),
            )
            yield Notice("zero", text, "warning", LESSON, (row.key("score"),))
        if stop.state == "open" and any(step.points is not None for step in steps):
            text = message(
                "“%(step)s” has %(count)s statements without a score: until they are known it does not count.",
                step=Message(stop.label),
                count=len(stop.blank),
            )
            yield Notice("open", text, "info", LESSON, tuple(row.key("score") for row in stop.blank))
    for step in steps[below + 1 :]:
        if step.state == "holds" and step.points is not None:
            text = message(
                "“%(step)s” came to %(points)s points and does not count: a step below it is broken.",
                step=Message(step.label),
                points=shown(step.points, 0),
            )
            yield Notice("blocked", text, "info", LESSON)


def _of_rows(rows: tuple[Row, ...]) -> Iterator[Notice]:
    scored = [row for row in rows if row.number("score") is not None]
    for row in scored:
        if row.number("score") == MOST and row.confidence("score") == "C":
            text = message(
                "“%(name)s” has a 3 that rests on a guess: write 2 until there is proof.", name=Message(row.name)
            )
            yield Notice("guess", text, "warning", LESSON, (row.key("score"),))
    bare = tuple(row.key("score") for row in scored if not row.evidence("score") and not row.confidence("score"))
    if bare:
        text = message(
            "%(count)s of %(all)s scores stand without evidence. The customer's own records weigh most, then ours.",
            count=len(bare),
            all=len(scored),
        )
        yield Notice("no-proof", text, "info", LESSON, bare)


def _of_customer(rows: tuple[Row, ...], reached: int | None, theirs: int | None) -> Iterator[Notice]:
    for row in rows:
        ours, other = row.number("score"), row.number("theirs")
        if ours is not None and other is not None and abs(ours - other) >= APART:
            text = message(
                "“%(name)s”: %(ours)s from us, %(theirs)s from the customer. Do not argue: ask for the last date and look it up.",
                name=Message(row.name),
                ours=shown(ours, 0),
                theirs=shown(other, 0),
            )
            yield Notice("apart", text, "warning", LESSON, (row.key("score"), row.key("theirs")))
    if reached is not None and theirs is not None and theirs < reached:
        text = message(
            "By the customer's scores you stand on step %(theirs)s, not on %(ours)s. Theirs is the one that is lived.",
            theirs=theirs,
            ours=reached,
        )
        yield Notice("lower", text, "warning", LESSON)


def _of_gaps(sheet: Sheet, reached: int | None) -> Iterator[Notice]:
    gaps = sheet.rows("gaps")
    for row in gaps:
        missing = tuple(row.key(name) for name in ("done", "owner", "due", "proof") if not row.text(name))
        if missing:
            text = message(
                "The gap “%(name)s” needs all four: what it looks like when closed, who, by when, and the proof.",
                name=Message(row.name),
            )
            yield Notice("gap-open", text, "warning", LESSON, missing)
    if reached is not None and reached < len(STEPS) and not gaps:
        text = message(
            "No gap is being closed yet: begin with the lowest step that does not hold, and there with the zeros."
        )
        yield Notice("no-plan", text, "info", LESSON)


def _turns(rows: tuple[Row, ...], reached: int, enough: Decimal) -> Iterator[Message]:
    """Single scores that, changed as little as possible, lead to another reached step; upwards at most two, downwards one."""
    for row in rows:
        score = row.number("score")
        if score is None:
            continue
        for other in (score + 1, score + 2, score - 1):
            if not 0 <= other <= MOST:
                continue
            now = _climbed(_steps(rows, "score", enough, {row.id: other}))
            if now is not None and now != reached:
                yield message(
                    "With %(score)s instead of %(now)s for “%(name)s” the reached step is %(step)s.",
                    score=shown(other, 0),
                    now=shown(score, 0),
                    name=Message(row.name),
                    step=now,
                )
                break


STATES: Mapping[str, Message] = {
    "holds": message("holds"),
    "broken": message("does not hold"),
    "open": message("not fully scored"),
    "uncounted": message("does not count"),
}
TONES: Mapping[str, str] = {"holds": "pic-good", "broken": "pic-bad", "open": "pic-quiet", "uncounted": "pic-warn"}


def _picture(steps: list[Step], reached: int | None) -> Picture:
    """Five steps side by side, each higher than the one before; 640 wide, 300 high."""
    wide, floor, rise, least = 120, 290, 38, 72
    held = reached or 0
    rungs = []
    for place, step in enumerate(steps):
        state = "uncounted" if step.state == "holds" and place >= held else step.state
        points = (
            message("no score") if step.points is None else message("%(points)s points", points=shown(step.points, 0))
        )
        height = least + rise * place
        rungs.append(
            Rung(
                20 + wide * place,
                floor - height,
                wide,
                height,
                TONES[state],
                Message(step.label),
                points,
                STATES[state],
            )
        )
    top = rungs[held - 1] if held else None
    flag = None if top is None else (top.x + top.width // 2, top.y)
    said = message("Nothing reached yet") if top is None else message("Step reached: %(step)s", step=top.label)
    return Picture(tuple(rungs), flag, said)


_SCORES = {"1": "3 3 2 3", "2": "3 2 3 2", "3": "3 0 3 3", "4": "2 3 3 2", "5": "1 1 2 0"}
EXAMPLES = (
    Example(
        "alder",
        N_("Alder: one zero stops everything above it"),
        {
            **{
                f"statements.{step}{letter}.score": score
                for step, scores in _SCORES.items()
                for letter, score in zip("abcd", scores.split(), strict=True)
            },
            "statements.1a.score~evidence": N_("Alder's own receiving log, last quarter"),
            "statements.1a.score~confidence": "A",
            "statements.3b.score~evidence": N_("The night shift noted the noise three times; nobody rang"),
            "statements.3b.score~confidence": "B",
            "gaps.1.gap": N_("3b: no early warning"),
            "gaps.1.done": N_("The log is read at four every day; one entry, one call"),
            "gaps.1.owner": N_("Head of the service shift"),
            "gaps.1.due": "2027-02-01",
            "gaps.1.proof": N_("List of calls"),
        },
        {
            "reached": "2",
            "reliable": "11",
            "responsive": "10",
            "proactive": "9",
            "customised": "10",
            "partner": "4",
            "verdict": "Step reached: 2 Responsive",
        },
        N_("Alder"),
        N_(
            "Lanxi Controls looks after the drives of Alder's bottling lines. The training is praised, the engineer is known "
            "by name. But when a drive begins to sound wrong, it stands in the log, and nobody says so before it stops."
        ),
    ),
)

TOOL = Tool(
    id="service-ladder",
    name=N_("Service-ladder self-assessment"),
    summary=N_("On which of five service steps an account stands, and which gap to close first."),
    sections=SECTIONS,
    outputs=OUTPUTS,
    stage="agree",
    compute=compute,
    examples=EXAMPLES,
    rubric=(
        N_("Scores without proof."),
        N_("The reached step is right."),
        N_("Each score has evidence, and the next gap has a sign, a name, a date and a proof."),
        N_("The customer rated the same twenty, and the differences have been looked up together."),
    ),
    settings=SETTINGS,
    lessons=("svc-1.1", "svc-1.2"),
    competencies=("C13",),
)
