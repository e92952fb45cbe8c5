"""Practice: beginning an attempt, drafts, answers, choices, and the end; all of it committed before it is shown.

An attempt finishes on the revision it began on, so every function takes that revision's library; summaries follow the
head's. Nothing a client sends can set a score: responses are places in the file, outcomes are computed here.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from kamtrain import items
from kamtrain.content.library import Library
from kamtrain.core import hindsight, policy
from kamtrain.core import quiz as quizzes
from kamtrain.core import scenario as scenarios
from kamtrain.core.errors import Closed, Conflict, Forbidden, Invalid, NotFound, Refusal
from kamtrain.core.hindsight import Prospects
from kamtrain.core.item import ItemType, Json, Outcome, SelfMarked
from kamtrain.core.message import Message, message
from kamtrain.core.negotiation import Table
from kamtrain.core.policy import Terms, Window
from kamtrain.core.quiz import Drawn, Question, Quiz
from kamtrain.core.scenario import Position, Scenario
from kamtrain.core.scoring import percent, question_outcome
from kamtrain.services import learning, marking, refreshers
from kamtrain.services.publishing import library_at
from kamtrain.services.results import Head as Head
from kamtrain.store.attempts import (
    Attempt,
    AttemptValue,
    Draft,
    Drafted,
    Given,
    OutcomeRow,
    add_outcomes,
    add_responses,
    drafts,
    end_quiz,
    extension_of,
    given,
    keep_draft,
    overdue,
    own_attempt,
    response_ids,
)
from kamtrain.store.base import reading, writing
from kamtrain.store.library import head as head_revision
from kamtrain.store.people import PersonRow

ASKING = ("quiz", refreshers.KIND)  # kinds of attempts whose draw holds questions
SEEDS = 1_000_000  # there are so many
logger = logging.getLogger(__name__)

Responses = Sequence[Json | None]  # one for each part of a question


def _quiz(library: Library, id: str, language: str) -> Quiz:
    try:
        return library.quiz(id, language)
    except KeyError:
        raise NotFound(message("There is no such quiz.")) from None


def _scenario(library: Library, id: str, language: str) -> Scenario:
    try:
        return library.scenario(id, language)
    except KeyError:
        raise NotFound(message("There is no such scenario.")) from None


def _table(library: Library, id: str, language: str) -> Table:
    try:
        return library.table(id, language)
    except KeyError:
        raise NotFound(message("There is no such negotiation.")) from None


def begin(
    session: Session,
    head: Head,
    person_id: int,
    kind: str,
    activity: str,
    course_id: str | None,
    variant: str,
    rng: random.Random,
    now: datetime,
) -> int:
    """The id of the person's open attempt, begun now where there is none. Within a course it enrolls.

    Raises `Closed` when no attempt is left, `NotFound` for what the library or the course does not have. Of thirty
    starts at once one begins and the others resume it: the person's row is locked while we count.
    """
    quiz = _quiz(head.library, activity, "en") if kind == "quiz" else None
    scenario = _scenario(head.library, activity, "en") if kind == "scenario" else None
    table = _table(head.library, activity, "en") if kind == "negotiation" else None
    if kind == "drill" and not head.library.has(kind, activity):
        raise NotFound(message("There is no such drill."))
    # A quiz has one variant only: with another, attempts would be counted anew.
    played = scenario or table
    if variant not in (played.variants if played is not None else ("",)):
        raise NotFound(message("There is no such buyer in this scenario."))
    if course_id is not None and head.library.step_of(course_id, kind, activity) is None:
        raise NotFound(message("This course has no such activity."))
    zone = session.execute(select(PersonRow.time_zone).where(PersonRow.id == person_id).with_for_update()).scalar_one()
    enrollment_id = (
        learning.enroll(session, head.library, head.revision_id, person_id, course_id, now) if course_id else None
    )
    same = Attempt.enrollment_id.is_(None) if enrollment_id is None else Attempt.enrollment_id == enrollment_id
    begun = session.execute(
        select(Attempt.id, Attempt.finished_at, Attempt.number, Attempt.ends_at, Attempt.retry_of)
        .where(
            Attempt.person_id == person_id,
            same,
            Attempt.kind == kind,
            Attempt.activity_id == activity,
            Attempt.variant == variant,
        )
        .order_by(Attempt.number)
    ).all()
    last_end: datetime | None = None
    for row in begun:
        if row.retry_of is not None:
            continue  # it has a number, and is not what one goes on with here
        if row.finished_at is None and (row.ends_at is None or now < row.ends_at):
            return int(row.id)
        if row.finished_at is None:
            end_overdue(session, head, row.id, person_id, now)
        last_end = row.finished_at or row.ends_at
    held_to = Terms()
    if quiz is not None:
        held_to = terms_for(session, head.library, quiz, person_id, course_id, ZoneInfo(zone))
        refuse_while_held(held_to, len(begun), last_end, now)
    attempt = Attempt(
        person_id=person_id,
        enrollment_id=enrollment_id,
        kind=kind,
        activity_id=activity,
        variant=variant,
        number=len(begun) + 1,
        revision_id=head.revision_id,
        draw=_drawn(quiz, table, rng),
        started_at=now,
        waiting=False,
        ends_at=policy.ends_at(held_to, now),
        closes_at=held_to.closes_at,
    )
    session.add(attempt)
    session.flush()  # its id is the answer
    if enrollment_id is not None:
        learning.refresh_summary(session, head.library, head.revision_id, enrollment_id, now)
    return attempt.id


def _drawn(quiz: Quiz | None, table: Table | None, rng: random.Random) -> Any:
    """What is drawn once and stored with the attempt: a quiz's questions; what chance there is in a negotiation."""
    if quiz is not None:
        return quizzes.stored(quizzes.drawn(quiz, items.TYPES, rng))
    return [rng.randrange(SEEDS)] if table is not None else []


