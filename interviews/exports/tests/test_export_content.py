from unittest import mock

from accounts.factories import HiringManagerFactory
from interviews.exports import tasks
from interviews.models import Export, ExportRequest
from interviews.tests.exporting import ExportCase
from interviews.tests.submitting import seat, submit


class BuildAfterSubmissionTests(ExportCase):
    def build(self):
        """The exports that are handed to the queue."""
        with mock.patch.object(tasks, "build_export") as build_export:
            tasks.build_after_submission.call_local(self.mira.scorecard.versions.get().pk)
        return [call.args[0] for call in build_export.mock_calls]

    def test_the_authors_and_the_managers_are_queued_and_nobody_is_mailed(self):
        submit(seat(self.interview, "Luc Perrin", "shadow"))
        self.assertEqual(self.build(), [Export.objects.get().pk])  # the same for both
        self.assertFalse(ExportRequest.objects.exists())

    def test_a_manager_who_lost_the_role_is_passed_over(self):
        self.hana.groups.clear()
        self.opening.managers.add(HiringManagerFactory())
        self.assertEqual(self.build(), [Export.objects.get().pk])

    def test_what_is_queued_already_is_not_queued_again(self):
        self.request()
        self.assertEqual(self.build(), [])
