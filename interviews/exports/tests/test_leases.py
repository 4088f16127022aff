import subprocess
import sys

from django.conf import settings

from interviews.exports import process_identity
from interviews.models import Export
from interviews.tests.exporting import NOW, SECOND, ExportCase

ME = process_identity.this_process()


def release():
    """As a worker does when it starts."""
    return Export.objects.release(gone=process_identity.gone(Export.objects.holders()))


class TakeTests(ExportCase):
    """The lease."""

    def test_one_worker_takes_it_and_the_next_does_not(self):
        export = self.request()
        self.assertTrue(export.claim(holder=ME, at=NOW, lease=60 * SECOND))
        self.assertFalse(Export.objects.get().claim(holder=ME, at=NOW + 60 * SECOND, lease=60 * SECOND))
        self.assertEqual((export.state, export.attempts, export.lease_until), ("running", 1, NOW + 60 * SECOND))

    def test_after_the_lease_another_may_take_it(self):
        export = self.request()
        export.claim(holder=ME, at=NOW, lease=60 * SECOND)
        self.assertTrue(Export.objects.get().claim(holder=ME, at=NOW + 61 * SECOND, lease=60 * SECOND))
        self.assertEqual(Export.objects.get().attempts, 2)

    def test_what_is_done_is_not_taken_again(self):
        export = self.request()
        export.finish(at=NOW)
        self.assertFalse(export.claim(holder=ME, at=NOW, lease=SECOND))
        export.fail(at=NOW, failure="No.")
        self.assertFalse(export.claim(holder=ME, at=NOW, lease=SECOND))

    def test_lost_are_those_whose_lease_is_over_and_those_queued_long_ago(self):
        export = self.request()
        self.assertEqual(list(Export.objects.stale(NOW + 60 * SECOND)), [])
        self.assertEqual(list(Export.objects.stale(NOW + 121 * SECOND)), [export])
        export.claim(holder=ME, at=NOW, lease=60 * SECOND)
        self.assertEqual(list(Export.objects.stale(NOW + 59 * SECOND)), [])
        self.assertEqual(list(Export.objects.stale(NOW + 61 * SECOND)), [export])
        export.finish(at=NOW)
        self.assertEqual(list(Export.objects.stale(NOW + 3600 * SECOND)), [])

    def test_what_waits_is_not_taken_before_its_time(self):
        export = self.request()
        export.wait(at=NOW, until=NOW + 600 * SECOND, waits_for="The disk is full.")
        self.assertFalse(export.claim(holder=ME, at=NOW + 599 * SECOND, lease=SECOND))
        self.assertEqual(list(Export.objects.stale(NOW + 599 * SECOND)), [])
        self.assertEqual(list(Export.objects.stale(NOW + 600 * SECOND)), [export])
        self.assertTrue(export.claim(holder=ME, at=NOW + 600 * SECOND, lease=SECOND))

    def test_held_by_a_process_that_is_dead_it_is_queued_again(self):
        export = self.request()
        export.claim(holder=ME, at=NOW, lease=60 * SECOND)
        self.assertEqual(release(), 0)
        process = subprocess.run(
            [sys.executable, "-c", "from interviews.exports import process_identity as me; print(me.this_process())"],
            cwd=settings.BASE_DIR, capture_output=True, check=True, text=True,
        )  # fmt: skip
        Export.objects.update(holder=process.stdout.strip())
        self.assertEqual(release(), 1)
        export.refresh_from_db()
        self.assertEqual((export.state, export.lease_until, export.holder), ("queued", None, ""))

    def test_held_on_another_machine_or_by_nobody_known_the_lease_runs_its_time(self):
        export = self.request()
        export.claim(holder=ME, at=NOW, lease=60 * SECOND)
        for holder in ("elsewhere 1 999999999 12", ""):
            Export.objects.update(holder=holder)
            self.assertEqual(release(), 0)
