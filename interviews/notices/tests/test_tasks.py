"""The tasks call what test_telling tests; here, that they run often enough for what pages promise."""

from django.test import SimpleTestCase

from interviews.notices import tasks


class TasksTests(SimpleTestCase):
    def test_both_are_periodic(self):
        for task in (tasks.tell_of_complete_debriefs, tasks.send_daily_emails):
            self.assertTrue(hasattr(task.task_class, "validate_datetime"))