def terms_for(
    session: Session, library: Library, quiz: Quiz, person_id: int, course_id: str | None, zone: tzinfo
) -> Terms:
    """What holds for the person at the quiz, in a course or (None) in free practice. One query where it is limited."""
    step = library.step_of(course_id, "quiz", quiz.id) if course_id is not None else None
    window = Window(step.opens, step.closes) if step is not None else Window()
    if not quiz.limited and window == Window():
        return Terms()
    return policy.terms(quiz, window, zone, extension_of(session, person_id, quiz.id))


def refuse_while_held(terms: Terms, begun: int, last_end: datetime | None, now: datetime) -> None:
    """Raises `Closed` where `core.policy.held` says that nothing can be begun."""
    held = policy.held(terms, begun, last_end, now)
    match held.reason if held else None:
        case "attempts":
            raise Closed(message("You have used all %(limit)s attempts.", limit=terms.attempts or 0))
        case "late":
            raise Closed(message("This quiz is closed; it can no longer be begun."))
        case "early":
            raise Closed(message("This quiz is not open yet."), held.until if held else None)
        case "wait":
            raise Closed(message("There is a wait before the next attempt."), held.until if held else None)


def end_overdue(session: Session, head: Head, attempt_id: int, person_id: int, now: datetime) -> bool:
    """Ends an attempt whose time has run out, at its own end and with what was saved before; whether it was so.

    Whoever looks first does it; of thirty at once one, the others find it ended.
    """
    attempt = own_attempt(session, attempt_id, person_id, locked=True)
    if not attempt.over(now):
        return False
    finish(session, head, run_of(session, library_at(session, attempt.revision_id), attempt, "en"), now)
    return True


