"""Mail: written in the transaction of what it tells about, and delivered afterwards by whoever claims it first."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from kamtrain.settings import Settings
from kamtrain.store.base import reading, writing
from kamtrain.store.outbox import Mail

logger = logging.getLogger(__name__)

# How long after each failed try the next one comes; after the last the mail stays, with its error, for an admin to see.
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
TIMEOUT = 20  # seconds for one answer of the mail server
BATCH = 50  # mails a round


@dataclass(frozen=True)
class Delivered:
    sent: int
    failed: int


def post(session: Session, person_id: int | None, recipient: str, subject: str, body: str, now: datetime) -> None:
    """Put a mail into the outbox: it goes out if, and only if, the transaction is committed."""
    session.add(
        Mail(
            person_id=person_id,
            recipient=recipient,
            subject=" ".join(subject.split())[:200],  # a line break would begin another header
            body=body,
            created_at=now,
            due_at=now,
            sent_at=None,
            error=None,
        )
    )


def deliver_due(engine: Engine, settings: Settings, now: datetime) -> Delivered:
    """Send what is due. Without a mail server nothing happens. Touches the network, outside of any transaction.

    A mail is claimed by moving its next try on, so that two workers send it once; where a worker dies between
    sending and noting it, the next try carries the same Message-ID.
    """
    if not settings.mail_host:
        return Delivered(0, 0)
    ids = _due(engine, now)
    if not ids:
        return Delivered(0, 0)
    sent = failed = 0
    try:
        with _server(settings) as server:
            for id in ids:
                if (mail := _claim(engine, id, now)) is None:
                    continue
                error = _send(server, settings, mail)
                _note(engine, id, now, error)
                sent, failed = sent + (error is None), failed + (error is not None)
    except (OSError, smtplib.SMTPException) as error:
        # The server itself: every mail of the round waits, and says why.
        for id in ids:
            if _claim(engine, id, now) is not None:
                _note(engine, id, now, str(error))
                failed += 1
        logger.warning("the mail server does not take mail", extra={"error": type(error).__name__})
    return Delivered(sent, failed)


def _due(engine: Engine, now: datetime) -> list[int]:
    with reading(engine) as session:
        return list(
            session.scalars(
                select(Mail.id)
                .where(Mail.sent_at.is_(None), Mail.due_at <= now, Mail.tries <= len(DELAYS))
                .order_by(Mail.due_at, Mail.id)
                .limit(BATCH)
            )
        )


@dataclass(frozen=True)
class _Claimed:
    id: int
    recipient: str
    subject: str
    body: str
    created_at: datetime


def _claim(engine: Engine, id: int, now: datetime) -> _Claimed | None:
    with writing(engine) as session:
        tries = session.scalar(
            select(Mail.tries).where(Mail.id == id, Mail.sent_at.is_(None), Mail.due_at <= now).with_for_update()
        )
        if tries is None:
            return None
        delay = DELAYS[min(tries, len(DELAYS) - 1)]
        row = session.execute(
            update(Mail)
            .where(Mail.id == id)
            .values(tries=tries + 1, due_at=now + delay)
            .returning(Mail.id, Mail.recipient, Mail.subject, Mail.body, Mail.created_at)
        ).one()
        return _Claimed(*row)


def _note(engine: Engine, id: int, now: datetime, error: str | None) -> None:
    with writing(engine) as session:
        values = {"error": error} if error else {"error": None, "sent_at": now}
        session.execute(update(Mail).where(Mail.id == id).values(**values))


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=TIMEOUT) as server:
        if settings.mail_tls:
            server.starttls(context=ssl.create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
        yield server


def _send(server: smtplib.SMTP, settings: Settings, mail: _Claimed) -> str | None:
    """Send one mail; what the server said where it refused this one."""
    letter = EmailMessage()
    letter["From"] = settings.mail_from
    letter["To"] = mail.recipient
    letter["Subject"] = mail.subject
    letter["Date"] = format_datetime(mail.created_at)
    letter["Message-ID"] = f"<outbox-{mail.id}-{mail.created_at:%Y%m%d%H%M%S}@{settings.mail_from.partition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"  # so that no absence note answers (RFC 3834 §5)
    letter.set_content(mail.body)
    try:
        server.send_message(letter)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        logger.warning("a mail was refused", extra={"mail": mail.id, "error": type(error).__name__})
        server.rset()
        return str(error)
    return None
