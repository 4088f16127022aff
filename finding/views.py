"""Answer with a list: the whole page, or its rows for htmx."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from finding.lists import ListPage

ROWS = "rows"


def render_list(
    request: HttpRequest, template: str, page: ListPage[Any], context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The template has a partial `rows`, whose element has the same id; the page is `list`. Back asks for it all."""
    htmx: Any = getattr(request, "htmx", None)
    is_part = bool(htmx) and htmx.target == ROWS and not htmx.history_restore_request
    response = render(request, f"{template}#{ROWS}" if is_part else template, {"list": page, **(context or {})})
    if is_part:
        # Back leads to the page before, not through every half-typed word.
        response["HX-Replace-Url"] = f"{request.path}{page.query()}"
    return response
