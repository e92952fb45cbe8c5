"""What is done, what is missing, and why: one pure function that every page, mail, report and export shows.

"Complete" is *went through*, "succeeded" is *reached the mark*; they are two facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kamtrain.core.catalog import PLAYED, Course, Grade, Step
from kamtrain.core.message import Message, message
from kamtrain.core.scenario import reaches

StepState = Literal["not-started", "in-progress", "waiting", "failed", "done", "passed"]


@dataclass(frozen=True)
class ActivityFacts:
    """What one person did in one activity within one enrollment."""

    attempts: int = 0  # begun
    finished: int = 0
    waiting: bool = False  # a finished attempt has answers nobody has marked yet
    score: int | None = None  # percent, of the attempt that counts; None: none finished and marked
    passing: int | None = None  # percent, the activity's own pass mark; None: nothing to pass
    grade: Grade | None = None  # scenario, negotiation: best ending against the base buyer
    replayed: frozenset[str] = frozenset()  # scenario, negotiation: variants played to an end


UNTOUCHED = ActivityFacts()
RUBRIC_LEVELS = 4  # of a tool's rubric: incomplete, basic, sound, expert


@dataclass(frozen=True)
class Facts:
    """What one person did in one course within one enrollment."""

    opened: frozenset[str] = frozenset()  # lessons
    read: frozenset[str] = frozenset()  # lessons marked done
    activities: Mapping[tuple[str, str], ActivityFacts] = field(default_factory=dict)  # (kind, id)
    latest: str | None = None  # the lesson opened last


Code = Literal["read", "do", "replay", "wait", "pass", "reach"]
UNDONE: frozenset[Code] = frozenset({"read", "do", "replay"})


@dataclass(frozen=True)
class Missing:
    """One missing piece, as codes: stored with the summary, exported, and put into words by `explained`.

    `read`, `do`, `replay` keep the course from being complete; `wait`, `pass`, `reach` from being succeeded.
    """

    code: Code
    kind: str
    id: str
    have: int | None = None  # percent
    need: int | None = None  # percent
    variant: str = ""


@dataclass(frozen=True)
class Progress:
    required: int  # steps
    done: int  # steps
    complete: bool
    succeeded: bool | None  # None: not yet decided, because something is missing or waits for a mark
    score: int | None  # percent: mean of the required scored activities, each by the attempt that counts
    missing: tuple[Missing, ...]

    @property
    def percent(self) -> int:
        """Share of the required steps that are done, rounded down; a course that requires nothing is done."""
        return 100 * self.done // self.required if self.required else 100


def required(course: Course) -> tuple[Step, ...]:
    """The steps that completing the course takes, in order."""
    rule = course.complete
    steps = [s for s in course.playable if not s.optional and (rule.lessons if s.kind == "lesson" else rule.activities)]
    if course.pretest and rule.pretest:
        pretest = Step("quiz", course.pretest)
        steps = [pretest, *(step for step in steps if (step.kind, step.id) != (pretest.kind, pretest.id))]
    if course.posttest and rule.posttest:
        posttest = Step("quiz", course.posttest, passing=course.succeed.posttest)
        # A course may name it among its steps, too: it is required once, at its place.
        steps = [posttest if (s.kind, s.id) == (posttest.kind, posttest.id) else s for s in steps]
        if posttest not in steps:
            steps.append(posttest)
    return tuple(steps)


def _pass_mark(step: Step, facts: ActivityFacts) -> int | None:
    if step.kind == "tool":
        return None if step.level is None else level_percent(step.level)
    return step.passing if step.passing is not None else facts.passing


def _undone(step: Step, facts: Facts) -> Missing | None:
    """What keeps `step` from being done."""
    if step.kind == "lesson":
        return None if step.id in facts.read else Missing("read", step.kind, step.id)
    activity = facts.activities.get((step.kind, step.id), UNTOUCHED)
    ended = activity.grade is not None if step.kind in PLAYED else activity.finished > 0
    if not ended:
        return Missing("do", step.kind, step.id)
    if step.replay is not None and step.replay not in activity.replayed:
        return Missing("replay", step.kind, step.id, variant=step.replay)
    return None


def _unsucceeded(step: Step, facts: Facts) -> Missing | None:
    """What keeps a step that is done from having reached its mark."""
    activity = facts.activities.get((step.kind, step.id), UNTOUCHED)
    if step.kind in PLAYED:
        return None if reaches(activity.grade, step.reach) else Missing("reach", step.kind, step.id)
    mark = _pass_mark(step, activity)
    if mark is None or (activity.score is not None and activity.score >= mark):
        return None
    if activity.waiting:
        return Missing("wait", step.kind, step.id)
    return Missing("pass", step.kind, step.id, have=activity.score, need=mark)


def step_state(step: Step, facts: Facts) -> StepState:
    """Where one stands in one step."""
    if step.kind == "lesson":
        if step.id in facts.read:
            return "done"
        return "in-progress" if step.id in facts.opened else "not-started"
    activity = facts.activities.get((step.kind, step.id), UNTOUCHED)
    if _undone(step, facts) is not None:
        return "in-progress" if activity.attempts else "not-started"
    lacking = _unsucceeded(step, facts)
    if lacking is None:
        scored = step.kind in PLAYED or _pass_mark(step, activity) is not None
        return "passed" if scored else "done"
    return "waiting" if lacking.code == "wait" else "failed"


def _mean(scores: Sequence[int]) -> int | None:
    return sum(scores) // len(scores) if scores else None


def progress(course: Course, facts: Facts) -> Progress:
    """The one answer to "how far, and what is missing?". Pure; the order of `missing` is the course's."""
    steps = required(course)
    # What is known before the course is no mark in it.
    activities = [s for s in steps if s.kind != "lesson" and s.id != course.pretest]
    missing = []
    for step in steps:
        lacking = _undone(step, facts)
        judged = step in activities and (course.succeed.activities or step.id == course.posttest)
        if lacking is None and judged:
            lacking = _unsucceeded(step, facts)
        if lacking is not None:
            missing.append(lacking)
    undone = [m for m in missing if m.code in UNDONE]
    undecided = undone or any(m.code == "wait" for m in missing)
    scores = [facts.activities.get((s.kind, s.id), UNTOUCHED).score for s in activities]
    return Progress(
        required=len(steps),
        done=len(steps) - len(undone),
        complete=not undone,
        succeeded=None if undecided else not missing,
        score=_mean([s for s in scores if s is not None]),
        missing=tuple(missing),
    )


