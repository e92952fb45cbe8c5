"""Sheets: nothing typed is lost, two devices are brought together, and private facts stay private and can be erased."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from kamtrain.core.errors import Invalid, NotFound
from kamtrain.services import workbench as service
from kamtrain.store import workbench as store
from kamtrain.store.base import reading, writing
from kamtrain.store.workbench import Reader, SheetValue
from kamtrain.workbench import TOOLS
from tests.cast import Cast, seat

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CARD, MAP = TOOLS["selection-scorecard"], TOOLS["stakeholder-map"]
SCORE = "criteria.01.score"


@pytest.fixture
def people(engine: Engine) -> Cast:
    with writing(engine) as session:
        return seat(session, NOW)


def begun(
    engine: Engine, people: Cast, tool: str, *, shared: bool = False, personal: bool = False, who: str = "trainee"
) -> SheetValue:
    """A new sheet in a new account of the trainee's."""
    with writing(engine) as session:
        id = store.add_account(session, people[who], "Alder", True, shared, personal, NOW)
        account = store.own_account(session, id, people[who])
        sheet = service.open_sheet(session, TOOLS[tool], people[who], account, "", "", {}, NOW)
        return store.own_sheet(session, sheet, people[who])


def save(
    engine: Engine, sheet: SheetValue, cells: Mapping[str, str], seen: int = 0, now: datetime = NOW
) -> service.Saved:
    with writing(engine) as session:
        return service.save(session, sheet, cells, seen, now)


def cells(engine: Engine, sheet: SheetValue) -> Mapping[str, str]:
    with reading(engine) as session:
        return service.filled(session, sheet).cells


def test_what_is_typed_is_kept_as_typed(engine: Engine, people: Cast) -> None:
    sheet = begun(engine, people, CARD.id)

    saved = save(engine, sheet, {SCORE: "nine or so", "criteria.02.score~evidence": "annual report"})

    assert not saved.both
    assert not saved.refused
    assert cells(engine, sheet) == {SCORE: "nine or so", "criteria.02.score~evidence": "annual report"}


def test_sending_it_twice_changes_nothing(engine: Engine, people: Cast) -> None:
    sheet = begun(engine, people, CARD.id)
    first = save(engine, sheet, {SCORE: "9"})

    again = save(engine, sheet, {SCORE: "9"}, 0, NOW + timedelta(seconds=5))

    assert (again.both, again.refused, again.stamp) == ({}, {}, first.stamp)


def test_two_devices_that_change_different_cells_are_brought_together(engine: Engine, people: Cast) -> None:
    sheet = begun(engine, people, CARD.id)
    start = save(engine, sheet, {SCORE: "5"}).stamp
    save(engine, sheet, {"criteria.02.score": "7"}, start)

    phone = save(engine, sheet, {"criteria.03.score": "8"}, start)

    assert phone.others == {"criteria.02.score": "7"}
    assert cells(engine, sheet) == {SCORE: "5", "criteria.02.score": "7", "criteria.03.score": "8"}


def test_of_two_values_for_one_cell_neither_is_lost(engine: Engine, people: Cast) -> None:
    sheet = begun(engine, people, CARD.id)
    start = save(engine, sheet, {SCORE: "5"}).stamp
    save(engine, sheet, {SCORE: "6"}, start)

    phone = save(engine, sheet, {SCORE: "9"}, start)

    assert phone.both == {SCORE: "6"}
    assert cells(engine, sheet)[SCORE] == "6"
    # Whoever has seen both may choose.
    assert not save(engine, sheet, {SCORE: "9"}, phone.stamp).both
    assert cells(engine, sheet)[SCORE] == "9"


def test_thirty_devices_at_once_lose_nothing(engine: Engine, people: Cast) -> None:
    sheet = begun(engine, people, CARD.id)
    faults: list[BaseException] = []

    def type_in(place: int) -> None:
        try:
            save(engine, sheet, {f"criteria.0000000000r{place:02}.name": f"row {place}"}, 0)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=type_in, args=(place,)) for place in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not faults
    assert sorted(cells(engine, sheet).values()) == sorted(f"row {place}" for place in range(30))


