"""Before an answer is stored nothing tells right from wrong: held for every question and every scene there is.

One attempt with one draw is looked at on two libraries that differ only in which answer is right and in all that is
said afterwards: not one byte of what comes back may differ.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from kamtrain import items
from kamtrain.content.library import Library
from kamtrain.core import quiz as quizzes
from kamtrain.core import scenario as scenarios
from kamtrain.core.catalog import Grade
from kamtrain.core.quiz import Drawn, Part, Question, Quiz
from kamtrain.core.scenario import Choice, Effects, Scenario, Scene
from kamtrain.http.database import engine
from kamtrain.items.keys import Key, Number
from kamtrain.services import publishing
from kamtrain.services.attempts import Head
from kamtrain.services.publishing import files_on_disk
from kamtrain.settings import ROOT
from kamtrain.store.attempts import Attempt, Response
from kamtrain.store.base import writing
from tests import every_type, samples
from tests.web.conftest import VisitorFor
from tests.web.visitor import Visitor

ONCE = pytest.mark.parametrize(
    "database_url", ["sqlite"], indirect=True
)  # what is said does not depend on the database
LANGUAGES = ("en", "zh-Hans")
OTHER = "ANOTHER-KEY"


def plain(page: str) -> str:
    """A page without what differs from one request to the next."""
    return re.sub(r'(name="csrf_token" value|data-csrf)="[^"]*"', "", page)


# --- another key for the same questions ---


def turned_part(part: Part, places: Mapping[int, int]) -> Part:
    """The part with another key; `places`: which rows of a matching table change their right sides."""
    if part.type in ("single", "multiple"):
        options = part.item.options
        other = tuple(
            replace(option, right=options[place - 1].right, feedback=OTHER, tags=(OTHER,))
            for place, option in enumerate(options)
        )
        return replace(part, item=replace(part.item, options=other))
    if part.type == "matching":
        pairs = part.item.pairs
        other = tuple(
            replace(pair, right=pairs[places.get(place, place)].right, feedback=OTHER)
            for place, pair in enumerate(pairs)
        )
        return replace(part, item=replace(part.item, pairs=other))
    if part.type == "ordering":
        steps = part.item.steps
        other = tuple(replace(steps[places.get(place, place)], feedback=OTHER) for place in range(len(steps)))
        return replace(part, item=replace(part.item, steps=other))
    if part.type == "classify":
        groups = len(part.item.groups)
        other = tuple(replace(one, group=(one.group + 1) % groups, feedback=OTHER) for one in part.item.statements)
        return replace(part, item=replace(part.item, statements=other))
    if part.type == "numeric":
        other = tuple(replace(one, number=turned_number(one.number), feedback=OTHER) for one in part.item.right)
        return replace(part, item=replace(part.item, right=other, slips=()))
    if part.type == "short":
        key = replace(part.item.key, shown=(OTHER,), words=frozenset([OTHER]))
        return replace(part, item=replace(part.item, key=key, right=(), slips=()))
    if part.type in ("cloze", "grid"):
        keys = part.item.gaps
        other = (*keys[1:], keys[0]) if part.item.bank is not None else tuple(turned_key(key) for key in keys)
        slips = tuple(replace(slip, feedback=OTHER) for slip in part.item.slips)
        return replace(part, item=replace(part.item, gaps=other, slips=slips))
    levels = [[replace(level, html=OTHER, label=OTHER, points=7) for level in one.levels] for one in part.item.criteria]
    criteria = tuple(
        replace(one, html=OTHER, levels=tuple(level)) for one, level in zip(part.item.criteria, levels, strict=True)
    )
    return replace(part, item=replace(part.item, criteria=criteria, model=OTHER))


def turned_number(number: Number) -> Number:
    """Another number that is rounded alike."""
    return replace(number, value=number.value + 7, text=f"7{number.text}")


def turned_key(key: Key) -> Key:
    words = frozenset([OTHER]) if key.words else frozenset()
    return replace(key, shown=(OTHER,), numbers=tuple(map(turned_number, key.numbers)), words=words)


def changed_rows(part: Part) -> dict[int, int]:
    """Two places whose entries change: steps, or rows of a matching table whose right sides no other row has."""
    if part.type == "ordering":
        return {0: 1, 1: 0}
    if part.type != "matching":
        return {}
    rights = [pair.right for pair in part.item.pairs]
    first, second, *_ = (place for place in part.item.asked if rights.count(rights[place]) == 1)
    return {first: second, second: first}


def turned_question(question: Question) -> Question:
    parts = tuple(turned_part(part, changed_rows(part)) for part in question.parts)
    return replace(question, parts=parts, debrief=OTHER, competencies=("C99",))


def turned_draw(quiz: Quiz, draw: tuple[Drawn, ...]) -> tuple[Drawn, ...]:
    """The draw that shows the turned quiz in the same order."""
    return tuple(
        replace(drawn, orders=tuple(
            tuple(changed_rows(part).get(place, place) for place in order)
            for part, order in zip(quiz.question(drawn.question).parts, drawn.orders, strict=True)
        ))
        for drawn in draw
    )  # fmt: skip


def turned(library: Library) -> Library:
    found = {
        id: {
            tag: replace(quiz, questions=tuple(turned_question(q) for q in quiz.questions))
            for tag, quiz in tags.items()
        }
        for id, tags in library.quizzes.items()
    }
    return replace(library, quizzes=found)


def show(head: Head, library: Library) -> None:
    """`library` is what the head's revision holds from now on."""
    publishing._libraries[head.revision_id] = library


