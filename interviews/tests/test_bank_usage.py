import uuid

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import CuratorFactory, HiringManagerFactory, InterviewerFactory
from accounts.roles import Role
from editing.merging import Edit
from interviews.bank_usage import topics_of_openings
from interviews.factories import (
    CandidateFactory,
    InterviewFactory,
    OpeningFactory,
    PanelistFactory,
    ScorecardFactory,
    ScriptedQuestionFactory,
    ShadowFactory,
    TickFactory,
    UnlistedPointFactory,
)
from interviews.models import NoticeSettings, Panelist, Tick, UnlistedPoint
from mail.models import Mail
from question_bank.curation.differences import revision
from question_bank.curation.duplicates import merge_question
from question_bank.curation.questions import WrongStatus
from question_bank.curation.suggestions import add_point, dismiss_point
from question_bank.curation.versions import revert_question
from question_bank.factories import PointFactory, QuestionFactory, ScriptItemFactory, TopicFactory
from question_bank.heard import heard_points
from question_bank.models import DismissedPoint, Question, Suggestion, Topic
from question_bank.tests.sent_forms import sent_from
from question_bank.typed import typed_questions
from question_bank.usage import times_asked


def note(question, seat, text):
    """An extra point, heard by who noted it."""
    TickFactory(
        panelist=seat, point=None, unlisted_point=UnlistedPointFactory(question=question, author=seat, text=text)
    )


class TestAsked(TestCase):
    def setUp(self):
        self.question = QuestionFactory(prompt="Old?")
        self.script = ScriptItemFactory(question=self.question).section.script

    def interview(self, **traits):
        interview = InterviewFactory(script=self.script, **traits)
        interview.questions.update(state="asked", asked_at=timezone.now())
        return interview

    def test_questions_asked_in_interviews_that_ended_count(self):
        self.interview(ended=True)
        self.interview(live=True)
        InterviewFactory(script=self.script, ended=True)
        self.assertEqual(times_asked(self.question), 1)

    def test_a_merged_question_counts_for_the_other_and_a_live_interview_keeps_it(self):
        self.interview(ended=True)
        live = self.interview(live=True)
        into = QuestionFactory(prompt="New?")
        merge_question(question=self.question, into=into, by=None, at=timezone.now())
        self.assertEqual(times_asked(into), 1)
        scripted = live.questions.get()
        self.assertEqual((scripted.prompt, scripted.source), ("Old?", self.question))


class TestTopicsOfOpenings(TestCase):
    """Which topics that openings look for a script leaves out, as the script builder says it."""

    def setUp(self):
        self.manager = CuratorFactory(roles=[Role.CURATOR, Role.HIRING_MANAGER])
        self.caching, self.security = TopicFactory(name="Caching"), TopicFactory(name="Security")
        self.script = ScriptItemFactory(question__topic=self.caching).section.script
        self.opening = OpeningFactory(title="Platform engineer", managers=[self.manager])
        self.opening.topics.set([self.caching, self.security])

    def hints(self, reader, *, role=0):
        self.client.force_login(reader)
        form = sent_from(self.client.get(reverse("script-edit", args=[self.script.pk])))
        page = self.client.post(reverse("script-plan"), form | {"script": self.script.pk, "role": role})
        return [words for words in page.context["plan"].hints if "should also cover" in words]

    def test_of_openings_with_interviews_of_the_script_managers_see_which(self):
        self.assertEqual(self.hints(self.manager), [])
        InterviewFactory(script=self.script, candidate__opening=self.opening)
        self.assertEqual(self.hints(self.manager), ["Platform engineer should also cover Security."])
        self.assertEqual(self.hints(CuratorFactory()), ["An opening that uses this script should also cover Security."])
        self.opening.close(at=timezone.now())
        self.assertEqual(self.hints(self.manager), [])

    def test_of_the_opening_it_is_begun_for_only_a_manager_learns(self):
        self.client.force_login(self.manager)
        page = self.client.get(self.opening.get_absolute_url())
        address = f"{reverse('script-create')}?role={self.opening.pk}"
        self.assertContains(page, f'href="{address}"')
        self.assertContains(self.client.get(address), f'"role": {self.opening.pk}')
        found = self.hints(self.manager, role=self.opening.pk)
        self.assertEqual(found, ["Platform engineer should also cover Security."])
        self.assertEqual(self.hints(CuratorFactory(), role=self.opening.pk), [])

    def test_retired_topics_are_left_out_and_the_number_of_queries_is_constant(self):
        InterviewFactory(script=self.script, candidate__opening=self.opening)
        with self.assertNumQueries(2):
            list(topics_of_openings(self.script.pk, None, self.manager))
        for _ in range(3):
            more = InterviewFactory(script=self.script, candidate__opening__title="Another")
            more.opening.topics.set([self.security])
        with self.assertNumQueries(2):
            list(topics_of_openings(self.script.pk, None, self.manager))
        Topic.objects.filter(pk=self.security.pk).update(is_retired=True)
        self.assertEqual(self.hints(self.manager), [])


