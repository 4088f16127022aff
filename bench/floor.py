"""The floor F of a tick: one bare Django view, without middleware, that upserts one row.

Same server, engine and durability, persistent connections. Run as a separate ASGI application."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Upsert one row of a table with a key, a number and a text."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_floor (id, n, body) VALUES (%s, 1, %s) "
            "ON CONFLICT (id) DO UPDATE SET n = bench_floor.n + 1, body = excluded.body",
            [pk, request.body.decode()],
        )
    return HttpResponse(b'{"ok": true}', content_type="application/json")


urlpatterns = [path("write/<int:pk>", write)]

wsgi = get_wsgi_application()
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = "bench.floor"
wsgi.load_middleware()

from config.protocol_router import ProtocolRouter  # noqa: E402  after django.setup()

application = ProtocolRouter(wsgi)
