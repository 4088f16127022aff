"""Nobody can write without end: each text in a model and each field of a form has a bound, and so has each formset."""

from collections.abc import Iterator
from importlib import import_module

from django import forms
from django.apps import apps
from django.db import models
from django.test import SimpleTestCase, TestCase
from django.urls import get_resolver, reverse

from accounts.factories import HiringManagerFactory
from interviews.debriefs import early_debrief
from interviews.factories import OpeningFactory
from interviews.live import commands, judgement, late_commands, notes, ticks
from interviews.models import Candidate, Note
from interviews.models.openings import LINKS_CHARS, LINKS_MAX, NOTES_CHARS
from interviews.records import submitting
from interviews.records.note_history import MOST_KEPT
from interviews.scorecards.revision_form import REASON_CHARS
from question_bank.curation.forms.fields import PROSE_LENGTH
from question_bank.curation.forms.lists import RULE_LENGTH
from question_bank.models.questions import EXPECT_LENGTH

OURS = {"accounts", "interviews", "mail", "question_bank"}
# Texts without a `max_length` of their own: what bounds them where they are written.
BOUNDED = {
    "mail.Mail.text": "made by us, of bounded texts",
    "mail.Mail.attachments": "made by us, of bounded texts",
    "question_bank.Question.prompt": PROSE_LENGTH,
    "question_bank.Question.purpose": PROSE_LENGTH,
    "question_bank.Question.guidance": PROSE_LENGTH,
    "question_bank.Question.expect": EXPECT_LENGTH,
    "question_bank.Script.purpose": PROSE_LENGTH,
    "question_bank.Change.content": "copied from the bank",
    "question_bank.ListChange.parts": "copied from topics and ground rules",
    "question_bank.Question.folded": "made by us, of the row's bounded texts",
    "question_bank.Question.folded_label": "made by us, of the prompt",
    "question_bank.Question.stems": "made by us, of the prompt",
    "question_bank.QuestionText.folded": "made by the database, of folded texts",
    "question_bank.Point.folded": "made by us, of the row's bounded texts",
    "question_bank.ScriptDraft.content": "made by us, of the script's bounded form",
    "question_bank.Rule.text": RULE_LENGTH,
    "interviews.Candidate.folded_name": "made by us, of the row's bounded texts",
    "interviews.Candidate.folded_email": "made by us, of the row's bounded texts",
    "interviews.Interview.folded_script": "made by us, of the row's bounded texts",
    "interviews.EarlyDebrief.reason": early_debrief.REASON_CHARS,
    "interviews.Decision.reason": "decision_form",
    "interviews.Decision.against": "decision_form",
    "interviews.Decision.dissent": "decision_form",
    "interviews.Decision.dissenters": "one for each panelist",
    "interviews.Decision.feedback": "decision_form",
    "interviews.CandidateMerge.content": "copied from two candidates",
    "interviews.CandidateChange.reason": "copied from a decision, an outcome, or a merged candidate",
    "interviews.ScriptedQuestion.prompt": "copied from the bank, or added.PROMPT_CHARS",
    "interviews.ScriptedQuestion.purpose": "copied from the bank",
    "interviews.ScriptedQuestion.guidance": "copied from the bank",
    "interviews.ScriptedQuestion.expect": "copied from the bank",
    "interviews.ScriptedQuestion.exhibit": "copied from the bank",
    "interviews.ScriptedQuestion.anchors": "copied from the bank",
    "interviews.ScriptedQuestion.references": "copied from the bank",
    "interviews.Note.text": notes.MERGED_CHARS,
    "interviews.NoteRevision.text": MOST_KEPT,
    "interviews.Scorecard.because": submitting.MAX_CHARS["because"],
    "interviews.Scorecard.stood_out": submitting.MAX_CHARS["stood_out"],
    "interviews.Scorecard.still_open": submitting.MAX_CHARS["still_open"],
    "interviews.ScorecardVersion.snapshot": "made by us, of bounded texts",
    "interviews.ScorecardVersion.reason": REASON_CHARS,
    "interviews.NoticeSettings.no_page": "one for each kind",
    "interviews.NoticeSettings.no_email": "one for each kind",
    "interviews.Export.document": "made by us, of bounded texts",
    "interviews.Export.sources": "one for each scorecard",
    "interviews.Export.files": "one for each interview",
    "interviews.Event.payload": ticks.UNLISTED_CHARS + judgement.LOOSE_END_CHARS,  # or the prompts of a block
    "interviews.Receipt.answer": commands.MAX_BYTES,
    "interviews.LateCommand.target": late_commands.LARGEST_LATE,
    "interviews.LateCommand.value": Note.MAX_CHARS,
}
FORMSET_ROWS = 300


