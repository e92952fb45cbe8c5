"""Drills: telling apart, again and again. The values, what a history says about it, and which question comes next.

A drill has a handful of answers and many short scenes, its questions; every scene has one right answer, and one cue
that decides. All of it is pure: the same history gives the same matrix, the same criterion, the same next question.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from kamtrain.core.quiz import Question

WINDOW = 20  # answers over which the mark must hold
PASSING = 80  # percent of them that name the right answer, where a course asks no other mark
CUES = 80  # percent of them that name the right answer and the right cue
RECENT = 60  # answers from which the pair most often confused is taken: what is mastered drops out
APART = 8  # questions between two times the same one is asked, where there are so many
CAP = 300_000  # milliseconds: who answers later than that was not thinking all the time
Z = 1.959963984540054  # of a two-sided interval of 95 %: the normal distribution's quantile at 0.975


@dataclass(frozen=True)
class Answer:
    """One of the answers that are offered every time."""

    id: str  # in code in the file; statistics follow it
    name: str
    profile: str  # HTML: what is said where a question has no word of its own


@dataclass(frozen=True)
class Key:
    """What the author says of one question."""

    right: str  # id of an answer
    confusable: str = ""  # id of the answer it is easily taken for; "" where none is named


@dataclass(frozen=True)
class Drill:
    """One drill in one language. Each question has two parts of type `single`: which answer, and which cue decides.

    The options of the first part are `answers`, in their order.
    """

    id: str
    language: str
    title: str
    intro: str  # HTML
    answers: tuple[Answer, ...]
    questions: tuple[Question, ...]
    keys: Mapping[str, Key]  # by question
    draw: int | None = None  # questions of one round; None: there are no rounds
    confidence: bool = False

    def question(self, id: str) -> Question:
        """Raises KeyError."""
        for question in self.questions:
            if question.id == id:
                return question
        raise KeyError(id)

    def place(self, answer: str) -> int:
        """Where the answer stands among the answers. Raises ValueError."""
        return [known.id for known in self.answers].index(answer)


@dataclass(frozen=True)
class Said:
    """One answered question."""

    question: str
    truth: str  # id of the right answer
    chosen: str  # id of the answer chosen
    cue_right: bool

    @property
    def right(self) -> bool:
        return self.truth == self.chosen

    @property
    def whole(self) -> bool:
        """The right answer for the right reason."""
        return self.right and self.cue_right


# --- where one stands ---


@dataclass(frozen=True)
class Criterion:
    """When a drill is done: over the last `window` answers."""

    passing: int = PASSING  # percent with the right answer
    cues: int = CUES  # percent with the right answer and the right cue
    window: int = WINDOW


@dataclass(frozen=True)
class Standing:
    """Counts over the last answers, at most the criterion's window."""

    answered: int
    right: int
    whole: int
    criterion: Criterion

    @property
    def reached(self) -> bool:
        """Whole numbers throughout: 16 of 20 are 80 percent."""
        size = self.criterion.window
        return (
            self.answered >= size
            and 100 * self.right >= self.criterion.passing * size
            and 100 * self.whole >= self.criterion.cues * size
        )

    @property
    def needed(self) -> int:
        """Answers with the right cue that the criterion takes."""
        return -(-self.criterion.cues * self.criterion.window // 100)

    @property
    def needed_right(self) -> int:
        """Right answers that the criterion takes."""
        return -(-self.criterion.passing * self.criterion.window // 100)


def standing(history: Sequence[Said], criterion: Criterion) -> Standing:
    """`history` oldest first."""
    last = history[-criterion.window :]
    return Standing(len(last), sum(said.right for said in last), sum(said.whole for said in last), criterion)


# --- what is confused ---


@dataclass(frozen=True)
class Share:
    """`count` of `total`, with Wilson's interval of 95 %. Of nothing: no share, and an interval that says nothing."""

    count: int
    total: int

    @property
    def value(self) -> float | None:
        return self.count / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.count, self.total)


def wilson(count: int, total: int, z: float = Z) -> tuple[float, float]:
    """Wilson's score interval for a share (E. B. Wilson, JASA 22, 1927); (0, 1) of nothing.

    It stays within 0 and 1 and says something true also of 0 or all of a handful, where the textbook's interval is empty.
    """
    if total == 0:
        return 0.0, 1.0
    share, square = count / total, z * z
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = z / (1 + square / total) * sqrt(share * (1 - share) / total + square / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Matrix:
    """True answer by chosen answer; `cues` counts (asked, right cue) by the true answer."""

    answers: tuple[str, ...]  # ids, in the drill's order
    counts: Mapping[tuple[str, str], int]  # (true, chosen) ->
    cues: Mapping[str, int]  # true -> right cues

    def count(self, truth: str, chosen: str) -> int:
        return self.counts.get((truth, chosen), 0)

    def asked(self, truth: str) -> int:
        return sum(self.count(truth, chosen) for chosen in self.answers)

    def said(self, chosen: str) -> int:
        return sum(self.count(truth, chosen) for truth in self.answers)

    @property
    def total(self) -> int:
        return sum(self.asked(truth) for truth in self.answers)

    @property
    def right(self) -> Share:
        return Share(sum(self.count(answer, answer) for answer in self.answers), self.total)

    def sensitivity(self, truth: str) -> Share:
        """Of the times it was true: how often it was seen."""
        return Share(self.count(truth, truth), self.asked(truth))

    def cue(self, truth: str) -> Share:
        """Of the times it was true: how often the cue that decides was named."""
        return Share(self.cues.get(truth, 0), self.asked(truth))

    def bias(self, answer: str) -> int:
        """How often it was said, less how often it was true: above 0 it is seen where it is not."""
        return self.said(answer) - self.asked(answer)

    def confused(self) -> tuple[tuple[str, str, int], ...]:
        """(true, chosen, times) of what was taken for something else, the most frequent first."""
        pairs = [(t, c, n) for t in self.answers for c in self.answers if t != c and (n := self.count(t, c))]
        return tuple(sorted(pairs, key=lambda pair: -pair[2]))


def matrix(answers: Sequence[str], history: Sequence[Said]) -> Matrix:
    """What is said of answers the drill no longer has is left out."""
    known = set(answers)
    kept = [said for said in history if said.truth in known and said.chosen in known]
    return Matrix(
        tuple(answers),
        Counter((said.truth, said.chosen) for said in kept),
        Counter(said.truth for said in kept if said.cue_right),
    )


def counted(answers: Sequence[str], rows: Sequence[tuple[str, str, int, int]]) -> Matrix:
    """The same from counts: (true, chosen, answers, right cues) of each pair there is."""
    known = set(answers)
    kept = [row for row in rows if row[0] in known and row[1] in known]
    cues: Counter[str] = Counter()
    for truth, _chosen, _count, right in kept:
        cues[truth] += right
    return Matrix(tuple(answers), {(truth, chosen): count for truth, chosen, count, _right in kept}, cues)


# --- what comes next ---


def worst_pair(answers: Sequence[str], history: Sequence[Said]) -> tuple[str, str] | None:
    """The two answers most often confused of late, either way round; None where nothing was confused.

    Of two pairs confused equally often, the one confused last.
    """
    times: Counter[tuple[str, str]] = Counter()
    last: dict[tuple[str, str], int] = {}
    order = {answer: place for place, answer in enumerate(answers)}
    for place, said in enumerate(history[-RECENT:]):
        if not said.right and said.truth in order and said.chosen in order:
            pair = (said.truth, said.chosen)
            if order[pair[0]] > order[pair[1]]:
                pair = (said.chosen, said.truth)
            times[pair] += 1
            last[pair] = place
    return max(times, key=lambda pair: (times[pair], last[pair])) if times else None


def next_question(answers: Sequence[str], keys: Mapping[str, Key], history: Sequence[Said], seed: object) -> str:
    """The question to ask now. The same history, keys and seed give the same one. `keys` has at least one.

    Two of three come from the pair most often confused: scenes of either answer, those first that their author calls
    easily taken for the other. The third shows any answer, the one seen least: who is only ever shown two answers learns
    to guess between two. Among the questions that fit, those asked least come first, then chance by `seed`. A question
    comes back after `APART` others, where there are so many.
    """
    apart = min(APART, len(keys) - 1)
    just_asked = {said.question for said in history[-apart:]} if apart else set()
    free = [id for id in keys if id not in just_asked] or list(keys)
    seen = Counter(said.question for said in history)
    chance = random.Random(f"{seed}:{len(history)}")  # nosec B311 # not for secrets
    dice = {id: chance.random() for id in free}
    pair = worst_pair(answers, history)
    if pair is not None and len(history) % 3 != 2:
        wanted = [id for id in free if keys[id].right in pair]
        if wanted:
            return min(wanted, key=lambda id: (seen[id], not _of_pair(keys[id], pair), dice[id]))
    shown = Counter(said.truth for said in history)
    per = Counter(key.right for key in keys.values())
    return min(free, key=lambda id: (shown[keys[id].right] / per[keys[id].right], seen[id], dice[id]))


def _of_pair(key: Key, pair: Collection[str]) -> bool:
    return key.right in pair and key.confusable in pair


def shuffled(size: int, seed: object) -> tuple[int, ...]:
    """An order of `size` places: shown position -> place in the file. The same seed gives the same one."""
    places = list(range(size))
    random.Random(f"order:{seed}").shuffle(places)  # nosec B311 # not for secrets
    return tuple(places)
