"""Settings: read once from the environment, ``.env`` and ``NAME_FILE``; nobody else reads them."""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.pace import parse_rates
from bot.sources import sources
from storage.url import database_url

DATABASE = database_url("sqlite:///data/qr-gen.db")

_SLACK_TOKENS = {"slack_bot_token": "xox", "slack_app_token": "xapp-"}  # what each begins with
# How settings look that are more than words and numbers, and what is wrong with others. By its name, everyone
# could look into a chat.
_SHAPES = {
    "telegram_bot_token": (
        r"(\d+:[\w-]{10,})?", "does not look like a bot token; copy it again from @BotFather",
    ),
    "telegram_webhook_secret": (
        r"[\w-]{0,256}", "is not 1 to 256 letters, digits, underscores and hyphens",
    ),
    "telegram_cache_chat": (
        r"(-100\d{1,17})?", "is not the number of a private channel, such as -1001234567890",
    ),
    "slack_client_id": (
        r"(\d+\.\d+)?", "is not two numbers with a dot between; copy it again from api.slack.com/apps",
    ),
    "redis_url": (r"((rediss?|unix)://\S+)?", "is not an address such as redis://127.0.0.1:6379/0"),
    "rate_limit": (r"off|[1-9]\d{0,5}/(second|minute|hour)", "is not a limit such as 120/minute, or off"),
    "metrics_token": (
        r"([!-~]{24,512})?", "is not 24 characters or more without spaces; make one: openssl rand -hex 32",
    ),
    "sentry_dsn": (
        r"(https?://\w+(:\w+)?@[\w.:\[\]-]+(/[\w.-]+)*/\d+)?",
        "is not an address such as https://key@sentry.example/1; copy it again from there",
    ),
}  # fmt: skip
_ADVICE = {
    "int_parsing": "is not a whole number",
    "bool_parsing": "is neither true nor false",
    "literal_error": "is not one of the values it takes",
    "less_than_equal": "is too large",
    "greater_than_equal": "is too small",
}


class Misconfigured(Exception):
    """A setting that will not do: one line that names it and says what to do, never its value.

    ``code``: what the process ends with.
    """

    code = 2

    def __init__(self, name: str, advice: str) -> None:
        super().__init__(f"{name} {advice}.")


class Away(Misconfigured):
    """What a setting names is away, and may come back: whoever starts processes starts this one again."""

    code = 75  # EX_TEMPFAIL of sysexits.h


