"""URLs of the web sockets."""

from channels.routing import URLRouter
from channels.security.websocket import WebsocketDenier
from django.urls import path, re_path

from interviews.live.command_socket import CommandSocket

urlpatterns = [
    path("ws/interviews/<int:pk>/", CommandSocket.as_asgi(), name="live-socket"),
    re_path("", WebsocketDenier.as_asgi()),
]
router = URLRouter(urlpatterns)
