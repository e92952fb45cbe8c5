"""Is this account worth a key-account manager? Eighteen weighted criteria, after the knock-outs."""

from __future__ import annotations

from collections.abc import Mapping
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
    share,
    shown,
    total,
)

GROUPS = (
    ("market", N_("Market perception")),
    ("value", N_("Value to us")),
    ("relationship", N_("Relationship")),
    ("economics", N_("Economics")),
)
CRITERIA: tuple[tuple[str, str, int], ...] = (
    ("market", N_("Market leader"), 8),
    ("market", N_("Technical leader"), 8),
    ("market", N_("Good reputation in its market"), 8),
    ("market", N_("Pilot for a new market, future potential"), 8),
    ("value", N_("Fits our five platforms"), 6),
    ("value", N_("Values innovation and solutions that add value"), 10),
    ("value", N_("Winning it hurts our main competitors"), 10),
    ("value", N_("Brand value"), 10),
    ("value", N_("Raises our own performance"), 10),
    ("relationship", N_("Cultural fit"), 8),
    ("relationship", N_("Long-term partnership"), 8),
    ("relationship", N_("Relations between executives exist"), 8),
    ("relationship", N_("Corporate aims agree"), 6),
    ("economics", N_("Pays reliably"), 6),
    ("economics", N_("Purchase volume"), 6),
    ("economics", N_("Growth rate"), 6),
    ("economics", N_("Cost to serve (low cost = high score)"), 6),
    ("economics", N_("Share of wallet we can win"), 8),
)
CORE = tuple(f"{place:02}" for place in range(1, 14))  # the rows the source prints; the other five are ours
KNOCKOUTS = (
    N_("Meets our deposit or credit baseline"),
    N_("No legal obstacle"),
    N_("Open tender rules can be kept"),
)
BANDS = (
    ("select", N_("Select"), "good"),
    ("develop", N_("Develop"), "info"),
    ("hold", N_("Hold"), "warning"),
)
ENOUGH = Decimal(80)  # percent of the weight that must be scored before the index means anything
STEP = Decimal(2)  # by how much a weight is changed to see whether the answer holds

SECTIONS = (
    Section(
        N_("Knock-outs first"),
        (
            Table(
                "knockouts",
                N_("Knock-outs"),
                (
                    Field("name", N_("Condition"), "text"),
                    Field("met", N_("Met?"), "choice", choices=(("yes", N_("yes")), ("no", N_("no"))), sourced=True),
                ),
                rows=tuple((f"{place:02}", {"name": text}) for place, text in enumerate(KNOCKOUTS, 1)),
                help=N_("One “no” and the account is not eligible, whatever the index says."),
            ),
        ),
    ),
    Section(
        N_("Score each criterion"),
        (
            Table(
                "criteria",
                N_("Criteria"),
                (
                    Field("name", N_("Criterion"), "text"),
                    Field("group", N_("Group"), "choice", choices=GROUPS),
                    Field("weight", N_("Weight"), least=Decimal(0), most=Decimal(10), whole=True),
                    Field(
                        "score",
                        N_("Score"),
                        least=Decimal(1),
                        most=Decimal(10),
                        whole=True,
                        help=N_("1 to 10; leave blank what you do not know."),
                        sourced=True,
                    ),
                ),
                computed=(
                    Output(
                        "points", N_("Points"), places=0, formula='IF(OR({weight}="",{score}=""),"",{weight}*{score})'
                    ),
                ),
                rows=tuple(
                    (f"{place:02}", {"name": text, "group": group, "weight": str(weight)})
                    for place, (group, text, weight) in enumerate(CRITERIA, 1)
                ),
            ),
        ),
    ),
)

