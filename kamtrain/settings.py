"""All settings: read once at start from the environment, frozen, each with its unit, default and a sentence.

A wrong value stops the start with a sentence that names the variable; a test holds `docs/settings.md` to this file.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Environment variables begin with `KAMTRAIN_`, but for `DATABASE_URL`, which hosts set by that name."""

    model_config = SettingsConfigDict(env_prefix="KAMTRAIN_", frozen=True, extra="ignore")

    data: Path = Field(Path("instance"), description="Folder of the database, the uploads and the secrets.")
    database_url: str = Field(
        "", validation_alias="DATABASE_URL", description="PostgreSQL address; empty: SQLite in the data folder."
    )
    content: Path = Field(ROOT, description="Folder that holds `courses/` and `quizzes/`, the bundled library.")
    secret_key: str = Field("", description="Signs cookies and forms; empty: made once and kept in the data folder.")
    demo: bool = Field(False, description="Whether the demo company is seeded; its accounts work on loopback only.")
    base_url: str = Field(
        "", description="Address people use, for links in mail; needed for them on any host but this machine."
    )
    cookie_secure: bool = Field(False, description="Send cookies over HTTPS only; set it behind a proxy with TLS.")
    proxies: int = Field(0, ge=0, le=5, description="Number of trusted proxies in front, for the client's address.")
    sign_in_days: int = Field(30, ge=1, le=365, description="Days after which an unused sign-in ends.")
    limits_url: str = Field(
        "memory://",
        description="Where attempts are counted: memory:// (each process for itself) or redis:// (needs the redis package).",
    )
    mail_host: str = Field("", description="SMTP server; empty: mail stays in the outbox and says so.")
    mail_port: int = Field(587, ge=1, le=65535, description="Port of the SMTP server.")
    mail_user: str = Field("", description="Name at the SMTP server; empty: none.")
    mail_password: str = Field("", description="Password at the SMTP server.")
    mail_tls: bool = Field(True, description="Whether to speak STARTTLS to the SMTP server.")
    mail_from: str = Field("kamtrain@localhost", description="Sender of mail.")
    max_upload: int = Field(16_000_000, ge=1_000, description="Largest request body, in bytes.")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value.startswith("postgres://"):
            value = "postgresql://" + value.removeprefix("postgres://")
        if value.startswith("postgresql://"):
            value = "postgresql+psycopg://" + value.removeprefix("postgresql://")
        if value and not value.startswith(("postgresql+psycopg://", "sqlite:///")):
            raise ValueError("DATABASE_URL must begin with postgresql:// or sqlite:///")
        return value

    @property
    def database(self) -> str:
        """The address SQLAlchemy gets."""
        return self.database_url or f"sqlite:///{(self.data / 'kamtrain.db').resolve()}"
