"""What a course has taught: the normalised gain between two parallel forms, for each competency, with its interval.

The gain is the share of what was missing before that is there after: g = (after − before) ÷ (1 − before) (Hake 1998).
With q, the share that is wrong, this is 1 − q(after) ÷ q(before): one minus a ratio of two proportions, whose interval
is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import inf, sqrt

from kamtrain.core.item import POINT, Outcome

Z = 1.959963984540054  # of a normal distribution: 95 % lie within
CEILING = 80  # percent right before, from which there is too little left to gain
FEW = 3  # questions of a competency in each form, below which a gain says nothing


@dataclass(frozen=True)
class Gain:
    """One competency before and after. Shares are percent, rounded down; gains are fractions of what was missing."""

    competency: str
    before: int
    after: int
    asked_before: int  # questions
    asked_after: int
    gain: float | None  # None: nothing was missing before, or too few questions to say
    low: float | None  # of the 95 % interval; None with the gain, or without a bound
    high: float | None
    ceiling: bool  # so much was right before that there was little to gain

    @property
    def sure(self) -> bool:
        """Whether the interval lies wholly above zero."""
        return self.low is not None and self.low > 0


Answers = Iterable[tuple[tuple[str, ...], Outcome]]  # the competencies of a question, and its outcome


def gains(before: Answers, after: Answers) -> tuple[Gain, ...]:
    """One entry for each competency that both forms ask for, by its code. What nobody has marked yet is left out."""
    first, then = _shares(before), _shares(after)
    return tuple(_gain(code, first[code], then[code]) for code in sorted(set(first) & set(then)))


def _shares(answers: Answers) -> Mapping[str, list[float]]:
    """Competency -> the share of the points of each of its questions."""
    found: dict[str, list[float]] = {}
    for codes, outcome in answers:
        if outcome.points is not None:
            for code in codes:
                found.setdefault(code, []).append(outcome.points / outcome.possible)
    return found


def _gain(code: str, before: list[float], after: list[float]) -> Gain:
    wrong_before, wrong_after = len(before) - sum(before), len(after) - sum(after)
    shares = [round(POINT * sum(some)) * 100 // (POINT * len(some)) for some in (before, after)]
    gain = low = high = None
    if min(len(before), len(after)) >= FEW and wrong_before > 0:
        gain = 1 - (wrong_after / len(after)) / (wrong_before / len(before))
        least, most = ratio_interval(wrong_after, len(after), wrong_before, len(before))
        low, high = (None if most == inf else 1 - most), 1 - least
    return Gain(code, shares[0], shares[1], len(before), len(after), gain, low, high, shares[0] >= CEILING)


def ratio_interval(x1: float, n1: int, x2: float, n2: int, z: float = Z) -> tuple[float, float]:
    """The score interval of p1 ÷ p2 for x1 of n1 and x2 of n2: what Wilson's is to one proportion.

    (Miettinen and Nurminen 1985, §3.) Counts may have parts, where an answer is partly right. `inf` where there is no
    upper bound. For few questions it holds what it promises, where the one by logarithms has no value at zero.
    """

    def distance(ratio: float) -> float:
        """How far, in standard errors, the counts are from this ratio. Falls as the ratio grows."""
        # The likeliest p2 if the ratio were true: the smaller root of a·p² + b·p + c.
        a = (n1 + n2) * ratio
        b = -(n1 * ratio + x1 + n2 + x2 * ratio)
        c = x1 + x2
        p2 = 2 * c / (-b + sqrt(max(0.0, b * b - 4 * a * c)))
        p1 = min(1.0, ratio * p2)
        variance = (p1 * (1 - p1) / n1 + ratio**2 * p2 * (1 - p2) / n2) * (n1 + n2) / (n1 + n2 - 1)
        apart = x1 / n1 - ratio * x2 / n2
        return apart / sqrt(variance) if variance > 0 else (0.0 if apart == 0 else apart * inf)

    low = 0.0 if x1 <= 0 else _crossing(lambda ratio: distance(ratio) - z)
    high = inf if x2 <= 0 else _crossing(lambda ratio: distance(ratio) + z)
    return low, high


def _crossing(falling: Callable[[float], float]) -> float:
    """Where a falling function of a positive number passes zero."""
    least, most = 1e-9, 1.0
    while falling(most) > 0 and most < 1e9:
        most *= 2
    for _ in range(200):
        middle = (least + most) / 2
        if falling(middle) > 0:
            least = middle
        else:
            most = middle
    return (least + most) / 2
