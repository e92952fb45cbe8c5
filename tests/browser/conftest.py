"""A real browser against the product's own server, with the demo company in it.

Whatever a page writes to its console, every error in it and every request to another host fails the test that saw it.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import fasteners
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from kamtrain.serve import demo_company, prepare
from kamtrain.settings import Settings
from kamtrain.store.base import connect

ROOT = Path(__file__).parents[2]
PASSWORD = "kamtrain-demo"  # the demo's, printed at its start
REQUIRED = "KAMTRAIN_TEST_BROWSER_REQUIRED"  # environment variable: no browser is a failure, not a skip
PATIENCE = 60  # seconds a server may take to start on a busy machine
# Off: what Playwright turns off itself (the last list counts), and two pages of the browser's own in each new context,
# which take as much as the context.
FEATURES = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints", "NetworkTimeServiceQuerying",
    "AimEnabled", "PreconnectToSearch", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
)  # fmt: skip
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    f"--disable-features={','.join(FEATURES)}",
    # Every page is seen once: what a compiler gains on it is less than what it takes.
    "--js-flags=--no-maglev --no-turbofan",
]
ASK = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations'], selectors: false})"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]

Axe = Callable[[Page], None]
Look = Callable[[Page, str], None]
NewContext = Callable[..., BrowserContext]
SignIn = Callable[[Page, str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys come first: they are the longest, and so mostly one worker has a browser and a server.

    What is held to a time comes last, when no browser is beside it.
    """
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(
        key=lambda item: (item.get_closest_marker("browser") is None, item.get_closest_marker("timed") is not None)
    )


