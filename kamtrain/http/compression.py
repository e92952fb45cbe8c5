"""Pages and exports compressed as the browser asks; files below /static are so already, by their build."""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress


def install(app: Flask) -> None:
    """To be installed first, so that it comes after all that still changes a response."""
    app.config.update(
        COMPRESS_MIMETYPES=["text/html", "text/csv", "text/plain", "application/json"],
        COMPRESS_MIN_SIZE=1_000,  # bytes; less fits into one packet anyway
        COMPRESS_ALGORITHM=["zstd", "br", "gzip"],
        # A lesson of 24 kB becomes 7.6, 7.3 or 7.9 kB in 0.1, 0.3 or 0.3 ms; the next level of each costs more than it saves.
        COMPRESS_ZSTD_LEVEL=1,
        COMPRESS_BR_LEVEL=3,
        COMPRESS_LEVEL=1,
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,  # pages have no ETag to compare
    )
    Compress(app)
