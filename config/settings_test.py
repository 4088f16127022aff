"""Settings of test runs: the real ones, made fast and quiet."""

import os

from config.settings import *  # noqa: F403
from config.settings import CACHES, CHANNEL_LAYERS, DATABASES, HUEY, REDIS_URL, STORAGES, VAR_DIR

# Tests clear cache and exports, so each parallel worker has its own.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))

SECRET_KEY = "only for tests"
SITE_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / f"test-files-{WORKER}"},
    },
    "exports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / f"test-exports-{WORKER}"},
    },
}
HUEY = HUEY | {"immediate": True}
# The browser tests' server must hold no connection when the test database is dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    init_command = DATABASES["default"]["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES["default"]["OPTIONS"] = DATABASES["default"]["OPTIONS"] | {"init_command": init_command}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if REDIS_URL:
    # A prefix is not enough: clear() empties the whole Redis database.
    for alias in CACHES:
        CACHES[alias]["LOCATION"] = f"{REDIS_URL}?db={WORKER}"
    LAYER = {"CONFIG": {"hosts": [REDIS_URL], "prefix": f"test-{WORKER}"}}
    CHANNEL_LAYERS = {"default": CHANNEL_LAYERS["default"] | LAYER}
