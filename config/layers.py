"""The in-process channel layer, for one web process without Redis."""

from time import monotonic

from channels.layers import InMemoryChannelLayer

EVERY = 1.0  # seconds


class InMemoryLayer(InMemoryChannelLayer):
    """Channels' own, but it scans for expired messages only now and then.

    Channels scans all channels at each message; with 400 sockets that was most of a notification's cost."""

    cleaned_at = 0.0

    def _clean_expired(self) -> None:
        now = monotonic()
        if now - self.cleaned_at >= EVERY:
            self.cleaned_at = now
            super()._clean_expired()
