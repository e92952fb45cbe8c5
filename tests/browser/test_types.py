"""A question of every type in every state: by mouse, finger and keys, with script and without, in English and Chinese."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Look, NewContext, serve, sign_in_at
from tests.browser.playing import saved
from tests.every_type import FILES

DESK = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True}
PLAIN = {"java_script_enabled": False}

SINGLE, MULTIPLE, ORDERING, MATCHING, CLASSIFY, NUMERIC, SHORT, CLOZE, BANK, GRID, GRID_BANK, OPEN = range(1, 13)


@dataclass(frozen=True)
class Words:
    """What is right and what is wrong on the pages of one language, by the texts a trainee sees."""

    single: tuple[str, str]  # what, why
    single_wrong: tuple[str, str]
    multiple: tuple[str, str]
    multiple_wrong: str
    steps: tuple[str, ...]
    pairs: dict[str, str]
    groups: dict[str, tuple[str, str]]
    numeric: str
    short: str
    short_wrong: str
    cloze: tuple[str, str, str]
    bank: tuple[str, str]
    bank_wrong: str
    roles: tuple[str, str]


EN = Words(
    ("What is asked first", "It can be heard"),
    ("The size of the office", "It is polite"),
    ("The result first", "Two options"),
    "The history of the firm",
    ("Ask for the cost of the problem", "Name the result", "Offer two ways", "Fix the date"),
    {"asks for figures": "analytical", "decides at once": "dominant"},
    {
        "Fact": ("He named the fourth of May", "She asked for the drawing"),
        "Guess": ("He likes us", "The budget is large"),
    },
    "６０．２ days",
    " “Coach!”",
    "Friend",
    ("takes over", "ASKS FOR MORE", "3 days"),
    ("attacks", "gives in"),
    "sleeps",
    ("price", "ease"),
)
ZH = Words(
    ("先问什么", "听得到"),
    ("办公室的大小", "有礼貌"),
    ("先说结果", "两个方案"),
    "公司的历史",
    ("问清问题造成的成本", "说出结果", "给出两条路", "定下日期"),
    {"要数据": "分析型", "当场决定": "主导型"},
    {"事实": ("他说了五月四日", "她要了图纸"), "猜测": ("他喜欢我们", "预算很大")},
    "60天",
    "內線",
    "朋友",
    ("接管局面", "退缩。", "３"),
    ("言语攻击", "让步"),
    "睡着",
    ("价格", "好用"),
)


@pytest.fixture(scope="module")
def types_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The product's own server with the demo company and a library of one quiz."""
    content = tmp_path_factory.mktemp("types")
    for path, data in FILES.items():
        (content / path).parent.mkdir(parents=True, exist_ok=True)
        (content / path).write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KAMTRAIN_CONTENT", str(content))
        with serve(tmp_path_factory.mktemp("data") / "data") as address:
            yield address


Begin = Callable[[Page, str], str]


@pytest.fixture
def begin(types_server: str) -> Begin:
    """Sign in and begin the quiz; the attempt's address."""

    def at(page: Page, who: str) -> str:
        if not page.context.cookies():
            sign_in_at(types_server)(page, who)
        page.goto(f"{types_server}/practice/quiz/every")
        page.locator("main .actions").locator("button, a").first.click()
        page.wait_for_url("**/attempts/**")
        return page.url.partition("/questions/")[0]

    return at


def arrange(page: Page, steps: tuple[str, ...]) -> None:
    """Bring the entries into this order by their arrows, or by their lists where no script runs."""
    down = page.locator("[data-move='1']").first
    if down.is_visible():  # an order that was not touched is no answer, and by chance it may be this one
        down.click()
    for place, text in enumerate(steps):
        entry = page.locator(".ordering-entry").filter(has_text=text)
        if not entry.locator("[data-move='-1']").is_visible():
            entry.locator("select").select_option(index=place + 1)
            continue
        for _ in steps:
            if page.locator(".ordering-entry").nth(place).inner_text() == entry.inner_text():
                break
            entry.locator("[data-move='-1']").click()


def fields(page: Page, texts: tuple[str, ...]) -> None:
    for field, text in zip(page.locator("fieldset.part [type=text]").all(), texts, strict=True):
        field.fill(text)


def choose(page: Page, texts: tuple[str, ...]) -> None:
    for field, text in zip(page.locator("fieldset.part select").all(), texts, strict=True):
        field.select_option(label=text)