def test_a_clock_that_goes_back_hides_no_change(engine: Engine, people: Cast) -> None:
    sheet = begun(engine, people, CARD.id)
    first = save(engine, sheet, {SCORE: "5"}).stamp
    save(engine, sheet, {SCORE: "6"}, first, NOW - timedelta(hours=1))

    assert save(engine, sheet, {SCORE: "9"}, first, NOW - timedelta(hours=2)).both == {SCORE: "6"}


def test_what_no_page_of_ours_could_have_sent_is_refused_with_its_reason(engine: Engine, people: Cast) -> None:
    sheet = begun(engine, people, CARD.id)
    wrong = {
        "criteria.01.salary": "1",
        "nowhere": "1",
        "criteria.01.points": "99",  # comes out, and is never sent in
        SCORE: "x" * 5000,
        "criteria.../..score": "1",
        "criteria.02.score": "a\x00b",
    }

    saved = save(engine, sheet, {**wrong, "criteria.03.score": "8"})

    assert set(saved.refused) == set(wrong)
    assert cells(engine, sheet) == {"criteria.03.score": "8"}


def test_a_sheet_has_an_end(engine: Engine, people: Cast) -> None:
    sheet = begun(engine, people, CARD.id)
    rows = {f"criteria.0000000000r{place:04}.name": "x" for place in range(1001)}

    saved = save(engine, sheet, rows)

    assert len(saved.refused) == 1001
    assert not cells(engine, sheet)


def test_emptying_what_a_table_begins_with_is_kept(engine: Engine, people: Cast) -> None:
    sheet = begun(engine, people, CARD.id)

    save(engine, sheet, {"criteria.01.weight": ""})

    assert cells(engine, sheet) == {"criteria.01.weight": ""}


def test_tools_of_one_account_share_what_was_entered_once(engine: Engine, people: Cast) -> None:
    first = begun(engine, people, MAP.id)
    with writing(engine) as session:
        id = service.open_sheet(session, MAP, people["trainee"], first.account, "", "", {}, NOW)
        second = store.own_sheet(session, id, people["trainee"])

    save(engine, first, {"people.0000000000r1.name": "Luo"})

    assert cells(engine, second)["people.0000000000r1.name"] == "Luo"
    other = begun(engine, people, MAP.id)
    assert not cells(engine, other)


def test_private_facts_are_off_by_default_and_ask_whether_they_were_volunteered(engine: Engine, people: Cast) -> None:
    row = "people.0000000000r1."
    closed = begun(engine, people, MAP.id)
    told = {f"{row}name": "Luo", f"{row}volunteered": "1", f"{row}family": "two children"}

    assert set(save(engine, closed, told).refused) == {f"{row}family"}

    kept = begun(engine, people, MAP.id, personal=True)
    assert set(save(engine, kept, {**told, f"{row}volunteered": ""}).refused) == {f"{row}family"}
    assert not save(engine, kept, told).refused
    with reading(engine) as session:
        filled = service.filled(session, kept)
    assert service.readable_cells(filled, people["trainee"])[f"{row}family"] == "two children"
    assert f"{row}family" not in service.readable_cells(filled, people["manager"])


def test_a_private_fact_goes_with_the_tick_that_allowed_it(engine: Engine, people: Cast) -> None:
    row, other = "people.0000000000r1.", "people.0000000000r2."
    sheet = begun(engine, people, MAP.id, personal=True)
    for one in (row, other):
        told = {f"{one}name": "Luo", f"{one}volunteered": "1", f"{one}family": "two children"}
        seen = save(engine, sheet, told).stamp

    saved = save(engine, sheet, {f"{row}volunteered": ""}, seen)

    assert saved.others[f"{row}family"] == "", "the page empties the field, too"
    assert cells(engine, sheet)[f"{row}family"] == ""
    assert cells(engine, sheet)[f"{row}name"] == "Luo"
    assert cells(engine, sheet)[f"{other}family"] == "two children"


