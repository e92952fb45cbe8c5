"""What trainers mark, made into a `core.marking.Work` by the kind of attempt it was handed in with.

Another kind joins with one function in `KINDS` and one template; queue, agreement and appeals know works only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from kamtrain import items
from kamtrain.content.library import Library
from kamtrain.core import marking
from kamtrain.core import quiz as quizzes
from kamtrain.core.errors import Invalid, NotFound
from kamtrain.core.item import Json, Outcome
from kamtrain.core.marking import ByPart, Part, Work
from kamtrain.core.message import N_, message
from kamtrain.core.progress import level_percent
from kamtrain.core.quiz import Question, Quiz
from kamtrain.core.rubric import Criterion, Level, Rubric
from kamtrain.core.scoring import question_outcome
from kamtrain.core.sheet import Tool
from kamtrain.services import workbench
from kamtrain.services.publishing import library_at
from kamtrain.store.attempts import AttemptValue, attempt_by_id
from kamtrain.store.marking import WorkLine

Maker = Callable[[Session, WorkLine, str], Work]  # in the language of the person who marks


@dataclass(frozen=True)
class PartAnswer:
    """One part of a question with what was answered."""

    type: str
    prompt: str  # HTML
    view: Any  # of the type's `review`


@dataclass(frozen=True)
class QuizAnswer:
    text: str  # HTML: the question
    parts: tuple[PartAnswer, ...]


def rubrics_of(question: Question, responses: Sequence[Json | None]) -> dict[int, Rubric]:
    """Place of a part -> its rubric, of the parts that a trainer marks."""
    found = {
        place: items.TYPES[part.type].rubric(part.item, response)
        for place, (part, response) in enumerate(zip(question.parts, responses, strict=True))
    }
    return {place: rubric for place, rubric in found.items() if rubric}


def start_of(question: Question, responses: Sequence[Json | None]) -> dict[str, tuple[int, ...] | None]:
    """Key of a part -> the program's own levels; None where it has none."""
    return {
        str(place): items.TYPES[question.parts[place].type].levels(question.parts[place].item, responses[place])
        for place in rubrics_of(question, responses)
    }


def by_rubric_of(asked: Question, library: Library, quiz_id: str, language: str) -> Question:
    """The question with its rubrics as they are in `library`; as it was asked where it is not there, or another one."""
    if not library.has("quiz", quiz_id):
        return asked
    try:
        now = library.quiz(quiz_id, language).question(asked.id)
    except KeyError:
        return asked
    return now if [part.type for part in now.parts] == [part.type for part in asked.parts] else asked


def quiz_outcome(
    asked: Question, rubrics: Mapping[int, Rubric], responses: Sequence[Json | None], levels: ByPart
) -> Outcome:
    """The outcome of a question by the levels of its parts. Raises `Invalid` where one is missing or not in the rubric."""
    if set(levels) != {str(place) for place in rubrics}:
        raise Invalid(message("Choose a level for each criterion."))
    marked = {place: marking.outcome(rubric, levels[str(place)]) for place, rubric in rubrics.items()}
    return question_outcome(asked, items.TYPES, responses, marked)


def _quiz_work(session: Session, line: WorkLine, language: str) -> Work:
    """Two libraries: of the revision the attempt began on, and of the one whose rubric holds."""
    library = library_at(session, line.attempt_revision_id)
    quiz: Quiz = library.quiz(line.activity, language)
    asked = quiz.question(line.item)
    responses = list(line.response)
    revision = line.due_revision_id or line.revision_id
    now = by_rubric_of(asked, library_at(session, revision), line.activity, language)
    # Only what a person says is re-scored when it changes; the key of a grid stays the one it was answered by.
    rubrics = {
        place: rubric if items.TYPES[asked.parts[place].type].levels(asked.parts[place].item, responses[place]) is not None
        else items.TYPES[now.parts[place].type].rubric(now.parts[place].item, responses[place])
        for place, rubric in rubrics_of(asked, responses).items()
    }  # fmt: skip
    start = start_of(asked, responses)
    attempt: AttemptValue = attempt_by_id(session, line.attempt_id)
    drawn = quizzes.restored(attempt.draw)[line.position]
    several = len(rubrics) > 1
    return Work(
        id=line.id,
        kind=line.kind,
        template="marking/_quiz.html",
        title=asked.title,
        activity=quiz.title,
        language=asked.language,
        parts=tuple(
            Part(
                key=str(place),
                title=asked.parts[place].prompt if several else "",
                criteria=rubric,
                start=start[str(place)] or (None,) * len(rubric),
            )
            for place, rubric in rubrics.items()
        ),
        answer=QuizAnswer(
            asked.text,
            tuple(
                PartAnswer(part.type, part.prompt, items.TYPES[part.type].review(part.item, order, response))
                for part, order, response in zip(asked.parts, drawn.orders, responses, strict=True)
            ),
        ),
        outcome=lambda levels: quiz_outcome(asked, rubrics, responses, levels),
        passing=quiz.passing,
        anonymous=quiz.anonymous,
        rubric=revision,
    )