# --- quizzes ---


@pytest.fixture
def real(app: Flask) -> Head:
    """The library that comes with kamtrain, published."""
    with app.app_context():
        return samples.published(engine(), files_on_disk(ROOT))


def write_draw(app: Flask, attempt: int, draw: tuple[Drawn, ...]) -> None:
    with app.app_context(), writing(engine()) as session:
        session.execute(update(Attempt).where(Attempt.id == attempt).values(draw=quizzes.stored(draw)))


def looked_at(visitor: Visitor, attempt: int, quiz: Quiz) -> Iterator[tuple[str, str]]:
    """Everything that can be seen of an attempt before an answer: (address, body)."""
    path = f"/practice/attempts/{attempt}"
    yield "intro", plain(visitor.page(f"/practice/quiz/{quiz.id}"))
    yield "overview", plain(visitor.page(f"{path}?overview=1"))
    for number in range(1, len(quiz.questions) + 1):
        yield f"question {number}", plain(visitor.page(f"{path}/questions/{number}"))
        if quiz.feedback == "now":
            refused = visitor.post(f"{path}/questions/{number}")
            assert refused.status_code == 422
            yield f"refused {number}", plain(refused.text)


def judge_quizzes(app: Flask, visitor: Visitor, head: Head) -> int:
    """Compare every question of the library in both languages; how many pages were compared."""
    other, compared = turned(head.library), 0
    for id, tags in head.library.quizzes.items():
        attempt = visitor.begin("quiz", id, course="")
        for language in (tag for tag in LANGUAGES if tag in tags):
            visitor.post("/preferences", {"language": language})
            quiz = head.library.quiz(id, language)
            draw = quizzes.drawn(replace(quiz, draw=None), items.TYPES, random.Random(1))
            write_draw(app, attempt, draw)
            before = list(looked_at(visitor, attempt, quiz))
            show(head, other)
            write_draw(app, attempt, turned_draw(quiz, draw))
            for (where, one), (_, two) in zip(before, looked_at(visitor, attempt, quiz), strict=True):
                assert one == two, f"{id} in {language}, {where}: the page changes with the key"
                assert OTHER not in one
                compared += 1
            show(head, head.library)
    return compared


def test_no_byte_of_the_sample_librarys_questions_changes_with_the_key(
    app: Flask, head: Head, trainee: Visitor
) -> None:
    assert judge_quizzes(app, trainee, head) >= 7


@ONCE
def test_no_byte_of_a_question_of_any_type_changes_with_the_key(app: Flask, visitor: VisitorFor) -> None:
    with app.app_context():
        every = samples.published(engine(), every_type.FILES)
    assert judge_quizzes(app, visitor("trainee"), every) >= 2 * len(items.TYPES)