class TestHeardPoints(TestCase):
    def setUp(self):
        self.question = QuestionFactory()
        self.script = ScriptItemFactory(question=self.question).section.script

    def heard(self, *texts, is_submitted=True, **traits):
        traits = traits or {"ended": True}
        candidate = CandidateFactory(name="Ada Okafor")
        panel = [(InterviewerFactory(), Panelist.Part.LEAD)]
        interview = InterviewFactory(script=self.script, candidate=candidate, panel=panel, **traits)
        seat = interview.panelists.get()
        for text in texts:
            note(interview.questions.get(), seat, text)
        ScorecardFactory(panelist=seat, recommendation=3, submitted_at=timezone.now() if is_submitted else None)

    def groups(self):
        return [(group.text, group.times) for group in heard_points(self.question)]

    def test_who_noted_it_is_told_once_it_is_listed_and_never_at_whom(self):
        self.heard("A CDN in front")
        author = UnlistedPoint.objects.get().author.user
        curator, at = CuratorFactory(), timezone.now()
        question = Question.objects.with_parts().get(pk=self.question.pk)
        add_point(question=question, text="A CDN in front", by=curator, at=at)
        mail = Mail.objects.get()
        self.assertEqual((mail.to, mail.kind), (author.email, "point_listed"))
        self.assertIn("A CDN in front", mail.text)
        self.assertNotIn("Okafor", mail.subject + mail.text)
        self.assertEqual(self.groups(), [])
        question = Question.objects.with_parts().get(pk=self.question.pk)
        with self.assertRaisesMessage(WrongStatus, "The point “a CDN in front” is already listed."):
            add_point(question=question, text="a CDN in front", by=curator, at=at)

    def test_one_that_was_edited_first_is_hidden_and_told_too(self):
        self.heard("A CDN in front")
        self.client.force_login(CuratorFactory())
        address = f"{reverse('question-edit', args=[self.question.pk])}?point=A+CDN+in+front"
        fields = sent_from(self.client.get(address), **{"points-0-text": "Content served from the edge"})
        self.client.post(address, fields)
        self.assertEqual(self.question.points.get().text, "Content served from the edge")
        self.assertEqual(self.groups(), [])
        self.assertEqual(Mail.objects.get().kind, "point_listed")

    def test_a_dismissed_one_is_told_to_each_author_in_their_own_words(self):
        self.heard("A CDN in front")
        self.heard("a CDN in front of it")
        first, second = [point.author.user for point in UnlistedPoint.objects.order_by("pk")]
        NoticeSettings.objects.create(user=second, no_email=["bank"])
        self.client.force_login(CuratorFactory(name="Kim Vella"))
        address = reverse("question-point", args=[self.question.pk])
        self.client.post(address, {"text": "A CDN in front", "dismiss": "yes"})
        self.assertEqual(self.groups(), [])
        mail = Mail.objects.get()
        self.assertEqual((mail.to, mail.kind), (first.email, "point_dismissed"))
        self.assertNotIn("Okafor", mail.subject + mail.text)
        self.client.force_login(second)
        page = self.client.get(reverse("notice-list"))
        self.assertContains(page, "Not added to the bank: a point you noted, “a CDN in front of it”")
        self.assertContains(page, f'href="{self.question.get_absolute_url()}"')
        self.assertContains(page, "Kim Vella · Question bank")

    def test_restoring_an_older_version_reopens_none_that_was_listed_and_tells_who_noted_one_that_it_lists(self):
        self.heard("A CDN in front")
        curator, at = CuratorFactory(), timezone.now()

        def restored(number):
            row = Question.objects.with_parts().get(pk=self.question.pk)
            change = row.changes.all()[number]
            return revert_question(question=row, change=change, edit=Edit(revision(row)), by=curator, at=at)

        add_point(
            question=Question.objects.with_parts().get(pk=self.question.pk), text="A CDN in front", by=curator, at=at
        )
        self.assertFalse(restored(0).points.all())
        self.assertEqual((self.groups(), heard_points()), ([], []))
        DismissedPoint.objects.all().delete()
        self.assertEqual(self.groups(), [("A CDN in front", 1)])
        self.assertTrue(restored(1).points.all())
        self.assertEqual(Mail.objects.filter(kind="point_listed").count(), 2)

    def test_one_that_was_settled_stays_so_when_its_question_is_merged(self):
        self.heard("A CDN in front", "Asks who pays")
        curator, at = CuratorFactory(), timezone.now()
        question = Question.objects.with_parts().get(pk=self.question.pk)
        dismiss_point(question=question, text="Asks who pays", by=curator, at=at)
        add_point(question=question, text="A CDN in front", by=curator, at=at)
        into = QuestionFactory()
        merge_question(question=self.question, into=into, by=curator, at=at)
        self.assertEqual((heard_points(into), heard_points()), ([], []))
        with self.assertRaisesMessage(WrongStatus, "already been added or dismissed"):
            dismiss_point(question=into, text="Asks who pays", by=curator, at=at)

    def test_alike_ones_are_one_group_most_often_heard_first(self):
        self.heard("Asks who pays for it")
        self.heard("A CDN in front")
        self.heard("a CDN in front of it")
        self.assertEqual(self.groups(), [("A CDN in front", 2), ("Asks who pays for it", 1)])
        self.assertEqual(len(heard_points()), 2)

    def test_until_the_panel_has_submitted_it_is_private(self):
        self.heard("A CDN in front", is_submitted=False)
        self.heard("Asks who pays", live=True)
        self.assertEqual(self.groups(), [])

    def test_what_was_taken_back_or_heard_by_shadows_only_is_left_out(self):
        self.heard("A CDN in front", "Asks who pays")
        Tick.objects.filter(unlisted_point__text="A CDN in front").delete()
        Panelist.objects.filter(ticks__unlisted_point__text="Asks who pays").update(part="shadow")
        self.assertEqual(self.groups(), [])

    def test_it_does_not_wait_for_a_waived_scorecard_whose_points_stay_private(self):
        self.heard("A CDN in front")
        interview = UnlistedPoint.objects.get().question.interview
        waived = PanelistFactory(
            interview=interview, waived_at=timezone.now(), waived_by=HiringManagerFactory(), waive_reason="On leave."
        )
        note(interview.questions.get(), waived, "Asks who pays")
        self.assertEqual(self.groups(), [("A CDN in front", 1)])

    def test_it_waits_for_a_shadow_only_if_they_are_a_curator_who_could_read_it(self):
        self.heard("A CDN in front")
        interview = UnlistedPoint.objects.get().question.interview
        ShadowFactory(interview=interview)
        self.assertEqual(self.groups(), [("A CDN in front", 1)])
        person = InterviewerFactory(roles=[Role.INTERVIEWER, Role.CURATOR])
        shadow = ShadowFactory(interview=interview, user=person)
        self.assertEqual(self.groups(), [])
        self.client.force_login(person)
        self.assertContains(self.client.get(reverse("suggestion-list")), "any shadow who is a curator")
        self.assertContains(self.client.get(reverse("scorecard", args=[interview.pk])), "once you submit")
        ScorecardFactory(panelist=shadow, recommendation=3, submitted_at=timezone.now())
        self.assertEqual(self.groups(), [("A CDN in front", 1)])

    def test_what_names_the_candidate_is_left_out(self):
        self.heard("Okafor names a CDN", "Says ADA built one")
        self.assertEqual(self.groups(), [])

    def test_what_is_listed_or_dismissed_is_left_out(self):
        self.heard("A CDN in front", "Asks who pays for it")
        PointFactory(question=self.question, text="CDN in front")
        DismissedPoint.objects.create(question=self.question, text="asks who pays", at=timezone.now())
        self.assertEqual(self.groups(), [])

    def test_points_of_a_merged_question_count_for_the_other(self):
        self.heard("A CDN in front")
        into = QuestionFactory()
        merge_question(question=self.question, into=into, by=None, at=timezone.now())
        self.assertEqual([group.question for group in heard_points(into)], [into])
        self.assertEqual(heard_points()[0].question, into)

    def test_queries_do_not_grow(self):
        for size in (1, 8):
            self.heard(*(f"Names the case {number} of {size}" for number in range(size)))
            with self.assertNumQueries(4):
                heard_points()


