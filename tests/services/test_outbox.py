"""Mail leaves once, or waits and says why; through a real SMTP server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from aiosmtpd.smtp import Session as SmtpSession
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from kamtrain import jobs
from kamtrain.services import outbox
from kamtrain.settings import Settings
from kamtrain.store.base import reading, writing
from kamtrain.store.outbox import Mail

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@dataclass
class Mailbox:
    """What a mail server got. It refuses who is called nobody, and everything while it is full."""

    letters: list[EmailMessage] = field(default_factory=list)
    full: bool = False
    signed_in: list[bytes] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: SmtpSession, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802
        if self.full:
            return "452 full"
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 kept"

    def sign_in(
        self, _server: object, _session: object, _envelope: object, _mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.signed_in.append(data.login)
        return AuthResult(success=data.password == b"secret")


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def settings(mailbox: Mailbox, tmp_path: Path) -> Iterator[Settings]:
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=free_port(),
        authenticator=mailbox.sign_in, auth_require_tls=False,
    )  # fmt: skip
    controller.start()
    yield Settings(data=tmp_path, mail_host="127.0.0.1", mail_port=controller.port, mail_tls=False)
    controller.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def post(engine: Engine, recipient: str = "ada@example.com", subject: str = "Hello", body: str = "Text\n") -> int:
    with writing(engine) as session:
        outbox.post(session, None, recipient, subject, body, NOW)
        session.flush()
        return max(session.scalars(select(Mail.id)))


def mail(engine: Engine, id: int) -> Mail:
    with reading(engine) as session:
        return session.get_one(Mail, id)


def test_it_works(engine: Engine, settings: Settings, mailbox: Mailbox) -> None:
    id = post(engine, subject="选择新密码", body="您好，王芳\nhttp://localhost/reset/x\n")
    assert outbox.deliver_due(engine, settings, NOW) == outbox.Delivered(1, 0)

    [letter] = mailbox.letters
    assert (letter["To"], letter["Subject"]) == ("ada@example.com", "选择新密码")
    assert "王芳" in letter.get_content()
    assert letter["Auto-Submitted"] == "auto-generated"
    assert mail(engine, id).sent_at == NOW
    assert outbox.deliver_due(engine, settings, NOW + timedelta(days=1)) == outbox.Delivered(0, 0)


def test_what_is_rolled_back_is_not_sent(engine: Engine, settings: Settings, mailbox: Mailbox) -> None:
    with Session(engine) as session:
        outbox.post(session, None, "ada@example.com", "Hello", "Text", NOW)
        session.flush()
        session.rollback()
    outbox.deliver_due(engine, settings, NOW)

    assert mailbox.letters == []


def test_two_workers_send_it_once(engine: Engine, settings: Settings, mailbox: Mailbox) -> None:
    for number in range(5):
        post(engine, f"p{number}@example.com")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: outbox.deliver_due(engine, settings, NOW), range(4)))

    assert sorted(str(letter["To"]) for letter in mailbox.letters) == [f"p{number}@example.com" for number in range(5)]


def test_one_refused_address_does_not_hold_up_the_others(engine: Engine, settings: Settings, mailbox: Mailbox) -> None:
    refused, good = post(engine, "nobody@example.com"), post(engine)
    assert outbox.deliver_due(engine, settings, NOW) == outbox.Delivered(1, 1)

    assert "nobody here" in (mail(engine, refused).error or "")
    assert mail(engine, refused).due_at == NOW + outbox.DELAYS[0]
    assert mail(engine, good).sent_at == NOW


def test_it_is_tried_again_later_and_later_and_then_left(engine: Engine, settings: Settings, mailbox: Mailbox) -> None:
    mailbox.full = True
    id, now = post(engine), NOW
    for number, _ in enumerate((*outbox.DELAYS, None), 1):
        assert outbox.deliver_due(engine, settings, now) == outbox.Delivered(0, 1)
        assert mail(engine, id).tries == number
        now = mail(engine, id).due_at
    mailbox.full = False
    assert outbox.deliver_due(engine, settings, now + timedelta(days=9)) == outbox.Delivered(0, 0)
    assert "full" in (mail(engine, id).error or "")


def test_a_server_that_is_away_is_noted_and_tried_again(
    engine: Engine, settings: Settings, mailbox: Mailbox, tmp_path: Path
) -> None:
    id = post(engine)
    away = Settings(data=tmp_path, mail_host="127.0.0.1", mail_port=free_port(), mail_tls=False)
    assert outbox.deliver_due(engine, away, NOW) == outbox.Delivered(0, 1)
    assert mail(engine, id).error
    later = NOW + outbox.DELAYS[0]
    assert outbox.deliver_due(engine, settings, later) == outbox.Delivered(1, 0)
    assert mail(engine, id).error is None


def test_without_a_server_mail_waits(engine: Engine, tmp_path: Path) -> None:
    id = post(engine)
    assert outbox.deliver_due(engine, Settings(data=tmp_path), NOW) == outbox.Delivered(0, 0)
    assert mail(engine, id).tries == 0


def test_it_signs_in_where_it_is_told_to(engine: Engine, settings: Settings, mailbox: Mailbox) -> None:
    post(engine)
    known = settings.model_copy(update={"mail_user": "kamtrain", "mail_password": "secret"})
    assert outbox.deliver_due(engine, known, NOW) == outbox.Delivered(1, 0)
    assert mailbox.signed_in == [b"kamtrain"]


def test_it_never_goes_in_the_clear_where_tls_is_wanted(engine: Engine, settings: Settings, mailbox: Mailbox) -> None:
    id = post(engine)
    assert outbox.deliver_due(engine, settings.model_copy(update={"mail_tls": True}), NOW) == outbox.Delivered(0, 1)
    assert mailbox.letters == []
    assert "STARTTLS" in (mail(engine, id).error or "")


def test_a_subject_cannot_add_a_header(engine: Engine, settings: Settings, mailbox: Mailbox) -> None:
    post(engine, subject="Hello\r\nBcc: all@example.com")
    outbox.deliver_due(engine, settings, NOW)

    assert mailbox.letters[0]["Bcc"] is None


def test_the_thread_delivers_by_itself_and_stops(engine: Engine, settings: Settings, mailbox: Mailbox) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=jobs.run_forever, args=(engine, settings, stop, 0.05))
    thread.start()
    id = post(engine)
    for _ in range(200):
        if mail(engine, id).sent_at:
            break
        stop.wait(0.05)
    stop.set()
    thread.join(5)

    assert len(mailbox.letters) == 1
    assert not thread.is_alive()
