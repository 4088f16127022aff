"""One process serves everything: files by ServeStatic, HTTP by Django's WSGI handler on kept threads (ADR 2)."""

import os

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from servestatic import ServeStaticASGI

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_wsgi_application()

from django.conf import settings  # noqa: E402  settings are ready only now

from config.buffering import Buffered  # noqa: E402

application = ServeStaticASGI(
    Buffered(WSGIMiddleware(django_application, workers=4)),
    root=settings.STATIC_ROOT if settings.STATIC_ROOT.exists() else None,
    prefix=settings.STATIC_URL,
    immutable_file_test=r"\.[0-9a-f]{12}\.",
)
