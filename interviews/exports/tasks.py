"""How the worker builds exports. Messages carry an id and nothing else: the truth is in the rows.

The queue may lose a message or bring it twice: a sweep brings the first back, a lease makes the second harmless."""

import logging

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task, on_startup

from host import fonts
from interviews.exports import building, contents, files, pdf_engine, process_identity
from interviews.models import Export

logger = logging.getLogger(__name__)


@db_task()
def make_export(export_id: int) -> None:
    """Make one export and keep it, unless somebody else does or did; a zip by turns."""
    export = Export.objects.filter(pk=export_id).first()
    seconds = building.make(export) if export else None
    if seconds == 0:
        make_export(export_id)
    elif seconds:
        make_export.schedule((export_id,), delay=seconds)


@db_task()
def build_after_submission(version_id: int) -> None:
    """Build the PDFs of a submitted scorecard before someone asks for them."""
    for export in contents.after_submission(version_id, at=timezone.now()):
        make_export(export.pk)


@db_periodic_task(crontab(minute="*"))
def take_up_lost() -> None:
    """Put back into the queue what a killed worker left behind, what the queue lost, and what waited long enough."""
    now = timezone.now()
    lost = list(Export.objects.lost(now).values_list("pk", flat=True))
    Export.objects.filter(pk__in=lost).update(queued_at=now)  # or each minute would bring another message
    for pk in lost:
        make_export(pk)


@db_periodic_task(crontab(minute="7,37"))
def delete_files() -> None:
    """Delete the files whose time is over, and those that belong to nothing."""
    now = timezone.now()
    files.delete_expired(at=now)
    files.delete_orphans(at=now)


@on_startup()
def begin() -> None:
    """A worker that starts takes up at once what waits and what the dead left, and is warm before the first PDF."""
    Export.objects.release(gone=process_identity.gone(Export.objects.holders()))
    for pk in Export.objects.free(timezone.now()).values_list("pk", flat=True):
        make_export(pk)
    pdf_engine.warm_up()
    tell_missing_fonts()


def tell_missing_fonts() -> None:
    """Say once, at the start, what PDFs would print as boxes."""
    if scripts := fonts.missing_scripts():
        logger.warning(
            "This machine has no font for %s: PDFs print boxes instead, and say so. Install them, then start again:"
            " apt-get install -y %s",
            fonts.in_words(script.name for script in scripts),
            " ".join(fonts.missing_packages()),
        )
