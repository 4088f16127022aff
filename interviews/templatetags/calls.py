"""For lists of interviews: what a call is at the moment of reading."""

from django import template
from django.utils import timezone

from interviews.models import Interview

register = template.Library()


@register.filter
def left_open(interview: Interview) -> bool:
    """Whether the call is long over its time and nobody has ended it."""
    return interview.is_left_open(timezone.now())
