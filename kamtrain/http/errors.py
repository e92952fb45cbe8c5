"""Every refusal and every fault as a page in the person's language, or as JSON for a script."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from kamtrain.core.errors import Refusal, TooMany
from kamtrain.core.message import N_, Message, message
from kamtrain.http import kept, locale, pages

logger = logging.getLogger(__name__)

TITLES = {
    400: N_("That could not be read"),
    401: N_("Please sign in"),
    403: N_("This is not open to you"),
    404: N_("There is no such page"),
    405: N_("That is not possible here"),
    409: N_("Something has changed"),
    413: N_("That is too large"),
    422: N_("Something is to be mended"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong here"),
    503: N_("kamtrain is away for a moment"),
}
TEXTS = {
    400: message("Go back, reload the page and try again."),
    404: message("The address may be mistyped, or the page has moved. Start from the start page."),
    405: message("This address takes no such request. Go back and use the buttons of the page."),
    413: message("Go back: what you typed is still in the form. Make it smaller, then send it again."),
    500: message("It is our fault, and it has been noted. What was shown as saved is saved. Please try again."),
    503: message("The database does not answer. What was shown as saved is saved. Please try again in a minute."),
}
READ_AWAY = 200_000_000  # bytes of a request that is too large; whoever sends more is cut off
UNREADABLE = message("It holds characters that cannot be stored. Remove them, then send it again.")


@dataclass(frozen=True)
class ErrorPage:
    """templates/error.html."""

    status: int
    title: str
    text: str
    action: tuple[str, str] | None = None  # label, url; None: to the start page
    texts: tuple[str, ...] = ()  # what somebody has typed into the form that was refused, to be read and copied


def install(app: Flask) -> None:
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(HTTPException, _http)
    for away in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(away, _away)
    for unreadable in (DataError, UnicodeEncodeError):
        app.register_error_handler(unreadable, _unreadable)
    app.register_error_handler(Exception, _fault)


def answer(status: int, text: Message, action: tuple[str, str] | None = None) -> Response:
    """A refusal as a page, or as JSON for a script. `action`: label and address of what mends it."""
    title, sentence = gettext(TITLES[status]), locale.translate(text)
    if pages.wants_json():
        return make_response(jsonify(status=status, title=title, message=sentence), status)
    return pages.render("error.html", ErrorPage(status, title, sentence, action, _typed(status)), status)


def _typed(status: int) -> tuple[str, ...]:
    """The texts of a refused form of ours. Only for what a view itself refuses: before it, the form is not read yet."""
    if request.method != "POST" or status not in (409, 422) or not kept.from_here() or kept.holds_password():
        return ()
    return kept.from_request().texts


def _refusal(error: Refusal) -> ResponseReturnValue:
    response = answer(error.status, error.message)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code
    if code is None or error.response is not None:
        return error
    status = code if code in TITLES else 400 if code < 500 else 500
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        _read_away()
    response = answer(status, TEXTS.get(status, TEXTS[400]))
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _read_away() -> None:
    """Read what is left of a request that is too large: a browser still sending it would never see the answer."""
    stream, left = request.environ["wsgi.input"], READ_AWAY
    try:
        while left > 0 and (chunk := stream.read(min(left, 1_000_000))):
            left -= len(chunk)
    except OSError:
        logger.info("a request that is too large was broken off")


def _away(error: DBAPIError | PoolTimeout) -> ResponseReturnValue:
    origin = error.orig if isinstance(error, DBAPIError) else None
    # SQLite calls a wrong statement "operational" too; that is our fault, unless the schema is not there yet.
    if getattr(origin, "sqlite_errorname", "") == "SQLITE_ERROR" and "no such table" not in str(origin):
        return _fault(error)
    logger.error("the database does not answer", exc_info=error)
    return answer(HTTPStatus.SERVICE_UNAVAILABLE, TEXTS[503])


def _unreadable(error: Exception) -> ResponseReturnValue:
    logger.info("a request held characters the database does not take", extra={"kind": type(error).__name__})
    return answer(HTTPStatus.UNPROCESSABLE_ENTITY, UNREADABLE)


def _fault(error: Exception) -> ResponseReturnValue:
    logger.error("a request failed", exc_info=error)
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR, TEXTS[500])