class Settings(BaseSettings):
    """All settings, grouped as in ``.env.example``."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True)

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on")
    public_url: str = Field("", description="https address people reach this server at")
    web_chat: bool | None = Field(None, description="web chat at /; by default only on loopback")
    sign_up: Literal["open", "invite", "closed"] | None = Field(None, description="who may make an account")
    access: Literal["open", "invite", "closed"] = Field("open", description="who may use the bot in chats")
    cors_origins: str = Field("", description="pages of others that may use the API: https://app.example.com")
    trusted_proxies: str = Field("", description="addresses of proxies whose X-Forwarded-For is believed")

    database_url: str = Field(DATABASE, description="sqlite:///… or postgresql://…")
    secret_key: SecretStr = Field(SecretStr(""), description="base64, 32 bytes; several, comma-separated")

    telegram_bot_token: SecretStr = Field(SecretStr(""), description="from @BotFather; set: Telegram is on")
    telegram_api_url: str = Field("https://api.telegram.org", description="a local Bot API server's, if any")
    telegram_webhook: bool = Field(False, description="true: updates come to PUBLIC_URL; else polling")
    telegram_webhook_secret: SecretStr = Field(SecretStr(""), description="else derived from SECRET_KEY")
    telegram_rates: str = Field("chat=1/s,group=20/m,all=30/s", description="sends; off for benchmarks")
    telegram_cache_chat: str = Field(
        "", description="private channel for inline pictures: you and the bot alone"
    )

    slack_bot_token: SecretStr = Field(SecretStr(""), description="xoxb-…; set: Slack is on")
    slack_client_id: str = Field("", description="of the app; set: many workspaces install it")
    slack_client_secret: SecretStr = Field(SecretStr(""), description="of the app; with the id")
    slack_signing_secret: SecretStr = Field(SecretStr(""), description="of the app; for HTTP")
    slack_app_token: SecretStr = Field(SecretStr(""), description="xapp-…; set: Socket Mode")
    slack_api_url: str = Field("https://slack.com/api/", description="another for a test server")
    slack_rates: bool = Field(True, description="keep to Slack's limits; off for benchmarks")

    redis_url: str = Field("", description="redis://…; shares the rate limits between processes")
    operators: str = Field("", description="accounts that always may, and are told of dead letters")
    rate_limit: str = Field("120/minute", description="requests a person; off")
    retention_days: int | None = Field(None, ge=1, le=36500, description="codes older than this go")
    metrics_token: SecretStr = Field(SecretStr(""), description="who sends it may read /metrics")
    metrics_port: int | None = Field(None, ge=1, le=65535, description="of a worker's /metrics")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="how much is logged")
    log_format: Literal["console", "json"] = Field("console", description="for people, or for machines")
    sentry_dsn: SecretStr = Field(SecretStr(""), description="address errors are reported to, with its key")

    @field_validator("log_level", "log_format", "sign_up", "access", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("web_chat", "retention_days", "sign_up", "metrics_port", mode="before")
    @classmethod
    def _unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("access", mode="before")
    @classmethod
    def _open(cls, value: object) -> object:
        return "open" if value == "" else value

    @field_validator("slack_rates", mode="before")
    @classmethod
    def _on(cls, value: object) -> object:
        return True if value == "" else value

    @field_validator("telegram_webhook", mode="before")
    @classmethod
    def _off(cls, value: object) -> object:
        return False if value == "" else value

    @field_validator(*_SHAPES)
    @classmethod
    def _shaped(cls, value: Any, info: ValidationInfo) -> Any:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        shape, advice = _SHAPES[info.field_name or ""]
        if not re.fullmatch(shape, text, re.ASCII):
            raise ValueError(advice)
        return value

    @field_validator("host")
    @classmethod
    def _host(cls, value: str) -> str:
        if not value:
            raise ValueError("is empty; 127.0.0.1 is this machine alone, 0.0.0.0 every network it is in")
        return value

    @field_validator("cors_origins")
    @classmethod
    def _origins(cls, value: str) -> str:
        if any(not re.fullmatch(r"https?://[^\s/?#@*]+", each) for each in value.split()):
            raise ValueError("is not a list of origins such as https://app.example.com, with spaces between")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, value: str) -> str:
        try:
            [ip_network(each) for each in value.split() if each != "*"]
        except ValueError:
            raise ValueError("is not a list of addresses such as 10.0.0.0/8, with spaces between") from None
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        return database_url(value)

    @field_validator("public_url", "telegram_api_url", "slack_api_url")
    @classmethod
    def _address(cls, value: str, info: ValidationInfo) -> str:
        needed = value or info.field_name != "public_url"
        if needed and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
            raise ValueError("is not an address such as https://qr.example.com")
        return value.rstrip("/")

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _slack(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        start = _SLACK_TOKENS[info.field_name or ""]
        if value.get_secret_value() and not re.fullmatch(rf"{start}\S+", value.get_secret_value()):
            raise ValueError(f"does not begin with {start}; copy it again from api.slack.com/apps")
        return value

    @field_validator("telegram_rates")
    @classmethod
    def _rates(cls, value: str) -> str:
        parse_rates(value)
        return value

    @model_validator(mode="after")
    def _together(self) -> Settings:
        if wrong := self._slack_wrong():
            raise ValueError(wrong)
        if self.telegram_webhook and not self.reachable:
            raise ValueError(
                "TELEGRAM_WEBHOOK needs PUBLIC_URL to be an https address that Telegram reaches; set that"
            )
        return self

    def _slack_wrong(self) -> str:
        """Say what of Slack's settings does not go together: one workspace's token, or many by OAuth."""
        many = bool(self.slack_client_id or self.slack_client_secret)
        if many and self.slack_bot_token:
            return "SLACK_BOT_TOKEN is for one workspace, SLACK_CLIENT_ID for many; unset one of them"
        if many and not (self.slack_client_id and self.slack_client_secret):
            return "SLACK_CLIENT_ID goes with SLACK_CLIENT_SECRET; set both, or none"
        if many and not self.slack_signing_secret:
            return "SLACK_CLIENT_ID needs SLACK_SIGNING_SECRET, which is on the same page; set that too"
        if many and not self.reachable:
            return "SLACK_CLIENT_ID needs PUBLIC_URL to be an https address that browsers reach; set that"
        if not many and bool(self.slack_signing_secret or self.slack_app_token) != bool(self.slack_bot_token):
            return "SLACK_BOT_TOKEN goes with SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode)"
        return ""

    @field_validator("operators")
    @classmethod
    def _operators(cls, value: str) -> str:
        if any(not re.fullmatch(r"(telegram|slack):\S+", each) for each in value.split()):
            raise ValueError("is not a list of accounts such as telegram:123")
        return value

    @property
    def loopback(self) -> bool:
        """Tell whether only this machine can reach the server."""
        host = re.sub(r"^https?://|[:/].*$", "", self.public_url)
        return self.host in {"127.0.0.1", "::1", "localhost"} and host in {"", "127.0.0.1", "localhost"}

    @property
    def reachable(self) -> bool:
        """Tell whether platforms can fetch from the public address: https, and not this machine alone."""
        host = re.sub(r"^https://|[:/].*$", "", self.public_url)
        return self.public_url.startswith("https://") and host not in {"127.0.0.1", "localhost", "[::1]"}

    @property
    def chat(self) -> bool:
        """Tell whether the web chat is on."""
        return self.loopback if self.web_chat is None else self.web_chat

    @property
    def signing_up(self) -> Literal["open", "invite", "closed"]:
        """Tell who may make an account: on this machine alone anybody, else who was invited."""
        return self.sign_up or ("open" if self.loopback else "invite")

    @property
    def mini(self) -> bool:
        """Tell whether the page is also served as Telegram's Mini App: for a bot, and to try it here."""
        return bool(self.telegram_bot_token.get_secret_value()) or (self.loopback and self.chat)

    def secrets(self) -> tuple[str, ...]:
        """List the values that no log may show."""
        held = [value.get_secret_value() for _, value in self if isinstance(value, SecretStr)]
        addresses = [self.database_url.partition("@")[0], self.redis_url.partition("@")[0]]
        return tuple(value for value in (*held, *addresses) if len(value) > 20)


