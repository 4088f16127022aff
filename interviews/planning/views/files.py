"""A candidate's files: hiring managers add and delete them, everybody who may see the candidate opens them."""

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from interviews.access import is_manager_of
from interviews.models import Candidate, CandidateFile
from interviews.models.candidate_files import FILES_MAX
from interviews.planning import candidate_files
from interviews.planning.file_forms import CandidateFileForm
from interviews.refusals import Refused

logger = logging.getLogger(__name__)

# A file is data of somebody else: no script in it runs, and none of it counts as a page of this site.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
# No browser shows a PDF inside a sandbox. Its viewer runs apart from this site, and the content was checked to be one.
OF_A_PDF = "script-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@require_http_methods(["GET", "HEAD", "POST"])
def file_list(request: SignedInRequest, pk: int) -> HttpResponse:
    candidate = get_object_or_404(Candidate.objects.visible_to(request.user).select_related("opening"), pk=pk)
    _require_manager(request, candidate)
    is_sent = request.method == "POST"
    form, status = CandidateFileForm(request.POST, request.FILES, is_sent=is_sent), 422 if is_sent else 200
    if form.is_valid():
        try:
            file = candidate_files.add_file(
                candidate=candidate, upload=form.cleaned_data["file"], by=request.user, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
            status = refusal.status
        else:
            messages.success(request, f"{file} saved. Everyone who can see this candidate can open it.")
            return redirect("candidate-files", pk)
    context = {"candidate": candidate, "form": form, "files": candidate.files.all(), "most": FILES_MAX}
    return render(request, "interviews/planning/candidate_files.html", context, status=status)


@require_safe
def file_open(request: SignedInRequest, pk: int, file_pk: int) -> FileResponse:
    file = _file(request, pk, file_pk)
    try:
        content = storages["default"].open(file.storage_name)
    except FileNotFoundError:
        logger.exception("The file of candidate file %s is missing.", file.pk)
        raise Http404 from None
    response = FileResponse(
        content, as_attachment=not file.is_shown, filename=file.name, content_type=file.content_type
    )
    response["Content-Security-Policy"] = OF_A_PDF if file.kind == CandidateFile.Kind.PDF else SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def file_delete(request: SignedInRequest, pk: int, file_pk: int) -> HttpResponse:
    file = _file(request, pk, file_pk)
    _require_manager(request, file.candidate)
    candidate_files.delete_file(file=file, by=request.user, at=timezone.now())
    messages.success(request, f"{file} deleted.")
    return redirect("candidate-files", pk)


def _file(request: SignedInRequest, pk: int, file_pk: int) -> CandidateFile:
    files = CandidateFile.objects.visible_to(request.user).select_related("candidate__opening")
    return get_object_or_404(files, pk=file_pk, candidate=pk)


def _require_manager(request: SignedInRequest, candidate: Candidate) -> None:
    if not is_manager_of(request.user, candidate.opening):
        raise PermissionDenied("Only the opening’s hiring managers can add and delete files.")
