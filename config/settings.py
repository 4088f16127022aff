"""Settings. Everything that differs between machines comes from the environment or `.env`; see `.env.example`."""

import os
from pathlib import Path
from urllib.parse import quote, urlsplit

import environ
from csp.constants import NONE, SELF

from host import files, settings_file
from host.secret import secret_in

BASE_DIR = Path(__file__).resolve().parent.parent
_found = settings_file.read(BASE_DIR / ".env", os.environ)
settings_file.check(_found)
for _name, _value in _found.items():  # for what libraries read themselves
    os.environ.setdefault(_name, _value)
env = environ.Env()
env.ENVIRON = _found

VAR_DIR = Path(env.str("VAR_DIR", default="") or BASE_DIR / "var").resolve()
os.umask(files.UMASK)  # files of this process are for its own account only
files.refuse_shared(VAR_DIR, code=BASE_DIR)
VAR_DIR.mkdir(parents=True, exist_ok=True)
files.close(VAR_DIR)

SECRET_KEY = env.str("SECRET_KEY", default="") or secret_in(VAR_DIR / "secret_key")
DEBUG = False
PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
IS_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname, "127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Web servers in front that add the client's address to X-Forwarded-For. One of them terminates https.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=int(IS_HTTPS))

INSTALLED_APPS = [
    "config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servestatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "crispy_forms",
    "template_partials",
    "huey.contrib.djhuey",
    "editing",
    "audit",
    "mail",
    "accounts",
    "question_bank",
    "interviews",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.content_policy.ContentPolicyMiddleware",
    "accounts.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.PersonMiddleware",
    "editing.middleware.DraftMiddleware",
    "config.not_allowed.NotAllowedMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "plain"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "template_partials.templatetags.partials",
                "config.templatetags.words",
                "config.templatetags.error_summary",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.menu.menu",
                "config.health.notices",
            ],
        },
    },
    {
        # Emails are plain text, so nothing is escaped. Pages use the other engine.
        "NAME": "mail",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "mail"],
        "OPTIONS": {"autoescape": False, "builtins": ["config.templatetags.words"]},
    },
]

# --- Engines: SQLite and no other service by default; DATABASE_URL and REDIS_URL switch (ADR 1) ---

_database_url = env.str("DATABASE_URL", default="") or f"sqlite:///{quote(str(VAR_DIR / 'db.sqlite3'))}"
DATABASES = {"default": env.db_url_config(_database_url)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    from config.sqlite import OPTIONS as SQLITE_OPTIONS

    DATABASES["default"] |= {"OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": None}
    # Test databases are files: the browser tests' server reads them from other threads.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    # Of the whole name: `a.v1` and `a.v2` are two databases, and each has its own queue.
    _queue_file = Path(f"{str(DATABASES['default']['NAME']).removesuffix('.sqlite3')}.queue.sqlite3")
    files.close_database(Path(DATABASES["default"]["NAME"]))
    files.close_database(_queue_file)
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
    # As with SQLite: shorter than a live page waits for an answer.
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    _options.setdefault("connect_timeout", 5)
    # Without JIT: of a long query like that of My day it compiles thousands of functions, for seconds each time.
    _options["options"] = f"-c lock_timeout=5s -c jit=off {_options.get('options', '')}".rstrip()
    _queue_file = VAR_DIR / "queue.sqlite3"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    # A hanging Redis costs one second, then it is skipped for a while (config.cache).
    _redis = {"LOCATION": REDIS_URL, "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}}
    CACHES = {
        "default": {"BACKEND": "config.cache.SkippedWhenDown", **_redis},
        "counts": {"BACKEND": "config.cache.LocalWhenDown", **_redis},
    }
    # Not the core layer: it drops sockets that were idle for five seconds.
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "interview-script"},
        }
    }
    _huey = {"huey_class": "huey.RedisExpireHuey", "url": REDIS_URL}
else:
    # One web process, so its memory is the whole cache. Django's limit of 300 entries is below the sessions of a
    # busy morning; evicted sessions cost a query per request.
    _memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}
    CACHES = {"default": _memory, "counts": _memory | {"LOCATION": "counts"}}
    # All sockets share one channel; messages over its capacity arrive two seconds later, by the socket monitor.
    CHANNEL_LAYERS = {"default": {"BACKEND": "config.layers.InMemoryLayer", "CONFIG": {"capacity": 10_000}}}
    from config.sqlite import JOURNAL_MODE

    _huey = {"huey_class": "config.queue.HealingHuey", "filename": str(_queue_file), "journal_mode": JOURNAL_MODE}
HUEY = _huey | {
    "name": "interview-script",
    "immediate": False,
    "consumer": {"workers": 1, "worker_type": "thread", "initial_delay": 0.05, "max_delay": 0.25},
}

# --- People ---

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
PASSWORD_HASHERS = ["accounts.hashers.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "my-day"
LOGOUT_REDIRECT_URL = "sign-in"

# --- Hardening ---

SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Words, times, files, mail ---

LANGUAGE_CODE = "en-gb"
USE_I18N = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True

# A revision names each late change twice (at most `late_commands.MOST_LATE`), besides three fields for each question.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000

STATIC_URL = "/static/"
# Django's default is readable by all accounts.
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
# Built from the code, so it can be rebuilt, unlike the rest of VAR_DIR. The container image includes it.
BUILD_DIR = Path(env.str("BUILD_DIR", default="") or VAR_DIR / "build").resolve()
STATIC_ROOT = BUILD_DIR / "static"
# Outside VAR_DIR, a web server under another account may serve them.
IS_BUILD_PUBLIC = not BUILD_DIR.is_relative_to(VAR_DIR)
(BUILD_DIR / "fonts").mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static", ("fonts", BUILD_DIR / "fonts")]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "config.static.ModuleStaticFilesStorage"},
    "exports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "exports"},
    },
}
SERVESTATIC_KEEP_ONLY_HASHED_FILES = True

globals().update(env.email("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10  # seconds; the worker sends one email at a time
EMAIL_GIVEN_UP = "accounts.alerts.email_given_up"  # called with an email that could not be sent
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Interview Script <interviews@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_traceback": {"()": "config.logs.WithoutTraceback"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # Scanners send any host; the message says all.
        "django.security.DisallowedHost": {"filters": ["without_traceback"]},
    },
}
