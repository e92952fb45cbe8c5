"""The databases the tests run on: at the newest schema, and each test's own."""

import pytest
from sqlalchemy import Engine, inspect, text


def test_has_the_tables(engine: Engine) -> None:
    assert inspect(engine).get_table_names()


@pytest.mark.parametrize("turn", [1, 2])
def test_is_not_shared_between_tests(engine: Engine, turn: int) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (id integer)"))