def end_all_overdue(engine: Engine, now: datetime, limit: int = 100) -> int:
    """Ends attempts whose time has run out, each in a transaction of its own; how many it found. One query if none.

    One that cannot be ended keeps no other from it.
    """
    with reading(engine) as session:
        found = overdue(session, now, limit)
        revision = head_revision(session) if found else None
    for attempt_id, person_id in found:
        try:
            with writing(engine) as session:
                assert revision is not None  # nosec: there are attempts
                end_overdue(session, Head(revision, library_at(session, revision)), attempt_id, person_id, now)
        except (Refusal, LookupError):
            logger.exception("an attempt could not be ended", extra={"attempt": attempt_id})
    return len(found)


# --- quizzes ---


@dataclass(frozen=True)
class Run:
    """A quiz attempt with everything its pages show: what was drawn, drafted and given. `library` is its revision's."""

    attempt: AttemptValue
    library: Library
    quiz: Quiz
    draw: tuple[Drawn, ...]
    drafts: Mapping[int, Drafted]
    given: Mapping[int, Given]

    def question(self, position: int) -> Question:
        """Raises `NotFound` for a position outside the draw."""
        if not 0 <= position < len(self.draw):
            raise NotFound(message("There is no such question in this attempt."))
        return self.quiz.question(self.draw[position].question)

    def responses(self, position: int) -> Responses:
        """What was given or drafted there, one for each part; None where nothing was."""
        if position in self.given:
            return list(self.given[position].response)
        if position in self.drafts:
            return list(self.drafts[position].response)
        return [None] * len(self.draw[position].orders)

    def confidence(self, position: int) -> int | None:
        """How sure the trainee said to be, 1..3."""
        said = self.given.get(position) or self.drafts.get(position)
        return said.confidence if said is not None else None

    def tells(self, position: int, now: datetime) -> bool:
        """Whether key and feedback may be shown: after its answer is stored, and when the quiz says so."""
        if position not in self.given:
            return False
        if self.attempt.open or self.quiz.feedback == "now":
            return self.quiz.feedback == "now"
        closes_at = self.attempt.closes_at if self.quiz.feedback == "window" else None
        return closes_at is None or now >= closes_at

    def answered(self, position: int) -> bool:
        """Whether something was answered that can be read: a draft in doubt is still open."""
        responses = self.responses(position)
        if all(response is None for response in responses):
            return False
        return position in self.given or doubt(self, position, responses) is None


def _asked(library: Library, attempt: AttemptValue, draw: Sequence[Drawn], language: str) -> Quiz:
    """The quiz of an attempt; of a refresher, its questions as one."""
    if attempt.kind == refreshers.KIND:
        return refreshers.quiz_of(library, draw, language)
    return _quiz(library, attempt.activity, language)


def run_of(session: Session, library: Library, attempt: AttemptValue, language: str) -> Run:
    """Two queries. `library` is the attempt's own revision's."""
    if attempt.kind not in ASKING:
        raise NotFound(message("There is no such question in this attempt."))
    draw = quizzes.restored(attempt.draw)
    return Run(
        attempt=attempt,
        library=library,
        quiz=_asked(library, attempt, draw, language),
        draw=draw,
        drafts=drafts(session, attempt.id),
        given=given(session, attempt.id),
    )


def read_responses(
    library: Library, attempt: AttemptValue, position: int, form: Mapping[str, Sequence[str]]
) -> Responses:
    """The responses to the question at `position` in a form; fields begin with `part-<n>`. Raises `Invalid`."""
    draw = quizzes.restored(attempt.draw) if attempt.kind in ASKING else ()
    if not 0 <= position < len(draw):
        raise NotFound(message("There is no such question in this attempt."))
    question = _asked(library, attempt, draw[position : position + 1], "en").question(draw[position].question)
    return [
        items.TYPES[part.type].read(part.item, order, form, f"part-{place}")
        for place, (part, order) in enumerate(zip(question.parts, draw[position].orders, strict=True))
    ]


SURE = "part-sure"  # the form's field


