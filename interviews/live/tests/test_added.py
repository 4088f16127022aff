"""Questions added in the call, and questions parked for later."""

import uuid

from django.urls import reverse

from interviews import access
from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory, ShadowFactory
from interviews.live import added
from interviews.live.tests.call_case import CallCase
from interviews.models import Interview, ScriptedQuestion
from interviews.records import reading
from interviews.tests.commanding import sender
from question_bank.factories import AnchorFactory, PointFactory, QuestionFactory, ScriptFactory
from question_bank.models import Question


class TestAdd(CallCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.other = PanelistFactory(interview=cls.interview)
        cls.picked = QuestionFactory(
            prompt="What does Vary do?", exhibit="GET /", exhibit_says="A request.", guidance="Ask for an example."
        )
        cls.below = QuestionFactory(parent=cls.picked, condition="when caching comes up")
        PointFactory(question=cls.picked, leads_to=cls.below, text="names a cache key")
        AnchorFactory(question=cls.picked, rating=3)

    def add(self, value, browser=None, target=None, **more):
        return (browser or self.browser).send("add", target or str(uuid.uuid4()), value, **more)

    def added(self, answer):
        self.assertEqual(answer.status_code, 200, answer.content)
        return ScriptedQuestion.objects.get(pk=answer.json()["result"]["question"])

    def order(self):
        return list(self.interview.questions.in_order().values_list("pk", flat=True))

    def test_one_that_was_typed_is_asked_now_after_the_block_being_asked(self):
        self.browser.send("ask", self.first.pk, "now")
        row = self.added(self.add({"text": "  How do you test it? "}))
        self.assertEqual(self.order(), [self.first.pk, self.follow_up.pk, row.pk, self.second.pk])
        self.assertEqual((row.prompt, row.section_id), ("How do you test it?", self.first.section_id))
        self.assertEqual((row.state, row.asked_by, row.is_must_ask), ("asked", self.lead, False))
        self.assertEqual(self.current(), row)
        self.assertEqual(list(ScriptedQuestion.objects.added_free()), [row])

    def test_one_of_the_bank_is_frozen_with_its_follow_ups(self):
        row = self.added(self.add({"question": self.picked.pk}))
        self.assertEqual((row.source, row.exhibit, row.guidance), (self.picked, "GET /", "Ask for an example."))
        self.assertEqual([anchor["rating"] for anchor in row.anchors], [3])
        below = row.follow_ups.get()
        self.assertEqual(
            (below.source, below.state, below.is_added, below.added_id), (self.below, "unasked", True, None)
        )
        self.assertEqual(row.points.get().leads_to, below)
        self.picked.prompt = "Another wording"
        self.picked.save()
        self.assertEqual(self.state_of(row).prompt, "What does Vary do?")
        self.assertFalse(ScriptedQuestion.objects.added_free().exists())

    def test_without_a_current_question_it_comes_after_the_one_asked_last(self):
        self.browser.send("ask", self.second.pk, "asked")
        row = self.added(self.add({"text": "And then?"}))
        self.assertEqual(self.order()[-2:], [self.second.pk, row.pk])

    def test_the_same_id_adds_it_once(self):
        target = str(uuid.uuid4())
        row = self.added(self.add({"text": "Why?"}, target=target))
        self.assertEqual(self.added(self.add({"text": "Why?"}, target=target)), row)
        self.assertEqual(len(self.order()), 4)

    def test_who_may_not_and_when_it_is_too_early_or_too_late_hears_why(self):
        shadow = sender(ShadowFactory(interview=self.interview))
        self.assert_refused(self.add({"text": "Why?"}, shadow), 403, "Shadows")
        early = sender(LeadFactory(interview=InterviewFactory()))
        self.assert_refused(self.add({"text": "Why?"}, early), 409, "has not started")
        self.browser.send("end")
        self.assert_refused(self.add({"text": "Why?"}), 409, "has ended")

    def test_what_cannot_be_added_is_refused_with_the_reason(self):
        draft = QuestionFactory(status=Question.Status.DRAFT)
        cases = [
            ({"text": " "}, 422, "Enter a question"),
            ({}, 422, "The question is text"),
            ("Why?", 422, "The question is text"),
            ({"text": "x" * (added.PROMPT_CHARS + 1)}, 413, "501 characters"),
            ({"question": draft.pk}, 404, "no longer in the bank"),
            ({"question": "1"}, 422, "by its number"),
            ({"question": self.first.source_id}, 422, "already in the interview"),
        ]
        for value, status, part in cases:
            with self.subTest(value=str(value)[:30]):
                self.assert_refused(self.add(value), status, part)
        self.assertEqual(len(self.order()), 3)

    def test_a_call_has_room_for_so_many(self):
        for number in range(added.MOST_ADDED):
            self.added(self.add({"text": f"{number}?"}))
        self.assert_refused(self.add({"text": "Why?"}), 413, "Write this one in a note")

    def test_taken_back_it_is_gone_and_the_panel_is_where_it_was(self):
        self.browser.send("ask", self.first.pk, "now")
        answer = self.add({"question": self.picked.pk}, target=(target := str(uuid.uuid4())))
        row = self.added(answer)
        self.browser.send("add", target, None, undoes=answer.json()["receipt"])
        self.assertEqual((self.state_of(row).is_removed, self.state_of(row).state), (True, "unasked"))
        self.assertTrue(row.follow_ups.get().is_removed)
        self.assertIsNone(self.current())
        self.assertEqual(self.interview.questions.present().count(), 3)
        self.assertEqual(self.added(self.add({"question": self.picked.pk}, target=target)), row)
        self.assertEqual((self.state_of(row).is_removed, self.current()), (False, row))

    def test_it_stays_where_its_author_recorded_something_or_someone_else_went_on_with_it(self):
        def stays(answer, part):
            target = str(ScriptedQuestion.objects.get(pk=answer.json()["result"]["question"]).added_id)
            back = self.browser.send("add", target, None, undoes=answer.json()["receipt"])
            self.assertIn(part, back.json()["result"]["stays"])

        rated = self.add({"text": "Why?"})
        self.browser.send("rate", rated.json()["result"]["question"], 3)
        stays(rated, "something is recorded there")
        parked = self.add({"text": "How?"})
        sender(self.other).send("park", parked.json()["result"]["question"], True)
        stays(parked, "has changed this since")

    def test_what_someone_else_wrote_there_stays_theirs_and_nobody_learns_of_it(self):
        answer = self.add({"text": "Why SQL?"}, target=(target := str(uuid.uuid4())))
        row = self.added(answer)
        sender(self.other).send("note", row.pk, "Good answer.")
        back = self.browser.send("add", target, None, undoes=answer.json()["receipt"])
        self.assertNotIn("stays", back.json()["result"])
        self.assertEqual(row.notes.get().text, "Good answer.")
        page = self.browser.http.get(reverse("interview-detail", args=[self.interview.pk]))
        self.assertNotContains(page, "Why SQL?")
        self.browser.send("end")
        form = sender(self.other).http.get(reverse("scorecard", args=[self.interview.pk]))
        self.assertContains(form, "Good answer.")
        self.assertNotContains(self.browser.http.get(reverse("scorecard", args=[self.interview.pk])), "Why SQL?")

    def test_only_who_added_it_takes_it_back(self):
        self.add({"text": "Why?"}, target=(target := str(uuid.uuid4())))
        self.assert_refused(sender(self.other).send("add", target, None), 403, "Only the panelist who added")

    def test_asked_from_a_page_that_did_not_know_it_is_back(self):
        answer = self.add({"text": "Why?"}, target=(target := str(uuid.uuid4())))
        row = self.added(answer)
        self.browser.send("add", target, None)
        sender(self.other).send("ask", row.pk, "now")
        self.assertEqual((self.state_of(row).is_removed, self.current()), (False, row))
        self.assertEqual(self.browser.events().json()["events"][-1]["kind"], "add")

    def test_skipped_from_a_page_that_did_not_know_it_is_asked_again(self):
        """It was an error of the server for ever, and the page's later changes waited behind it."""
        target, other = str(uuid.uuid4()), sender(self.other)
        row = self.added(self.add({"text": "Why?"}, target=target))
        self.add(None, target=target)
        other.send("skip", row.pk, 1)
        other.send("park", row.pk, True)
        row = self.added(self.add({"text": "Why?"}, target=target))
        self.assertEqual((row.state, row.skip_reason, row.is_parked, row.is_removed), ("asked", None, False, False))

    def test_it_is_marked_in_scorecard_csv_and_snapshot_and_must_ask_nowhere(self):
        row = self.added(self.add({"text": "Why SQL?"}))
        self.browser.send("rate", row.pk, 4)
        gone = str(uuid.uuid4())
        self.add({"text": "Taken back?"}, target=gone)
        self.browser.send("add", gone, None)
        self.browser.send("end")
        self.assertContains(self.browser.http.get(reverse("scorecard", args=[self.interview.pk])), "added in the call")
        self.browser.send("submit")
        page = self.browser.http.get(reverse("scorecard-read", args=[self.interview.pk, self.lead.pk]))
        self.assertContains(page, "added in the call")
        self.assertNotContains(page, "Taken back?")
        interview = Interview.objects.get(pk=self.interview.pk)
        submitted = reading.submissions(access.readable_panelists(self.lead.user, interview))
        marks = {q["prompt"]: q.get("is_added") for q in submitted[0].snapshot["questions"]}
        self.assertEqual((marks["Why SQL?"], marks[self.first.prompt]), (True, None))
        score = reading.panel_score(submitted)
        self.assertEqual((score.text, score.coverage.rated, score.coverage.must_ask), ("4.00 + 0.00", 0, 2))

    def test_a_shadow_who_submitted_before_it_was_added_reads_on(self):
        shadow = sender(ShadowFactory(interview=self.interview))
        self.browser.send("end")
        self.assertEqual(shadow.send("submit").status_code, 200)
        self.assertEqual(self.browser.send("reopen").status_code, 200)
        row = self.added(self.add({"text": "Why SQL?"}))
        self.browser.send("rate", row.pk, 4)
        self.browser.send("end")
        self.browser.send("submit")
        sender(self.other).send("submit")
        page = shadow.http.get(reverse("debrief", args=[self.interview.pk]))
        self.assertEqual(page.status_code, 200)


class TestBank(CallCase):
    def bank(self, query, browser=None):
        url = reverse("live-bank", args=[self.interview.pk])
        return (browser or self.browser).http.get(url, {"q": query}, headers={"accept": "application/json"})

    def test_finds_published_questions_folded_and_says_which_are_here(self):
        found = QuestionFactory(prompt="Wie groß ist Ärger?", level="senior")
        QuestionFactory(prompt="Ärger, a draft", status=Question.Status.DRAFT)
        QuestionFactory(prompt="Any Fragen?", kind=Question.Kind.CONVERSATION)
        [row] = self.bank("arger").json()["questions"]
        self.assertEqual((row["id"], row["topic"], row["level"]), (found.pk, found.topic.name, "senior"))
        self.assertIsNone(row["here"])
        self.assertTrue(row["is_rated"])
        [talk] = self.bank("fragen").json()["questions"]
        self.assertFalse(talk["is_rated"])
        [here] = self.bank(self.first.prompt).json()["questions"]
        self.assertEqual(here["here"], self.first.pk)

    def test_at_most_twenty_and_none_without_a_word(self):
        QuestionFactory.create_batch(25, prompt="Vary, again?")
        self.assertEqual(len(self.bank("vary").json()["questions"]), 20)
        self.assertEqual(self.bank(" ").json()["questions"], [])


class TestPark(CallCase):
    def parked(self, question):
        return self.state_of(question).is_parked

    def test_a_question_is_parked_until_it_is_asked(self):
        self.browser.send("park", self.second.pk, True)
        self.assertTrue(self.parked(self.second))
        self.browser.send("ask", self.second.pk, "now")
        self.assertFalse(self.parked(self.second))

    def test_what_was_asked_and_parked_stays_asked_until_it_is_asked_again(self):
        self.browser.send("ask", self.first.pk, "now")
        self.browser.send("park", self.first.pk, True)
        self.browser.send("ask", self.first.pk, "asked")
        self.assertEqual((self.parked(self.first), self.state_of(self.first).state), (True, "asked"))
        self.browser.send("ask", self.first.pk, "now")
        self.assertFalse(self.parked(self.first))

    def test_skipping_is_no_later(self):
        self.browser.send("park", self.second.pk, True)
        self.browser.send("skip", self.second.pk, 1)
        self.assertFalse(self.parked(self.second))

    def test_shadows_do_not_park_nor_does_anyone_after_the_end(self):
        shadow = sender(ShadowFactory(interview=self.interview))
        self.assert_refused(shadow.send("park", self.second.pk, True), 403, "Shadows")
        self.assert_refused(self.browser.send("park", self.second.pk, 1), 422, "true or false")
        self.browser.send("end")
        self.assert_refused(self.browser.send("park", self.second.pk, True), 409, "has ended")

    def test_undone_unless_someone_else_asked_it_since(self):
        answer = self.browser.send("park", self.second.pk, True).json()
        back = self.browser.send("park", self.second.pk, False, undoes=answer["receipt"]).json()
        self.assertEqual((self.parked(self.second), "stays" in back["result"]), (False, False))
        answer = self.browser.send("park", self.second.pk, True).json()
        sender(PanelistFactory(interview=self.interview)).send("ask", self.second.pk, "now")
        back = self.browser.send("park", self.second.pk, False, undoes=answer["receipt"]).json()
        self.assertIn("has changed this since", back["result"]["stays"])


class TestWithoutSections(CallCase):
    def test_an_empty_script_says_why(self):
        lead = LeadFactory(interview=InterviewFactory(live=True, script=ScriptFactory()))
        answer = sender(lead).send("add", str(uuid.uuid4()), {"text": "Why?"})
        self.assert_refused(answer, 409, "no section")
