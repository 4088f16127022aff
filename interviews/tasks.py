"""The worker's tasks (`manage.py run_huey`): Huey looks for them here."""

import interviews.export_tasks
import interviews.reminder_tasks  # noqa: F401  both register themselves
