"""Pages for files of scorecards: request, progress, download, verify."""

import re

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from interviews.exports import requests, verifying
from interviews.exports.documents import NothingSubmitted
from interviews.models import Candidate, Interview, Opening
from interviews.models.exports import Export, Target
from interviews.refusals import Refused, TooMany
from mail import outbox

KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)
export_methods = require_http_methods(["GET", "HEAD", "POST"])


@export_methods
def export_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _interview(request, pk))


@export_methods
def export_packet(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _candidate(request, pk))


@export_methods
def export_zip(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _opening(request, pk))


@require_safe
def export_pdf_download(request: SignedInRequest, pk: int, key: str) -> FileResponse:
    return _download(request, _interview(request, pk), key)


@require_safe
def export_packet_download(request: SignedInRequest, pk: int, key: str) -> FileResponse:
    return _download(request, _candidate(request, pk), key)


@require_safe
def export_zip_download(request: SignedInRequest, pk: int, key: str) -> FileResponse:
    return _download(request, _opening(request, pk), key)


@export_methods
def export_pdf_verify(request: SignedInRequest, pk: int) -> HttpResponse:
    return _verify(request, _interview(request, pk))


@export_methods
def export_packet_verify(request: SignedInRequest, pk: int) -> HttpResponse:
    return _verify(request, _candidate(request, pk))


@export_methods
def document_verify(request: SignedInRequest) -> HttpResponse:
    """The one address for every document, whichever it is."""
    return _verify(request, None)


def _page(request: SignedInRequest, target: Target) -> HttpResponse:
    """POST requests the file of everything this person may read now. GET shows its progress and changes nothing."""
    context, status = _context(target), 200
    try:
        if request.method == "POST":
            export: Export | None = requests.request_export(target=target, reader=request.user, at=timezone.now())
            if not request.htmx:
                return redirect(request.path)
        else:
            export = requests.find(target=target, reader=request.user)
    except NothingSubmitted as early:
        return render(request, "interviews/exports/export_early.html", context | {"reason": early}, status=409)
    except TooMany as refusal:
        export, status = requests.find(target=target, reader=request.user), refusal.status
        context |= {"refusal": refusal}
    context |= {"export": export, "stage": requests.stage(export, now=timezone.now())}
    context["seen"] = f"{context['stage']}-{export.made}" if export else context["stage"]
    if request.htmx and request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)  # unchanged, so that screen readers do not repeat it
    if isinstance(target, Opening) and context["stage"] != "ready":
        context["older"] = requests.older_zip(target=target, reader=request.user)
    page = f"interviews/exports/export.html{'#state' if request.htmx else ''}"
    return render(request, page, context, status=status)


def _download(request: SignedInRequest, target: Target, key: str) -> FileResponse:
    """The file, or 404 if this person may no longer read its content."""
    if not KEY.fullmatch(key):  # PostgreSQL fails on a key with NUL
        raise Http404
    try:
        opened = requests.open_file(target=target, reader=request.user, key=key)
    except NothingSubmitted:
        raise Http404 from None
    if opened is None:
        raise Http404
    export, file = opened
    content_type = "application/zip" if export.is_zip else "application/pdf"
    return FileResponse(file, as_attachment=True, filename=export.file_name, content_type=content_type)


def _verify(request: SignedInRequest, target: Target | None) -> HttpResponse:
    """POST compares a hash or file with the exports made here. Neither is stored."""
    context, status = _context(target) if target else {}, 200
    typed, file = request.POST.get("hash", ""), request.FILES.get("file")
    try:
        if target is not None:
            requests.find(target=target, reader=request.user)  # raises NothingSubmitted for people who may read nothing
        if request.method == "POST" and (file or typed.strip()):
            digest = verifying.file_hash(file.chunks()) if file else verifying.parse_hash(typed)
            context["verdict"] = verifying.verify(target=target, reader=request.user, digest=digest)
        elif request.method == "POST":
            context["refusal"], status = "Choose the PDF, or enter the hash in its footer.", 422
    except NothingSubmitted as early:
        return render(request, "interviews/exports/export_early.html", context | {"reason": early}, status=409)
    except Refused as refusal:
        context["refusal"], status = refusal, refusal.status
    return render(request, "interviews/exports/export_verify.html", context | {"typed": typed}, status=status)


def _context(target: Target) -> dict[str, object]:
    """The context that all these pages share."""
    kind, address, download = {
        Interview: ("pdf", "export-pdf", "export-download"),
        Candidate: ("packet", "candidate-packet", "candidate-packet-download"),
        Opening: ("zip", "opening-zip", "opening-zip-download"),
    }[type(target)]
    interview = target if isinstance(target, Interview) else None
    is_mail_sent = outbox.is_sent() and not (interview and interview.opening.is_practice)
    return {
        "target": target,
        "interview": interview,
        "kind": kind,
        "address": address,
        "download": download,
        "is_mail_sent": is_mail_sent,
    }


def _interview(request: SignedInRequest, pk: int) -> Interview:
    return get_object_or_404(Interview.objects.open_to(request.user).select_related("opening", "candidate"), pk=pk)


def _candidate(request: SignedInRequest, pk: int) -> Candidate:
    return get_object_or_404(Candidate.objects.visible_to(request.user).select_related("opening"), pk=pk)


def _opening(request: SignedInRequest, pk: int) -> Opening:
    return get_object_or_404(Opening.objects.visible_to(request.user), pk=pk)
