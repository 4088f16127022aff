"""For lists of interviews: the state of a call now, and the names of its panel."""

from collections.abc import Iterable, Sequence

from django import template
from django.utils import timezone
from django.utils.text import get_text_list

from interviews.models import Interview, Panelist
from interviews.models.panelists import with_names

register = template.Library()


@register.filter
def left_open(interview: Interview) -> bool:
    """Whether the call is long over its time and was not ended."""
    return interview.is_left_open(timezone.now())


@register.filter
def names_among(people: Iterable[Panelist], everybody: Iterable[Panelist]) -> str:
    """ "Mira, Jo T. and Luc": first names, with more of them where someone else of `everybody` shares one."""
    return get_text_list([name for _, name in with_names(people, everybody)], "and")


@register.filter
def absent_words(people: Sequence[Panelist], everybody: Iterable[Panelist]) -> str:
    """ "Luc and Jo no longer have access"."""
    return f"{names_among(people, everybody)} no longer {'has' if len(people) == 1 else 'have'} access"


register.filter("with_names", with_names)
