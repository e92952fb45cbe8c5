"""The demo's mail server: prints what the application sends and keeps it as .eml files. Nothing leaves the machine.

`mailcatcher.py PORT FOLDER` ends when its standard input does, that is with the server that started it.
"""

import asyncio
import signal
import sys
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Catcher:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._count = len(list(folder.iterdir()))

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self._count += 1
        (self._folder / f"{self._count:04}.eml").write_bytes(envelope.content)
        message = message_from_bytes(envelope.content, policy=policy.default)
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        print(f"\nMail to {', '.join(envelope.rcpt_tos)}: {message['subject']}\n\n{text}", flush=True)
        return "250 kept"


async def catch(port: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    catcher = Catcher(folder)
    async with await loop.create_server(lambda: SMTP(catcher, enable_SMTPUTF8=True), "127.0.0.1", port):
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server; we end with it
    asyncio.run(catch(int(sys.argv[1]), Path(sys.argv[2])))
