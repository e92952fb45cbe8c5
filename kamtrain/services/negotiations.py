"""Negotiations: one move after the other, each committed before the buyer's answer is shown.

An attempt's responses are its moves; where the talk stands is played from them. The seed is drawn with the attempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from kamtrain.content.library import Library
from kamtrain.core import negotiation as rules
from kamtrain.core.errors import Closed, Conflict, Invalid, NotFound
from kamtrain.core.message import message
from kamtrain.core.negotiation import ACTS, Move, State, Table
from kamtrain.services import learning
from kamtrain.services.attempts import Head
from kamtrain.store.attempts import Attempt, AttemptValue, add_responses, given


@dataclass(frozen=True)
class Talk:
    """An attempt at a negotiation: its table in one language, and every state on the way, the opening first."""

    attempt: AttemptValue
    table: Table
    states: tuple[State, ...]

    @property
    def here(self) -> State:
        return self.states[-1]

    @property
    def variant(self) -> str:
        return self.attempt.variant

    @property
    def seed(self) -> int:
        return int(self.attempt.draw[0])


def talk_of(session: Session, library: Library, attempt: AttemptValue, language: str) -> Talk:
    """One query. `library` is the attempt's own revision's. Raises `NotFound` for an attempt of another kind."""
    if attempt.kind != "negotiation":
        raise NotFound(message("There is no such negotiation."))
    try:
        table = library.table(attempt.activity, language)
    except KeyError:
        raise NotFound(message("There is no such negotiation.")) from None
    moves = [rules.restored(row.response) for row in given(session, attempt.id).values()]
    return Talk(attempt, table, rules.play(table, attempt.variant, int(attempt.draw[0]), moves))


def read_move(table: Table, form: Mapping[str, str]) -> Move:
    """The move in a form: `act`, with `issue-<id>` for each issue, `return` and `about`. Raises `Invalid`.

    Of an issue of numbers the number is sent, of another one the place of the option.
    """
    act = next((act for act in ACTS if act == form.get("act")), None)
    if act is None:
        raise Invalid(message("Choose what you do: offer, ask, pause, accept or leave."))
    if act == "ask":
        return Move(act, issue=form.get("about", ""))
    if act != "offer":
        return Move(act)
    return Move(act, tuple(_place(table, n, form) for n in range(len(table.issues))), form.get("return", ""))


def _place(table: Table, n: int, form: Mapping[str, str]) -> int:
    issue = table.issues[n]
    raw = form.get(f"issue-{issue.id}", "").strip()
    try:
        number = int(raw)
    except ValueError:
        raise Invalid(message("Say something for each issue: “%(name)s” is open.", name=issue.name)) from None
    if issue.numbers is None:
        if 0 <= number < len(issue.options):
            return number
        raise Invalid(message("Say something for each issue: “%(name)s” is open.", name=issue.name))
    values = issue.numbers.values
    if number not in values:
        raise Invalid(
            message(
                "“%(name)s” goes from %(low)s to %(high)s in steps of %(step)s.",
                name=issue.name,
                low=min(values),
                high=max(values),
                step=issue.numbers.step,
            )
        )
    return values.index(number)


def make(session: Session, head: Head, talk: Talk, turn: int, move: Move, now: datetime) -> Talk:
    """Makes one move and gets the buyer's answer. `turn` (0-based) is where the page stood. The talk after it.

    A double click, that is the same move at the same turn, changes nothing. Raises `Conflict` for a page that is not where
    the talk is, `Closed` after the end, `Invalid` for a move that the table does not have.
    """
    moves = [one.move for one in talk.here.turns]
    if 0 <= turn < len(moves):
        if moves[turn] == move:
            return talk
        raise Conflict(message("The conversation has already gone on from here. This is where it stands now."))
    if not talk.attempt.open:
        raise Closed(message("This negotiation is over."))
    if turn != len(moves):
        raise Conflict(message("The conversation is not at this point. This is where it stands now."))
    try:
        after = rules.step(talk.table, talk.variant, talk.seed, talk.here, move)
    except rules.Impossible:
        raise Invalid(message("This cannot be done here. Choose one of the moves offered.")) from None
    add_responses(session, talk.attempt.id, [(turn, move.act, move.stored(), None)], now)
    if after.ended:
        result = rules.debrief(talk.table, talk.variant, after)
        session.execute(
            update(Attempt)
            .where(Attempt.id == talk.attempt.id)
            .values(finished_at=now, score=result.percent, ending=after.end, grade=result.grade)
        )
        if talk.attempt.enrollment_id is not None:
            learning.refresh_summary(session, head.library, head.revision_id, talk.attempt.enrollment_id, now)
    return Talk(talk.attempt, talk.table, (*talk.states, after))
