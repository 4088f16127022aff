"""Who sends the commands of the benchmark."""

import json
from collections import Counter

import pytest

from bench.world import CLIENTS, Seat, World
from interviews.live import rate_limits

pytestmark = pytest.mark.sqlite_only


def world():
    made = World.__new__(World)
    made.seats = [Seat(f"/{number}/", {}, [1, 2, 3], 7, number, None) for number in range(CLIENTS)]
    return made


def test_nobody_sends_more_than_the_server_takes_at_once():
    made = world()
    # A client alone: a warm-up round and three more of 300 ticks and 300 notes; then the rounds of twenty.
    sent = [make(0, i) for make in (made.tick, made.note) for _ in range(4) for i in range(300)]
    sent += [made.tick(client, i) for _ in range(4) for client in range(CLIENTS) for i in range(50)]
    assert max(Counter(body.split()[1] for body in sent).values()) < rate_limits.BURST / 2


def test_each_tick_changes_a_row_whatever_else_its_person_sends():
    [seat, *_] = world().seats
    is_on = {}
    for _ in range(9):
        told = json.loads(seat.tick())
        assert is_on.get(told["target"], False) != told["value"]
        is_on[told["target"]] = told["value"]
        seat.note()