def respond(page: Page, number: int, words: Words, right: bool) -> None:
    """Fill in the question at `number`."""
    match number:
        case 1:
            for part, text in enumerate(words.single if right else words.single_wrong):
                page.locator("fieldset.part").nth(part).locator("label").filter(has_text=text).click()
        case 2:
            for text in words.multiple if right else (words.multiple_wrong,):
                page.locator("label").filter(has_text=text).click()
        case 3:
            arrange(page, words.steps if right else words.steps[::-1])
        case 4:
            rights = list(words.pairs.values())
            for row, text in zip(words.pairs, rights if right else rights[::-1], strict=True):
                page.locator("tr").filter(has_text=row).locator("select").select_option(label=text)
        case 5:
            names = list(words.groups)
            for group, name in zip(names, names if right else names[::-1], strict=True):
                for text in words.groups[group]:
                    page.locator(".classify-row").filter(has_text=text).locator("label").filter(has_text=name).click()
        case 6:
            fields(page, (words.numeric if right else "2,160",))
        case 7:
            fields(page, (words.short if right else words.short_wrong,))
        case 8:
            fields(page, words.cloze if right else ("?", "?", "4"))
        case 9:
            choose(page, words.bank if right else (words.bank_wrong, words.bank_wrong))
        case 10:
            fields(page, ("90", "80 %") if right else ("125", "８５"))
        case 11:
            choose(page, words.roles if right else words.roles[::-1])
        case _:
            page.locator("textarea").fill("He asked first. 他先问价格。")


def hand_in(page: Page) -> None:
    with page.expect_navigation():
        page.locator(".question-end button").first.click()


@pytest.mark.parametrize(
    ("who", "device", "words"),
    [("trainee", DESK, EN), ("outsider", PHONE, ZH)],
    ids=["en-desk-light", "zh-phone-dark"],
)
def test_every_state_of_every_type_can_be_read_by_everybody(
    types_server: str,
    new_context: NewContext,
    begin: Begin,
    look: Look,
    who: str,
    device: dict[str, object],
    words: Words,
) -> None:
    page = new_context(**device).new_page()
    for right in (True, False):
        attempt = begin(page, who)
        for number in range(1, OPEN + 1):
            state = f"{number} {'right' if right else 'wrong'}"
            page.goto(f"{attempt}/questions/{number}")
            look(page, f"{number} unanswered")
            respond(page, number, words, right)
            look(page, f"{state}, answered")
            hand_in(page)
            expected = "waiting" if number == OPEN else "right" if right else "wrong"
            expect(page.locator(".question .verdict")).to_have_class(f"verdict verdict-{expected}")
            look(page, f"{state}, reviewed")
            page.emulate_media(color_scheme="dark" if device is DESK else "light")
            page.reload()  # colours change at once then, not over a moment
            look(page, f"{state}, reviewed")
            page.emulate_media(color_scheme="light" if device is DESK else "dark")
        page.goto(f"{attempt}/result")
        look(page, f"result, {right}")


def order_of(page: Page) -> list[str]:
    return [entry.get_attribute("data-name") or "" for entry in page.locator(".ordering-entry").all()]


def places_of(page: Page) -> list[str]:
    return [str(entry.evaluate("node => node.value")) for entry in page.locator(".ordering-entry select").all()]


def test_an_order_is_made_by_keys_alone_and_told_aloud(types_server: str, page: Page, begin: Begin) -> None:
    attempt = begin(page, "tom.hale")
    page.goto(f"{attempt}/questions/{ORDERING}")
    assert places_of(page) == [""] * 4  # what is shown at first is no answer
    first, second, *_ = order_of(page)
    down = page.locator("[data-move='1']").first
    down.focus()
    page.keyboard.press("Enter")
    assert order_of(page)[:2] == [second, first]
    expect(page.locator("[data-live]")).to_have_text(f"{first}: now at place 2 of 4.")
    expect(page.locator(":focus")).to_have_attribute("aria-label", f"Move down: {first}")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert order_of(page)[:2] == [first, second]
    page.keyboard.press("Enter")  # at the top nothing moves, and it is said where one is
    expect(page.locator("[data-live]")).to_have_text(f"{first}: now at place 1 of 4.")
    assert places_of(page) == ["0", "1", "2", "3"]
    saved(page)
    shown = order_of(page)
    page.reload()
    assert order_of(page) == shown


def drag(page: Page, entry: Locator, onto: Locator) -> None:
    handle, target = entry.locator("[data-handle]").bounding_box(), onto.bounding_box()
    assert handle is not None
    assert target is not None
    page.mouse.move(handle["x"] + 5, handle["y"] + handle["height"] / 2)
    page.mouse.down()
    for part in (0.2, 0.5, 0.9):
        page.mouse.move(handle["x"] + 5, target["y"] + target["height"] * part, steps=4)
    page.mouse.up()


