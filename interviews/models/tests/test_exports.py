from interviews.models import Export
from interviews.tests.exporting import NOW, SECOND, ExportCase

ME = "a worker"


class ClaimTests(ExportCase):
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