def read_confidence(form: Mapping[str, Sequence[str]]) -> int | None:
    """How sure, 1..3; None where it was not said. Raises `Invalid`."""
    said = [value for value in form.get(SURE, ()) if value]
    if not said:
        return None
    if said[0] not in ("1", "2", "3"):
        raise Invalid(message("The page sent something that cannot be read. Reload it; your saved answers are kept."))
    return int(said[0])


def doubt(run: Run, position: int, responses: Responses) -> Message | None:
    """Why one of the responses cannot be read as an answer at all: asked again before it is handed in."""
    parts = zip(run.question(position).parts, responses, strict=True)
    said = (items.TYPES[part.type].doubt(part.item, one) for part, one in parts if one is not None)
    return next((reason for reason in said if reason is not None), None)


def save_draft(
    session: Session,
    attempt: AttemptValue,
    position: int,
    responses: Responses,
    sequence: int,
    now: datetime,
    *,
    answered: bool,
    confidence: int | None = None,
) -> bool:
    """Keeps an unfinished answer; whether it is what is stored now: a packet older than that changes nothing.

    Raises `Closed` after the end, `Conflict` where the answer was already given (`answered`).
    """
    _refuse_when_ended(attempt, now)
    if answered:
        raise Conflict(message("This question is already answered."))
    if not 0 <= sequence < 2**53:
        raise Invalid(message("The page sent something that cannot be read. Reload it; your saved answers are kept."))
    if keep_draft(session, attempt.id, Drafted(position, list(responses), sequence, now, confidence)):
        return True
    # Sent once more because our answer to it was lost: it is stored, and the page may say so.
    stored = drafts(session, attempt.id)[position]
    return bool(stored.response == list(responses) and stored.confidence == confidence)


def _refuse_when_ended(attempt: AttemptValue, now: datetime) -> None:
    if not attempt.open:
        raise Closed(message("This attempt is finished; its answers can no longer be changed."))
    if attempt.over(now):
        raise Closed(message("The time is up. What was saved until then has been handed in."))


def next_sequence(session: Session, attempt_id: int, position: int) -> int:
    """For a form sent without script: above whatever was autosaved."""
    stored = select(Draft.sequence).where(Draft.attempt_id == attempt_id, Draft.position == position)
    return (session.scalar(stored) or 0) + 1


def _submit(session: Session, run: Run, wanted: Mapping[int, Responses], now: datetime) -> list[Outcome]:
    """Adds responses with their outcomes, in two statements however many there are; the outcomes."""
    if not wanted:
        return []
    rows = [
        (position, run.draw[position].question, list(responses), run.confidence(position))
        for position, responses in wanted.items()
    ]
    add_responses(session, run.attempt.id, rows, now)
    ids = response_ids(session, run.attempt.id)
    outcomes = {place: question_outcome(run.question(place), items.TYPES, said) for place, said in wanted.items()}
    add_outcomes(session, [(ids[place], one.points, one.possible) for place, one in outcomes.items()], now)
    said = {ids[place]: (run.question(place), responses) for place, responses in wanted.items()}
    marking.hand_in_quiz(session, run.library, run.attempt, run.quiz, said, now)
    _bear_in_mind(session, run, wanted, outcomes, now)
    return list(outcomes.values())


def _bear_in_mind(
    session: Session, run: Run, wanted: Mapping[int, Responses], outcomes: Mapping[int, Outcome], now: datetime
) -> None:
    """What was answered in a course or a refresher comes back when it is time."""
    again = run.attempt.kind == refreshers.KIND
    if not again and (run.attempt.enrollment_id is None or not refreshers.is_rehearsed(run.library, run.quiz.id)):
        return
    shares: dict[tuple[str, str, str], int] = {}
    for position, outcome in outcomes.items():
        question, share = run.question(position), refreshers.share_of(outcome)
        if share is None or open_parts_of(question) or all(one is None for one in wanted[position]):
            continue
        key = refreshers.key_of(question.id) if again else ("quiz", run.quiz.id, question.id)
        shares[key] = share
        if key[0] == "drill":
            refreshers.count_in_drill(session, run.library, run.attempt, position, key, wanted[position], now)
    refreshers.note(session, run.attempt.person_id, shares, now)


