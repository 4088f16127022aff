"""The ASGI application: ServeStatic for files, Django's WSGI handler for HTTP, our own sockets (ADR 2, ADR 18)."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from servestatic import ServeStaticASGI

from config.machine_faults import ends_in_words

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
with ends_in_words():
    django_application = get_wsgi_application()

from django.conf import settings
from django.urls import get_resolver

from config.protocol_router import ProtocolRouter, only_one_without_redis

# Load the URLs and their views now, so that the first request need not wait for them.
get_resolver().url_patterns  # noqa: B018
# Code and models stay. Searching them for garbage over and over took time in the middle of commands.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)

lock = only_one_without_redis()
application = ServeStaticASGI(
    ProtocolRouter(django_application),
    root=settings.STATIC_ROOT if settings.STATIC_ROOT.exists() else None,
    prefix=settings.STATIC_URL,
    immutable_file_test=r"\.[0-9a-f]{12}\.",
)
