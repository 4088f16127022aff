from unittest import mock

import pytest
from channels.layers import InMemoryChannelLayer

from config import layers

pytestmark = pytest.mark.sqlite_only


def test_expired_messages_are_looked_for_now_and_then():
    with (
        mock.patch.object(InMemoryChannelLayer, "_clean_expired") as clean,
        mock.patch.object(layers, "monotonic", side_effect=[10.0, 10.9, 11.0]),
    ):
        layer = layers.InMemoryLayer()
        for _ in range(3):
            layer._clean_expired()
    assert clean.call_count == 2