def answer(
    session: Session, run: Run, position: int, responses: Responses, now: datetime, confidence: int | None = None
) -> None:
    """Submits one answer for good (quizzes with `feedback: now`). Sending the same twice changes nothing.

    Raises `Closed` after the end, `Conflict` when another answer was given, `Invalid` when nothing was answered.
    """
    run.question(position)
    if position in run.given:
        if list(run.given[position].response) == list(responses):
            return
        raise Conflict(message("This question is already answered; the first answer counts."))
    _refuse_when_ended(run.attempt, now)
    if any(response is None for response in responses):
        raise Invalid(message("Answer every part of the question first."))
    said = Drafted(position, list(responses), 0, now, confidence)
    _submit(session, replace(run, drafts={**run.drafts, position: said}), {position: responses}, now)


def finish(session: Session, head: Head, run: Run, now: datetime) -> None:
    """Ends the attempt: what was drafted is submitted, what was left open scores nothing. Twice changes nothing.

    Where its time ran out before `now`, it ended then.
    """
    if not run.attempt.open:
        return
    now = min(now, run.attempt.ends_at or now)
    left = {place: run.responses(place) for place in range(len(run.draw)) if place not in run.given}
    outcomes = [*_outcomes(run.given), *_submit(session, run, left, now)]
    _settle(session, head, run, outcomes, now, finished_at=now)


def _outcomes(rows: Mapping[int, Given]) -> list[Outcome]:
    return [Outcome(row.points, row.possible) for row in rows.values() if row.possible is not None]


def _settle(
    session: Session, head: Head, run: Run, outcomes: Sequence[Outcome], now: datetime, finished_at: datetime
) -> None:
    """Writes the attempt's result from the outcomes of all its questions, and the summary."""
    score = percent(outcomes)
    waiting = any(outcome.points is None for outcome in outcomes)
    passed = None if score is None or run.quiz.passing is None else score >= run.quiz.passing
    end_quiz(session, run.attempt.id, finished_at, score, waiting, passed)
    _refresh(session, head, run.attempt, now)


def _refresh(session: Session, head: Head, attempt: AttemptValue, now: datetime) -> None:
    """The summary follows; a course that is no longer published keeps the one it has."""
    if attempt.enrollment_id is not None:
        learning.refresh_summary(session, head.library, head.revision_id, attempt.enrollment_id, now)


def open_parts_of(question: Question) -> dict[int, SelfMarked]:
    """Place -> type of the parts that a person marks."""
    types = ((place, items.TYPES[part.type]) for place, part in enumerate(question.parts))
    return {place: type for place, type in types if isinstance(type, SelfMarked)}


BY_TRAINER = message("A trainer marks this answer by a rubric, and says why; you see the mark with its reasons.")


def rule_of(quiz: Quiz, type: ItemType) -> Message | None:
    """How questions of this type are scored in the quiz, said before one answers."""
    return BY_TRAINER if quiz.marking == "trainer" and isinstance(type, SelfMarked) else type.rule


def read_levels(run: Run, position: int, form: Mapping[str, Sequence[str]]) -> dict[int, tuple[int, ...]]:
    """The levels chosen in a form for the open parts of a question; fields begin with `part-<n>`. Raises `Invalid`."""
    question = run.question(position)
    return {
        place: type.read_levels(question.parts[place].item, form, f"part-{place}")
        for place, type in open_parts_of(question).items()
    }


