"""For lists of interviews: the state of a call now."""

from django import template
from django.utils import timezone

from interviews.models import Interview

register = template.Library()


@register.filter
def left_open(interview: Interview) -> bool:
    """Whether the call is long over its time and was not ended."""
    return interview.is_left_open(timezone.now())
