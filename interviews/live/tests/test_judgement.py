import uuid

from interviews.factories import (
    InterviewFactory,
)
from interviews.live.tests.call_case import CallCase
from interviews.models import (
    LooseEnd,
)


class TestLooseEnd(CallCase):
    def keep(self, client_id, **value):
        whole = {"text": "Vary header", "question": self.first.pk, "is_done": False} | value
        return self.browser.send("loose_end", client_id, whole)

    def test_kept_done_and_removed(self):
        client_id = str(uuid.uuid4())
        self.keep(client_id)
        self.keep(client_id, is_done=True)
        self.assertEqual(
            list(LooseEnd.objects.values_list("text", "question", "is_done")),
            [("Vary header", self.first.pk, True)],
        )
        self.browser.send("loose_end", client_id, None)
        self.assertFalse(LooseEnd.objects.exists())

    def test_without_words_or_with_a_foreign_question_it_is_refused(self):
        foreign = InterviewFactory().questions.first()
        self.assert_refused(self.keep(str(uuid.uuid4()), text=" "), 422, "Enter what to follow up")
        self.assert_refused(self.keep(str(uuid.uuid4()), question=foreign.pk), 404, "isn’t in the interview")
        self.assert_refused(self.keep(str(uuid.uuid4()), question="1"), 404, "isn’t in the interview")
        self.assert_refused(self.keep(str(uuid.uuid4()), is_done=None), 422, "done or not")
