"""Panelists' records about answers. Every row belongs to its author; `streams` and `access` decide what is shared."""

from django.db import models
from django.db.models import Q

from interviews.models.interviews import Interview
from interviews.models.panelists import Panelist
from interviews.models.scripted import ScriptedPoint, ScriptedQuestion
from question_bank.models import RatingStep


class UnlistedPoint(models.Model):
    """A good point that the script did not list. Its ticks, including the author's, say who heard it."""

    question = models.ForeignKey(ScriptedQuestion, on_delete=models.CASCADE, related_name="unlisted_points")
    author = models.ForeignKey(Panelist, on_delete=models.CASCADE, related_name="unlisted_points")
    # Made by the browser, so that it can be ticked before the server has answered.
    client_id = models.UUIDField(editable=False)
    text = models.CharField(max_length=500)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["question", "client_id"], name="unlisted_point_client_id")]

    def __str__(self) -> str:
        return self.text


class Tick(models.Model):
    """This panelist heard this point, listed or not, at this time."""

    panelist = models.ForeignKey(Panelist, on_delete=models.CASCADE, related_name="ticks")
    point = models.ForeignKey(ScriptedPoint, on_delete=models.CASCADE, null=True, related_name="ticks")
    unlisted_point = models.ForeignKey(UnlistedPoint, on_delete=models.CASCADE, null=True, related_name="ticks")
    at = models.DateTimeField()
    is_after_call = models.BooleanField(default=False)
    # Ticked in a revision: it is in the next version, and not shared with the panel.
    is_from_revision = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["panelist", "point"], name="tick_once_per_panelist_and_point"),
            models.UniqueConstraint(fields=["panelist", "unlisted_point"], name="tick_once_per_panelist_and_unlisted"),
            models.CheckConstraint(
                condition=Q(point=None, unlisted_point__isnull=False) | Q(point__isnull=False, unlisted_point=None),
                name="tick_one_kind_of_point",
            ),
        ]


class Rating(models.Model):
    """One panelist's rating of one answer, with flags. A null value is "not rated"."""

    FLAGS = {
        "dont_know": "said “I don’t know”",
        "depth": "went deep",
        "opinion": "gave a reasoned opinion",
        "good_question": "asked a good question",
        "together": "worked through it with me",
    }

    panelist = models.ForeignKey(Panelist, on_delete=models.CASCADE, related_name="ratings")
    question = models.ForeignKey(ScriptedQuestion, on_delete=models.CASCADE, related_name="ratings")
    value = models.PositiveSmallIntegerField(choices=RatingStep, null=True)
    dont_know = models.BooleanField(default=False)
    depth = models.BooleanField(default=False)
    opinion = models.BooleanField(default=False)
    good_question = models.BooleanField(default=False)
    together = models.BooleanField(default=False)
    at = models.DateTimeField()
    is_after_call = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["panelist", "question"], name="rating_once_per_panelist_and_question"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=1, value__lte=4), name="rating_1_to_4"),
            # "I don't know" is honourable: it never rates below Mixed.
            models.CheckConstraint(condition=~Q(dont_know=True, value=1), name="rating_dont_know_is_never_poor"),
        ]

    @property
    def flags(self) -> list[str]:
        return [name for name in self.FLAGS if getattr(self, name)]


class Note(models.Model):
    """A panelist's note at a question or on the whole interview, stored byte for byte."""

    MAX_CHARS = 100_000

    panelist = models.ForeignKey(Panelist, on_delete=models.CASCADE, related_name="notes")
    question = models.ForeignKey(ScriptedQuestion, on_delete=models.CASCADE, null=True, related_name="notes")
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    is_after_call = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["panelist", "question"], name="note_once_per_panelist_and_question"),
            models.UniqueConstraint(
                fields=["panelist"], condition=Q(question=None), name="note_once_for_the_whole_interview"
            ),
        ]


class NoteRevision(models.Model):
    """An earlier text of a note, stored as its difference to the next one: typing on removes nothing, so it costs a few
    bytes instead of the whole text. The newest revision is the note itself. Read with `note_history.text_at`."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    # The number of characters that the next revision shares at its start and end, and the text between them.
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    is_after_call = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["note", "number"], name="note_revision_number")]


class LooseEnd(models.Model):
    """An item to follow up later, private to its author."""

    panelist = models.ForeignKey(Panelist, on_delete=models.CASCADE, related_name="loose_ends")
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="+")
    question = models.ForeignKey(ScriptedQuestion, on_delete=models.SET_NULL, null=True, related_name="+")
    client_id = models.UUIDField(editable=False)
    text = models.CharField(max_length=500)
    is_done = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["panelist", "client_id"], name="loose_end_client_id")]

    def __str__(self) -> str:
        return self.text
