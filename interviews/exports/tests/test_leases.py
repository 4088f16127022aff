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


class ReleaseTests(ExportCase):
    """A lease whose process is gone."""

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
