"""One attempt to sign in: counted, held against the password, and begun or refused."""

from __future__ import annotations

from datetime import datetime

from kamtrain.core.accounts import EMAIL_MAX, normal_email
from kamtrain.core.errors import Invalid
from kamtrain.core.message import message
from kamtrain.http import database, devices, identity, limits
from kamtrain.http.limits import Bucket
from kamtrain.services import passwords, people
from kamtrain.store.people import Credentials, credentials_of

# Of one account, from devices she has not used yet; and of one client, whatever the account.
PER_ACCOUNT = "10 per 15 minutes"
PER_CLIENT = "50 per 15 minutes"

WRONG = message("The address or the password is wrong.")


def attempt(email: str, password: str, now: datetime) -> tuple[int, str]:
    """The person's id and the token of her new sign-in. Raises Invalid and TooMany. Takes the request's transaction."""
    email = normal_email(email)[: EMAIL_MAX + 1]
    with database.reading() as session:
        found = credentials_of(session, email)
    counted = buckets(email, found)
    limits.check(counted)
    right = passwords.matches(password, found.password_hash if found else None)
    if found is None or found.password_hash is None or not right or not _may(found):
        limits.count(counted)
        with database.writing() as session:
            people.note_refused(session, email, limits.client_address(), now)
        raise Invalid(WRONG, "password")
    new = passwords.hashed(password) if passwords.outdated(found.password_hash) else None
    with database.writing() as session:
        return found.person_id, people.sign_in(session, found.person_id, found.password_hash, now, new)


def buckets(email: str, found: Credentials | None) -> tuple[Bucket, ...]:
    """What a wrong password counts for.

    A device she has signed in on counts for itself alone, so that nobody elsewhere can lock her out. Unknown addresses
    fill buckets like known ones, so that these tell nothing.
    """
    device = devices.current()
    if found and device and found.person_id in device.people:
        return (Bucket(PER_ACCOUNT, f"known:{found.person_id}:{device.id}"),)
    return (Bucket(PER_ACCOUNT, f"account:{email}"), Bucket(PER_CLIENT, f"client:{limits.client_address()}"))


def _may(found: Credentials) -> bool:
    return found.active and (not found.demo or identity.demo_works())