_TOTAL = "SUM({criteria.points})"
_MOST = '10*SUMIFS({criteria.weight},{criteria.score},">=1")'
OUTPUTS = (
    Output("total", N_("Total"), places=0, formula=_TOTAL),
    Output("most", N_("Possible, of the scored rows"), places=0, formula=_MOST),
    Output("index", N_("Index"), "%", formula='IF({=most}=0,"",100*{=total}/{=most})'),
    *(
        Output(
            name, label, places=0, formula=f"SUMIF({{criteria.group}},{{criteria.group:{name}}},{{criteria.points}})"
        )
        for name, label in GROUPS
    ),
    Output("core", N_("Total of the first thirteen rows"), places=0),  # rows may be blank: no fixed range says it
    Output("core-index", N_("Index of the first thirteen rows"), "%"),
    Output(
        "scored",
        N_("Weight scored"),
        "%",
        formula='IF(SUM({criteria.weight})=0,"",100*{=most}/10/SUM({criteria.weight}))',
    ),
)

SETTINGS = (
    Field("select", N_("Select from"), unit="%", least=Decimal(0), most=Decimal(100), default="70"),
    Field("develop", N_("Develop from"), unit="%", least=Decimal(0), most=Decimal(100), default="55"),
    Field("hold", N_("Hold from"), unit="%", least=Decimal(0), most=Decimal(100), default="40"),
)


def _points(row: Row) -> Decimal | None:
    weight, score = row.number("weight"), row.number("score")
    return None if weight is None or score is None else weight * score


def _possible(row: Row) -> Decimal | None:
    weight = row.number("weight")
    return None if weight is None or row.number("score") is None else 10 * weight


def _band(index: Decimal, settings: Sheet) -> tuple[str, Tone]:
    for name, label, tone in BANDS:
        cut = settings.number(name)
        if cut is not None and index >= cut:
            return label, tone  # type: ignore[return-value]
    return N_("Transact"), "warning"


def compute(sheet: Sheet, settings: Sheet) -> Result:
    """Points, possible points and index of the scored rows; the band, unless a knock-out failed."""
    rows = sheet.rows("criteria")
    points = {row.id: _points(row) for row in rows}
    possible = {row.id: _possible(row) for row in rows}
    reached, most = total(points.values()), total(possible.values())
    index = share(reached, most)
    core = total(points[row.id] for row in rows if row.id in CORE)
    figures: dict[str, Value] = {
        "total": reached,
        "most": most,
        "index": index,
        "core": core,
        "core-index": share(core, total(possible[row.id] for row in rows if row.id in CORE)),
        "scored": share(most, total(10 * (row.number("weight") or Decimal()) for row in rows)),
    }
    for name, _ in GROUPS:
        figures[name] = total(points[row.id] for row in rows if row.choice("group") == name)
    failed = [row for row in sheet.rows("knockouts") if row.choice("met") == "no"]
    notices = list(_notices(sheet, failed, figures))
    verdict, tone = _verdict(index, figures["scored"], bool(failed), settings)
    turns = _turns(rows, points, index, settings) if index is not None and not failed else ()
    if turns:
        text = message("The answer hangs on the weights: argue them before you show the index.")
        notices.append(Notice("weights-decide", text, "info", "fnd-1.3"))
    cells: Mapping[str, Value] = {row.key("points"): points[row.id] for row in rows}
    return Result(figures, cells, verdict, tone, tuple(notices), turns, barred=bool(failed))


def _verdict(index: Decimal | None, scored: Value, failed: bool, settings: Sheet) -> tuple[Message | None, Tone]:
    if failed:
        return message("Not eligible"), "danger"
    if index is None:
        return None, "info"
    if not isinstance(scored, Decimal) or scored < ENOUGH:
        return message("Too little is scored"), "warning"
    label, tone = _band(index, settings)
    return Message(label), tone


def _notices(sheet: Sheet, failed: list[Row], figures: Mapping[str, Value]) -> list[Notice]:
    notices = [
        Notice(
            "knock-out",
            message("“%(name)s” is not met: the account is not eligible, whatever its index.", name=row.name),
            "danger",
            "fnd-1.3",
            (row.key("met"),),
        )
        for row in failed
    ]
    open_ones = [row.key("met") for row in sheet.rows("knockouts") if not row.choice("met")]
    if open_ones:
        text = message("Answer the knock-outs first: an index means nothing for an account that is not eligible.")
        notices.append(Notice("knock-outs-open", text, "info", "", tuple(open_ones)))
    scored = figures["scored"]
    if isinstance(scored, Decimal) and 0 < scored < ENOUGH:
        text = message(
            "Only %(scored)s %% of the weight is scored. Below %(enough)s %% the index is no ground for a decision.",
            scored=shown(scored),
            enough=shown(ENOUGH, 0),
        )
        notices.append(Notice("too-little", text))
    return notices


