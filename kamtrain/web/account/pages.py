"""What the pages of account show."""

from __future__ import annotations

from dataclasses import dataclass, field

from kamtrain.core.language import INTERFACE, OWN_NAMES
from kamtrain.http.forms import Errors
from kamtrain.web.zones import time_zones


@dataclass(frozen=True)
class SignInPage:
    """`kept`: a signed form that waits for the sign-in ("" for none). `wait`: too many attempts, in words."""

    email: str = ""
    next: str = "/"
    kept: str = ""
    wait: str = ""
    errors: Errors = field(default_factory=Errors)


@dataclass(frozen=True)
class ForgotPage:
    sent: bool
    email: str = ""
    errors: Errors = field(default_factory=Errors)


@dataclass(frozen=True)
class ChoosePage:
    """Choosing a password by a one-time link."""

    email: str
    invited: bool
    errors: Errors = field(default_factory=Errors)


@dataclass(frozen=True)
class PasswordPage:
    email: str
    errors: Errors = field(default_factory=Errors)


@dataclass(frozen=True)
class ProfilePage:
    """One's own profile; for the first admin also the address (`setup`)."""

    email: str
    name: str
    language: str
    time_zone: str
    errors: Errors = field(default_factory=Errors)

    @property
    def languages(self) -> tuple[tuple[str, str], ...]:
        return tuple((tag, OWN_NAMES[tag]) for tag in INTERFACE)

    @property
    def time_zones(self) -> tuple[tuple[str, str], ...]:
        return time_zones()