def _executable() -> str:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("KAMTRAIN_TEST_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    missing = "no Chromium on this machine; install it with: apt install chromium fonts-noto-cjk"
    if os.environ.get(REQUIRED):
        pytest.fail(missing)
    pytest.skip(missing)


@contextmanager
def serve(data: Path) -> Iterator[str]:
    """The product's own server with the demo company on a free port; its address, without a slash at the end."""
    with running(data) as server:
        yield server.address


@dataclass
class Server:
    """A server that can be killed, and started again on the same data and the same port."""

    data: Path
    port: int = 0  # 0: a free one
    process: subprocess.Popen[bytes] | None = None
    address: str = ""

    @property
    def log(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"

    def start(self) -> None:
        command = [sys.executable, "-m", "kamtrain.serve", "--demo", "--port", str(self.port), "--data", str(self.data)]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        self.address = _address(self.process, self.log)
        self.port = urlsplit(self.address).port or 0

    def kill(self) -> None:
        """kill -9, with all its workers: nothing is finished or written on the way out."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)


@contextmanager
def running(data: Path) -> Iterator[Server]:
    server = Server(data)
    try:
        server.start()
        yield server
    finally:
        if server.process is not None:
            server.process.terminate()
            server.process.wait(PATIENCE)
        said = server.log.read_text()
        if "Traceback" in said or '"level": "error"' in said:
            raise AssertionError(f"the server reported:\n{said}")


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Read the address from what the server prints, and wait until it answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        address = next((word for word in log.read_text().split() if word.startswith("http://127.0.0.1:")), None)
        if address:
            urllib.request.urlopen(f"{address.rstrip('/')}/healthz", timeout=PATIENCE).close()
            return address.rstrip("/")
        time.sleep(0.05)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A data folder as `serve --demo` makes it, made once for all workers; copy it, do not change it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    data = shared / "demo"
    with fasteners.InterProcessLock(shared / "demo.lock"):
        if not (shared / "demo.done").exists():
            data.mkdir(mode=0o700)
            settings = Settings(data=data, demo=True)
            engine = connect(settings.database)
            prepare(settings, engine)
            demo_company(engine)
            engine.dispose()
            (shared / "demo.done").touch()
    return data


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = _executable()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def server(browser: Browser, demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for all of a worker's tests: for journeys that do not mind what the others did."""
    data = shutil.copytree(demo_data, tmp_path_factory.mktemp("server") / "data")
    with serve(data) as address:
        yield address


@pytest.fixture
def fresh_server(browser: Browser, demo_data: Path, tmp_path: Path) -> Iterator[str]:
    """A server of the test's own on an untouched demo company, for journeys that publish or count."""
    with serve(shutil.copytree(demo_data, tmp_path / "data")) as address:
        yield address


@pytest.fixture
def mortal_server(browser: Browser, demo_data: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own that it may kill and start again."""
    with running(shutil.copytree(demo_data, tmp_path / "data")) as server:
        yield server


@pytest.fixture
def faults() -> list[str]:
    """What the test's pages have reported so far."""
    return []


@pytest.fixture
def new_context(
    browser: Browser, faults: list[str], request: pytest.FixtureRequest
) -> Iterator[Callable[..., BrowserContext]]:
    """Make a browser of one's own (a second device, no JavaScript, a phone): arguments as Playwright's new_context.

    Watches every page in it; what it saw is told at the end of the test. A test that expects an error (a lost
    connection) says `@pytest.mark.expected_errors("part of the message")`.
    """
    contexts: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**{"locale": "en", "viewport": {"width": 1280, "height": 800}} | options)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)  # milliseconds; two cores are shared
        context.on("console", lambda said: faults.extend([said.text] if said.type in ("error", "warning") else []))
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("request", lambda sent: faults.extend([f"another host: {sent.url}"] if _foreign(sent.url) else []))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    expected = [part for mark in request.node.iter_markers("expected_errors") for part in mark.args]
    unexpected = [fault for fault in faults if not any(part in fault for part in expected)]
    if unexpected:
        raise AssertionError("the pages reported:\n" + "\n".join(unexpected))


def _foreign(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1"


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


@pytest.fixture(scope="session")
def axe() -> Axe:
    """Ask axe-core about the page as it stands; every violation is named with its place."""
    script = (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")

    def judge(page: Page) -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)  # by the debugger, which the page's own content policy does not hold back
        found = page.evaluate(ASK, RULES)["violations"]
        told = [f"{fault['id']}: {fault['help']}\n    {node['html']}" for fault in found for node in fault["nodes"]]
        if told:
            raise AssertionError(f"{page.url} has barriers:\n" + "\n".join(told))

    return judge


@pytest.fixture(scope="session")
def look(axe: Axe) -> Look:
    """Hold a page as it stands against barriers and against scrolling sideways: `look(page, "result")`.

    Axe takes half a second, so it is asked once for each name, theme and size.
    """
    seen: set[tuple[str, str, bool]] = set()

    def judge(page: Page, name: str) -> None:
        page.wait_for_load_state()
        wide, width, theme = page.evaluate(
            "[innerWidth, document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor]"
        )
        assert width <= wide, f"{name} ({page.url}) is {width - wide} px wider than the window of {wide} px"
        if (kind := (name, theme, wide > 500)) not in seen:
            seen.add(kind)
            axe(page)

    return judge


@pytest.fixture(scope="session")
def sign_in(server: str) -> SignIn:
    """Sign a page in as a person of the demo: `sign_in(page, "trainee")`."""
    return sign_in_at(server)


def sign_in_at(address: str) -> SignIn:
    """Send the form of the sign-in page as it is there, without drawing the page; then be where it leads."""

    def sign(page: Page, who: str) -> None:
        request, place = page.context.request, f"{address}/sign-in"
        token = re.search('name="csrf_token" value="([^"]+)"', request.get(place).text())
        assert token is not None
        form = {"csrf_token": token[1], "email": f"{who}@demo.example", "password": PASSWORD}
        answer = request.post(place, form=form, max_redirects=0)
        assert answer.status == 302, answer.status
        page.goto(f"{address}{answer.headers['location']}")

    return sign


def sign_in_by_hand(page: Page, address: str, who: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("[name=email]", f"{who}@demo.example")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page).not_to_have_url(f"{address}/sign-in")
