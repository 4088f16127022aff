import datetime as dt

from django.test import Client, TestCase
from django.urls import reverse

from accounts.factories import AdministratorFactory, CuratorFactory, HiringManagerFactory, InterviewerFactory
from interviews.exports import documents
from interviews.factories import (
    CandidateFactory,
    InterviewFactory,
    LeadFactory,
    OpeningFactory,
    PanelistFactory,
)
from interviews.live.late_commands import MOST_LATE
from interviews.models import Interview, LateCommand, Note, Rating, Scorecard, ScorecardVersion, Tick
from interviews.tests.commanding import sender
from interviews.tests.submitting import ended_interview, revise, seat, submit


class RevisionCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory()
        candidate = CandidateFactory(opening=OpeningFactory(managers=[self.hana]))
        self.interview = InterviewFactory(candidate=candidate, live=True)
        self.lead = LeadFactory(interview=self.interview)
        self.question, self.other = self.interview.questions.filter(parent=None).order_by("position")
        self.point = self.question.points.first()
        self.browser = sender(self.lead)
        self.browser.send("ask", self.question.pk, "now")
        self.browser.send("rate", self.question.pk, 2)
        self.browser.send("note", self.question.pk, "as it was\nand so on", base_rev=0)
        self.browser.send("end")
        self.browser.send("scorecard", "because", "Calm.")
        self.browser.send("submit")
        self.client.force_login(self.lead.user)
        self.url = reverse("scorecard-revise", args=[self.interview.pk])
        self.read_url = reverse("scorecard-read", args=[self.interview.pk, self.lead.pk])

    def fields(self, **changed):
        """The form as a browser would send it back, with some fields changed."""
        page = self.client.get(self.url).context["page"]
        sent = {"base": page.version.number, "reason": "I mixed up two answers"}
        sent |= page.texts
        for item in [*page.first, *page.others]:
            pk = item.answer.question.pk
            sent[f"note-{pk}"] = item.note.replace("\n", "\r\n")
            sent[f"revision-{pk}"] = item.revision
            if item.answer.question.is_answer:
                sent[f"rating-{pk}"] = item.rating
        sent["note-interview"], sent["revision-interview"] = page.whole
        sent["seen"] = sent["late"] = [change.pk for change in page.late]
        return sent | {name.replace("__", "-"): value for name, value in changed.items()}

    def post(self, **changed):
        return self.client.post(self.url, self.fields(**changed))


