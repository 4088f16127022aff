"""URLs of the web sockets."""

from channels.routing import URLRouter
from channels.security.websocket import WebsocketDenier
from django.urls import path, re_path

from interviews.streams.consumers import LiveConsumer

urlpatterns = [
    path("ws/interviews/<int:pk>/", LiveConsumer.as_asgi(), name="live-socket"),
    re_path("", WebsocketDenier.as_asgi()),
]
router = URLRouter(urlpatterns)
