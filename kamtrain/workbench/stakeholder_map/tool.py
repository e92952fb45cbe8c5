"""Who has a say in this one purchase, how they stand to us, and whom nobody has asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from kamtrain.core.account_facts import STAGE, STYLES
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
    total,
)
from kamtrain.workbench.stakeholder_map.picture import Mark, Person, drawn

ROLES = (
    ("initiator", N_("Initiator")),
    ("user", N_("User")),
    ("influencer", N_("Technical gate")),
    ("decider", N_("Decider")),
    ("buyer", N_("Buyer")),
    ("gatekeeper", N_("Gatekeeper")),
)
# Commas part several choices in a spreadsheet's cell: none in these labels.
COACH_TESTS = (
    ("wants", N_("wants us to win, for a reason in the work")),
    ("credit", N_("has credit inside")),
    ("facts", N_("facts held when checked")),
)
# Who works at which step of the purchase.
WORKING = {
    "survey": ("initiator", "user"),
    "analysis": ("influencer",),
    "approval": ("decider",),
    "selection": ("influencer", "buyer"),
    "bidding": ("buyer",),
    "testing": ("user", "influencer"),
    "decision": ("decider",),
}
MOST_NAMED = 6  # names in one sentence, and moves that are worked out

PEOPLE = Table(
    "people",
    N_("People"),
    (
        Field("name", N_("Name"), "text"),
        Field("post", N_("Post"), "text"),
        Field(
            "roles",
            N_("Roles in this purchase"),
            "several",
            choices=ROLES,
            help=N_("What somebody does in this purchase. One person may hold several, and several may share one."),
        ),
        Field(
            "influence",
            N_("Influence"),
            least=Decimal(1),
            most=Decimal(5),
            whole=True,
            help=N_("1 is told afterwards, 3 is asked and heard, 5: nothing happens without this person."),
            sourced=True,
        ),
        Field(
            "attitude",
            N_("Attitude"),
            least=Decimal(-2),
            most=Decimal(2),
            whole=True,
            help=N_("−2 works against us, 0 is neutral, +2 speaks for us unasked. Leave blank what nobody has asked."),
            sourced=True,
        ),
        Field(
            "contact",
            N_("Contact"),
            least=Decimal(0),
            most=Decimal(4),
            whole=True,
            help=N_("0 none, 1 met once, 2 regular, 3 open, 4 trusted."),
        ),
        Field("owner", N_("Our owner"), "text", help=N_("Who of us keeps the contact."), offers="people.owner"),
        Field("last", N_("Last contact"), "date"),
        Field("style", N_("Style"), "choice", choices=STYLES),
        Field(
            "cues",
            N_("Behaviours seen"),
            least=Decimal(0),
            most=Decimal(99),
            whole=True,
            help=N_("How many the style is guessed from. Title, age and gender are none."),
        ),
        Field(
            "coach",
            N_("Coach: tests passed"),
            "several",
            choices=COACH_TESTS,
            help=N_("A coach is a status that anybody may hold, not a seventh role. Each test needs evidence."),
            sourced=True,
        ),
        Field(
            "win",
            N_("Personal win"),
            "text",
            help=N_("In this person's own words. It is met by the solution, never by a gift."),
        ),
        Field("pressure", N_("Pressure from the business"), "text"),
        Field("department", N_("Department"), "text"),
        Field(
            "level",
            N_("Level in the firm"),
            least=Decimal(1),
            most=Decimal(5),
            whole=True,
            help=N_("1 the shop floor, 5 the board. A rank says little about the influence."),
        ),
        Field(
            "volunteered",
            N_("Volunteered, and needed for the work"),
            "tick",
            help=N_("Without this tick nothing private is kept. Would you show this line to the person?"),
        ),
        Field("family", N_("Family"), "text", personal=True),
        Field("hobbies", N_("Hobbies"), "text", personal=True),
    ),
    computed=(
        Output(
            "pull",
            N_("Influence × attitude"),
            places=0,
            formula='IF(OR({influence}="",{attitude}=""),"",{influence}*{attitude})',
        ),
        Output(
            "reach",
            N_("Influence × contact"),
            places=0,
            formula='IF(OR({influence}="",{contact}=""),"",{influence}*{contact})',
        ),
    ),
    help=N_("Work comes first here: what somebody does in this purchase, with the evidence beside it."),
    fact="people",
)

SECTIONS = (
    Section(
        N_("The purchase"),
        (
            Field(
                "purchase",
                N_("The purchase in one line"),
                "text",
                help=N_("Another purchase has other people."),
                example=N_("24 robots for line 3"),
            ),
            STAGE,
        ),
    ),
    Section(N_("Who has a say"), (PEOPLE,)),
)


def _filled(role: str) -> str:
    return f"(SUMPRODUCT(--ISNUMBER(SEARCH({{people.roles:{role}}},{{people.roles}})))>0)"


_RATED = 'COUNTIFS({people.influence},">=1",{people.attitude},">=-2")'
_REACHED = 'COUNTIFS({people.influence},">=1",{people.contact},">=0")'
_TESTS = '(LEN({people.coach})-LEN(SUBSTITUTE({people.coach},", ","")))/2+(LEN({people.coach})>0)'
OUTPUTS = (
    Output(
        "support",
        N_("Support"),
        "%",
        formula='IF({=pull-most}="","",100*{=pull}/{=pull-most})',
        help=N_("From −100 to +100: how those who count stand to us."),
    ),
    Output(
        "coverage",
        N_("Contact coverage"),
        "%",
        formula='IF({=reach-most}="","",100*{=reach}/{=reach-most})',
        help=N_("From 0 to 100: how well we know those who count."),
    ),
    Output(
        "roles",
        N_("Roles with a name, of six"),
        places=0,
        formula="+".join(_filled(role) for role, _ in ROLES),
    ),
    Output(
        "vetoes",
        N_("Strong and against us"),
        places=0,
        formula='COUNTIFS({people.influence},">="&{@strong},{people.attitude},"<0")',
    ),
    Output(
        "thin",
        N_("Strong, with little contact"),
        places=0,
        formula='COUNTIFS({people.influence},">="&{@strong},{people.contact},"<="&{@thin})',
    ),
    Output("open", N_("Open contacts"), places=0, formula='COUNTIF({people.contact},">="&{@open})'),
    Output("coaches", N_("Coaches"), places=0, formula=f"SUMPRODUCT(--({_TESTS}>={{@tests}}))"),
    Output("pull", N_("Sum of influence × attitude"), places=0, formula=f'IF({_RATED}=0,"",SUM({{people.pull}}))'),
    Output(
        "pull-most",
        N_("The most it could be"),
        places=0,
        formula=f'IF({_RATED}=0,"",2*SUMIFS({{people.influence}},{{people.attitude}},">=-2"))',
    ),
    Output("reach", N_("Sum of influence × contact"), places=0, formula=f'IF({_REACHED}=0,"",SUM({{people.reach}}))'),
    Output(
        "reach-most",
        N_("The most that could be"),
        places=0,
        formula=f'IF({_REACHED}=0,"",4*SUMIFS({{people.influence}},{{people.contact}},">=0"))',
    ),
)


def _setting(name: str, label: str, least: int, most: int, default: int) -> Field:
    return Field(name, label, least=Decimal(least), most=Decimal(most), whole=True, default=str(default))


SETTINGS = (
    _setting("strong", N_("Strong from influence"), 1, 5, 4),
    _setting("thin", N_("Little contact up to"), 0, 4, 1),
    _setting("open", N_("Open contact from"), 0, 4, 3),
    _setting("cues", N_("A style needs so many behaviours"), 0, 99, 3),
    _setting("tests", N_("A coach has passed so many tests"), 1, 3, 2),
)


def _cuts(settings: Sheet) -> dict[str, Decimal]:
    """The settings; the default where a trainer's figure cannot be read."""
    read = {one.name: settings.number(one.name) for one in SETTINGS}
    return {one.name: Decimal(one.default) if (value := read[one.name]) is None else value for one in SETTINGS}


