"""Reads the settings, from the environment and `.env`, the same way for `./run` and for Django."""

import re
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

# Those of .env.example.
NAMES = (
    "PORT", "SITE_URL", "TRUSTED_PROXIES", "ALLOWED_HOSTS", "VAR_DIR", "BUILD_DIR", "DATABASE_URL", "REDIS_URL",
    "SECRET_KEY", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "TIME_ZONE",
)  # fmt: skip
_FORMS = {
    "PORT": (r"\d{1,5}", "a number from 1 to 65535"),
    "SITE_URL": (r"https?://[^/\s]+/?", "an address without a path, such as https://interviews.example"),
    "TRUSTED_PROXIES": (r"\d", "a number from 0 to 9"),
    "DATABASE_URL": (
        r"(postgres(ql)?|psql|pgsql|sqlite)://\S+",
        "an address, such as postgres://user:password@host/name",
    ),
    "REDIS_URL": (r"(rediss?|unix)://\S+", "an address, such as redis://127.0.0.1:6379/0"),
    "EMAIL_URL": (
        r"(smtps?|smtp\+(tls|ssl)|consolemail|dummymail|filemail|memorymail)://\S*",
        "an address, such as smtp+tls://user:password@mail.example:587",
    ),
}


class WrongSetting(Exception):
    """A setting cannot be read; the message is one sentence. It never has the value, which may be a password."""


def read(file: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment over the file. A blank setting counts as not set. Raises WrongSetting."""
    try:
        text = file.read_text("utf-8-sig")  # some editors put a mark before the first line
    except FileNotFoundError:
        text = ""
    except UnicodeDecodeError:
        raise WrongSetting(f"{file} is not UTF-8 text. Save it as UTF-8.") from None
    found = read_dotenv(text) | dict(environment)
    return {name: value for name, value in found.items() if value.strip() or name not in NAMES}


def read_dotenv(text: str) -> dict[str, str]:
    """`KEY=VALUE` lines with `export`, quotes and comments as in a shell."""
    variables = {}
    for line in text.splitlines():
        if match := re.match(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$", line):
            name, value = match.groups()
            if quoted := re.match(r"(['\"])(.*)\1(?:\s+#.*)?$", value):
                value = quoted[2]
            else:
                value = re.sub(r"(?:^|\s)#.*$", "", value).rstrip()
            variables[name] = value
    return variables


def check(settings: Mapping[str, str]) -> None:
    """Raises WrongSetting for a value that Django or a library would refuse with a traceback, or misread."""
    for name, (form, words) in _FORMS.items():
        if name in settings and not re.fullmatch(form, settings[name], re.ASCII):
            raise WrongSetting(f"{name} must be {words}. See .env.example.")
    if zone := settings.get("TIME_ZONE"):
        try:
            ZoneInfo(zone)
        except (ValueError, KeyError, OSError):
            raise WrongSetting("TIME_ZONE must be a name such as Europe/Malta. See .env.example.") from None
