"""The worker's tasks for exports. A message carries only an id; the state is in the row.

The queue may lose a message or deliver it twice: a sweep queues lost ones again, a lease makes repeats harmless."""

import logging

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task, on_startup

from host import fonts
from interviews.exports import building, export_content, files, pdf_engine, process_identity
from interviews.models import Export

logger = logging.getLogger(__name__)


@db_task()
def build_export(export_id: int) -> None:
    """Build one export, unless another worker does or did; a zip in turns."""
    export = Export.objects.filter(pk=export_id).first()
    seconds = building.build(export) if export else None
    if seconds == 0:
        build_export(export_id)
    elif seconds:
        build_export.schedule((export_id,), delay=seconds)


@db_task()
def build_after_submission(version_id: int) -> None:
    """Build the PDFs of a submitted scorecard before someone asks for them."""
    for export in export_content.after_submission(version_id, at=timezone.now()):
        build_export(export.pk)


@db_periodic_task(crontab(minute="*"))
def requeue_stale() -> None:
    """Queue again the exports of killed workers, lost messages, and those whose waiting time is over."""
    now = timezone.now()
    stale = list(Export.objects.stale(now).values_list("pk", flat=True))
    Export.objects.filter(pk__in=stale).update(queued_at=now)  # or each minute would queue another message
    for pk in stale:
        build_export(pk)


@db_periodic_task(crontab(minute="7,37"))
def delete_files() -> None:
    """Delete expired files, and files without a row."""
    now = timezone.now()
    files.delete_expired(at=now)
    files.delete_orphans(at=now)


@on_startup()
def start_worker() -> None:
    """At the start of a worker: queue waiting exports and those of dead workers, and warm up the PDF engine."""
    Export.objects.release(gone=process_identity.gone(Export.objects.holders()))
    for pk in Export.objects.claimable(timezone.now()).values_list("pk", flat=True):
        build_export(pk)
    pdf_engine.warm_up()
    log_missing_fonts()


def log_missing_fonts() -> None:
    """Warn once, at the start, about scripts that PDFs would print as boxes."""
    if scripts := fonts.missing_scripts():
        logger.warning(
            "This machine has no font for %s: PDFs print boxes instead, and say so. Install them, then start again:"
            " apt-get install -y %s",
            fonts.in_words(script.name for script in scripts),
            " ".join(fonts.missing_packages()),
        )
