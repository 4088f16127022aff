"""The worker's tasks (`manage.py run_huey`): Huey looks for them here."""

from interviews import export_tasks, reminder_tasks

__all__ = ["export_tasks", "reminder_tasks"]