@dataclass(frozen=True)
class TaskAnswer:
    """A sheet as it was handed in; the page draws it by its tool."""

    tool: Tool
    account: str
    cells: Mapping[str, str]


LEVEL_NAMES = (N_("1 Incomplete"), N_("2 Basic"), N_("3 Sound"), N_("4 Expert"))
WHOLE = "whole"


def _task_work(session: Session, line: WorkLine, language: str) -> Work:
    """By the tool's own rubric, which decides, after each section by the same four words. Texts are gettext ids."""
    tool = workbench.tool_of(line.activity)
    handed_in = workbench.snapshot_of(line.response)
    sections = tuple(
        Criterion(section.label, tuple(Level("", name, points) for points, name in enumerate(LEVEL_NAMES, 1)))
        for section in tool.sections
    )
    anchors = zip(tool.rubric, LEVEL_NAMES, strict=True)
    whole = Criterion(N_("The sheet as a whole"), tuple(Level(a, n, p) for p, (a, n) in enumerate(anchors, 1)))
    parts = {WHOLE: (whole,), **({"sections": sections} if len(sections) > 1 else {})}

    def outcome(levels: ByPart) -> Outcome:
        if set(levels) != set(parts):
            raise Invalid(message("Choose a level for each criterion."))
        return marking.outcome(parts[WHOLE], levels[WHOLE])

    return Work(
        id=line.id,
        kind=line.kind,
        template="marking/_task.html",
        title=tool.name,
        activity=tool.name,
        language="",
        parts=tuple(Part(key, "", rubric, (None,) * len(rubric)) for key, rubric in sorted(parts.items())),
        answer=TaskAnswer(tool, handed_in.account, handed_in.cells),
        outcome=outcome,
        passing=_task_level(session, line),
    )


def _task_level(session: Session, line: WorkLine) -> int | None:
    """Percent that the course asks of the task; None: none."""
    library = library_at(session, line.attempt_revision_id)
    step = library.step_of(line.course_id, "tool", line.activity) if line.course_id else None
    return level_percent(step.level) if step is not None and step.level is not None else None


KINDS: Mapping[str, Maker] = {"quiz": _quiz_work, "task": _task_work}


def work_of(session: Session, line: WorkLine, language: str) -> Work:
    """The work in the language of whoever reads it. Raises `NotFound` where nobody made a function for its kind."""
    if line.kind not in KINDS:
        raise NotFound(message("There is no such work."))
    return KINDS[line.kind](session, line, language)


def title_of(library: Library, line: WorkLine, language: str) -> str:
    """A short title for lists, from the head's library."""
    if line.kind == "quiz":
        return question_title(library, line.activity, line.item, language)
    return library.title("tool" if line.kind == "task" else line.kind, line.activity, language)


def question_title(library: Library, activity: str, item: str, language: str) -> str:
    """A quiz and its question; the quiz alone where the question is gone."""
    title = library.title("quiz", activity, language)
    if library.has("quiz", activity):
        for question in library.quiz(activity, language).questions:
            if question.id == item and question.title:
                return f"{title} · {question.title}"
    return title


def hides_name(library: Library, line: WorkLine) -> bool:
    """Whether lists leave the trainee's name out: before the first mark where the quiz says so, and in a second reading."""
    if line.state == "second":
        return True
    if line.kind != "quiz" or line.first_by_id is not None or not library.has("quiz", line.activity):
        return False
    return next(iter(library.quizzes[line.activity].values())).anonymous