def _who(row: Row) -> str:
    return row.text("name") or row.text("post") or "?"


def _names(rows: Iterable[Row]) -> tuple[str, ...]:
    names = [_who(row) for row in rows]
    return (*names[:MOST_NAMED], *(("…",) if len(names) > MOST_NAMED else ()))


def _times(row: Row, column: str) -> Decimal | None:
    influence, value = row.number("influence"), row.number(column)
    return None if influence is None or value is None else influence * value


def _most(rows: Iterable[Row], column: str, highest: int) -> Decimal | None:
    there = [row.number("influence") for row in rows if row.number(column) is not None]
    found = total(there)
    return None if found is None else highest * found


class _Map:
    """The people, and those an alert speaks of; each list in the table's order."""

    def __init__(self, sheet: Sheet, settings: Sheet) -> None:
        self.cuts = _cuts(settings)
        self.rows = sheet.rows("people")
        self.stage = sheet.choice("stage")
        self.strong = [row for row in self.rows if (row.number("influence") or 0) >= self.cuts["strong"]]
        self.vetoes = [row for row in self.strong if (row.number("attitude") or 0) < 0]
        self.thin = [row for row in self.strong if self.little(row)]
        self.unknown = [row for row in self.strong if None in (row.number("attitude"), row.number("contact"))]
        self.open = [row for row in self.rows if _at_least(row.number("contact"), self.cuts["open"])]
        self.coaches = [row for row in self.rows if len(row.several("coach")) >= self.cuts["tests"]]
        self.guessed = [row for row in self.rows if self._guessed(row)]
        self.holders = {role: [row for row in self.rows if role in row.several("roles")] for role, _ in ROLES}

    def little(self, row: Row) -> bool:
        contact = row.number("contact")
        return contact is not None and contact <= self.cuts["thin"]

    def _guessed(self, row: Row) -> bool:
        return row.choice("style") not in ("", "unknown") and (row.number("cues") or 0) < self.cuts["cues"]