def self_mark(
    session: Session, head: Head, run: Run, position: int, levels: Mapping[int, Sequence[int]], now: datetime
) -> None:
    """The trainee's own mark for the open parts of a question, against the model answer. Marking again adds a row.

    `levels` goes from the part's place to one level for each criterion of its rubric. Raises `Closed` before the answer
    may be seen, `Invalid` for levels the rubric does not have.
    """
    question = run.question(position)
    if run.quiz.marking == "trainer":
        raise Forbidden(message("A trainer marks this answer; you see the mark with its reasons."))
    row = run.given.get(position)
    if row is None:
        raise Closed(message("Answer the question before you mark it."))
    if not run.tells(position, now):
        if run.attempt.open:
            raise Closed(message("Finish the attempt before you mark your answers."))
        raise Closed(
            message("The answers are shown after the quiz has closed; mark yours then."), run.attempt.closes_at
        )
    open_parts = open_parts_of(question)
    if not open_parts or set(levels) != set(open_parts):
        raise Invalid(message("Choose a level for each criterion."))
    marked = {
        place: open_parts[place].self_mark(question.parts[place].item, chosen) for place, chosen in levels.items()
    }
    outcome = question_outcome(question, items.TYPES, list(row.response), marked)
    session.add(
        OutcomeRow(
            response_id=row.id,
            points=outcome.points,
            possible=outcome.possible,
            by_id=run.attempt.person_id,
            detail={str(place): list(chosen) for place, chosen in levels.items()},
            at=now,
        )
    )
    session.flush()  # the result is computed from the rows
    if run.attempt.finished_at is not None:
        outcomes = _outcomes(given(session, run.attempt.id))
        _settle(session, head, run, outcomes, now, finished_at=run.attempt.finished_at)


# --- scenarios ---


@dataclass(frozen=True)
class Conversation:
    """A scenario attempt: the choices made and every position on the way, the start first."""

    attempt: AttemptValue
    scenario: Scenario
    choices: tuple[int, ...]
    positions: tuple[Position, ...]

    @property
    def here(self) -> Position:
        return self.positions[-1]


def conversation_of(session: Session, library: Library, attempt: AttemptValue, language: str) -> Conversation:
    """One query. `library` is the attempt's own revision's."""
    scenario = _scenario(library, attempt.activity, language)
    choices = tuple(row.response for row in given(session, attempt.id).values())
    return Conversation(attempt, scenario, choices, scenarios.walk(scenario, attempt.variant, choices))


def choose(
    session: Session, head: Head, talk: Conversation, turn: int, scene: str, place: int, now: datetime
) -> Conversation:
    """Says one line. `turn` (0-based) and `scene` are where the page stood. The conversation after it.

    A double click, that is the same choice at the same turn, changes nothing. Raises `Conflict` for a page that is not
    where the conversation is, `Closed` after the end, `Invalid` for a choice that is not offered.
    """
    if 0 <= turn < len(talk.choices):
        if talk.positions[turn].scene == scene and talk.choices[turn] == place:
            return talk
        raise Conflict(message("The conversation has already gone on from here. This is where it stands now."))
    if not talk.attempt.open:
        raise Closed(message("This conversation is over."))
    if turn != len(talk.choices) or talk.here.scene != scene:
        raise Conflict(message("The conversation is not at this point. This is where it stands now."))
    try:
        after = scenarios.step(talk.scenario, talk.attempt.variant, talk.here, place)
    except scenarios.Impossible:
        raise Invalid(message("This line cannot be said here. Choose one of those offered.")) from None
    add_responses(session, talk.attempt.id, [(turn, scene, place, None)], now)
    if after.ended:
        session.execute(
            update(Attempt)
            .where(Attempt.id == talk.attempt.id)
            .values(
                finished_at=now,
                score=scenarios.score(talk.scenario, after),
                ending=after.scene,
                grade=scenarios.grade(talk.scenario, after),
            )
        )
        if talk.attempt.retry_of is None:
            _refresh(session, head, talk.attempt, now)
    return Conversation(talk.attempt, talk.scenario, (*talk.choices, place), (*talk.positions, after))