class TestTypedInCalls(TestCase):
    def typed(self, prompt, *points, **traits):
        panel = [(InterviewerFactory(), Panelist.Part.LEAD)]
        candidate = CandidateFactory(name="Ada Okafor")
        interview = InterviewFactory(candidate=candidate, panel=panel, **(traits or {"ended": True}))
        seat = interview.panelists.get()
        usual = {"added_id": uuid.uuid4(), "added_by": seat, "added_at": timezone.now(), "source": None}
        ScriptedQuestionFactory(
            interview=interview, prompt=prompt, state="asked", asked_at=timezone.now(), position=99, **usual
        )
        for text in points:
            note(interview.questions.get(prompt=prompt), seat, text)
        ScorecardFactory(panelist=seat, recommendation=3, submitted_at=timezone.now() if not traits else None)
        return seat.user

    def test_they_are_gathered_without_the_candidates_name(self):
        self.typed("How do you test a migration?")
        self.typed("How would you test the migration?")
        self.typed("What did Okafor build?")
        self.typed("Why queues?", live=True)
        found = [(question.text, question.times) for question in typed_questions()]
        self.assertEqual(found, [("How do you test a migration?", 2)])

    def test_curators_read_them_and_add_or_dismiss_one(self):
        author = self.typed("How do you test a migration?", "Runs it on a copy", "Okafor did", "runs it on the copy")
        self.typed("Why queues?")
        self.client.force_login(CuratorFactory())
        suggestions = reverse("suggestion-list")
        page = self.client.get(suggestions)
        self.assertContains(page, "Asked once")
        self.assertNotContains(page, "Okafor")
        page = self.client.post(reverse("typed-dismiss"), {"text": "Why queues?"}, follow=True)
        self.assertContains(page, "Dismissed: “Why queues?”.")
        address = f"{reverse('question-create')}?typed=How+do+you+test+a+migration%3F"
        topic = TopicFactory()
        fields = sent_from(self.client.get(address), topic=topic.pk, prompt="Take me through one.")
        self.client.post(address, fields)
        question = Question.objects.get(prompt="Take me through one.")
        self.assertEqual(
            (question.status, [str(point) for point in question.points.all()]), ("draft", ["Runs it on a copy"])
        )
        self.assertNotContains(self.client.get(suggestions), "Asked once")
        mail = Mail.objects.get(kind="question_taken")
        self.assertEqual(mail.to, author.email)
        self.assertTrue(Mail.objects.filter(kind="question_dismissed").exists())
        late = self.client.post(reverse("typed-dismiss"), {"text": "How do you test a migration?"}, follow=True)
        self.assertContains(late, "The question “How do you test a migration?” has already been added or dismissed.")
        self.client.force_login(author)
        self.assertEqual(self.client.post(reverse("typed-dismiss"), {"text": "x"}).status_code, 403)


