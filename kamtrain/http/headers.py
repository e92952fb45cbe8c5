"""The headers of every response: what a page may load, who may frame it, and who may keep it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from flask import Flask, Response, current_app, g, request

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def install(app: Flask) -> None:
    app.after_request(add)


def style_nonce() -> str:
    """A nonce for style elements, on pages that ask for one only: CodeMirror makes its styles at run time."""
    if "style_nonce" not in g:
        g.style_nonce = secrets.token_urlsafe(16)
    nonce: str = g.style_nonce
    return nonce


def _said(policy: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())


PLAIN = _said(POLICY)


def _policy(nonce: str | None) -> str:
    return _said({**POLICY, "style-src": f"{POLICY['style-src']} 'nonce-{nonce}'"}) if nonce else PLAIN


def add(response: Response) -> Response:
    """Add what is missing; a view that set a header itself has its reason."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _policy(g.get("style_nonce")))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    # After signing out, or on a shared machine, "back" must not show what somebody else read.
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "private, no-store")
    return response
