"""The candidates of an opening beside each other."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from editing.posted import whole_number
from interviews.debriefs.candidate_comparison import compare_candidates
from interviews.models import Opening


@require_safe
def opening_compare(request: SignedInRequest, pk: int) -> HttpResponse:
    """`?candidate=…` once for each who is compared, none for all; `?names=hidden` until it is decided."""
    opening = get_object_or_404(Opening.objects.visible_to(request.user), pk=pk)
    wanted = {key for one in request.GET.getlist("candidate") if (key := whole_number(one)) is not None}
    hide_names = request.GET.get("names") == "hidden"
    comparison = compare_candidates(opening=opening, reader=request.user, chosen=wanted, hide_names=hide_names)
    context = {"opening": opening, "comparison": comparison, "hide_names": hide_names}
    return render(request, "interviews/debriefs/opening_compare.html", context)