def _at_least(value: Decimal | None, cut: Decimal) -> bool:
    return value is not None and value >= cut


def compute(sheet: Sheet, settings: Sheet) -> Result:
    """Support and coverage over those who are rated; the gaps and risks in the map; the map as a picture."""
    found = _Map(sheet, settings)
    rows = found.rows
    pulls = {row.id: _times(row, "attitude") for row in rows}
    reaches = {row.id: _times(row, "contact") for row in rows}
    pull, reach = total(pulls.values()), total(reaches.values())
    pull_most = None if pull is None else _most(rows, "attitude", 2)
    reach_most = None if reach is None else _most(rows, "contact", 4)
    figures: dict[str, Value] = {
        "support": share(pull, pull_most),
        "coverage": share(reach, reach_most),
        "roles": Decimal(sum(1 for holders in found.holders.values() if holders)),
        "vetoes": Decimal(len(found.vetoes)),
        "thin": Decimal(len(found.thin)),
        "open": Decimal(len(found.open)),
        "coaches": Decimal(len(found.coaches)),
        "pull": pull,
        "pull-most": pull_most,
        "reach": reach,
        "reach-most": reach_most,
    }
    cells: dict[str, Value] = {row.key("pull"): pulls[row.id] for row in rows}
    cells |= {row.key("reach"): reaches[row.id] for row in rows}
    notices = tuple(_notices(found)) if rows else ()
    verdict, tone = _verdict(found, notices)
    turns = tuple(_turns(found, (pull, pull_most), (reach, reach_most)))
    return Result(figures, cells, verdict, tone, notices, turns, _picture(found))


def _verdict(found: _Map, notices: tuple[Notice, ...]) -> tuple[Message | None, Tone]:
    alarming = {row.id for row in (*found.vetoes, *found.thin)}
    first = [row for row in found.rows if row.id in alarming]
    if first:
        return message("Next moves: %(names)s", names=_names(first)), "warning"
    if any(one.tone in ("warning", "danger") for one in notices):
        return message("The map has gaps"), "warning"
    if any(row.number("influence") is not None for row in found.rows):
        return message("No alert; is the evidence good enough?"), "good"
    return None, "info"


def _at(rows: Iterable[Row], *columns: str) -> tuple[str, ...]:
    return tuple(row.key(column) for row in rows for column in columns)


