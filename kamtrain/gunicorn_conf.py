"""How gunicorn serves kamtrain (`python -m kamtrain.serve` starts it so; GUNICORN_CMD_ARGS overrides)."""

import gc
import os
import socket
import struct
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker
from sqlalchemy.exc import SQLAlchemyError

from kamtrain import jobs
from kamtrain.services.publishing import library_at
from kamtrain.store.base import reading
from kamtrain.store.library import head

wsgi_app = "wsgi:app"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
# Loaded once and then shared: together with `when_ready` that saves a quarter of the memory.
preload_app = True
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # nosec B108 # memory, not a shared folder
graceful_timeout = 20  # seconds a request under way gets to finish when the server stops
keepalive = 15  # seconds
limit_request_line = 8190  # bytes, the most there is: a note in Chinese takes nine for each character
SILENCE = 15  # seconds somebody may say nothing in the middle of a request, or not take what is sent
loglevel = "warning"
control_socket_disable = True  # its socket in the home folder would be shared by every server of that person


def when_ready(server: Arbiter) -> None:
    """Before the workers fork: what is loaded now is never collected, so that it stays shared; no connection is."""
    engine = server.app.wsgi().extensions["kamtrain.engine"]
    try:
        with reading(engine) as session:
            if (revision := head(session)) is not None:
                library_at(session, revision)  # or the first request of each worker would parse all of it
    except SQLAlchemyError:
        server.log.warning("the database does not answer yet; the library is read when somebody asks for it")
    engine.dispose()
    gc.collect()
    gc.freeze()
    # Connections inherit this. Without it a phone that is gone in a tunnel would hold its thread for good, and eight
    # such would hold the server. Who drips bytes on purpose is a proxy's to stop (docs/operating.md).
    for listener in server.LISTENERS:
        for side in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, side, struct.pack("ll", SILENCE, 0))


def post_worker_init(worker: Worker) -> None:
    """In each worker: its own thread for what nobody asks for, such as sending mail."""
    jobs.start(worker.app.wsgi())