class ScorecardReviseTests(RevisionCase):
    def test_long_notes_and_every_late_change_fit_into_the_form(self):
        """As form data without parts, a Cyrillic letter is six bytes."""
        self.assertContains(self.client.get(self.url), 'method="post" enctype="multipart/form-data"')
        late = list(range(10**6, 10**6 + MOST_LATE))
        self.assertContains(self.post(seen=late, late=late), "You haven’t changed anything yet", status_code=422)

    def test_it_says_that_what_was_submitted_stays(self):
        response = self.client.get(self.url)
        self.assertContains(response, "Your submitted scorecard doesn’t change")
        self.assertContains(response, "as version 2")
        self.assertContains(response, "as it was\nand so on")

    def test_only_what_was_changed_becomes_a_new_version(self):
        events = self.interview.events.count()
        response = self.post(**{f"rating-{self.question.pk}": "4", "because": "Looked again."})
        self.assertRedirects(response, self.read_url)
        self.assertEqual(self.interview.events.count(), events + 2)
        version = ScorecardVersion.objects.get(number=2)
        self.assertEqual(version.reason, "I mixed up two answers")
        self.assertIn("Looked again.", version.snapshot)
        self.assertEqual(Rating.objects.get().value, 4)
        self.assertEqual(Note.objects.get().revision, 1)

    def test_a_rating_and_a_recommendation_can_be_taken_back(self):
        Scorecard.objects.update(recommendation=3, is_undecided=False)
        self.post(**{f"rating-{self.question.pk}": "", "recommendation": "4"})
        self.assertIsNone(Rating.objects.get().value)
        self.assertEqual(Scorecard.objects.get().recommendation, 4)

    def test_what_came_late_is_offered_in_words_and_taken_in(self):
        self.browser.send("tick", self.point.pk)
        for text in ("lat", "late words"):
            self.browser.send("note", self.other.pk, text, base_rev=0)
        self.browser.send("rate", self.other.pk, 3)
        self.browser.send("scorecard", "recommendation", 4)
        response = self.client.get(self.url)
        for words in (
            f"Ticked: {self.point.text}",
            f"Note on “{self.other.prompt}”: late words",
            f"Rated “{self.other.prompt}”: Good",
            "Recommendation: Strong yes",
        ):
            self.assertContains(response, words)
        self.assertEqual(len(response.context["page"].late), 4)
        self.assertRedirects(self.post(), self.read_url)
        self.assertEqual(Tick.objects.get().point, self.point)
        self.assertEqual(Note.objects.get(question=self.other).text, "late words")
        self.assertEqual(Scorecard.objects.get().recommendation, 4)
        self.assertFalse(LateCommand.objects.filter(settled_at=None).exists())

    def test_leaving_everything_late_out_makes_no_version_and_asks_for_no_reason(self):
        self.browser.send("tick", self.point.pk)
        self.assertContains(self.client.get(self.read_url), "1 change arrived after you submitted")
        self.assertRedirects(self.post(late=[], reason=""), self.read_url)
        self.assertEqual(ScorecardVersion.objects.count(), 1)
        self.assertFalse(Tick.objects.exists())
        self.assertNotContains(self.client.get(self.read_url), "arrived after you submitted")

    def test_what_comes_while_the_page_is_open_goes_on_waiting(self):
        fields = self.fields(because="Looked again.")
        self.browser.send("tick", self.point.pk)
        self.assertRedirects(self.client.post(self.url, fields), self.read_url)
        self.assertContains(self.client.get(self.read_url), "1 change arrived after you submitted")

    def test_without_a_reason_it_comes_back_with_all_that_was_typed(self):
        self.browser.send("tick", self.point.pk)
        changed = {
            f"note-{self.question.pk}": "typed <b>\r\nhere",
            f"rating-{self.question.pk}": "4",
            "still_open": "Jo?",
        }
        response = self.post(reason="  ", late=[], recommendation="1", **changed)
        self.assertContains(response, "Enter a reason for the revision.", status_code=422)
        page = response.context["page"]
        [item] = page.first
        self.assertEqual((item.note, item.rating), ("typed <b>\nhere", "4"))
        self.assertEqual((page.texts["still_open"], page.texts["recommendation"]), ("Jo?", "1"))
        self.assertEqual(page.left_out, {LateCommand.objects.get().pk})
        self.assertEqual(ScorecardVersion.objects.count(), 1)

    def test_unchanged_or_too_long_is_refused(self):
        self.assertContains(self.post(), "You haven’t changed anything yet", status_code=422)
        self.assertContains(self.post(because="x" * 1_001), "the limit is 1,000", status_code=422)
        self.assertContains(self.post(because="y", reason="x" * 1_001), "At most 1,000", status_code=422)
        self.assertContains(self.post(because="a\x00b"), "NUL", status_code=422)
        self.assertContains(self.post(recommendation="9"), "A recommendation is", status_code=422)
        self.assertEqual(self.post(base="7").status_code, 422)
        self.assertEqual(ScorecardVersion.objects.count(), 1)

    def test_i_dont_know_is_never_rated_poor(self):
        self.post(because="y", **{f"rating-{self.question.pk}": "2"})
        Rating.objects.update(dont_know=True)
        response = self.post(**{f"rating-{self.question.pk}": "1"})
        self.assertContains(response, "can’t be rated below Mixed", status_code=422)
        self.assertEqual(Rating.objects.get().value, 2)

    def test_two_pages_keep_what_was_written_in_both(self):
        note, rating = f"note-{self.question.pk}", f"rating-{self.question.pk}"
        first = self.fields(**{note: "as it was\nand so on\nfirst page"})
        second = self.fields(**{note: "second page\nas it was\nand so on", rating: "3"})
        self.assertRedirects(self.client.post(self.url, first), self.read_url)
        response = self.client.post(self.url, second)
        self.assertContains(response, "You submitted version 2 on another page", status_code=409)
        page = response.context["page"]
        [item] = page.first
        self.assertEqual((item.note, item.rating, page.version.number), (second[note], "3", 2))
        again = second | {"base": 2, f"revision-{self.question.pk}": item.revision}
        self.assertRedirects(self.client.post(self.url, again), self.read_url)
        text = Note.objects.get().text
        for words in ("first page", "second page", "as it was"):
            self.assertIn(words, text)
        self.assertEqual(Rating.objects.get().value, 3)

    def test_before_submitting_it_is_too_early(self):
        jo = PanelistFactory(interview=self.interview)
        self.client.force_login(jo.user)
        for method in (self.client.get, self.client.post):
            self.assertContains(method(self.url), "isn’t submitted", status_code=409)

    def test_for_others_there_is_none(self):
        for user in (self.hana, InterviewerFactory(), CuratorFactory(), AdministratorFactory()):
            self.client.force_login(user)
            with self.subTest(user):
                self.assertEqual(self.client.get(self.url).status_code, 404)
                self.assertEqual(
                    self.client.post(self.url, {"base": 1, "because": "x", "reason": "x"}).status_code, 404
                )
        self.assertEqual(ScorecardVersion.objects.count(), 1)

    def test_anonymous_signs_in_first_and_put_is_no_method(self):
        self.assertEqual(self.client.put(self.url).status_code, 405)
        self.assertRedirects(Client().get(self.url), f"{reverse('sign-in')}?next={self.url}")


