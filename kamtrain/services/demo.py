"""The demo company: two teams, their people, and histories made by the same services that make real ones.

Every name is invented. The accounts are marked as demo and sign in from this machine only.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kamtrain.content.library import Library
from kamtrain.core import negotiation as rules
from kamtrain.core import scenario as scenarios
from kamtrain.core.accounts import Profile
from kamtrain.core.catalog import Course, Step
from kamtrain.core.negotiation import Move
from kamtrain.core.people import Person, Role
from kamtrain.core.progress import required
from kamtrain.core.quiz import Part
from kamtrain.services import attempts, demo_accounts, drills, learning, negotiations, people, teams
from kamtrain.services.attempts import Head, Run
from kamtrain.services.marking import Sent, appeal, mark, open_work, reader_of
from kamtrain.services.negotiations import Talk
from kamtrain.store.attempts import own_attempt
from kamtrain.store.marking import work_line, works_by, works_in
from kamtrain.store.people import PersonRow

PASSWORD = "kamtrain-demo"  # nosec: printed at every start of the demo; demo accounts work on loopback only


@dataclass(frozen=True)
class Cast:
    """One person of the demo. `skill` is the chance of a right answer, `steps` how far she went; both for trainees.

    Everybody takes the courses in the order of `PATH`, one after the other.
    """

    email: str
    name: str
    roles: frozenset[Role]
    team: str | None = None
    language: str = "en"
    zone: str = "Asia/Shanghai"
    skill: float = 0.0
    steps: int = 0
    days: int = 0  # since she began


TEAMS = ("East China", "South China")
MOST_DRILLED = 60  # questions of one drill
PATH = ("ppl", "fnd")  # the courses the company began with

_T, _R, _M, _A = (frozenset({role}) for role in (Role.trainee, Role.trainer, Role.manager, Role.admin))

CAST: tuple[Cast, ...] = (
    Cast("trainee@demo.example", "Ines Keller", _T, "East China", skill=0.8, steps=6, days=9),
    Cast("outsider@demo.example", "何思远", _T, "South China", "zh-Hans", skill=0.75, steps=4, days=6),
    Cast("trainer@demo.example", "Marta Lindqvist", _R),
    Cast("othertrainer@demo.example", "郭文静", _R, language="zh-Hans"),
    Cast("manager@demo.example", "Paul Okafor", _M),
    Cast("othermanager@demo.example", "沈立群", _M, language="zh-Hans"),
    Cast("admin@demo.example", "Ada Brandt", _A),
    Cast("chen.yulan@demo.example", "陈玉兰", _T, "East China", "zh-Hans", skill=0.97, steps=40, days=31),
    Cast("tom.hale@demo.example", "Tom Hale", _T, "East China", skill=0.62, steps=40, days=27),
    Cast("zhou.min@demo.example", "周敏", _T, "East China", "zh-Hans", skill=0.85, steps=11, days=20),
    Cast("lea.moreau@demo.example", "Léa Moreau", _T, "East China", skill=0.9, steps=40, days=24),
    Cast("wang.fang@demo.example", "王芳", _T, "East China", "zh-Hans", skill=0.5, steps=3, days=14),
    Cast("li.haoran@demo.example", "李浩然", _T, "South China", "zh-Hans", skill=0.92, steps=40, days=29),
    Cast("sofia.rossi@demo.example", "Sofia Rossi", _T, "South China", skill=0.7, steps=9, days=16),
    Cast(
        "huang.jiaqi@demo.example", "黃嘉琪", _T, "South China", "zh-Hant", "Asia/Taipei", skill=0.88, steps=7, days=12
    ),
    Cast("jonas.weber@demo.example", "Jonas Weber", _T, "South China", skill=0.0, steps=0),
    Cast("ma.lin@demo.example", "马琳", _T, "South China", "zh-Hans", skill=0.66, steps=1, days=3),
)

REMARKS = {
    "en": ("What exactly did you see or hear? Name it.", "Well observed, and it leads to the next step."),
    "zh-Hans": ("具体看到、听到了什么？请写出来。", "观察到位，也引出了下一步。"),
}
MARKERS = ("trainer@demo.example", "othertrainer@demo.example")  # the first and the second reader
APPEALING = "tom.hale@demo.example"
UNMARKED = ("zhou.min@demo.example", "sofia.rossi@demo.example", "huang.jiaqi@demo.example")  # their answers wait

MANAGERS = {"East China": "manager@demo.example", "South China": "othermanager@demo.example"}


def seed(session: Session, head: Head, password_hash: str, now: datetime) -> bool:
    """Adds the demo company; whether it had to: where its admin is known already, nothing is changed."""
    known = select(PersonRow.id).where(PersonRow.email == "admin@demo.example")
    if session.scalar(known) is not None:
        return False
    founded = now - timedelta(days=40)
    places = {name: teams.add_team(session, None, name, None, founded) for name in TEAMS}
    ids: dict[str, int] = {}
    for one in CAST:
        profile = Profile(
            one.email, one.name, one.roles, places[one.team] if one.team else None, one.language, one.zone
        )
        ids[one.email] = people.add_person(session, None, profile, founded, demo=True)
    session.execute(update(PersonRow).where(PersonRow.demo).values(password_hash=password_hash))
    for team, manager in MANAGERS.items():
        teams.set_managers(session, places[team], [ids[manager]])
    for one in CAST:
        if one.steps:
            markers = tuple(_person(email, ids) for email in MARKERS)
            History(session, head, ids[one.email], one, now, () if one.email in UNMARKED else markers).write()
    _appeal(session, ids[APPEALING], now - timedelta(hours=3))
    demo_accounts.hold(session, head, ids, now)
    return True


def _appeal(session: Session, person_id: int, now: datetime) -> None:
    """One trainee is against the mark she got last."""
    marked = [line for line in works_by(session, person_id) if line.state == "done"]
    if marked:
        attempt = own_attempt(session, marked[-1].attempt_id, person_id, locked=True)
        reason = "My second cue is a quotation: that is what he said. Please read it once more."
        appeal(session, attempt, marked[-1].position, reason, now)


def _person(email: str, ids: Mapping[str, int]) -> Person:
    one = next(one for one in CAST if one.email == email)
    return Person(ids[email], email, one.name, one.roles, one.language, one.zone, None)


class History:
    """What one trainee did, told day by day. The same every time: the dice begin from the address."""

    def __init__(
        self, session: Session, head: Head, person_id: int, one: Cast, now: datetime, markers: Sequence[Person] = ()
    ) -> None:
        """`markers`: the trainers who mark what she hands in, a second time where it is drawn; none: it waits."""
        self.session, self.head, self.person_id, self.one = session, head, person_id, one
        self.markers = markers
        self.rng = random.Random(one.email)  # nosec: not for secrets
        self.clock = now - timedelta(days=one.days, hours=self.rng.randrange(1, 5))
        self.end = now - timedelta(minutes=self.rng.randrange(20, 600))

    @property
    def library(self) -> Library:
        return self.head.library

    def write(self) -> None:
        courses = [self.library.courses[id] for id in PATH if id in self.library.courses]
        steps = [(course, step) for course in courses for step in self.steps_of(course)]
        pause = (self.end - self.clock) / max(len(steps[: self.one.steps]), 1)
        for course, step in steps[: self.one.steps]:
            self.take(course, step)
            self.clock += pause * self.rng.uniform(0.5, 1.0)

    def steps_of(self, course: Course) -> tuple[Step, ...]:
        """All that can be done in the course, in order; a post-test that is no step of it last. Sheets are `demo_accounts`'."""
        test = tuple(step for step in required(course) if step not in course.playable)
        steps = (step for step in (*course.playable, *test) if step.kind != "tool")
        return tuple(step for step in steps if self.library.has(step.kind, step.id))

    def take(self, course: Course, step: Step) -> None:
        place = (self.session, self.library, self.head.revision_id, self.person_id, course.id, step.id)
        if step.kind == "lesson":
            learning.open_lesson(*place, self.clock)
            learning.finish_lesson(*place, self.clock + timedelta(minutes=self.rng.randrange(6, 18)))
        elif step.kind == "quiz":
            for _try in range(2):
                if self.quiz(course, step):
                    break
                self.clock += timedelta(minutes=30)
        elif step.kind == "drill":
            self.drill(course, step)
        elif step.kind == "negotiation":
            self.negotiate(course, step)
        elif step.kind == "scenario":
            for _try in range(2):
                if self.scenario(course, step):
                    break
                self.clock += timedelta(minutes=20)

    def drill(self, course: Course, step: Step) -> None:
        """Questions until the mark is reached; practice helps. What is not seen is mostly taken for one other answer."""
        answers = [answer.id for answer in self.library.drill(step.id, "en").answers]
        for question in range(MOST_DRILLED):
            sure = self.one.skill + question / MOST_DRILLED
            asked = drills.deal(self.session, self.head, self.person_id, step.id, course.id, self.clock)
            self.clock += timedelta(seconds=self.rng.randrange(6, 40))
            attempt = own_attempt(self.session, asked.attempt_id, self.person_id)
            scene = drills.scene_of(self.session, self.library, attempt, asked, "en")
            right = self.rng.random() < sure
            place = answers.index(asked.truth)
            said = asked.truth if right else answers[(place + (3 if self.rng.random() < 0.7 else 1)) % len(answers)]
            scene = drills.choose(self.session, scene, said, self.clock)
            self.clock += timedelta(seconds=self.rng.randrange(4, 25))
            cues = [scene.question.parts[1].item.options[one].right for one in scene.order]
            shown = cues.index(self.rng.random() < sure)
            felt = 1 + (sure > 0.7) + (sure > 0.95)
            drills.name_cue(self.session, self.head, scene, shown, course.id, self.clock, felt)
            if not own_attempt(self.session, asked.attempt_id, self.person_id).open:
                return

    def begin(self, course: Course, step: Step) -> int:
        return attempts.begin(
            self.session, self.head, self.person_id, step.kind, step.id, course.id, "", self.rng, self.clock
        )

    def quiz(self, course: Course, step: Step) -> bool:
        """One attempt; whether it was passed."""
        id = self.begin(course, step)
        run = self._run(id)
        for position in range(len(run.draw)):
            self.clock += timedelta(seconds=self.rng.randrange(20, 90))
            responses = [self._response(part) for part in run.question(position).parts]
            attempts.save_draft(
                self.session, run.attempt, position, responses, position + 1, self.clock, answered=False
            )
        attempts.finish(self.session, self.head, self._run(id), self.clock)
        run = self._run(id)
        if run.quiz.marking == "trainer":
            self.mark(id)
            return bool(self._run(id).attempt.passed) or not self.markers
        for position, row in run.given.items():
            if row.points is None:
                levels = {
                    place: tuple(
                        self._level(len(criterion.levels))
                        for criterion in run.question(position).parts[place].item.criteria
                    )
                    for place in attempts.open_parts_of(run.question(position))
                }
                attempts.self_mark(self.session, self.head, run, position, levels, self.clock)
        return bool(self._run(id).attempt.passed)

    def mark(self, attempt: int) -> None:
        """What trainers said hours later. The second reader is a little stricter, and now and then a lot."""
        at = self.clock + timedelta(hours=self.rng.randrange(2, 20))
        for line in works_in(self.session, attempt).values():
            for strict, marker in enumerate(self.markers):
                now = work_line(self.session, line.id)
                if now and reader_of(self.session, self.library, marker).may_take(now):
                    opened = open_work(self.session, self.head, marker, now.id, "en")
                    part = opened.work.parts[0]
                    low = strict and self.rng.choice((0, 0, 1, 2))
                    levels = tuple(max(0, self._level(len(one.levels)) - low) for one in part.criteria)
                    said = REMARKS[marker.language][levels[0] >= 2]
                    comments = (said, *("" for _ in part.criteria[1:]))
                    sent = Sent({part.key: levels}, {part.key: comments}, "", opened.newest, opened.work.rubric)
                    mark(self.session, self.head, marker, now.id, sent, at)
                    at += timedelta(hours=1)

    def _run(self, id: int) -> Run:
        return attempts.run_of(self.session, self.library, own_attempt(self.session, id, self.person_id), "en")

    def _level(self, levels: int) -> int:
        return min(levels - 1, int(levels * self.one.skill))

    def _response(self, part: Part) -> Any:
        right = self.rng.random() < self.one.skill
        return ANSWERS[part.type](part.item, right, self.rng) if part.type in ANSWERS else None

    def scenario(self, course: Course, step: Step) -> bool:
        """One conversation; whether it reached the ending that the course asks for."""
        id = self.begin(course, step)
        on_path = True
        while True:
            value = own_attempt(self.session, id, self.person_id)
            if not value.open:
                return scenarios.reaches(value.grade, step.reach)  # type: ignore[arg-type]
            best = attempts.best_choices(self.library, value)
            talk = attempts.conversation_of(self.session, self.library, value, "en")
            turn = len(talk.choices)
            offered = scenarios.offered(talk.scenario, "", talk.here)
            wise = on_path and turn < len(best) and self.rng.random() < self.one.skill
            place = best[turn] if wise else self.rng.choice(offered)
            on_path = on_path and turn < len(best) and place == best[turn]
            self.clock += timedelta(seconds=self.rng.randrange(15, 70))
            attempts.choose(self.session, self.head, talk, turn, talk.here.scene, place, self.clock)

    def negotiate(self, course: Course, step: Step) -> None:
        """One talk: ever smaller steps towards the target, each against something as often as one is skilled."""
        id = self.begin(course, step)
        while True:
            value = own_attempt(self.session, id, self.person_id)
            if not value.open:
                return
            talk = negotiations.talk_of(self.session, self.library, value, "en")
            move = self._move(talk)
            self.clock += timedelta(seconds=self.rng.randrange(20, 80))
            negotiations.make(self.session, self.head, talk, len(talk.here.turns), move, self.clock)

    def _move(self, talk: Talk) -> Move:
        table, here = talk.table, talk.here
        goal = table.target - 60 + (rules.WHOLE - table.target) * here.left**2 // table.turns**2
        if here.left == 1 or table.yours(here.counter) >= goal:
            return Move("accept" if table.yours(here.counter) >= table.limit else "walk")
        if here.stuck:
            return Move("pause")
        package = next(p.package for p in reversed(rules.frontier(table)) if p.yours >= goal)
        gaps = zip(table.issues, package, here.counter, strict=True)
        widest = max(gaps, key=lambda gap: gap[0].options[gap[1]].yours - gap[0].options[gap[2]].yours)
        return Move("offer", package, widest[0].id if self.rng.random() < self.one.skill else "")


