from unittest import mock

from interviews.planning import tasks


def test_the_worker_reminds_and_cleans_up_as_of_now():
    with (
        mock.patch.object(tasks.reminders, "remind") as remind,
        mock.patch.object(tasks.candidate_files, "delete_orphans") as delete,
    ):
        tasks.remind_of_due_scorecards.call_local()
        tasks.delete_orphaned_files.call_local()
    assert remind.call_args.kwargs["at"]
    assert delete.call_args.kwargs["at"]
