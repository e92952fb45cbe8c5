"""Passwords as Argon2id hashes. Slow by intent (25 ms): hash and compare before the transaction begins, never in it."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kamtrain.core.accounts import PASSWORD_MAX, normal_password

# OWASP's second choice for Argon2id; the library's own default allows six sign-ins a second on two cores.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # KiB

# Compared with where there is no account, so that an unknown address takes as long as a wrong password. Of no password.
DECOY = "$argon2id$v=19$m=19456,t=2,p=1$fZAru4KmN2/wn4ULCbBc6Q$yBC4UD87VMcPXmaDJailVJY4dg4Bp2IZOe5s174pmxo"


def hashed(password: str) -> str:
    """What is kept of a password."""
    return HASHER.hash(normal_password(password))


def matches(password: str, stored: str | None) -> bool:
    """Whether `password` is the one behind `stored`; takes as long where there is none (None) or it cannot be read."""
    text = normal_password(password[: 4 * PASSWORD_MAX])
    try:
        return HASHER.verify(stored or DECOY, text) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether `stored` was made with other parameters than today's, and should be made anew at the next sign-in."""
    return HASHER.check_needs_rehash(stored)
