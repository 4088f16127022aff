"""The PDF of an interview's scorecards: asked for, watched while it is made, downloaded."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from interviews import exports
from interviews.documents import NothingSubmitted
from interviews.models import Export, Interview


@require_http_methods(["GET", "HEAD", "POST"])
def export_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST asks for the PDF of what this person may read now; GET says how far it is and changes nothing."""
    interview = _interview(request, pk)
    try:
        if request.method == "POST":
            export: Export | None = exports.request_pdf(interview=interview, reader=request.user, at=timezone.now())
            if not request.htmx:
                return redirect("export-pdf", pk)
        else:
            export = exports.find(interview=interview, reader=request.user)
    except NothingSubmitted as early:
        return render(request, "interviews/export_early.html", {"interview": interview, "reason": early}, status=409)
    stage = exports.stage(export, now=timezone.now())
    if request.htmx and request.GET.get("seen") == stage:
        return HttpResponse(status=204)  # nothing new, so that nothing is read out again
    context = {"interview": interview, "export": export, "stage": stage}
    return render(request, f"interviews/export_pdf.html{'#state' if request.htmx else ''}", context)


@require_safe
def export_download(request: SignedInRequest, pk: int, key: str) -> FileResponse:
    """The file, if its content is still what this person may read; else it is not there."""
    try:
        opened = exports.open_file(interview=_interview(request, pk), reader=request.user, key=key)
    except NothingSubmitted:
        raise Http404 from None
    if opened is None:
        raise Http404
    export, file = opened
    return FileResponse(file, as_attachment=True, filename=export.file_name, content_type="application/pdf")


def _interview(request: SignedInRequest, pk: int) -> Interview:
    return get_object_or_404(Interview.objects.visible_to(request.user).select_related("opening", "candidate"), pk=pk)
