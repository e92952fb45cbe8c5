"""What an address, a name and a password must be like. Pure: whether it is taken only the database knows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from kamtrain.core.language import INTERFACE
from kamtrain.core.message import Message, message
from kamtrain.core.people import Role

PASSWORD_MIN = 10  # characters
PASSWORD_MAX = 200  # characters: a hash of megabytes would be a way to keep the server busy
EMAIL_MAX = 254  # characters (RFC 5321 §4.5.3.1, less the brackets)
NAME_MAX = 120  # characters
DEMO_PASSWORD = "kamtrain-demo"  # nosec B105: printed at the start of the demo, and refused everywhere else

_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field of a form. `field` is the name of its input."""

    field: str
    message: Message


@dataclass(frozen=True)
class Profile:
    """What an admin says of a person."""

    email: str
    name: str
    roles: frozenset[Role]
    team_id: int | None
    language: str
    time_zone: str


def normal_email(text: str) -> str:
    """An address as it is kept and compared: without spaces around it, in lower case."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def normal_name(text: str) -> str:
    """A name with its spaces made single and without control characters."""
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in text).split())


def normal_password(text: str) -> str:
    """A password as it is hashed, so that it is the same from every keyboard (NIST SP 800-63B §3.1.1.2)."""
    return unicodedata.normalize("NFKC", text)


def profile_faults(profile: Profile) -> Iterator[Fault]:
    """What is wrong with a person's data as such."""
    yield from email_faults(profile.email)
    yield from own_faults(profile.name, profile.language, profile.time_zone)
    if not profile.roles:
        yield Fault("roles", message("Choose at least one role."))


def email_faults(email: str) -> Iterator[Fault]:
    if not email:
        yield Fault("email", message("Enter an e-mail address."))
    elif len(email) > EMAIL_MAX or not _EMAIL.fullmatch(email):
        yield Fault("email", message("This is no e-mail address. It looks like name@example.com."))


def own_faults(name: str, language: str, time_zone: str) -> Iterator[Fault]:
    """What is wrong with what a person may say of herself."""
    if not name:
        yield Fault("name", message("Enter a name."))
    elif len(name) > NAME_MAX:
        yield Fault("name", message("A name has %(most)s characters at most.", most=NAME_MAX))
    if language not in INTERFACE:
        yield Fault("language", message("Choose one of the languages of the list."))
    if time_zone not in _time_zones():
        yield Fault("time_zone", message("Choose a time zone of the list, such as Asia/Shanghai."))


@cache
def _time_zones() -> frozenset[str]:
    """The names the machine's time zone database has; reading them takes hundreds of files."""
    return frozenset(available_timezones())


def password_faults(password: str, repeated: str, email: str, name: str, demo: bool) -> Iterator[Fault]:
    """What is wrong with a new password. Length and no obvious guess; no rules about kinds of characters (as above)."""
    text = normal_password(password)
    if len(text) < PASSWORD_MIN:
        yield Fault("password", message("A password has at least %(least)s characters.", least=PASSWORD_MIN))
    elif len(text) > PASSWORD_MAX:
        yield Fault("password", message("A password has %(most)s characters at most.", most=PASSWORD_MAX))
    elif _easily_guessed(text.lower(), email, name) or (text == DEMO_PASSWORD and not demo):
        yield Fault("password", message("This password is easily guessed. Take a few words that do not go together."))
    elif password != repeated:
        yield Fault("repeated", message("The two passwords differ. Type it again."))


def _easily_guessed(text: str, email: str, name: str) -> bool:
    known = {email, email.partition("@")[0], "".join(name.lower().split()), "kamtrain"}
    return len(set(text)) < 4 or text.strip("0123456789!.-_ ") in known
