"""All figures in their order. Django is set up here, on the environment that `__main__` made."""

import time
from collections.abc import Collection, Iterator

import django

from bench.figure import Figure, measured
from harness.site import build_static, serving

# Stages that open no page and look at nobody of the demo: to try them takes neither.
BARE = {"ticks", "panel"}


def measure(*, is_quick: bool, only: Collection[str] = ()) -> Iterator[Figure]:
    """All figures, in printing order; those of some stages with `only`."""
    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_floor (id integer PRIMARY KEY, n integer, body text)")
    yield from seeding(is_repeated=not only)
    from bench import archive, bank, browser, commands, growth, lists, pages, panel, printing, typing
    from bench.world import World

    is_bare = is_quick and bool(only) and BARE.issuperset(only)
    if not is_bare:
        build_static()
    world = World(has_demo=not is_bare)
    with (
        serving() as web,
        serving("bench.floor:application") as floor,
        serving("bench.fanout:application") as fanout,
    ):
        port = web.port
        stages = {
            "ticks": commands.ticks(world, port, floor.port, is_quick=is_quick),
            "panel": panel.figures(web, fanout, floor.port, is_quick=is_quick),
            "typing": typing.typing(web, is_quick=is_quick),
            "saved": browser.keystroke_to_saved(world, port, is_quick=is_quick),
            "pages": pages.rendering(world, port, is_quick=is_quick),
            "first_load": pages.first_load(world, port),
            "key_to_paint": browser.key_to_paint(world, port, is_quick=is_quick),
            "queue": printing.queue(world, port, is_quick=is_quick),
            "zip": archive.zipped(world, port, is_quick=is_quick),
        }
        if "growth" in only:
            stages = {"growth": growth.growth(web, is_quick=is_quick)}
        for name, figures in stages.items():
            if not only or name in only:
                yield from measured(name, figures)
    if "lists" in only:
        # The bank first: the other lists add questions to it.
        yield from measured("bank", bank.figures(is_quick=is_quick))
        yield from measured("lists", lists.figures(is_quick=is_quick))
    if only:
        return
    yield from measured("queries", pages.queries(world))
    yield from measured("pdf", printing.alone(world, is_quick=is_quick))
    # Last: nothing else is to be measured among so many rows.
    yield from measured("lists", lists.figures(is_quick=is_quick))


def seeding(*, is_repeated: bool) -> Iterator[Figure]:
    """Load the built-in bank into empty tables, and once more without changes."""
    from django.core.management import call_command

    for name in ("seeding_first", *(["seeding_again"] if is_repeated else [])):
        begin = time.perf_counter()
        call_command("seed_question_bank", verbosity=0)
        yield Figure(name, time.perf_counter() - begin, "s")