@ONCE
def test_no_byte_of_the_real_librarys_questions_changes_with_the_key(
    app: Flask, real: Head, visitor: VisitorFor
) -> None:
    questions = sum(len(quiz.questions) for tags in real.library.quizzes.values() for quiz in tags.values())

    assert judge_quizzes(app, visitor("trainee"), real) >= questions


def test_after_the_answer_the_same_pages_do_differ(app: Flask, head: Head, trainee: Visitor) -> None:
    """Or the comparison above would hold of anything."""
    check, final = trainee.begin("quiz", "check"), trainee.begin("quiz", "final")
    trainee.answer(check, "c1", 0)
    trainee.draft(final, "f3", "Because he said it twice.")
    trainee.post(f"/practice/attempts/{final}/finish")
    paths = (f"/practice/attempts/{check}/questions/1", f"/practice/attempts/{final}/result")
    before = [plain(trainee.page(path)) for path in paths]
    show(head, turned(head.library))

    for path, one in zip(paths, before, strict=True):
        two = plain(trainee.page(path))
        assert one != two
        assert OTHER in two


def test_a_library_published_with_another_key_looks_the_same(app: Flask, head: Head, trainee: Visitor) -> None:
    key = {
        "[x] This one\n  > Yes: this one.": "[ ] This one\n  > No.",
        "[ ] That one\n  > No: SECRET": "[x] That one\n  > S",
    }
    other = samples.CHECK.replace("SECRET-DEBRIEF", "Otherwise")
    for old, new in key.items():
        assert old in other
        other = other.replace(old, new)
    check = trainee.begin("quiz", "check")
    before = plain(trainee.page(f"/practice/attempts/{check}/questions/1"))
    revision = trainee.publish({**samples.FILES, "quizzes/check.en.md": other.encode()}).revision_id
    with app.app_context(), writing(engine()) as session:
        session.execute(update(Attempt).values(revision_id=revision))

    assert plain(trainee.page(f"/practice/attempts/{check}/questions/1")) == before
    trainee.answer(check, "c1", 1)
    assert "Your answer: right" in trainee.page(f"/practice/attempts/{check}/questions/1")


@pytest.mark.parametrize(("activity", "question", "response"), [("final", "f1", (0,)), ("final", "f3", "why")])
def test_the_answer_of_autosave_tells_nothing(
    head: Head, trainee: Visitor, activity: str, question: str, response: Any
) -> None:
    attempt = trainee.begin("quiz", activity)
    answers = [trainee.draft(attempt, question, response, sequence=1)]
    show(head, turned(head.library))
    answers.append(trainee.draft(attempt, question, response, sequence=2))

    assert [set(answer.json) for answer in answers] == [{"kept", "saved_at"}] * 2  # type: ignore[arg-type]


def test_the_other_questions_tell_nothing_when_one_is_answered(head: Head, trainee: Visitor) -> None:
    check = trainee.begin("quiz", "check")
    trainee.answer(check, "c1", 0)
    path = f"/practice/attempts/{check}/questions/2"
    before = plain(trainee.page(path))
    questions = head.library.quizzes["check"]["en"].questions
    other = replace(head.library.quizzes["check"]["en"], questions=(questions[0], turned_question(questions[1])))
    show(head, replace(head.library, quizzes={**head.library.quizzes, "check": {"en": other}}))

    assert plain(trainee.page(path)) == before


# --- scenarios ---


def other_choice(choice: Choice) -> Choice:
    """The same line with another outcome; when it is offered stays."""
    return replace(
        choice,
        consequence=dict.fromkeys(choice.consequence, OTHER),
        effects={
            variant: Effects({"turns": -1}, ("C98",), ("C99",), effects.conditions)
            for variant, effects in choice.effects.items()
        },
    )


def other_scene(scene: Scene, kept: int | None) -> Scene:
    """The scene with other outcomes, but for the choice that was made there."""
    choices = tuple(choice if place == kept else other_choice(choice) for place, choice in enumerate(scene.choices))
    if scene.ending is None:
        return replace(scene, choices=choices)
    grade: Grade = "poor" if scene.ending.grade == "strong" else "strong"
    return replace(
        scene, text=dict.fromkeys(scene.text, OTHER), debrief=OTHER, ending=replace(scene.ending, grade=grade, score=1)
    )