def test_an_order_is_made_by_dragging(types_server: str, page: Page, begin: Begin) -> None:
    attempt = begin(page, "lea.moreau")
    page.goto(f"{attempt}/questions/{ORDERING}")
    first, *rest = order_of(page)
    entries = page.locator(".ordering-entry")
    drag(page, entries.first, entries.last)
    assert order_of(page) == [*rest, first]
    assert places_of(page) == ["0", "1", "2", "3"]
    saved(page)
    page.reload()
    assert order_of(page) == [*rest, first]


def test_a_statement_is_dragged_onto_a_group(types_server: str, page: Page, begin: Begin) -> None:
    """Let go elsewhere it stays as it was; the buttons carry the answer, and need no drag."""
    attempt = begin(page, "lea.moreau")
    page.goto(f"{attempt}/questions/{CLASSIFY}")
    row, zones = page.locator(".classify-row").first, page.locator(".classify-zones")
    expect(zones).to_be_hidden()
    handle = row.locator("[data-handle]").bounding_box()
    assert handle is not None
    for place, chosen in ((1, 1), (None, 1), (0, 0)):
        page.mouse.move(handle["x"] + 5, handle["y"] + handle["height"] / 2)
        page.mouse.down()
        expect(zones).to_be_visible()
        zone = (
            zones.locator("> *").nth(place).bounding_box()
            if place is not None
            else {"x": 5, "y": 5, "width": 0, "height": 0}
        )
        assert zone is not None
        page.mouse.move(zone["x"] + zone["width"] / 2, zone["y"] + zone["height"] / 2, steps=4)
        page.mouse.up()
        expect(zones).to_be_hidden()
        expect(row.locator("input").nth(chosen)).to_be_checked()
        saved(page)
    page.reload()
    expect(page.locator(".classify-row").first.locator("input").first).to_be_checked()


def test_what_is_typed_is_kept_while_one_types(types_server: str, page: Page, begin: Begin) -> None:
    attempt = begin(page, "sofia.rossi")
    for number, texts in ((NUMERIC, ("60",)), (SHORT, ("coa",)), (CLOZE, ("takes", "", "3")), (GRID, ("", "80"))):
        page.goto(f"{attempt}/questions/{number}")
        fields(page, texts)
        saved(page)
        page.reload()
        found = [field.input_value() for field in page.locator("fieldset.part [type=text]").all()]
        assert found == list(texts)


@pytest.mark.expected_errors("status of 422")
def test_what_is_no_number_is_asked_again(types_server: str, page: Page, begin: Begin) -> None:
    attempt = begin(page, "jonas.weber")
    page.goto(f"{attempt}/questions/{NUMERIC}")
    fields(page, ("60 months",))
    page.locator(".question-end button").first.click()
    expect(page.locator(".errors")).to_contain_text("Write the number in “days”")
    expect(page.locator("fieldset.part [type=text]")).to_have_value("60 months")
    fields(page, ("about sixty",))
    page.locator(".question-end button").first.click()  # the browser itself asks for a digit
    assert page.locator("fieldset.part :invalid").count() == 1
    fields(page, ("60",))
    hand_in(page)
    expect(page.locator(".question .verdict")).to_have_class("verdict verdict-right")


def test_every_type_is_answered_without_script(types_server: str, new_context: NewContext, begin: Begin) -> None:
    page = new_context(**(PHONE | PLAIN)).new_page()
    attempt = begin(page, "wang.fang")
    for number in range(1, OPEN + 1):
        page.goto(f"{attempt}/questions/{number}")
        respond(page, number, ZH, right=True)
        hand_in(page)
        expected = "waiting" if number == OPEN else "right"
        expect(page.locator(".question .verdict")).to_have_class(f"verdict verdict-{expected}")


def test_a_known_slip_is_answered_where_it_was_made(types_server: str, page: Page, begin: Begin) -> None:
    attempt = begin(page, "ma.lin")
    for number, said in ((NUMERIC, "应收账款在上面"), (SHORT, "朋友喜欢你"), (BANK, "会上不会"), (GRID, "奖励拖欠")):
        page.goto(f"{attempt}/questions/{number}")
        respond(page, number, ZH, right=False)
        expect(page.locator("article.question")).not_to_contain_text(said)
        hand_in(page)
        expect(page.locator("article.question")).to_contain_text(said)


def test_the_studio_shows_every_type_with_all_its_feedback(types_server: str, page: Page, look: Look) -> None:
    sign_in_at(types_server)(page, "trainer")
    page.goto(f"{types_server}/studio/preview/quizzes/every.en.md")
    look(page, "every type as a trainee")
    for said in (
        "Receivables go on top.",
        "Nobody applauds",
        "Not in the meeting.",
        "rewards slow payment",
        "Says who?",
    ):
        expect(page.locator("main")).to_contain_text(said)