def _single(item: Any, right: bool, rng: random.Random) -> int:
    return rng.choice([place for place, option in enumerate(item.options) if option.right == right])


def _multiple(item: Any, right: bool, rng: random.Random) -> list[int]:
    key = [place for place, option in enumerate(item.options) if option.right]
    return key if right else sorted({*key[1:], rng.randrange(len(item.options))})


def _matching(item: Any, right: bool, rng: random.Random) -> list[int]:
    key = [item.pairs[place].same for place in item.asked]
    return key if right else [*key[1:], key[0]]


def _open(item: Any, right: bool, rng: random.Random) -> str:
    return (
        "Cut me off twice before I had finished, chose one of the two options within a minute, and asked who in my firm can "
        "decide. Three things I saw and heard myself. I take it for a guess and will test it with a date next time."
    )


def _ordering(item: Any, right: bool, rng: random.Random) -> list[int]:
    places = list(range(len(item.steps)))
    return places if right else [*places[1:], places[0]]


def _classify(item: Any, right: bool, rng: random.Random) -> list[int]:
    key = [one.group for one in item.statements]
    return key if right else [rng.randrange(len(item.groups)), *key[1:]]


def _numeric(item: Any, right: bool, rng: random.Random) -> str:
    return (item.key if right or not item.slips else rng.choice(item.slips).number).text  # type: ignore[no-any-return]


def _short(item: Any, right: bool, rng: random.Random) -> str:
    return item.key.shown[0] if right else rng.choice([*(one.text for one in item.slips), "?"])  # type: ignore[no-any-return]


def _gaps(item: Any, right: bool, rng: random.Random) -> list[Any]:
    if item.bank is not None:
        key = list(range(len(item.gaps)))
        return key if right else [*key[1:], key[0]]
    words = [gap.shown[0] for gap in item.gaps]
    return words if right else [rng.choice([*(one.text for one in item.slips), None]), *words[1:]]


ANSWERS: dict[str, Callable[[Any, bool, random.Random], Any]] = {
    "single": _single,
    "multiple": _multiple,
    "matching": _matching,
    "open": _open,
    "ordering": _ordering,
    "classify": _classify,
    "numeric": _numeric,
    "short": _short,
    "cloze": _gaps,
    "grid": _gaps,
}
