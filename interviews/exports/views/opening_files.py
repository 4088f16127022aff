"""The scorecards of an opening as data: CSV for a spreadsheet, JSON for another program."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from interviews.exports.opening_scorecards import as_csv, as_json
from interviews.exports.opening_scorecards import runs as runs_of
from interviews.models import Opening


@require_safe
def opening_scorecards(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """The submitted scorecards that this manager may read, as "csv" for a spreadsheet or as "json".

    `?delimiter=semicolon`: what spreadsheets expect where a comma is part of a number."""
    opening = get_object_or_404(Opening.objects.visible_to(request.user), pk=pk)
    runs = runs_of(opening=opening, reader=request.user)
    if kind == "csv":
        delimiter = ";" if request.GET.get("delimiter") == "semicolon" else ","
        response = HttpResponse(as_csv(runs, delimiter=delimiter), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(as_json(opening, runs), content_type="application/json")
    # Without names: others see file names on a shared screen.
    response["Content-Disposition"] = f'attachment; filename="scorecards-of-opening-{opening.pk}.{kind}"'
    return response
