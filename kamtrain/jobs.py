"""What is done without anybody asking: mail, attempts that ran out of time, summaries after a publish.

One small thread in every worker.
"""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from kamtrain.services.attempts import end_all_overdue
from kamtrain.services.outbox import deliver_due
from kamtrain.services.publishing import settle_all
from kamtrain.settings import Settings

logger = logging.getLogger(__name__)

PAUSE = 3.0  # seconds between two looks into the outbox
SETTLE = 10  # looks between two at the summaries; who publishes has most of them settled at once


def start(app: Flask) -> threading.Event:
    """Run the jobs beside the application until the returned event is set. After a fork, once in each process."""
    stop = threading.Event()
    engine: Engine = app.extensions["kamtrain.engine"]
    settings: Settings = app.extensions["kamtrain.settings"]
    threading.Thread(target=run_forever, args=(engine, settings, stop), name="jobs", daemon=True).start()
    return stop


def run_forever(engine: Engine, settings: Settings, stop: threading.Event, pause: float = PAUSE) -> None:
    """Deliver what is due and settle what a publish left, again and again. `pause` in seconds."""
    if not settings.mail_host:
        logger.warning("no mail server is set (KAMTRAIN_MAIL_HOST): mail stays in the outbox")
    left, look = True, 0
    while not stop.wait(pause):
        look += 1
        try:
            if settings.mail_host:
                deliver_due(engine, settings, datetime.now(UTC))
            if left or look % SETTLE == 0:
                left = settle_all(engine, seconds=pause)
            end_all_overdue(engine, datetime.now(UTC))
        except SQLAlchemyError:
            # A database that is away comes back; the thread must still be there then.
            logger.warning("the database does not answer the jobs", exc_info=True)
