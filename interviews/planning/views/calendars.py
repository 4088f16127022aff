"""The calendar file of a panelist, or of a manager of the opening."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from interviews import access
from interviews.planning import calendar_entries


@require_safe
def interview_calendar(request: SignedInRequest, pk: int) -> HttpResponse:
    """The interview for one's own calendar, as it is planned now."""
    seen = access.with_panelist(request.user, pk)
    if seen is None or seen[0].opening.is_practice:
        raise Http404
    interview, _ = seen
    response = HttpResponse(
        calendar_entries.calendar_file(interview, request.user),
        content_type=f"{calendar_entries.FILE_TYPE}; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{calendar_entries.file_name(interview)}"'
    return response