def every(kind: type) -> Iterator[type]:
    """The subclasses in our apps, of whatever depth."""
    one: type
    for one in kind.__subclasses__():
        yield from every(one)
        if one.__module__.split(".")[0] in OURS and ".tests" not in one.__module__:
            yield one


class BoundsTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Every view, and with it every form.
        assert get_resolver().reverse_dict
        import_module("interviews.debriefs.forms")

    def test_every_text_of_a_model(self):
        unbounded = {
            f"{model._meta.app_label}.{model._meta.object_name}.{field.name}"
            for model in apps.get_models()
            if model._meta.app_label in OURS
            for field in model._meta.concrete_fields
            if isinstance(field, models.TextField | models.JSONField | models.CharField) and not field.max_length
        }
        self.assertEqual(unbounded - BOUNDED.keys(), set(), "say in BOUNDED what bounds it")
        self.assertEqual(BOUNDED.keys() - unbounded, set(), "there is no such text any more")

    def test_every_field_of_a_form(self):
        found = list(every(forms.BaseForm))
        self.assertGreater(len(found), 10)
        unbounded = [
            f"{form.__module__}.{form.__name__}.{name}"
            for form in found
            for name, field in form.base_fields.items()
            if isinstance(field, forms.CharField)
            and not isinstance(field, forms.UUIDField)
            and not field.max_length
            # What is hashed is bounded by the size of a request.
            and not isinstance(field.widget, forms.PasswordInput | forms.HiddenInput)
        ]
        self.assertEqual(unbounded, [])

    def test_every_field_of_one_line(self):
        """A script may send line breaks and control characters, or nothing that can be seen."""
        loose = [
            f"{form.__name__}.{name}"
            for form in every(forms.BaseForm)
            for name, field in form.base_fields.items()
            if type(field) is forms.CharField and type(field.widget) is forms.TextInput
        ]
        # Its form makes it a choice.
        self.assertEqual(set(loose), {"AccountForm.time_zone"})

    def test_every_formset(self):
        found = list(every(forms.BaseFormSet))
        self.assertGreater(len(found), 2)
        for formset in found:
            # A base has no numbers: the class that is made of it has.
            if hasattr(formset, "absolute_max"):
                self.assertLessEqual(formset.absolute_max, FORMSET_ROWS, formset)


class CandidateBoundsTests(TestCase):
    def test_notes_and_links_over_their_bounds_are_refused_in_words(self):
        """It was 2.4 MB of notes, and 130 000 links."""
        manager = HiringManagerFactory()
        address = reverse("candidate-create", args=[OpeningFactory(managers=[manager]).pk])
        self.client.force_login(manager)
        link = "https://example.org/x"
        for sent, words in (
            ({"notes": "x" * (NOTES_CHARS + 1)}, f"at most {NOTES_CHARS} characters"),
            ({"links": f"{link}\n" * (LINKS_MAX + 1)}, f"At most {LINKS_MAX} links"),
            ({"links": f"{link}{'x' * LINKS_CHARS}"}, f"at most {LINKS_CHARS} characters"),
        ):
            with self.subTest(words=words):
                form = {"name": "Ada"} | sent
                self.assertContains(self.client.post(address, form), words, status_code=422)
                self.assertFalse(Candidate.objects.exists())
        form = {"name": "Ada", "notes": "x" * NOTES_CHARS, "links": f"{link}\n" * LINKS_MAX}
        self.assertEqual(self.client.post(address, form).status_code, 302)

    def test_a_body_over_the_limit_is_refused_in_words(self):
        self.client.force_login(HiringManagerFactory())
        response = self.client.post(reverse("opening-create"), {"title": "x" * 3_000_000})
        self.assertContains(response, "Nothing was saved", status_code=413)