def _notices(found: _Map) -> Iterable[Notice]:
    if found.vetoes:
        text = message(
            "Veto risk: %(names)s. Who counts and is against you can stop the purchase. Ask about process and risk, not"
            " for approval.",
            names=_names(found.vetoes),
        )
        yield Notice("veto-risk", text, "danger", "ppl-2.3", _at(found.vetoes, "influence", "attitude"))
    if found.thin:
        text = message(
            "Much influence and little contact: %(names)s. Who introduces you, and what do you bring?",
            names=_names(found.thin),
        )
        yield Notice("little-contact", text, "warning", "ppl-2.2", _at(found.thin, "influence", "contact"))
    if found.unknown:
        text = message(
            "Much influence, and attitude or contact is blank: %(names)s. An unknown attitude is no peace: ask.",
            names=_names(found.unknown),
        )
        yield Notice("unknown", text, "warning", "ppl-2.2", _at(found.unknown, "attitude", "contact"))
    for role, label in ROLES:
        if not found.holders[role]:
            text = message("No name for this role: %(role)s.", role=Message(label))
            yield Notice("role-empty", text, "warning", "ppl-2.1")
    yield from _of_the_step(found)
    if len(found.open) == 1:
        text = message(
            "Only one open contact: %(name)s. After one transfer nothing is left; widen, and do it in the open.",
            name=_who(found.open[0]),
        )
        yield Notice("single-threaded", text, "warning", "ppl-2.2", _at(found.open, "contact"))
    if not found.coaches:
        text = message("Nobody in the map is a coach yet: two of the three tests passed, each with evidence.")
        yield Notice("no-coach", text, "warning", "nine-2.3")
    if found.guessed:
        text = message(
            "The style is a guess: %(names)s. It needs %(cues)s behaviours that agree; until then write “not enough"
            " evidence”.",
            names=_names(found.guessed),
            cues=shown(found.cuts["cues"], 0),
        )
        yield Notice("style-guessed", text, "info", "ppl-1.1", _at(found.guessed, "style", "cues"))


def _of_the_step(found: _Map) -> Iterable[Notice]:
    """Roles that work at the present step, have a name, and nobody of ours knows well."""
    for role in WORKING.get(found.stage, ()):
        holders = found.holders[role]
        if holders and all(found.little(row) for row in holders):
            text = message(
                "At this step the work is done here: %(role)s. We have little contact with %(names)s.",
                role=Message(dict(ROLES)[role]),
                names=_names(holders),
            )
            yield Notice("step", text, "warning", "nine-2.1", ("stage", *_at(holders, "contact")))


def _turns(
    found: _Map, support: tuple[Decimal | None, Decimal | None], coverage: tuple[Decimal | None, Decimal | None]
) -> Iterable[Message]:
    """What one move would change: somebody strong met regularly, somebody against us heard."""
    pull, pull_most = support
    reach, reach_most = coverage
    regular = found.cuts["thin"] + 1
    moves = 0
    for row in found.vetoes[:MOST_NAMED]:
        gain = -(_times(row, "attitude") or Decimal())
        pull = None if pull is None else pull + gain
        now = share(None if support[0] is None else support[0] + gain, pull_most)
        if now is not None:
            moves += 1
            yield message(
                "With %(name)s at attitude 0, support would be %(support)s %%.", name=_who(row), support=shown(now)
            )
    for row in found.thin[:MOST_NAMED]:
        gain = (row.number("influence") or Decimal()) * min(regular, Decimal(4)) - (_times(row, "contact") or Decimal())
        reach = None if reach is None else reach + gain
        now = share(None if coverage[0] is None else coverage[0] + gain, reach_most)
        if now is not None:
            moves += 1
            yield message(
                "With %(name)s at contact %(contact)s, coverage would be %(coverage)s %%.",
                name=_who(row),
                contact=shown(min(regular, Decimal(4)), 0),
                coverage=shown(now),
            )
    both = share(pull, pull_most), share(reach, reach_most)
    if moves > 1 and both[0] is not None and both[1] is not None:
        yield message(
            "All of this together: support %(support)s %%, coverage %(coverage)s %%.",
            support=shown(both[0]),
            coverage=shown(both[1]),
        )


def _picture(found: _Map) -> object:
    """The map; None where there is nobody yet."""
    if not found.rows:
        return None
    vetoes, thin, coaches = ({row.id for row in rows} for rows in (found.vetoes, found.thin, found.coaches))

    def mark(row: Row) -> Mark:
        return "veto" if row.id in vetoes else "thin" if row.id in thin else "coach" if row.id in coaches else "plain"

    def whole(row: Row, column: str) -> int | None:
        value = row.number(column)
        return None if value is None else int(value)

    people = tuple(
        Person(
            row.id,
            _who(row),
            whole(row, "influence"),
            whole(row, "attitude"),
            whole(row, "contact"),
            row.text("owner"),
            mark(row),
        )
        for row in found.rows
    )
    holders = tuple((Message(label), tuple(_who(row) for row in found.holders[role])) for role, label in ROLES)
    return drawn(people, holders, int(found.cuts["strong"]), int(found.cuts["open"]))


