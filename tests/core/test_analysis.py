"""Item analysis held against NumPy and SciPy, which compute the same from other formulas and other code."""

from __future__ import annotations

import random
from collections import Counter

import numpy
import pytest
from scipy import special, stats

from kamtrain.core import analysis
from kamtrain.core.analysis import Choice, Figures, Given, Reliability


def test_quartiles_are_those_of_numpy() -> None:
    """Of 30 answers and more; who went for coffee counts as ten minutes."""
    rng = random.Random(3)
    taken = Counter(rng.randrange(5, 900) for _ in range(501))
    found = analysis.times(taken)
    assert found is not None
    spread = numpy.quantile(numpy.minimum(list(taken.elements()), 600), (0.25, 0.5, 0.75))
    assert (found.low, found.median, found.high) == pytest.approx(tuple(spread))
    assert found.answers == 501
    assert analysis.times({40: 29}) is None
    assert analysis.times({40: 30}) == analysis.Times(30, 40, 40, 40)


def sheets(people: int, questions: int, seed: int) -> list[dict[str, Given]]:
    """People of unlike skill at questions of unlike difficulty, some with partial credit."""
    rng = random.Random(seed)
    found = []
    for _ in range(people):
        skill = rng.gauss(0, 1)
        points = [
            rng.choice((1000, 2000)) if skill + rng.gauss(0, 1) > place % 7 / 3 - 1 else 0 for place in range(questions)
        ]
        found.append({f"q{place}": Given(one, 2000, False, True) for place, one in enumerate(points)})
    return found


def matrix(answered: list[dict[str, Given]]) -> numpy.ndarray:
    return numpy.array([[one.points or 0 for one in sheet.values()] for sheet in answered], dtype=float)


@pytest.mark.parametrize(("people", "questions"), [(30, 2), (31, 7), (250, 10), (2000, 25)])
def test_the_figures_are_those_of_numpy(people: int, questions: int) -> None:
    answered = sheets(people, questions, people)
    table = matrix(answered)
    found = analysis.figures(answered, answered[0])
    for place, figures in enumerate(found.values()):
        rest = numpy.delete(table, place, axis=1).sum(axis=1)
        assert figures.facility == pytest.approx(table[:, place].mean() / 2000)
        assert figures.discrimination == pytest.approx(numpy.corrcoef(table[:, place], rest)[0, 1])
        assert figures.answers == people
        assert figures.omitted == 0


def test_fifths_are_those_of_scipys_middle_ranks() -> None:
    answered = sheets(403, 6, 5)
    table = matrix(answered)
    totals = table.sum(axis=1)
    ranks = numpy.minimum(4, ((stats.rankdata(totals) - 0.5) * 5 / len(totals)).astype(int))
    found = analysis.figures(answered, ["q2"])["q2"]
    assert analysis.fifths(list(totals)) == list(ranks)
    assert found.fifths == pytest.approx([table[ranks == fifth, 2].mean() / 2000 for fifth in range(5)])


@pytest.mark.parametrize(("people", "questions"), [(30, 2), (31, 7), (250, 10), (3_000, 20)])
def test_alpha_and_its_interval_are_those_of_the_covariances_and_scipys_f(people: int, questions: int) -> None:
    answered = sheets(people, questions, questions)
    covariance = numpy.cov(matrix(answered), rowvar=False)
    alpha = questions / (questions - 1) * (1 - numpy.trace(covariance) / covariance.sum())
    f = stats.f(people - 1, (people - 1) * (questions - 1))
    found = analysis.reliability(answered)
    assert found is not None
    assert found.alpha == pytest.approx(alpha)
    assert (found.low, found.high) == pytest.approx((1 - (1 - alpha) * f.ppf(0.975), 1 - (1 - alpha) * f.ppf(0.025)))
    assert (found.people, found.questions) == (people, questions)


