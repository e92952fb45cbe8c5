"""What publishing does to people, in sentences: who keeps what, who must do what, and why."""

from __future__ import annotations

from kamtrain.content.library import Library
from kamtrain.core.message import Message, message
from kamtrain.services.publishing import ActivityImpact, PublishPlan


def effects(planned: PublishPlan, before: Library, language: str) -> tuple[Message, ...]:
    """`before`: the library trainees see now; titles are in `language`."""
    said: list[Message] = []
    for course in planned.courses:
        title = before.title("course", course.course, language)
        if course.gone:
            said.append(
                message(
                    "“%(title)s” is taken out of the library. %(people)s under way cannot go on; who is complete keeps it.",
                    title=title,
                    people=course.under_way,
                )
            )
            continue
        if course.complete:
            said.append(
                message(
                    "“%(title)s”: %(people)s complete; they keep their completion and need do nothing.",
                    title=title,
                    people=course.complete,
                )
            )
        if course.added:
            said.append(
                message(
                    "“%(title)s”: %(people)s under way must do in addition: %(steps)s.",
                    title=title,
                    people=course.under_way,
                    steps=tuple(planned.library.title(s.kind, s.id, language) for s in course.added),
                )
            )
        if course.removed:
            said.append(
                message(
                    "“%(title)s”: %(people)s under way need no longer do: %(steps)s.",
                    title=title,
                    people=course.under_way,
                    steps=tuple(before.title(s.kind, s.id, language) for s in course.removed),
                )
            )
        if not course.added and not course.removed:
            said.append(
                message(
                    "“%(title)s”: other rules or another order for %(people)s under way; their progress is counted anew.",
                    title=title,
                    people=course.under_way,
                )
            )
    for activity in planned.activities:
        title = before.title(activity.kind, activity.id, language)
        if activity.open_attempts and activity.kind == "drill":
            said.append(_of_drill(activity, title))
        elif activity.open_attempts:
            said.append(
                message(
                    "“%(title)s”: %(attempts)s open attempts finish with the questions and lines they began with.",
                    title=title,
                    attempts=activity.open_attempts,
                )
            )
        if activity.passing_before != activity.passing_after:
            said.append(
                message(
                    "“%(title)s”: the mark to pass goes from %(before)s to %(after)s percent.",
                    title=title,
                    before=activity.passing_before or 0,
                    after=activity.passing_after or 0,
                )
            )
        if activity.no_longer_passed:
            said.append(
                message(
                    "“%(title)s”: %(people)s under way had reached the old mark and not the new one; they must try again.",
                    title=title,
                    people=activity.no_longer_passed,
                )
            )
        if activity.questions:
            said.append(
                message(
                    "“%(title)s”: the statistics of these questions start afresh: %(questions)s.",
                    title=title,
                    questions=tuple(activity.questions),
                )
            )
    for rubric in planned.rubrics:
        title = f"{before.title('quiz', rubric.quiz, language)} · {rubric.title}"
        if rubric.other_points:
            said.append(
                message(
                    "“%(title)s”: %(answers)s marked answers keep their levels and get other points: %(people)s.",
                    title=title,
                    answers=len(rubric.other_points),
                    people=_some(rubric.other_points),
                )
            )
        if rubric.anew:
            said.append(
                message(
                    "“%(title)s”: %(answers)s marked answers go back to the queue, because a criterion is new: %(people)s.",
                    title=title,
                    answers=len(rubric.anew),
                    people=_some(rubric.anew),
                )
            )
        if rubric.waiting:
            said.append(
                message(
                    "“%(title)s”: %(answers)s answers that wait for their mark are marked by the new rubric.",
                    title=title,
                    answers=rubric.waiting,
                )
            )
    if not said:
        said.append(message("Nothing changes in what is required: everybody keeps progress and results."))
    return tuple(said)


MOST_NAMES = 8


def _some(names: tuple[str, ...]) -> tuple[str, ...]:
    """The first of many names, each told once, and a sign that there are more."""
    names = tuple(dict.fromkeys(names))
    return names if len(names) <= MOST_NAMES else (*names[:MOST_NAMES], "…")


def _of_drill(activity: ActivityImpact, title: str) -> Message:
    if activity.gone:
        return message(
            "“%(title)s” is taken out of the library. %(people)s under way cannot go on; what they answered stays.",
            title=title,
            people=activity.open_attempts,
        )
    return message(
        "“%(title)s”: %(people)s under way get the new scenes from their next question on; what they answered still counts.",
        title=title,
        people=activity.open_attempts,
    )
