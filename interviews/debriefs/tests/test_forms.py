import uuid

from django.http import QueryDict

from interviews.access import debrief_access
from interviews.debriefs.debrief import debrief
from interviews.debriefs.forms import DecisionForm
from interviews.tests.debriefing import DebriefCase

TOKEN = str(uuid.uuid4())


class DecisionFormTests(DebriefCase):
    def setUp(self):
        super().setUp()
        self.submit_all()

    def form(self, **sent):
        posted = QueryDict(mutable=True)
        for name, value in ({"choice": "hold", "reason": "Wait.", "base": "0", "token": TOKEN} | sent).items():
            posted.setlist(name, value if isinstance(value, list) else [value])
        posted._mutable = False
        access = debrief_access(self.hana, self.interview)
        return DecisionForm(posted, access=access, debrief=debrief(access))

    def test_valid_form_is_a_new_decision(self):
        form = self.form(reason="Two\r\nlines.", dissenters=[str(self.jo.pk)], dissent="Yes.")
        self.assertTrue(form.is_valid(), form.errors)
        new = form.new()
        self.assertEqual((new.choice, new.reason, new.base, str(new.token)), ("hold", "Two\nlines.", 0, TOKEN))
        self.assertEqual((list(new.dissenters), new.dissent), ([self.jo.pk], "Yes."))

    def test_dissent_and_dissenters_come_together(self):
        self.assertIn("dissent", self.form(dissenters=[str(self.jo.pk)]).errors)
        self.assertIn("dissenters", self.form(dissent="Not convinced.").errors)

    def test_only_authors_of_these_scorecards_can_dissent(self):
        self.assertIn("dissenters", self.form(dissenters=["0"], dissent="x").errors)

    def test_choice_and_reason_are_wanted(self):
        self.assertEqual(set(self.form(choice="", reason=" ").errors), {"choice", "reason"})

    def test_shown_again_it_has_a_new_token_and_all_that_was_typed(self):
        form = self.form(base="3", reason="Typed.").shown_again()
        self.assertEqual((form["reason"].value(), form["base"].value()), ("Typed.", "0"))
        self.assertNotEqual(form["token"].value(), TOKEN)