def _turns(
    rows: tuple[Row, ...], points: Mapping[str, Decimal | None], index: Decimal, settings: Sheet
) -> tuple[Message, ...]:
    """Rows whose weight, two more or two less (within 0 to 10), moves the account into another band."""
    band, _ = _band(index, settings)
    scored = {row.id: (row.number("weight"), row.number("score")) for row in rows if points[row.id] is not None}
    reached, weights = total(points.values()) or Decimal(), total(w for w, _ in scored.values()) or Decimal()
    found = []
    for row in rows:
        weight, score = scored.get(row.id, (None, None))
        if weight is None or score is None:
            continue
        for other in (max(weight - STEP, Decimal()), min(weight + STEP, Decimal(10))):
            changed = share(reached + (other - weight) * score, 10 * (weights + other - weight))
            if changed is not None and (now := _band(changed, settings)[0]) != band:
                found.append(
                    message(
                        "With weight %(weight)s for “%(name)s” the index is %(index)s %%: %(band)s.",
                        weight=shown(other, 0),
                        name=row.name,
                        index=shown(changed),
                        band=Message(now),
                    )
                )
    return tuple(found)


def _example(name: str, title: str, account: str, scores: str, figures: Mapping[str, str]) -> Example:
    cells = {f"criteria.{place:02}.score": score for place, score in enumerate(scores.split(), 1)}
    met = {f"knockouts.{place:02}.met": "yes" for place in range(1, len(KNOCKOUTS) + 1)}
    return Example(name, title, {**met, **cells}, figures, account)


EXAMPLES = (
    _example(
        "alder",
        N_("Alder: much to like, and a doubt about access"),
        N_("Alder"),
        "9 7 8 6 7 8 6 9 5 7 8 4 6 8 7 6 7 5",
        {
            "total": "958",
            "most": "1,400",
            "index": "68.4",
            "market": "240",
            "value": "322",
            "relationship": "188",
            "economics": "208",
            "core": "750",
            "core-index": "69.4",
            "verdict": "Develop",
        },
    ),
    _example(
        "birch",
        N_("Birch: pays well, moves little"),
        N_("Birch"),
        "5 4 6 8 5 6 3 4 4 6 5 7 4 6 5 8 6 7",
        {"total": "758", "index": "54.1", "market": "184", "value": "200", "relationship": "168", "economics": "206",
         "core": "552", "core-index": "51.1", "verdict": "Hold"},
    ),
    _example(
        "cedar",
        N_("Cedar: a great name that earns little"),
        N_("Cedar"),
        "8 8 7 4 3 4 8 8 3 3 4 2 3 4 3 5 4 3",
        {"total": "674", "index": "48.1", "market": "216", "value": "248", "relationship": "90", "economics": "120",
         "core": "554", "core-index": "51.3", "verdict": "Hold"},
    ),
)  # fmt: skip

TOOL = Tool(
    id="selection-scorecard",
    name=N_("Weighted selection scorecard"),
    summary=N_("Decide with weights and evidence, not by feeling, which accounts get a key-account manager."),
    sections=SECTIONS,
    outputs=OUTPUTS,
    compute=compute,
    examples=EXAMPLES,
    rubric=(
        N_("Scores stand without evidence, rows are blank."),
        N_("All rows are scored and the totals are right, but the evidence is thin."),
        N_(
            "Each group has evidence, the knock-outs come first, and it is shown what a weight two higher or lower does."
        ),
        N_("Two raters are reconciled, the weights are argued from the strategy, and decision and review date stand."),
    ),
    settings=SETTINGS,
    lessons=("fnd-1.3",),
    competencies=("C01",),
    headline="index",
)
