"""Drills as authors write them: what is read, and what is said of each fault with its place."""

from __future__ import annotations

import pytest

from kamtrain.content.library import Parsed, parse
from tests.drilled import DRILL, HEAD, SCENE, TRUTH, WITH_DRILL

PATH = "quizzes/tell.en.md"


def read(text: str, **others: str) -> Parsed:
    more = {f"quizzes/tell.{tag}.md".replace("_", "-"): other.encode() for tag, other in others.items()}
    return parse({**WITH_DRILL, PATH: text.encode(), **more})


def said(parsed: Parsed, path: str = PATH) -> list[tuple[str, int]]:
    return [(one.code, one.line) for one in parsed.problems if one.path == path and one.severity != "note"]


def test_a_drill_without_faults() -> None:
    parsed = read(DRILL)
    assert said(parsed) == []
    drill = parsed.library.drill("tell", "en")
    assert [answer.id for answer in drill.answers] == ["loud", "calm", "unclear"]
    assert {id: key.right for id, key in drill.keys.items()} == TRUTH
    assert drill.keys["s0"].confusable == "calm"
    assert parsed.library.minutes("drill", "tell") > 1


def test_all_answers_are_offered_and_one_that_is_not_listed_gives_its_profile() -> None:
    which, cue = read(DRILL).library.drill("tell", "en").question("s0").parts
    assert [option.html for option in which.item.options] == ["Loud", "Calm", "Not enough"]
    assert ["RIGHT-s0" in which.item.options[0].feedback, "WRONG-s0" in which.item.options[1].feedback] == [True, True]
    assert "PROFILE-UNCLEAR" in which.item.options[2].feedback
    assert [option.right for option in cue.item.options] == [True, False]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        ("- Calm `calm`", "- Calm", "no-id", "- Calm\n"),
        ("- Calm `calm`", "- Calm `loud`", "duplicate-id", "- Calm `loud`"),
        ("  > PROFILE-CALM.\n", "", "no-profile", "- Calm `calm`"),
        ("- [x] Loud\n  > RIGHT-s0", "- [x] Lout\n  > RIGHT-s0", "unknown-answer", "- [x] Lout"),
        ("- [ ] Calm\n  > WRONG-s0", "- [ ] Loud\n  > WRONG-s0", "duplicate-answer", "- [ ] Loud\n  > WRONG-s0"),
        ("- [x] Loud\n  > RIGHT-s0", "- [ ] Loud\n  > RIGHT-s0", "not-one-right", "- [ ] Loud\n  > RIGHT-s0"),
        ("`confusable: calm`", "`confusable: clam`", "unknown-answer", "`confusable: clam`"),
        ("`confusable: calm`", "`confusable: loud`", "confusable-itself", "`confusable: loud`"),
        ("`confusable: calm`", "`confusable: unclear`", "confusable-unsaid", "`confusable: unclear`"),
        ("`confusable: calm`", "`confusible: calm`", "unknown-tag", "`confusible: calm`"),
        ("draw: 10", "pass: 80", "unknown-key", "pass: 80"),
    ],
)
def test_a_fault_has_its_place(old: str, new: str, code: str, at: str) -> None:
    text = DRILL.replace(old, new, 1)
    assert (code, line_of(text, at)) in said(read(text))


def test_a_question_without_cues_and_a_drill_without_answers() -> None:
    scene = SCENE.format(id="s0", right="Loud", wrong="Calm", confusable="calm")
    without = scene[: scene.index("Which cue")] + "\n> DEBRIEF.\n"
    assert "no-cues" in [code for code, _ in said(read(DRILL + without.replace("s0", "s10")))]
    bare = HEAD[: HEAD.index("- Loud")] + scene
    assert "no-answers" in [code for code, _ in said(read(bare))]


def test_an_answer_that_is_never_right_is_a_warning() -> None:
    scene = SCENE.format(id="s0", right="Loud", wrong="Calm", confusable="calm")
    assert [code for code, _ in said(read(HEAD + scene))] == ["never-right", "never-right"]


HANS = (
    DRILL.replace("kind: drill\n", "follows: en\n").replace("draw: 10\ncompetency: C06\n", "")
    .replace("Loud", "高声").replace("Calm", "平静").replace("Not enough", "依据不足").replace("Tell them apart", "分辨")
)  # fmt: skip


def test_a_translation_names_the_answers_in_its_own_words_and_traditional_is_derived() -> None:
    parsed = read(DRILL, zh_Hans=HANS)
    assert said(parsed, "quizzes/tell.zh-Hans.md") == []
    library = parsed.library
    assert [answer.name for answer in library.drill("tell", "zh-Hans").answers] == ["高声", "平静", "依据不足"]
    derived = library.drill("tell", "zh-Hant")
    assert derived.language == "zh-Hant"
    assert [answer.name for answer in derived.answers] == ["高聲", "平靜", "依據不足"]
    assert derived.keys == library.drill("tell", "en").keys


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("- 平静 `calm`", "- 平静 `quiet`", "other-answers"),
        ("- [ ] 平静\n  > WRONG-s0", "- [ ] 依据不足\n  > WRONG-s0", "other-answer"),
        ("`confusable: calm`", "`confusable: unclear`", "other-tags"),
        ("- [x] The cue of s0", "- [ ] The cue of s0", "other-mark"),
    ],
)
def test_what_differs_in_a_translation_is_an_error(old: str, new: str, code: str) -> None:
    parsed = read(DRILL, zh_Hans=HANS.replace(old, new, 1))
    assert code in [found for found, _ in said(parsed, "quizzes/tell.zh-Hans.md")]


def test_a_question_missing_in_a_translation_stands_in_the_first_language() -> None:
    cut = HANS[: HANS.index("## s8")]
    parsed = read(DRILL, zh_Hans=cut)
    assert [code for code, _ in said(parsed, "quizzes/tell.zh-Hans.md")] == ["question-missing"]
    assert parsed.library.drill("tell", "zh-Hans").question("s8").language == "en"


@pytest.mark.parametrize("cut", range(0, len(DRILL), 61))
def test_half_a_file_is_never_a_traceback(cut: int) -> None:
    read(DRILL[:cut])
    read(DRILL[:cut] + DRILL[cut + 40 :])