class TestCandidatesNamed(TestCase):
    """A suggestion that names the candidate is not sent."""

    def setUp(self):
        self.jo, self.question = InterviewerFactory(), QuestionFactory()
        self.interview = PanelistFactory(user=self.jo, interview__candidate__name="Ada Okafor").interview
        self.client.force_login(self.jo)

    def suggest(self, text, *, page="/bank/", **more):
        address = f"{reverse('suggestion-create')}?question={self.question.pk}&next={page}"
        return self.client.post(address, {"kind": "change", "text": text})

    def test_from_a_page_of_the_interview_any_word_of_the_name_is_refused_with_the_text_left(self):
        for page in (self.interview.get_absolute_url(), reverse("live", args=[self.interview.pk])):
            response = self.suggest("ada measured first", page=page)
            self.assertContains(response, "This names the candidate: Ada.", status_code=422)
            self.assertContains(response, "ada measured first", status_code=422)
        self.assertFalse(Suggestion.objects.exists())
        self.assertEqual(self.suggest("Ask what they measured", page=page).status_code, 302)

    def test_from_the_bank_the_whole_name_of_a_candidate_they_may_see(self):
        CandidateFactory(name="Grace Hopper")
        self.assertEqual(self.suggest("Ask Ada Okafor less").status_code, 422)
        for text in ("Ask about Ada, the language", "As Grace Hopper did"):
            self.assertEqual(self.suggest(text).status_code, 302)
        # Somebody else's interview tells nothing.
        other = InterviewFactory(candidate__name="Luc Meier")
        self.assertEqual(self.suggest("Luc?", page=other.get_absolute_url()).status_code, 302)