def reached_at(url: str, *, needed: bool) -> str:
    """Give an address as platforms take it, https and a name; raises Misconfigured for another."""
    if not url and not needed:
        return ""
    if not re.fullmatch(r"https://[^\s/?#@]+(/[^\s?#]*)?", url):
        raise Misconfigured(
            "--url", "has to be an https address such as https://qr.example.com; give it, or set PUBLIC_URL"
        )
    return url.rstrip("/")


def read_settings() -> Settings:
    """Read the settings; raises Misconfigured for the first that will not do."""
    try:
        return Settings(**_from_files())
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        said = str(first.get("ctx", {}).get("error", "")) or _ADVICE.get(first["type"], "cannot be read")
        if first["loc"]:
            raise Misconfigured(str(first["loc"][0]).upper(), said) from None
        name, _, advice = said.partition(" ")
        raise Misconfigured(name, advice) from None


def _from_files() -> dict[str, Any]:
    """Read ``NAME_FILE`` settings, as containers mount secrets."""
    values = {}
    for name, where in sources(Settings).items():
        if where and where[0].path:
            try:
                values[name] = Path(where[0].path).read_text().strip()
            except (OSError, UnicodeDecodeError):
                raise Misconfigured(f"{name.upper()}_FILE", "names a file that cannot be read") from None
    return values
