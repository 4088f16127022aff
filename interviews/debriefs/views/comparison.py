"""The page that compares the candidates of an opening."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from editing.posted import whole_number
from finding.searching import LENGTH_LIMIT
from interviews.debriefs.candidate_comparison import compare_candidates
from interviews.models import Opening


@require_safe
def opening_compare(request: SignedInRequest, pk: int) -> HttpResponse:
    """`?candidate=…` for each candidate to compare, all without it; `?names=hidden` hides names until the
    decision; `?q=` searches the candidates to choose from, `after` and `before` lead to their neighbouring pages."""
    opening = get_object_or_404(Opening.objects.visible_to(request.user), pk=pk)
    wanted = {key for one in request.GET.getlist("candidate") if (key := whole_number(one)) is not None}
    hide_names = request.GET.get("names") == "hidden"
    comparison = compare_candidates(opening=opening, reader=request.user, chosen=wanted, hide_names=hide_names)
    words = request.GET.get("q", "")[:LENGTH_LIMIT]
    context = {"opening": opening, "comparison": comparison, "hide_names": hide_names}
    before, after = (whole_number(request.GET.get(name, "")) for name in ("before", "after"))
    context |= {"offer": comparison.offer(words, before=before, after=after), "words": words}
    return render(request, "interviews/debriefs/opening_compare.html", context)