def other_outcomes(scenario: Scenario, made: Mapping[str, int]) -> Scenario:
    endings = {id for id, scene in scenario.scenes.items() if scene.ending is not None}
    return replace(
        scenario,
        scenes={id: other_scene(scene, made.get(id)) for id, scene in scenario.scenes.items()},
        debrief=OTHER,
        names={name: OTHER if name in endings else text for name, text in scenario.names.items()},
        competencies=("C99",),
    )


def ways(scenario: Scenario, variant: str) -> Iterator[tuple[int, ...]]:
    """A shortest way to every scene where something can be said."""
    seen, edge = set(), [()]
    while edge:
        further: list[tuple[int, ...]] = []
        for way in edge:
            here = scenarios.walk(scenario, variant, way)[-1]
            if here.ended or here.scene in seen:
                continue
            seen.add(here.scene)
            yield way
            further += [(*way, place) for place in scenarios.offered(scenario, variant, here)]
        edge = further  # type: ignore[assignment]


def say(app: Flask, attempt: int, scenario: Scenario, variant: str, way: tuple[int, ...]) -> None:
    """Put the conversation at the end of `way`."""
    with app.app_context(), writing(engine()) as session:
        now = session.scalar(select(Attempt.started_at).where(Attempt.id == attempt))
        session.execute(delete(Response).where(Response.attempt_id == attempt))
        for turn, (place, position) in enumerate(zip(way, scenarios.walk(scenario, variant, way), strict=False)):
            session.add(
                Response(attempt_id=attempt, position=turn, item_id=position.scene, response=place, submitted_at=now)
            )


def judge_scenarios(app: Flask, visitor: Visitor, head: Head) -> int:
    """Compare every scene of every scenario, against each buyer and in both languages; how many were compared."""
    compared = 0
    for id, tags in head.library.scenarios.items():
        for variant in next(iter(tags.values())).variants:
            attempt = visitor.begin("scenario", id, course="", variant=variant)
            for language in (tag for tag in LANGUAGES if tag in tags):
                visitor.post("/preferences", {"language": language})
                scenario = head.library.scenario(id, language)
                for way in ways(scenario, variant):
                    walked = scenarios.walk(scenario, variant, way)
                    if len({position.scene for position in walked}) < len(walked):
                        continue  # a scene passed twice keeps two outcomes
                    say(app, attempt, scenario, variant, way)
                    made = {position.scene: place for position, place in zip(walked, way, strict=False)}
                    other = {**tags, language: other_outcomes(scenario, made)}
                    pages = (f"/practice/attempts/{attempt}", f"/practice/scenario/{id}")
                    before = [plain(visitor.page(page)) for page in pages]
                    show(head, replace(head.library, scenarios={**head.library.scenarios, id: other}))
                    after = [plain(visitor.page(page)) for page in pages]
                    show(head, head.library)
                    assert before == after, f"{id} in {language} against {variant!r}, after {way}"
                    assert OTHER not in "".join(before)
                    compared += 1
    return compared


def test_no_scene_of_the_sample_library_tells_what_a_line_leads_to(app: Flask, head: Head, trainee: Visitor) -> None:
    assert judge_scenarios(app, trainee, head) == 4  # two scenes, two buyers


@ONCE
def test_no_scene_of_the_real_library_tells_what_a_line_leads_to(app: Flask, real: Head, visitor: VisitorFor) -> None:
    assert judge_scenarios(app, visitor("trainee"), real) >= 2 * len(real.library.scenarios)


def test_after_a_line_was_said_its_consequence_is_told(app: Flask, head: Head, trainee: Visitor) -> None:
    """Or the comparison above would hold of anything."""
    talk = trainee.begin("scenario", "talk")
    trainee.choose(talk, 0, "opening", 0)
    before = plain(trainee.page(f"/practice/attempts/{talk}"))
    scenario = head.library.scenario("talk", "en")
    show(head, replace(head.library, scenarios={"talk": {"en": other_outcomes(scenario, {})}}))
    after = plain(trainee.page(f"/practice/attempts/{talk}"))

    assert "He sits down." in before
    assert OTHER in after
