"""Settings, read once from MENTIONDESK_* variables; nothing else reads the environment."""

import os
from functools import cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator can set; every name is a variable with the prefix MENTIONDESK_."""

    model_config = SettingsConfigDict(env_prefix="MENTIONDESK_", extra="ignore", env_ignore_empty=True)

    database_url: str | None = Field(None, description="postgresql://… ; without it the embedded PostgreSQL is used")
    listen_url: str | None = Field(None, description="a direct connection for LISTEN when database_url is a pooler")
    data_dir: Path = Field(Path(".data"), description="where the embedded database, uploads and keys live")
    host: str = "127.0.0.1"
    port: int = 8400
    public_url: str | None = Field(None, description="the console's address as browsers see it, for OAuth returns")
    secret_key: SecretStr | None = Field(None, description="seals credentials; made in data_dir when not given")
    old_secret_keys: SecretStr | None = Field(None, description="keys that still open credentials, with commas between")
    allow_private_networks: bool = Field(default=False, description="let accounts live on private or loopback hosts")
    pool_size: int = 10
    log_level: str = "info"
    log_json: bool = False
    sentry_dsn: SecretStr | None = None
    sentry_traces: float = Field(0.0, ge=0, le=1, description="the share of requests, readings and deliveries traced")
    metrics_port: int | None = Field(None, ge=0, le=65535, description="where a worker answers /readyz and /metrics")
    metrics_token: SecretStr | None = Field(None, description="who may read /metrics; without it only this machine")
    poll_seconds: float = Field(30.0, ge=1, description="how often an account is asked while its live line is down")
    poll_seconds_live: float = Field(120.0, ge=1, description="how often it is asked while its live line is up")
    reread_pace_seconds: float = Field(
        2.0, ge=0, description="at most one conversation per account is re-read so often"
    )
    deliveries: int = Field(16, ge=1, description="how many replies one worker has on their way to networks at once")
    webhook_deliveries: int = Field(16, ge=1, description="how many webhook deliveries one worker has on their way")
    import_bytes: int = Field(1_000_000_000, ge=1, description="the largest file that an import takes, in bytes")
    undo_seconds: float = Field(5.0, ge=0, description="how long a reply waits for Undo")
    secure_cookies: bool | None = Field(None, description="mark cookies Secure; follows public_url when unset")


def unknown_variables() -> list[str]:
    """The variables of our prefix that mean nothing: misspelt, or of another version."""
    prefix = str(Settings.model_config["env_prefix"])
    known = {f"{prefix}{name}".upper() for name in Settings.model_fields}
    given = (name for name in os.environ if name.upper().startswith(prefix))  # noqa: TID251 - the one that may
    return sorted(name for name in given if name.upper() not in known)


@cache
def settings() -> Settings:
    """Read the environment once per process."""
    return Settings()
