"""URLs of the web sockets."""

from django.urls import path

from interviews.live.command_socket import CommandSocket

urlpatterns = [path("ws/interviews/<int:interview>/", CommandSocket.serve, name="live-socket")]
