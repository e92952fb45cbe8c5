"""What will the customer do afterwards that would not have happened without this visit? Twelve lines before one goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from kamtrain.core.account_facts import NEXT_VISIT, STAGE, STYLES
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

AIM_TESTS = (
    ("customer", N_("the customer acts")),
    ("seen", N_("one can see it done")),
    ("date", N_("there is a date")),
    ("may", N_("this person may do it now")),
)
KINDS = (
    ("situation", N_("Situation question")),
    ("problem", N_("Problem question")),
    ("implication", N_("Implication question")),
    ("payoff", N_("Pay-off question")),
)
COMPLIANCE = (
    ("none", N_("nothing is given, paid or invited to")),
    ("within", N_("within our rules and theirs")),
    ("asked", N_("asked first, answer in writing")),
)
STANDING = ("situation", "situation", "problem", "problem", "implication", "implication", "payoff")
AFTER_TENDER = ("bidding", "testing", "decision")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")

SECTIONS = (
    Section(
        N_("Why you go"),
        (
            NEXT_VISIT,
            STAGE,
            Field(
                "aim",
                N_("Primary aim"),
                "long",
                help=N_("What the customer will do by when, in at most twenty words."),
                example=N_("Ms Bao names the day for a trial on line three, by Friday"),
            ),
            Field("aim_tests", N_("The aim passes these tests"), "several", choices=AIM_TESTS),
            Field(
                "fallback", N_("Fallback aim"), "long", help=N_("A smaller act, still by the customer, with a date.")
            ),
        ),
    ),
    Section(
        N_("Whom you meet"),
        (
            Table(
                "there",
                N_("People and style guess"),
                (
                    Field("name", N_("Name"), "text", offers="people.name"),
                    Field("style", N_("Style"), "choice", choices=STYLES),
                    Field("cues", N_("Guessed from these behaviours"), "text"),
                ),
            ),
            Field("team", N_("Our roles"), "text", help=N_("Who leads, who writes, who keeps silent and watches?")),
        ),
    ),
    Section(
        N_("What you bring"),
        (
            Table(
                "insights",
                N_("Three insights"),
                (Field("text", N_("What they do not know yet"), "text"),),
                rows=tuple((f"{place:02}", {}) for place in range(1, 4)),
                more=False,
            ),
            Field(
                "materials",
                N_("Materials and proof"),
                "long",
                help=N_("What they can hold, check and keep. A brochure could lie on any table."),
            ),
        ),
    ),
    Section(
        N_("What you ask"),
        (
            Table(
                "questions",
                N_("Six questions or more"),
                (
                    Field("text", N_("The question"), "text"),
                    Field("kind", N_("Kind"), "choice", choices=KINDS),
                ),
                rows=tuple((f"{place:02}", {"kind": kind}) for place, kind in enumerate(STANDING, 1)),
                help=N_("Strike what the internet answers."),
            ),
        ),
    ),
    Section(
        N_("What may come"),
        (
            Table(
                "objections",
                N_("Expected objections"),
                (
                    Field("text", N_("The worst sentence"), "text"),
                    Field("reply", N_("Your answer"), "text"),
                ),
            ),
            Field("open", N_("If they are open"), "text", help=N_("Straight to the primary aim: how?")),
            Field("cool", N_("If they are cool"), "text", help=N_("One insight, one question, and the fallback.")),
        ),
    ),
    Section(
        N_("How it ends"),
        (
            Field("leave", N_("Leave time"), "text", help=N_("When do you get up?"), example="10:45"),
            Field("ask", N_("Next-meeting ask"), "long", help=N_("The words in which you ask for the date.")),
            Field("compliance", N_("Compliance check"), "choice", choices=COMPLIANCE),
            Field(
                "gift",
                N_("Value of gift or meal, for each person"),
                unit=N_("yuan"),
                least=Decimal(0),
                most=Decimal(100_000),
            ),
        ),
    ),
)


@dataclass(frozen=True)
class Line:
    """One of the twelve: its name, where it is filled in, when it is done, and the same in a spreadsheet's words."""

    label: str
    at: str
    done: Callable[[Sheet, Sheet], bool]
    formula: str


@dataclass(frozen=True)
class Checked:
    """A line as the list of twelve shows it."""

    label: Message
    done: bool


def _written(name: str, label: str) -> Line:
    return Line(label, name, lambda sheet, _settings: bool(sheet.text(name)), f'({{{name}}}<>"")')


