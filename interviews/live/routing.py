"""URLs of the web sockets."""

from django.urls import path

from interviews.live.command_socket import CommandSocket

# Django's stubs know views only.
urlpatterns = [path("ws/interviews/<int:interview>/", CommandSocket.serve, name="live-socket")]  # type: ignore[arg-type]
