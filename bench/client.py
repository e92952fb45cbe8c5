"""A small HTTP client that costs far less than what it measures, and the loaders that use it, four at once.

It stays on loopback, knows HTTP/1.1 as our servers speak it, and nothing else.
"""

from __future__ import annotations

import multiprocessing
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Protocol
from urllib.parse import urlencode

LOADERS = 4
# What a browser asks for on this machine.
ENCODINGS = "gzip, deflate, br, zstd"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: str  # as they came
    body: bytes  # as it came: compressed where the server compressed it
    size: int  # bytes on the wire, head and body

    def header(self, name: str) -> str:
        """The first header of that name; "" where there is none."""
        start = self.headers.lower().find(f"\r\n{name.lower()}:")
        if start < 0:
            return ""
        start += len(name) + 3
        end = self.headers.find("\r\n", start)
        return self.headers[start : end if end >= 0 else None].strip()


@dataclass(frozen=True)
class Packet:
    """What a page's script sends: JSON, and the form token in its header."""

    content: str
    token: str


Sent = dict[str, str] | Packet


def body_of(sent: Sent | None) -> tuple[bytes, dict[str, str]]:
    """The bytes of a request, and the headers that speak of them."""
    if sent is None:
        return b"", {}
    if isinstance(sent, Packet):
        return sent.content.encode(), {"Content-Type": "application/json", "X-CSRFToken": sent.token}
    return urlencode(sent).encode(), {"Content-Type": "application/x-www-form-urlencoded"}


class Browser(Protocol):
    """Who walks a journey: the wire's client, or the application itself where statements are counted."""

    def send(
        self, method: str, path: str, cookie: str = "", form: Sent | None = None, encodings: str = ENCODINGS
    ) -> Reply: ...


class Wire:
    """One keep-alive connection, opened anew where the server closed it. Counts bytes and requests."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.bytes = 0
        self.requests = 0
        self._socket: socket.socket | None = None

    def send(
        self, method: str, path: str, cookie: str = "", form: Sent | None = None, encodings: str = ENCODINGS
    ) -> Reply:
        """Raises `OSError` where the server does not answer."""
        data, headers = body_of(form)
        about = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        about += f"Content-Length: {len(data)}\r\n" if data else ""
        host = f"127.0.0.1:{self.port}"
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\nAccept-Encoding: {encodings}\r\n"
            f"Accept-Language: en\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\n{about}\r\n"
        )
        for fresh in (False, True):
            if self._socket is None or fresh:
                self.close()
                self._socket = socket.create_connection(("127.0.0.1", self.port), 60)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self._socket.sendall(head.encode("latin-1") + data)
                reply = self._read(self._socket)
            except ConnectionError:
                if fresh:
                    raise
                continue  # an idle connection that the server had closed
            self.bytes += reply.size
            self.requests += 1
            if "connection: close" in reply.headers.lower():
                self.close()
            return reply
        raise AssertionError  # the second time returns or raises

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _read(self, wire: socket.socket) -> Reply:
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more(wire)
        head = data[:end].decode("latin-1")
        status = int(head[9:12])
        reply = Reply(status, head, b"", 0)
        start = end + 4
        if status in (204, 304):
            return Reply(status, head, b"", start)
        if length := reply.header("Content-Length"):
            total = start + int(length)
            parts, have = [data], len(data)
            while have < total:
                parts.append(self._more(wire))
                have += len(parts[-1])
            return Reply(status, head, b"".join(parts)[start:], total)
        if reply.header("Transfer-Encoding") == "chunked":
            return self._chunked(wire, head, data, start)
        while True:  # until the server closes
            more = wire.recv(65_536)
            if not more:
                return Reply(status, head, data[start:], len(data))
            data += more

    def _chunked(self, wire: socket.socket, head: str, data: bytes, start: int) -> Reply:
        body, size = bytearray(), start
        data = data[start:]
        while True:
            while (end := data.find(b"\r\n")) < 0:
                data += self._more(wire)
            length = int(data[:end], 16)
            while len(data) < end + length + 4:
                data += self._more(wire)
            body += data[end + 2 : end + 2 + length]
            size += end + length + 4
            data = data[end + length + 4 :]
            if not length:
                return Reply(int(head[9:12]), head, bytes(body), size)

    @staticmethod
    def _more(wire: socket.socket) -> bytes:
        more = wire.recv(262_144)
        if not more:
            raise ConnectionResetError("the server closed the connection")
        return more


@dataclass(frozen=True)
class Ticket:
    """One trainee who is signed in, and what was prepared for her."""

    email: str
    cookie: str
    token: str  # for forms
    quiz: int = 0  # an open attempt with ten drafts
    scenario: int = 0  # a conversation not begun
    sheet: int = 0  # a sheet with its worked example


@dataclass
class Load:
    """What one slice of time gave."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)  # seconds, of each operation
    bytes: int = 0
    requests: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: Load) -> None:
        self.seconds += other.seconds
        self.latencies += other.latencies
        self.bytes += other.bytes
        self.requests += other.requests
        self.faults += other.faults

    @property
    def rate(self) -> float:
        """Operations a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class Order:
    """One slice: a journey of `bench.journeys`, against a port, for so long or so often."""

    journey: str
    port: int
    seconds: float
    most: int  # operations of one loader
    tickets: Sequence[Ticket]
    facts: dict[str, str]


class Loaders:
    """Four processes that wait for orders. They import this package's client and journeys only."""

    def __init__(self, tickets: Sequence[Ticket]) -> None:
        context = multiprocessing.get_context("spawn")
        self._tickets = tickets
        self._pipes: list[Connection] = []
        self._processes = []
        for _ in range(LOADERS):
            mine, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(mine)
            self._processes.append(process)

    def run(
        self, journey: str, port: int, seconds: float, facts: dict[str, str], at_once: int = LOADERS, most: int = 10_000
    ) -> Load:
        pipes = self._pipes[:at_once]
        started = time.perf_counter()
        for place, pipe in enumerate(pipes):
            pipe.send(Order(journey, port, seconds, most, self._tickets[place :: len(pipes)], facts))
        whole = Load()
        for pipe in pipes:
            whole.add(pipe.recv())
        whole.seconds = time.perf_counter() - started
        return whole

    def close(self) -> None:
        for pipe in self._pipes:
            pipe.send(None)
        for process in self._processes:
            process.join(10)


def _serve(pipe: Connection) -> None:
    while (order := pipe.recv()) is not None:
        pipe.send(_load(order))


def _load(order: Order) -> Load:
    from bench.journeys import BY_NAME, Refused

    journey, wire, load = BY_NAME[order.journey], Wire(order.port), Load()
    end = time.perf_counter() + order.seconds
    count = 0
    while count < order.most and (now := time.perf_counter()) < end and len(load.faults) < 5:
        if journey.consumes and count >= len(order.tickets):
            break
        ticket = order.tickets[count % len(order.tickets)]
        count += 1
        try:
            journey.walk(wire, ticket, order.facts)
        except (Refused, OSError) as fault:
            load.faults.append(str(fault)[:300])
            continue
        load.latencies.append(time.perf_counter() - now)
    load.bytes, load.requests = wire.bytes, wire.requests
    wire.close()
    return load