# Influence, attitude, contact, roles, post, style and its cues.
_PEOPLE: tuple[tuple[str, str, int, int, int, str, str, int], ...] = (
    (N_("Luo"), N_("General manager"), 5, 1, 2, "decider", "dominant", 4),
    (N_("Han"), N_("Finance director"), 4, -1, 1, "decider", "unknown", 1),
    (N_("Qiu"), N_("Head of maintenance"), 3, 2, 4, "initiator,influencer", "analytical", 5),
    (N_("Wen"), N_("Purchasing"), 3, 0, 2, "buyer", "amiable", 3),
    (N_("Fang"), N_("Workshop"), 2, 1, 3, "user", "social", 3),
    (N_("Deng"), N_("Office director"), 4, 0, 0, "gatekeeper", "unknown", 0),
)
_EVIDENCE = {
    "01.influence": N_("Signed the last two orders above 500,000 yuan."),
    "02.attitude": N_("Asked for a second supplier in the May meeting."),
    "03.coach": N_("Says what a stop costs his shift; the workshop follows his advice."),
    "06.influence": N_("Sets the agenda of the purchasing committee."),
}
_OWNERS = (N_("Mei Lin"), N_("Mei Lin"), N_("Zhao Kai"), N_("Mei Lin"), N_("Zhao Kai"), "")


def _example(name: str, title: str, brief: str, changed: Mapping[str, str], figures: Mapping[str, str]) -> Example:
    cells = {"purchase": N_("Monitoring for the new hall"), "stage": "selection"}
    for place, (who, post, influence, attitude, contact, roles, style, cues) in enumerate(_PEOPLE, 1):
        texts = {
            "name": who,
            "post": post,
            "roles": roles,
            "influence": str(influence),
            "attitude": str(attitude),
            "contact": str(contact),
            "owner": _OWNERS[place - 1],
            "style": style,
            "cues": str(cues),
        }
        cells |= {f"people.{place:02}.{column}": text for column, text in texts.items() if text}
    cells["people.03.coach"] = "wants,credit"
    cells["people.03.win"] = N_("To sleep through the night shift")
    cells |= {f"people.{key}~evidence": text for key, text in _EVIDENCE.items()}
    return Example(name, title, {**cells, **changed}, figures, N_("Alder"), brief)


EXAMPLES = (
    _example(
        "alder",
        N_("Alder: five of six are friendly or neutral, and yet"),
        N_("Lanxi Controls wants to equip Alder's new hall. Everybody smiles. Whom has nobody asked?"),
        {},
        {
            "support": "21.4",
            "coverage": "45.2",
            "pull": "9",
            "pull-most": "42",
            "reach": "38",
            "reach-most": "84",
            "roles": "6",
            "vetoes": "1",
            "thin": "2",
            "open": "2",
            "coaches": "1",
        },
    ),
    _example(
        "alder-later",
        N_("Alder, two moves later: two people have been heard"),
        N_("Luo took us to Deng, and Han got the cost of a stop, worked out together with Qiu."),
        {
            "people.02.attitude": "0",
            "people.02.contact": "2",
            "people.06.attitude": "1",
            "people.06.contact": "2",
            "people.06.owner": N_("Mei Lin"),
        },
        {
            "support": "40.5",
            "coverage": "59.5",
            "pull": "17",
            "pull-most": "42",
            "reach": "50",
            "reach-most": "84",
            "vetoes": "0",
            "thin": "0",
        },
    ),
)

TOOL = Tool(
    id="stakeholder-map",
    name=N_("Stakeholder map"),
    summary=N_("See who has a say, who may say no, and whom nobody of us has asked yet."),
    sections=SECTIONS,
    outputs=OUTPUTS,
    stage="know",
    compute=compute,
    examples=EXAMPLES,
    rubric=(
        N_("There are names, and little more."),
        N_("Roles and figures stand for everybody, and the sums are right."),
        N_("Each figure has its evidence, and for every alert there is a move with somebody who introduces us."),
        N_(
            "Personal wins stand in people's own words, each level of theirs has somebody of ours, and a note says what"
            " is not kept, and why."
        ),
    ),
    settings=SETTINGS,
    lessons=("ppl-2.1", "ppl-2.2", "ppl-2.3", "nine-2.1", "nine-2.3"),
    competencies=("C05", "C15"),
)
