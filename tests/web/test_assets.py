"""The bundles pages name are there, compressed, and under names that may be kept for good."""

import re

import pytest
from flask import Flask

from kamtrain.web.assets import DIST, AssetError, asset_url


@pytest.fixture
def context():
    with Flask(__name__).test_request_context():
        yield


@pytest.mark.parametrize("name", ["main.css", "app.js", "practice.js", "studio.js"])
def test_every_entry_is_built(name: str, context: None) -> None:
    url = asset_url(name)
    assert re.fullmatch(r"/static/dist/[a-z]+-[0-9A-Z]{8}\.(css|js)", url)
    file = DIST / url.rsplit("/", 1)[1]
    assert all(file.with_name(file.name + suffix).exists() for suffix in ("", ".br", ".gz"))


def test_a_missing_entry_says_how_to_mend_it(context: None) -> None:
    with pytest.raises(AssetError, match=r"No bundle .*python3 kam\.py setup"):
        asset_url("nothing.js")


def test_bundles_load_nothing_from_another_host() -> None:
    loading = r"(?:url\(|import\s*\(?|fetch\(|src=)\s*[\"']?((?:https?:)?//[^\"')\s]+)"
    found = {path.name: re.findall(loading, path.read_text("utf-8")) for path in DIST.glob("*.*s")}
    assert not any(found.values()), found
