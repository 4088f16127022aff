import pytest

from accounts.sessions import SessionStore


@pytest.mark.parametrize("key", ["abcdefgh\0", "abcdefgh ijk", "short", "x" * 41, "éééééééééé", "", None])
def test_an_impossible_key_counts_as_no_session(key):
    assert SessionStore(key).session_key is None


def test_a_possible_key_stays():
    assert SessionStore("abcdefgh12345678").session_key == "abcdefgh12345678"
