"""What a lesson weighs in a real browser: cold, and the next one with the first one's files in its cache."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from bench.journeys import LESSON

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NEXT_LESSON = "/learn/ppl/ppl-1.4"


@dataclass
class Weight:
    requests: int = 0  # that went over the wire
    bytes: int = 0  # on the wire, heads and compressed bodies
    nodes: int = 0
    foreign: int = 0  # requests to another host
    names: list[str] = field(default_factory=list)


def lesson(port: int, cookie: str) -> tuple[Weight, Weight] | None:
    """(cold, warm), or None where there is no Chromium."""
    executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if executable is None:
        return None
    origin = f"http://127.0.0.1:{port}"
    name, _, value = cookie.partition("=")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        try:
            context = browser.new_context()
            context.add_cookies([{"name": name, "value": value, "url": origin}])
            page = context.new_page()
            return _weighed(page, origin + LESSON), _weighed(page, origin + NEXT_LESSON)
        finally:
            browser.close()


def _weighed(page: Page, url: str) -> Weight:
    weight, addresses, cached = Weight(), {}, set()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def asked(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["request"]["url"]

    def answered(event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache") or event["response"].get("fromPrefetchCache"):
            cached.add(event["requestId"])

    def kept(event: dict[str, Any]) -> None:
        cached.add(event["requestId"])

    def finished(event: dict[str, Any]) -> None:
        address = addresses.get(event["requestId"], "")
        if event["requestId"] in cached or not address.startswith("http"):
            return
        weight.requests += 1
        weight.bytes += int(event["encodedDataLength"])
        weight.foreign += urlsplit(address).hostname != "127.0.0.1"
        weight.names.append(f"{urlsplit(address).path} {int(event['encodedDataLength'])}")

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.responseReceived", answered)
    session.on("Network.requestServedFromCache", kept)
    session.on("Network.loadingFinished", finished)
    page.goto(url, wait_until="networkidle")
    weight.nodes = page.evaluate("document.querySelectorAll('*').length")
    session.detach()
    return weight
