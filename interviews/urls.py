from django.urls import path

from interviews.views import live

urlpatterns = [
    path("interviews/<int:pk>/live/", live.live_page, name="live"),
    path("interviews/<int:pk>/commands/", live.live_command, name="live-command"),
    path("interviews/<int:pk>/events/", live.live_events, name="live-events"),
    path("account/keys/", live.live_keys, name="live-keys"),
]
