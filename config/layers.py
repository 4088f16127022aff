"""The in-process channel layer, for one web process without Redis."""

import time

from channels.layers import InMemoryChannelLayer

EVERY = 1.0  # seconds


class InMemoryLayer(InMemoryChannelLayer):
    """Channels' own, which looks through all channels for what has expired at each single message. Here it does so
    now and then: with 400 sockets that was most of a notification's cost."""

    cleaned_at = 0.0

    def _clean_expired(self) -> None:
        now = time.monotonic()
        if now - self.cleaned_at >= EVERY:
            self.cleaned_at = now
            super()._clean_expired()
