"""What was asked then and is asked now in the same words: answers to anything else say nothing about what stands today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from kamtrain.content.library import Library, parse
from kamtrain.core.quiz import Quiz
from kamtrain.store import library as store
from kamtrain.store.library import Revision

Manifests = Mapping[int, Mapping[str, str]]  # revision -> path -> sha256


def manifests(session: Session, revisions: Iterable[int]) -> Manifests:
    """One statement."""
    wanted = sorted(set(revisions))
    found = session.execute(select(Revision.id, Revision.manifest).where(Revision.id.in_(wanted)))
    return {row.id: row.manifest for row in found}


def questions(
    session: Session, known: Manifests, now: int, library: Library, quiz_id: str
) -> Mapping[int, frozenset[str]]:
    """For each revision the questions of the quiz that stood in it as they stand in `library`, that of revision `now`.

    They are the same in every language both have. The quiz's own files alone are parsed, and equal ones once: what else
    was published since changes no question. One statement where its files have changed at all.
    """
    files = {library.path("quiz", quiz_id, language) for language in library.quizzes[quiz_id]}
    paths = sorted(path for path in files if path is not None)
    hashes = {id: tuple((path, one[path]) for path in paths if path in one) for id, one in known.items()}
    here = hashes[now]
    first = next(iter(library.quizzes[quiz_id].values()))
    unchanged = {here: frozenset(question.id for question in first.questions)}
    others = set(hashes.values()) - {here}
    if others:
        data = store.blobs(session, {sha256 for one in (here, *others) for _, sha256 in one})
        alone = {
            one: parse({path: data[sha256] for path, sha256 in one}).library.quizzes.get(quiz_id, {})
            for one in (here, *others)
        }
        unchanged |= {one: _same(alone[here], alone[one]) for one in others}
    return {id: unchanged[one] for id, one in hashes.items()}


def _same(now: Mapping[str, Quiz], then: Mapping[str, Quiz]) -> frozenset[str]:
    kept = []
    for language in now.keys() & then.keys():
        old = {question.id: question for question in then[language].questions}
        kept.append({question.id for question in now[language].questions if old.get(question.id) == question})
    return frozenset(set.intersection(*kept)) if kept else frozenset()


def scenarios(known: Manifests, now: int, library: Library, id: str) -> frozenset[int]:
    """The revisions in which the scenario stood as it stands now, in the language the others follow: all of it."""
    path = library.path("scenario", id, library.leader("scenario", id) or "")
    return frozenset(one for one, manifest in known.items() if path and manifest.get(path) == known[now].get(path))
