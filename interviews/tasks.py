"""The worker's tasks (`manage.py run_huey`): Huey looks for them here."""

import interviews.exports.tasks
import interviews.live.tasks
import interviews.notices.tasks
import interviews.planning.tasks  # noqa: F401  all register themselves
