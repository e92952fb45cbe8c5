"""A company of thousands, by bulk inserts: teams, trainees with believable progress, and what the journeys use up.

Nothing here decides what is complete: every summary is `core.progress`'s answer to the rows written beside it.
"""

from __future__ import annotations

import random
import re
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bench.client import Ticket
from bench.journeys import PASSWORD, QUIZ, SHEET
from bench.servers import ROOT
from kamtrain import items
from kamtrain.content.library import Library
from kamtrain.core import quiz as quizzes
from kamtrain.core.catalog import Course, Step
from kamtrain.core.progress import progress
from kamtrain.services.demo import ANSWERS
from kamtrain.services.learning import facts_from, refresh_summary, stored_missing
from kamtrain.services.names import sort_key
from kamtrain.services.passwords import hashed
from kamtrain.services.publishing import library_at, publish_bundle
from kamtrain.services.workbench import open_sheet
from kamtrain.store.attempts import Attempt, AttemptFact, Draft, OutcomeRow, Response
from kamtrain.store.learning import Enrollment, LessonFact, LessonRead, Summary
from kamtrain.store.library import head
from kamtrain.store.people import PersonRow, SignIn, Team, TeamManager, token_hash
from kamtrain.store.workbench import add_account, own_account
from kamtrain.workbench import TOOLS

COURSE = "ppl"
SCENARIO = "sc02"
POOL = 1_200  # trainees with an open attempt and a conversation not begun
TEAM = 100  # trainees in a team, at least; there are a hundred teams at most
DRILLED = 80  # percent at which a drill of the course ends
CHUNK = 5_000  # rows of one statement

# Chinese and other names, as (family, given); all invented.
FAMILY = ("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗", ("Adler", "Brandt", "Costa", "Dahl", "Evans"))
GIVEN = ("伟芳娜敏静强磊洋艳勇军杰涛明霞平刚", ("Ada", "Ben", "Carla", "Dina", "Emil"))


def content(folder: Path) -> Path:
    """A copy of the bundled library with one quiz of ten more, since none of its own asks exactly ten."""
    place = folder / "content"
    for name in ("courses", "quizzes"):
        shutil.copytree(ROOT / name, place / name)
    for source in (place / "quizzes").glob("ppl-styles.*.md"):
        # The drill's questions list all their answers, so that they are a quiz's as they stand, but for one word.
        _, front, body = source.read_text(encoding="utf-8").split("---\n", 2)
        kept = [line for line in front.splitlines() if line.split(":")[0] not in ("id", "kind", "draw")]
        front = "\n".join([f"id: {QUIZ}", "kind: quiz", "draw: 10", "pass: 80", "shuffle: [items, options]", *kept])
        questions = re.sub(r"(?m)^`confusable: .*`\n\n", "", body[body.index("\n## ") :])
        source.with_name(source.name.replace("ppl-styles", QUIZ)).write_text(f"---\n{front}\n---\n{questions}", "utf-8")
    course = place / "courses" / COURSE / "course.yaml"
    last = "      - quiz: ppl-1.6-check\n"
    text = course.read_text(encoding="utf-8")
    if last not in text:
        raise RuntimeError(f"the course {COURSE} no longer ends as the benchmark expects; see bench/company.py")
    course.write_text(text.replace(last, f"{last}      - quiz: {QUIZ}\n"), "utf-8")
    return place


