"""What the worker does (`manage.py run_huey`). Messages carry an id and nothing else: the truth is in the rows.

The queue may lose a message or bring it twice: a sweep brings the first back, a lease makes the second harmless."""

import datetime as dt
import json
import logging
import os
import tempfile
from pathlib import Path

from django.core.files.storage import storages
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task, on_startup

from interviews import pdf, pdf_engine
from interviews.models import Export
from interviews.models.exports import ATTEMPTS_MAX
from interviews.pdf_engine import TookTooLong

logger = logging.getLogger(__name__)

# Longer than any document of its size takes, on a slow machine as well.
LEASE = dt.timedelta(seconds=30)
LEASE_A_PAGE = dt.timedelta(seconds=0.5)
# Seconds: it is stopped before anybody else may take it up.
MARGIN = 5
STOPPED = "It took too long and was stopped. Try again when there is less to do, or tell your administrator."
GIVEN_UP = "It could not be made: the worker stopped each time. Tell your administrator."
BROKEN = "It could not be made because of a fault of ours, which is in the log. Tell your administrator."


@db_task()
def make_pdf(export_id: int) -> None:
    """Make one PDF and keep it, unless somebody else does or did."""
    export = Export.objects.filter(pk=export_id).first()
    if export is None:
        return
    document = json.loads(export.document)
    lease = LEASE + LEASE_A_PAGE * min(pdf.pages(document), pdf.MAX_PAGES)
    if not export.take(at=timezone.now(), lease=lease):
        return
    if export.attempts > ATTEMPTS_MAX:
        export.fail(at=timezone.now(), failure=GIVEN_UP)
        return
    try:
        content = pdf.render_apart(document, seconds=lease.total_seconds() - MARGIN)
    except pdf.TooLong as too_long:
        export.fail(at=timezone.now(), failure=str(too_long))
    except TookTooLong:
        logger.exception("The PDF of export %s was stopped.", export_id)
        export.fail(at=timezone.now(), failure=STOPPED)
    except Exception:
        # Once is enough: the same document would fail the same way. Asking again tries again.
        logger.exception("The PDF of export %s could not be made.", export_id)
        export.fail(at=timezone.now(), failure=BROKEN)
    else:
        keep(export.storage_name, content)
        export.finish(at=timezone.now())


@db_periodic_task(crontab(minute="*"))
def take_up_lost() -> None:
    """Put back into the queue what a killed worker left behind, and what the queue lost."""
    for pk in Export.objects.lost(timezone.now()).values_list("pk", flat=True):
        make_pdf(pk)


@on_startup()
def begin() -> None:
    """A worker that starts takes up at once what waits and what the dead left, and is warm before the first PDF."""
    Export.objects.release()
    for pk in Export.objects.free(timezone.now()).values_list("pk", flat=True):
        make_pdf(pk)
    pdf_engine.warm_up()


def keep(name: str, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path = Path(storages["exports"].path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