def level_percent(level: int) -> int:
    """A mark by a rubric of four levels as percent: 25, 50, 75 or 100."""
    return 100 * level // RUBRIC_LEVELS


def explained(missing: Missing, title: str | Message, variant: str = "") -> Message:
    """One missing piece in words; `title` is the step's, `variant` the buyer's name in the reader's language."""
    match missing.code:
        case "read":
            return message("Read “%(title)s” and mark it as done.", title=title)
        case "do":
            if missing.kind == "scenario":
                return message("Play “%(title)s” to an ending.", title=title)
            if missing.kind == "negotiation":
                return message("Negotiate “%(title)s” to an end.", title=title)
            if missing.kind == "drill":
                return message("Practise “%(title)s” until its mark holds.", title=title)
            if missing.kind == "tool":
                return message("Hand in a sheet of “%(title)s”.", title=title)
            return message("Finish “%(title)s”.", title=title)
        case "replay":
            return message(
                "Play “%(title)s” once more, against a buyer of type “%(variant)s”.", title=title, variant=variant
            )
        case "wait":
            return message("“%(title)s” waits for a mark.", title=title)
        case "reach":
            if missing.kind == "negotiation":
                return message("Reach a better deal in “%(title)s”.", title=title)
            return message("Reach a better ending in “%(title)s”.", title=title)
        case "pass" if missing.kind == "tool" and missing.need is not None:
            level = RUBRIC_LEVELS * missing.need // 100
            if missing.have is None:
                return message("“%(title)s” asks for level %(need)s.", title=title, need=level)
            have = RUBRIC_LEVELS * missing.have // 100
            return message("“%(title)s” asks for level %(need)s; so far %(have)s.", title=title, need=level, have=have)
        case "pass" if missing.have is None:
            return message("“%(title)s” asks for %(need)s %%.", title=title, need=missing.need or 0)
    return message(
        "“%(title)s” asks for %(need)s %%; so far %(have)s %%.",
        title=title,
        need=missing.need or 0,
        have=missing.have or 0,
    )


def next_step(course: Course, facts: Facts) -> Step | None:
    """Where to go on: the lesson opened last, while it is not done; else the first step not done, the post-test last.

    A pre-test that the course asks for comes first.

    None when all are done. Optional steps are not asked for.
    """
    left_at = next((s for s in course.playable if s.kind == "lesson" and s.id == facts.latest), None)
    if left_at is not None and _undone(left_at, facts) is not None:
        return left_at
    asked = required(course)
    first = [step for step in asked if step.kind == "quiz" and step.id == course.pretest]
    steps = [step for step in course.playable if not step.optional]
    for step in (*first, *steps, *asked):
        if _undone(step, facts) is not None:
            return step
    return None
