"""Filters of the log."""

import logging


class WithoutTraceback(logging.Filter):
    """Passes each record, and leaves its traceback out."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True