class LateNoticeTests(RevisionCase):
    def test_their_author_is_told_on_the_interview_page_and_nobody_else(self):
        self.browser.send("tick", self.point.pk)
        self.browser.send("rate", self.other.pk, 3)
        address = self.interview.get_absolute_url()
        self.assertContains(self.client.get(address), "2 changes arrived after you submitted")
        self.client.force_login(self.hana)
        for url in (address, self.read_url):
            response = self.client.get(url)
            self.assertNotContains(response, "after you submitted")
            self.assertNotContains(response, self.url)


class VersionsTests(TestCase):
    def setUp(self):
        self.interview: Interview = ended_interview()
        self.mira = seat(self.interview, "Mira Rahman", "lead")
        self.jo = seat(self.interview, "Jo Tanaka")
        first = submit(self.mira, because="First words.").submitted_at
        revise(self.mira, reason="Blind revision", at=first + dt.timedelta(minutes=5), because="Second words.")
        submit(self.jo)
        revise(self.mira, reason="Jo convinced me", at=first + dt.timedelta(hours=1), because="Third words.")
        self.client.force_login(self.mira.user)
        self.url = reverse("scorecard-read", args=[self.interview.pk, self.mira.pk])

    def test_versions_stand_newest_first_with_their_reasons(self):
        response = self.client.get(self.url)
        self.assertEqual([version.number for version in response.context["versions"]], [3, 2, 1])
        self.assertContains(response, "Jo convinced me")
        self.assertContains(response, "after seeing others", count=1)
        self.assertContains(response, "used for the score", count=1)

    def test_the_newest_blind_version_counts_and_a_later_one_stands_beside_it(self):
        row = documents.interview_document(self.interview, self.jo.user)["panel"][0]
        self.assertEqual(row["because"], "Second words.")
        self.assertEqual(
            [(later["because"], later["reason"]) for later in row["later"]], [("Third words.", "Jo convinced me")]
        )

    def test_each_version_is_readable_by_itself(self):
        for number, words in ((1, "First words."), (2, "Second words."), (3, "Third words.")):
            with self.subTest(number):
                response = self.client.get(self.url, {"version": number})
                self.assertEqual(response.context["doc"]["row"]["because"], words)
        for number in ("4", "0"):
            self.assertEqual(self.client.get(self.url, {"version": number}).status_code, 404)

    def test_a_scorecard_that_was_never_revised_lists_no_versions(self):
        self.client.force_login(self.jo.user)
        url = reverse("scorecard-read", args=[self.interview.pk, self.jo.pk])
        self.assertNotContains(self.client.get(url), "used for the score")