def _chosen(name: str, label: str) -> Line:
    return Line(label, name, lambda sheet, _settings: bool(sheet.choice(name)), f'({{{name}}}<>"")')


def _both(table: str, first: str, second: str, label: str) -> Line:
    def done(sheet: Sheet, _settings: Sheet) -> bool:
        read = Row.choice if sheet.tool.tables[table].column(second).choices else Row.text
        return any(row.text(first) and read(row, second) for row in sheet.rows(table))

    return Line(label, table, done, f'(SUMPRODUCT(({{{table}.{first}}}<>"")*({{{table}.{second}}}<>""))>0)')


def _enough(table: str, label: str) -> Line:
    def done(sheet: Sheet, settings: Sheet) -> bool:
        return len(_with_text(sheet, table)) >= _set(settings, table)

    return Line(label, table, done, f'(SUMPRODUCT(--({{{table}.text}}<>""))>={{@{table}}})')


LINES = (
    _both("there", "name", "style", N_("People and style guess")),
    _chosen("stage", N_("Buying step")),
    _written("aim", N_("Primary aim")),
    _written("fallback", N_("Fallback aim")),
    _enough("insights", N_("Three insights")),
    _enough("questions", N_("Six questions or more")),
    _written("materials", N_("Materials and proof")),
    _both("objections", "text", "reply", N_("Expected objections")),
    _written("team", N_("Our roles")),
    _written("leave", N_("Leave time")),
    _written("ask", N_("Next-meeting ask")),
    _chosen("compliance", N_("Compliance check")),
)

_ASKED = '({questions.text}<>"")'
_KINDS = "+".join(f"{{=asked-{name}}}" for name, _ in KINDS)
OUTPUTS = (
    Output("ready", N_("Readiness"), "%", formula=f"100*{{=done}}/{len(LINES)}"),
    Output("done", N_("Lines done, of twelve"), places=0, formula="+".join(line.formula for line in LINES)),
    Output(
        "situation-share",
        N_("Share of situation questions"),
        "%",
        formula=f'IF({_KINDS}=0,"",100*{{=asked-situation}}/({_KINDS}))',
    ),
    *(
        Output(
            f"asked-{name}",
            label,
            places=0,
            formula=f"SUMPRODUCT({_ASKED}*({{questions.kind}}={{questions.kind:{name}}}))",
        )
        for name, label in KINDS
    ),
)

SETTINGS = (
    Field("insights", N_("Insights at least"), least=Decimal(1), most=Decimal(10), whole=True, default="3"),
    Field("questions", N_("Questions at least"), least=Decimal(1), most=Decimal(30), whole=True, default="6"),
    Field("situation", N_("Situation questions at most"), unit="%", least=Decimal(0), most=Decimal(100), default="40"),
    Field("words", N_("Words of the aim at most"), least=Decimal(5), most=Decimal(100), whole=True, default="20"),
    Field(
        "gift",
        N_("Ask first above this value"),
        unit=N_("yuan"),
        least=Decimal(0),
        most=Decimal(100_000),
        default="200",
        help=N_("The limit of your firm's gift rules; theirs may be stricter."),
    ),
)


def _set(settings: Sheet, name: str) -> Decimal:
    """A setting; its default where a trainer's figure cannot be read."""
    found = settings.number(name)
    return Decimal(settings.tool.fields[name].default) if found is None else found


def _with_text(sheet: Sheet, table: str) -> list[Row]:
    return [row for row in sheet.rows(table) if row.text("text")]


def words(text: str) -> int:
    """How many words; two Chinese characters count as one."""
    signs = len(_HAN.findall(text))
    return len(_HAN.sub(" ", text).split()) + (signs + 1) // 2


def compute(sheet: Sheet, settings: Sheet) -> Result:
    """How many of the twelve lines stand, and of which kinds the questions are."""
    done = [line.done(sheet, settings) for line in LINES]
    asked = {name: sum(row.choice("kind") == name for row in _with_text(sheet, "questions")) for name, _ in KINDS}
    typed = sum(asked.values())
    situation = share(Decimal(asked["situation"]), Decimal(typed))
    figures: dict[str, Value] = {
        "ready": share(Decimal(sum(done)), Decimal(len(LINES))),
        "done": Decimal(sum(done)),
        "situation-share": situation,
        **{f"asked-{name}": Decimal(count) for name, count in asked.items()},
    }
    notices = (
        *_of_the_aim(sheet, settings),
        *_of_the_talk(sheet, settings, asked, situation),
        *_of_rules(sheet, settings),
    )
    verdict, tone = _verdict(done)
    turns = tuple(_turns(asked["situation"], typed, _set(settings, "situation")))
    picture = (
        tuple(Checked(Message(line.label), one) for line, one in zip(LINES, done, strict=True)) if any(done) else None
    )
    return Result(figures, {}, verdict, tone, notices, turns, picture)