@pytest.mark.parametrize("above", [1, 4, 29, 999, 9_999])
@pytest.mark.parametrize("below", [1, 3, 58, 20_000])
def test_the_f_distribution_is_scipys(above: int, below: int) -> None:
    for share in (0.005, 0.025, 0.5, 0.975, 0.995):
        assert analysis.f_quantile(share, above, below) == pytest.approx(stats.f.ppf(share, above, below), rel=1e-6)
    for x in (0.0, 0.001, 0.3, 0.5, 0.9, 1.0):
        assert analysis._beta(x, above / 2, below / 2) == pytest.approx(
            special.betainc(above / 2, below / 2, x), rel=1e-9, abs=1e-14
        )


def test_drawn_quizzes_have_a_reliability_only_over_enough_people_with_the_same_questions() -> None:
    answered = sheets(60, 4, 1)
    drawn = [{id: sheet[id] for id in (("q0", "q1"), ("q2", "q3"))[place % 2]} for place, sheet in enumerate(answered)]
    assert analysis.reliability(drawn[:-2]) is None
    found = analysis.reliability(drawn)
    assert found is not None
    assert (found.people, found.questions) == (30, 2)
    assert analysis.reliability([]) is None
    assert analysis.reliability([{"q0": Given(1000, 1000, False, True)}] * 40) is None  # one question
    alike = {id: Given(1000, 1000, False, True) for id in ("a", "b")}
    assert analysis.reliability([alike] * 40) is None  # all the same
    assert analysis.figures([alike] * 40, ["a"])["a"].discrimination is None


def test_older_unmarked_and_few_answers_do_not_count() -> None:
    answered = sheets(40, 3, 2)
    for place, sheet in enumerate(answered):
        sheet["q0"] = sheet["q0"]._replace(current=place >= 11)
        if place < 8:
            sheet["q1"] = sheet["q1"]._replace(points=None)
    found = analysis.figures(answered, ["q0", "q1", "q2", "never"])
    assert found["q0"] == Figures(29, 0, 11)
    assert found["q1"] == Figures(32, 8, 0)
    assert found["q2"].facility is not None
    assert found["never"] == Figures(0, 0, 0)
    assert [str(one) for one in analysis.advice(found["q0"])] == ["Too few answers: 29 of 30."]
    assert [str(one) for one in analysis.advice(found["q1"])] == ["Too many answers still wait for a mark: 8."]


def test_answers_left_open_are_counted() -> None:
    answered = sheets(40, 2, 3)
    for sheet in answered[:10]:
        sheet["q1"] = Given(0, 2000, True, True)
    assert analysis.figures(answered, ["q1"])["q1"].omitted == 0.25


@pytest.mark.parametrize(
    ("facility", "relation", "omitted", "chosen", "said"),
    [
        (0.6, 0.4, 0.0, (60, 20, 20), ""),
        (0.6, -0.3, 0.0, (60, 20, 20), "The better ones miss it: check the key."),
        (0.6, -0.05, 0.0, (60, 20, 20), "Whoever is good at the rest is no better here: is it clear what is asked?"),
        (0.97, 0.1, 0.0, (97, 2, 1), "Nearly everybody is right: too easy, or well taught."),
        (0.1, 0.3, 0.0, (30, 35, 35), "Hardly anybody is right: is it taught, and is the key right?"),
        (0.6, None, 0.2, (60, 10, 10), "20 of 100 leave it open: is it clear, and is there time?"),
        (0.6, 0.4, 0.0, (60, 40, 0), "Nobody chooses C: rewrite it."),
        (0.4, 0.4, 0.0, (40, 50, 10), "More choose B than the right answer: a common wrong read, or a wrong key."),
    ],
)
def test_advice_is_plain(
    facility: float, relation: float | None, omitted: float, chosen: tuple[int, ...], said: str
) -> None:
    choices = [Choice(label, label == "A", count) for label, count in zip("ABC", chosen, strict=True)]
    found = analysis.advice(Figures(100, 0, 0, facility, relation, omitted), [choices])
    assert said in map(str, found) if said else found == ()


def test_what_alpha_says_grows_with_its_lower_end() -> None:
    said = [str(analysis.judgement(Reliability(0.95, low, 0.97, 50, 20))) for low in (0.5, 0.7, 0.9)]
    assert len(set(said)) == 3