class Company:
    """`app` signs the cookies; `session` is a writing one."""

    def __init__(self, session: Session, app: Flask, folder: Path, trainees: int) -> None:
        self.session, self.app, self.trainees = session, app, trainees
        self.rng = random.Random(2026)
        self.now = datetime.now(UTC)
        publish_bundle(session, folder, self.now)
        revision = head(session)
        assert revision is not None
        self.revision = revision
        self.library: Library = library_at(session, self.revision)
        self.course: Course = self.library.courses[COURSE]
        self.steps = [step for step in self.course.playable if step.id != QUIZ and step.kind != "tool"]
        self.signer = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
        self.cookies = SecureCookieSessionInterface().get_signing_serializer(app)

    def seed(self) -> None:
        """People, enrollments, lessons, attempts, summaries and the pool."""
        names = {}
        teams = [{"id": 1, "name": "Everybody", "parent_id": None}]
        team = max(TEAM, self.trainees // 100)
        count = -(-self.trainees // team)
        teams += [{"id": place + 2, "name": f"Team {place + 1}", "parent_id": 1} for place in range(count)]
        self._insert(Team, teams)
        secret, people = hashed(PASSWORD), []
        for place in range(self.trainees):
            kind = 0 if self.rng.random() < 0.8 else 1
            first, last = self.rng.choice(GIVEN[kind]), self.rng.choice(FAMILY[kind])
            name = f"{last}{first}" if kind == 0 else f"{first} {last}"
            if name not in names:
                names[name] = sort_key(name)
            people.append(self._person(place + 1, name, names[name], place // team + 2, secret, "is_trainee"))
        self._insert(PersonRow, people)
        staff = ("is_admin", "is_manager", "is_trainer")
        others = [self._person(self.trainees + n, f"Staff {n}", f"staff {n}", None, secret, role)
                  for n, role in enumerate(staff, 1)]  # fmt: skip
        self._insert(PersonRow, others)
        self._insert(TeamManager, [{"team_id": 1, "person_id": self.trainees + 2}])
        self._histories()
        self.session.flush()

    def _person(self, id: int, name: str, key: str, team: int | None, secret: str, role: str) -> dict[str, Any]:
        roles = dict.fromkeys(("is_trainee", "is_trainer", "is_manager", "is_admin"), False)
        return {
            "id": id,
            "email": f"p{id}@bench.example",
            "name": name,
            "sort_key": key,
            "password_hash": secret,
            **(roles | {role: True}),
            "team_id": team,
            "language": "en",
            "time_zone": "Asia/Shanghai",
            "active": True,
            "demo": False,
            "created_at": self.now - timedelta(days=200),
        }

    def _histories(self) -> None:
        """One enrollment each but for one in ten, who has not begun; its id is the person's."""
        enrollments, read, attempts, summaries = [], [], [], []
        for person in range(1, self.trainees + 1):
            pooled = person <= POOL
            if not pooled and self.rng.random() < 0.1:
                continue
            steps = int(len(self.steps) * min(1.0, self.rng.betavariate(1.2, 0.7) * 1.1)) if not pooled else 2
            skill = self.rng.uniform(0.5, 1.0)
            clock = begun = self.now - timedelta(minutes=self.rng.randrange(10_000, 250_000))
            lessons: list[LessonFact] = []
            done: list[AttemptFact] = []
            for step in self.steps[:steps]:
                clock += timedelta(minutes=self.rng.randrange(10, 90))
                if step.kind == "lesson":
                    lessons.append(LessonFact(step.id, clock, True))
                    read.append({"enrollment_id": person, "lesson_id": step.id, "opened_at": clock, "done_at": clock})
                else:
                    fact = self._fact(step, skill)
                    done.append(fact)
                    attempts.append(self._attempt(person, fact, clock))
            enrollments.append(self._enrollment(person, begun))
            summaries.append(self._summary(person, lessons, done, clock))
        self._insert(Enrollment, enrollments)
        self._insert(LessonRead, read)
        self._insert(Attempt, attempts)
        self._insert(Summary, summaries)
        self._pool()

    def _enrollment(self, person: int, begun: datetime) -> dict[str, Any]:
        return {
            "id": person,
            "person_id": person,
            "course_id": COURSE,
            "number": 1,
            "origin": "self",
            "started_at": begun,
            "due_at": None,
        }

    def _fact(self, step: Step, skill: float) -> AttemptFact:
        if step.kind == "scenario":
            grade = "strong" if skill > 0.85 else "acceptable" if skill > 0.65 else "poor"
            score = {"strong": 100, "acceptable": 60, "poor": 0}[grade]
            return AttemptFact("scenario", step.id, "", True, score, False, grade)
        score = min(100, round(100 * self.rng.gauss(skill + 0.1, 0.1)))
        if step.kind == "drill":  # done at its mark, and not before
            return AttemptFact("drill", step.id, "", True, max(score, DRILLED), False, None)
        return AttemptFact("quiz", step.id, "", True, max(score, 0), False, None)

    def _attempt(self, person: int, fact: AttemptFact, clock: datetime) -> dict[str, Any]:
        passing = self.library.quiz(fact.activity, "en").passing if fact.kind == "quiz" else None
        return {
            "person_id": person,
            "enrollment_id": person,
            "kind": fact.kind,
            "activity_id": fact.activity,
            "variant": "",
            "number": 1,
            "revision_id": self.revision,
            "draw": [],
            "started_at": clock - timedelta(minutes=9),
            "finished_at": clock if fact.finished else None,
            "score": fact.score,
            "waiting": False,
            "passed": None if passing is None or fact.score is None else fact.score >= passing,
            "ending": fact.grade,
            "grade": fact.grade,
        }

    def _summary(
        self, person: int, lessons: list[LessonFact], done: list[AttemptFact], clock: datetime
    ) -> dict[str, Any]:
        answer = progress(self.course, facts_from(self.library, lessons, done))
        return {
            "enrollment_id": person,
            "person_id": person,
            "course_id": COURSE,
            "latest": True,
            "required": answer.required,
            "done": answer.done,
            "percent": answer.percent,
            "completed_at": clock if answer.complete else None,
            "succeeded_at": clock if answer.succeeded else None,
            "failed": answer.succeeded is False,
            "score": answer.score,
            "missing": stored_missing(answer.missing),
            "last_activity_at": clock,
            "revision_id": self.revision,
        }

    def _pool(self) -> None:
        """For each of the first trainees: an open attempt at the quiz with ten drafts, and an open conversation."""
        quiz = self.library.quiz(QUIZ, "en")
        pool = range(1, min(POOL, self.trainees) + 1)
        open_quiz = AttemptFact("quiz", QUIZ, "", False, None, False, None)
        open_talk = AttemptFact("scenario", SCENARIO, "", False, None, False, None)
        rows = []
        questions: dict[int, list[str]] = {}
        for person in pool:
            draw = quizzes.drawn(quiz, items.TYPES, self.rng)
            questions[person] = [drawn.question for drawn in draw]
            rows.append({**self._attempt(person, open_quiz, self.now), "draw": quizzes.stored(draw), "passed": None})
            rows.append(self._attempt(person, open_talk, self.now))
        self._insert(Attempt, rows)
        drafts = [
            {
                "attempt_id": id,
                "position": place,
                "response": [
                    ANSWERS[part.type](part.item, place % 4 > 0, self.rng) for part in quiz.question(drawn).parts
                ],
                "sequence": 1,
                "saved_at": self.now,
            }
            for person, id in self._open("quiz").items()
            for place, drawn in enumerate(questions[person])
        ]
        self._insert(Draft, drafts)

    def _sheets(self) -> dict[int, int]:
        """Person -> a stakeholder map with its worked example, of those in the pool; made on the first asking."""
        tool = TOOLS[SHEET]
        found = {}
        for person in range(1, min(POOL, self.trainees) + 1):
            made = add_account(self.session, person, "Alder", True, False, False, self.now)
            account = own_account(self.session, made, person)
            cells = tool.examples[0].cells
            found[person] = open_sheet(self.session, tool, person, account, "", "", cells, self.now)
        return found

    def _open(self, kind: str) -> dict[int, int]:
        """Person -> the open attempt that was prepared."""
        activity = QUIZ if kind == "quiz" else SCENARIO
        query = select(Attempt.person_id, Attempt.id).where(
            Attempt.activity_id == activity, Attempt.finished_at.is_(None), Attempt.enrollment_id.is_not(None)
        )
        return {row.person_id: row.id for row in self.session.execute(query)}

    def _insert(self, table: Any, rows: list[dict[str, Any]]) -> None:
        for place in range(0, len(rows), CHUNK):
            self.session.execute(insert(table), rows[place : place + CHUNK])

    # --- signed in ---

    def tickets(self) -> list[Ticket]:
        """The pool, signed in by rows as real as any."""
        quiz, talk, sheets = self._open("quiz"), self._open("scenario"), self._sheets()
        people = sorted(quiz)
        found = []
        for person, (cookie, token) in zip(people, self._sign_in(people), strict=True):
            found.append(Ticket(f"p{person}@bench.example", cookie, token, quiz[person], talk[person], sheets[person]))
        return found

    def staff(self) -> dict[str, str]:
        """Cookies and form tokens of the admin, who sees everybody's lines, and of a trainer."""
        admin, _manager, trainer = range(self.trainees + 1, self.trainees + 4)
        (manager, _), (trainer_cookie, token) = self._sign_in([admin, trainer])
        return {"manager": manager, "trainer": trainer_cookie, "trainer_token": token}

    def _sign_in(self, people: list[int]) -> Iterator[tuple[str, str]]:
        rows = []
        pairs = []
        for person in people:
            token, raw = secrets.token_urlsafe(32), secrets.token_hex(20)
            rows.append({"token_hash": token_hash(token), "person_id": person, "created_at": self.now,
                         "seen_at": self.now, "ended_at": None})  # fmt: skip
            assert self.cookies is not None
            cookie = self.cookies.dumps({"_user_id": token, "_permanent": True, "csrf_token": raw})
            pairs.append((f"kamtrain={cookie}", str(self.signer.dumps(raw))))
        self._insert(SignIn, rows)
        return iter(pairs)


def reset(session: Session) -> None:
    """Opens the pool's attempts again: what one slice has used up is there for the next."""
    used = select(Attempt.id).where(Attempt.enrollment_id.is_not(None), Attempt.enrollment_id <= POOL)
    prepared = used.where(
        (Attempt.activity_id == QUIZ) | ((Attempt.activity_id == SCENARIO) & (Attempt.finished_at.is_(None)))
    )
    responses = select(Response.id).where(Response.attempt_id.in_(prepared))
    session.execute(delete(OutcomeRow).where(OutcomeRow.response_id.in_(responses)))
    session.execute(delete(Response).where(Response.attempt_id.in_(prepared)))
    session.execute(
        update(Attempt)
        .where(Attempt.activity_id == QUIZ, Attempt.enrollment_id.is_not(None))
        .values(finished_at=None, score=None, passed=None, waiting=False)
    )


def differences(session: Session, library: Library, revision: int, sample: int = 200) -> int:
    """How many of a sample of summaries are not what `core.progress` says of their rows."""
    query = select(Summary).where(Summary.enrollment_id > POOL).order_by(Summary.enrollment_id).limit(sample)
    wrong = 0
    for before in session.scalars(query).all():
        known = before.percent, before.done, before.score, before.missing, before.completed_at is not None
        answer = refresh_summary(session, library, revision, before.enrollment_id, None)
        assert answer is not None
        wrong += known != (answer.percent, answer.done, answer.score, stored_missing(answer.missing), answer.complete)
    return wrong
