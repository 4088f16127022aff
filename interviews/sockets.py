"""Where web sockets lead."""

from channels.routing import URLRouter
from django.urls import path

from interviews.consumers import LiveConsumer

urlpatterns = [path("ws/interviews/<int:pk>/", LiveConsumer.as_asgi(), name="live-socket")]
router = URLRouter(urlpatterns)