def retry(session: Session, library: Library, origin: AttemptValue, turn: int, now: datetime) -> int:
    """The id of the open retry of a finished conversation from choice `turn` (0-based), begun now where there is none.

    The choices before it are replayed on the revision they were made on, so that the same ones lead to the same end. It
    does not count. Of thirty clicks at once one begins: the person's row is locked. Raises `NotFound` for what is no
    conversation, `Closed` while it is going on, `Invalid` for a turn it did not have (the first one is a new attempt).
    """
    if origin.kind != "scenario":
        raise NotFound(message("There is no such scenario."))
    if origin.open:
        raise Closed(message("This conversation is still going on. Play it to its end first."))
    talk = conversation_of(session, library, origin, "en")
    if not 0 < turn < len(talk.choices):
        raise Invalid(message("The conversation has no such turn. Choose one from the list of your path."))
    session.execute(select(PersonRow.id).where(PersonRow.id == origin.person_id).with_for_update())
    known = session.scalar(
        select(Attempt.id).where(
            Attempt.retry_of == origin.id, Attempt.retry_turn == turn, Attempt.finished_at.is_(None)
        )
    )
    if known is not None:
        return known
    stay = origin.enrollment_id
    same = Attempt.enrollment_id.is_(None) if stay is None else Attempt.enrollment_id == stay
    numbers = select(func.max(Attempt.number)).where(
        Attempt.person_id == origin.person_id,
        same,
        Attempt.kind == origin.kind,
        Attempt.activity_id == origin.activity,
        Attempt.variant == origin.variant,
    )
    attempt = Attempt(
        person_id=origin.person_id,
        enrollment_id=origin.enrollment_id,
        kind=origin.kind,
        activity_id=origin.activity,
        variant=origin.variant,
        number=1 + (session.scalar(numbers) or 0),
        revision_id=origin.revision_id,
        draw=[],
        started_at=now,
        waiting=False,
        retry_of=origin.id,
        retry_turn=turn,
    )
    session.add(attempt)
    session.flush()  # its id is the answer
    replayed = zip(talk.choices[:turn], talk.positions, strict=False)
    add_responses(session, attempt.id, [(n, here.scene, place, None) for n, (place, here) in enumerate(replayed)], now)
    return attempt.id


def used(session: Session, person_id: int, enrollment_id: int | None, kind: str, activity: str) -> int:
    """Attempts begun, for "2 of 3 left". One query."""
    same = Attempt.enrollment_id.is_(None) if enrollment_id is None else Attempt.enrollment_id == enrollment_id
    count: Any = session.scalar(
        select(func.count())
        .select_from(Attempt)
        .where(Attempt.person_id == person_id, same, Attempt.kind == kind, Attempt.activity_id == activity)
    )
    return int(count)


_prospects: dict[tuple[int, str, str], tuple[Scenario, Prospects]] = {}
KEPT = 50  # scenarios against a buyer kept in each process; one has about a thousand positions, some 300 kB


def prospects_of(library: Library, attempt: AttemptValue) -> Prospects:
    """What can be made of each position of the attempt's scenario against its buyer, on its revision.

    Walked once in each process.
    """
    scenario = _scenario(library, attempt.activity, "en")
    key = attempt.revision_id, attempt.activity, attempt.variant
    known = _prospects.get(key)  # held, since another thread may clear what is kept
    if known is None or known[0] is not scenario:
        known = scenario, hindsight.prospects(scenario, attempt.variant)
        if len(_prospects) >= KEPT:
            _prospects.clear()
        _prospects[key] = known
    return known[1]


def best_choices(library: Library, attempt: AttemptValue) -> tuple[int, ...]:
    """The best path of the attempt's scenario against its buyer, on its revision."""
    scenario = _scenario(library, attempt.activity, "en")
    return hindsight.best_path(scenario, attempt.variant, prospects_of(library, attempt))