def test_private_facts_are_in_no_version_and_no_copy_and_end_with_the_account(engine: Engine, people: Cast) -> None:
    row = "people.0000000000r1."
    sheet = begun(engine, people, MAP.id, personal=True)
    save(engine, sheet, {f"{row}name": "Luo", f"{row}volunteered": "1", f"{row}family": "two children"})
    with writing(engine) as session:
        service.keep_version(session, sheet, "", NOW)
        copy = service.copy_sheet(session, service.filled(session, sheet), people["outsider"], NOW)
        taken = store.own_sheet(session, copy, people["outsider"])
        version = store.versions_of(session, sheet.id)[0]

    assert version.cells[f"{row}name"] == "Luo"
    assert "two children" not in [*version.cells.values(), *cells(engine, taken).values()]
    assert cells(engine, taken)[f"{row}name"] == "Luo"

    assert sheet.account is not None
    with writing(engine) as session:
        service.erase_personal(session, sheet.account)
    assert "two children" not in cells(engine, sheet).values()
    assert cells(engine, sheet)[f"{row}name"] == "Luo"


def test_a_person_can_be_erased_everywhere(engine: Engine, people: Cast) -> None:
    sheet = begun(engine, people, MAP.id)
    save(engine, sheet, {"people.0000000000r1.name": "Luo", "people.0000000000r2.name": "Han"})
    with writing(engine) as session:
        service.keep_version(session, sheet, "", NOW)
        service.erase_row(session, sheet, "people", "0000000000r1", NOW)

    assert cells(engine, sheet) == {"people.0000000000r2.name": "Han"}
    with reading(engine) as session:
        assert store.versions_of(session, sheet.id)[0].cells == {"people.0000000000r2.name": "Han"}


def test_what_is_shared_is_read_by_the_team_and_its_managers_only(engine: Engine, people: Cast) -> None:
    hidden, shown = begun(engine, people, CARD.id), begun(engine, people, CARD.id, shared=True)
    with reading(engine) as session:
        manager = service.reader(session, people["manager"], None)
        other = service.reader(session, people["othermanager"], people.south)
        colleague = Reader(people["outsider"], people.north)
        for reader in (manager, colleague):
            assert store.read_sheet(session, shown.id, reader).id == shown.id
            with pytest.raises(NotFound):
                store.read_sheet(session, hidden.id, reader)
            assert [account.id for account in store.readable_accounts(session, reader)] == [
                shown.account and shown.account.id
            ]
        with pytest.raises(NotFound):
            store.read_sheet(session, shown.id, other)
        with pytest.raises(NotFound):
            store.own_sheet(session, shown.id, people["manager"])


def test_an_example_does_not_mix_with_what_the_account_has(engine: Engine, people: Cast) -> None:
    sheet = begun(engine, people, MAP.id)
    save(engine, sheet, {"people.0000000000r1.name": "Somebody of ours"})
    assert sheet.account is not None

    with writing(engine) as session:
        id = service.open_sheet(session, MAP, people["trainee"], sheet.account, "", "", MAP.examples[0].cells, NOW)
        later = store.own_sheet(session, id, people["trainee"])

    names = {value for key, value in cells(engine, later).items() if key.endswith(".name")}
    assert names == {"Somebody of ours"}


def test_settings_hold_for_everybody_and_are_checked(engine: Engine, people: Cast) -> None:
    with writing(engine) as session:
        service.set_settings(session, CARD, {"select": "75", "develop": "55"}, people["trainer"], NOW)
    with reading(engine) as session:
        assert store.settings_of(session, CARD.id) == {"select": "75"}  # 55 is the tool's own
    for wrong in ("lots", "101"):
        with pytest.raises(Invalid):
            service.changed_settings(CARD, {"select": wrong})