def _verdict(done: list[bool]) -> tuple[Message | None, Tone]:
    if not any(done):
        return None, "info"
    if all(done):
        return message("Ready: all twelve lines stand"), "good"
    text = message(
        "%(open)s of twelve lines are open. Next: %(line)s",
        open=done.count(False),
        line=Message(LINES[done.index(False)].label),
    )
    return text, "info"


def _of_the_aim(sheet: Sheet, settings: Sheet) -> Iterable[Notice]:
    aim, tests = sheet.text("aim"), sheet.several("aim_tests")
    if not aim:
        return
    if "customer" not in tests:
        text = message("In this aim the customer commits to nothing. What will they do, seen from outside?")
        yield Notice("aim-no-commitment", text, "warning", "nine-3.1", ("aim", "aim_tests"))
    elif "date" not in tests:
        text = message("The aim has no date yet: by when will the customer do it?")
        yield Notice("aim-no-date", text, "warning", "nine-3.1", ("aim", "aim_tests"))
    most = _set(settings, "words")
    if words(aim) > most:
        text = message("The aim is long: %(words)s words. At most %(most)s, or nobody can see who does what.",
                       words=words(aim), most=shown(most, 0))  # fmt: skip
        yield Notice("aim-long", text, "info", "nine-3.1", ("aim",))
    if not sheet.text("fallback"):
        text = message("There is no fallback: if the aim is out of reach, the visit becomes a chat.")
        yield Notice("no-fallback", text, "warning", "nine-3.1", ("fallback",))


def _of_the_talk(sheet: Sheet, settings: Sheet, asked: dict[str, int], situation: Decimal | None) -> Iterable[Notice]:
    questions = _with_text(sheet, "questions")
    most = _set(settings, "situation")
    if situation is not None and situation > most:
        text = message(
            "%(share)s %% are situation questions. Above %(most)s %% you learn and the customer is bored.",
            share=shown(situation),
            most=shown(most, 0),
        )
        keys = tuple(row.key("kind") for row in questions if row.choice("kind") == "situation")
        yield Notice("situation", text, "warning", "nine-3.2", keys)
    if asked["problem"] and not asked["implication"] and not asked["payoff"]:
        text = message("No question leads beyond the problem: what does it cost them, and what would it be worth?")
        yield Notice("no-implication", text, "info", "nine-3.2")
    guessed = [
        row for row in sheet.rows("there") if row.choice("style") not in ("", "unknown") and not row.text("cues")
    ]
    if guessed:
        text = message("A style stands without the behaviours it was guessed from. A title is none.")
        yield Notice("style-guessed", text, "info", "ppl-1.1", tuple(row.key("cues") for row in guessed))
    unanswered = [row for row in _with_text(sheet, "objections") if not row.text("reply")]
    if unanswered:
        text = message("A worst sentence has no answer yet. What do you do in the ten seconds after it?")
        yield Notice("no-reply", text, "info", "nine-4.2", tuple(row.key("reply") for row in unanswered))


def _of_rules(sheet: Sheet, settings: Sheet) -> Iterable[Notice]:
    gift, checked = sheet.number("gift"), sheet.choice("compliance")
    if gift is not None and gift > _set(settings, "gift") and checked != "asked":
        text = message(
            "%(gift)s yuan for each person is above %(limit)s: ask your compliance office first, in writing.",
            gift=shown(gift, 0),
            limit=shown(_set(settings, "gift"), 0),
        )
        yield Notice("gift", text, "danger", "nine-4.1", ("gift", "compliance"))
    elif gift and checked == "none":
        text = message("A value is entered, and the check says that nothing is given. Which of the two holds?")
        yield Notice("gift-unclear", text, "warning", "nine-4.1", ("gift", "compliance"))
    if sheet.choice("stage") in AFTER_TENDER:
        text = message("The tender is out: questions on it go through the official channel, and the answers to all.")
        yield Notice("tender", text, "info", "ppl-2.1", ("stage",))


def _turns(situation: int, typed: int, most: Decimal) -> Iterable[Message]:
    """How many situation questions must become others."""
    for other in range(situation - 1, -1, -1):
        now = share(Decimal(other), Decimal(typed))
        if now is not None and now <= most:
            if 100 * situation > most * typed:
                yield message(
                    "Put %(n)s of them as another kind, and it is %(share)s %%.", n=situation - other, share=shown(now)
                )
            return


_QUESTIONS: tuple[tuple[str, str], ...] = (
    (N_("How many lines do you run?"), "situation"),
    (N_("Who looks after the drives at night?"), "situation"),
    (N_("How often do you measure today?"), "situation"),
    (N_("Which stop annoyed you most this year?"), "problem"),
    (N_("What do you do when a spare part is missing?"), "problem"),
    (N_("What does an hour of standing still cost the plant?"), "implication"),
    (N_("If you knew two weeks before, what would you do with them?"), "payoff"),
)
_MONDAY = {
    "next_visit": "2026-12-08",
    "stage": "selection",
    "aim": N_("Qiu names the day for a trial on line three, by Friday"),
    "aim_tests": "customer,seen,date,may",
    "there.01.name": N_("Qiu"),
    "there.01.style": "analytical",
    "there.01.cues": N_("asks for the method, writes figures down, takes time"),
    "there.02.name": N_("Fang"),
    "there.02.style": "unknown",
    "team": N_("Mei leads, Zhao writes and watches Fang"),
    "insights.01.text": N_("Two plants nearby lost a week with the same drives"),
    "insights.02.text": N_("Their third shift has no spare drive within 40 km"),
    "insights.03.text": N_("The group asks for downtime figures from January"),
    "materials": N_("One-page sum with empty fields; two photos of a plant like theirs"),
    "leave": "10:45",
    "ask": N_("So that you have a figure before your budget round: Friday at ten?"),
    **{f"questions.{place:02}.text": text for place, (text, _) in enumerate(_QUESTIONS, 1)},
    **{f"questions.{place:02}.kind": kind for place, (_, kind) in enumerate(_QUESTIONS, 1)},
}
EXAMPLES = (
    Example(
        "alder",
        N_("Alder, on Monday: nine of twelve lines"),
        _MONDAY,
        {
            "done": "9",
            "ready": "75.0",
            "asked-situation": "3",
            "asked-problem": "2",
            "asked-implication": "1",
            "asked-payoff": "1",
            "situation-share": "42.9",
        },
        N_("Alder"),
        N_("Lanxi Controls visits Alder's head of maintenance tomorrow. What is still missing?"),
    ),
    Example(
        "alder-tuesday",
        N_("Alder, on Tuesday: ready to go"),
        {
            **_MONDAY,
            "fallback": N_("Qiu introduces us to the electrician by Wednesday"),
            "questions.01.text": N_("What does a stop cost when the night shift finds it first?"),
            "questions.01.kind": "implication",
            "objections.01.text": N_("Your unit failed at our sister plant."),
            "objections.01.reply": N_("Date, cause, what was changed, and whom you may ask about it"),
            "open": N_("Walk to line three together and choose the day there"),
            "cool": N_("The figure of the neighbour plant, one question, then the fallback"),
            "compliance": "within",
            "gift": "25",
        },
        {"done": "12", "ready": "100.0", "situation-share": "28.6", "verdict": "Ready: all twelve lines stand"},
        N_("Alder"),
        N_("The same visit a day later: the worst sentence has an answer, and there is a fallback."),
    ),
)

TOOL = Tool(
    id="visit-plan",
    name=N_("Visit plan"),
    summary=N_("Twelve lines in two minutes: what will the customer do afterwards, and what if not?"),
    sections=SECTIONS,
    outputs=OUTPUTS,
    stage="meet",
    compute=compute,
    examples=EXAMPLES,
    rubric=(
        N_("The aim is our own deed, such as introducing the firm."),
        N_("There is an aim of the customer's, and there are questions to it."),
        N_("It suits the style of the people, has a fallback, and brings proof that stays with them."),
        N_("It is led by an insight, and there are two ways: if they are open, and if they are cool."),
    ),
    settings=SETTINGS,
    lessons=("nine-3.1", "nine-3.2", "nine-4.1"),
    competencies=("C09",),
)
