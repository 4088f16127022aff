import datetime as dt
import uuid

import time_machine
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.factories import CuratorFactory, HiringManagerFactory, InterviewerFactory
from interviews.factories import (
    START,
    CandidateFactory,
    InterviewFactory,
    OpeningFactory,
    PanelistFactory,
    ScorecardFactory,
)
from interviews.models import Decision, Event, Panelist
from interviews.models.stages import add_stages
from question_bank.factories import TopicFactory

LEAD, INTERVIEWER, SHADOW = Panelist.Part.LEAD, Panelist.Part.INTERVIEWER, Panelist.Part.SHADOW


class InterviewCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory(name="Hana Berg")
        self.mira, self.jo = InterviewerFactory(name="Mira Rahman"), InterviewerFactory(name="Jo Borg")
        self.opening = OpeningFactory(managers=[self.hana], title="Platform engineer")

    def interview(self, name="Ada Okafor", **fields):
        return InterviewFactory(
            candidate=CandidateFactory(opening=self.opening, name=name),
            panel=[(self.mira, LEAD), (self.jo, INTERVIEWER)],
            **fields,
        )

    def see(self, user, interview):
        self.client.force_login(user)
        return self.client.get(interview.get_absolute_url())


@time_machine.travel(START + dt.timedelta(hours=3), tick=False)
class BegunApartTests(InterviewCase):
    def test_every_list_says_when_a_call_began_that_began_at_another_time_than_planned(self):
        apart = dt.timedelta(minutes=80)
        add_stages(self.opening)
        early = self.interview(ended=True, scheduled_for=START, started_at=START - apart, ended_at=START)
        early.candidate.stage = self.opening.stages.first()
        early.candidate.save()
        punctual = self.interview("Luc Ito", ended=True, scheduled_for=START)
        pages = [
            early.get_absolute_url(), early.candidate.get_absolute_url(), reverse("search") + "?q=okafor",
            reverse("interview-list") + "?show=ended", reverse("candidate-list"), self.opening.get_absolute_url(),
            reverse("opening-board", args=[self.opening.pk]), "/",
        ]  # fmt: skip
        self.hana.time_zone = "UTC"
        self.hana.save()
        self.client.force_login(self.hana)
        for page in pages:
            with self.subTest(page):
                found = self.client.get(page)
                self.assertContains(found, "started 12:40", count=1)
        self.assertNotContains(self.client.get(punctual.get_absolute_url()), "started 1")
        early.started_at = START - dt.timedelta(days=1)
        early.save()
        self.assertContains(self.client.get(pages[0]), "started yesterday, 14:00")


class OffTheScriptTests(InterviewCase):
    """On Prepare and the live page."""

    def test_an_exhibit_with_tabs_and_text_from_right_to_left_is_shown_as_it_was_typed(self):
        text = "Seq Scan\ton orders\n\tFilter: 'שלום' = \u202ename <b>\n" + "x" * 400
        interview = self.interview()
        interview.questions.update(exhibit=text, exhibit_says="A plan of a slow query")
        prepare = self.see(self.mira, interview)
        for page in (prepare, self.client.get(reverse("live", args=[interview.pk]))):
            self.assertContains(page, f"<code>{escape(text)}</code>")
            self.assertContains(page, "A plan of a slow query")

    def test_a_parked_question_is_marked(self):
        interview = self.interview(live=True)
        self.assertNotContains(self.see(self.mira, interview), "for later")
        interview.questions.filter(pk=interview.questions.in_order()[0].pk).update(is_parked=True)
        self.assertContains(self.see(self.mira, interview), "for later", count=1)


class InterviewListTests(InterviewCase):
    def list(self, user=None, htmx=False, **query):
        self.client.force_login(user or self.mira)
        headers = {"hx-request": "true", "hx-target": "rows"} if htmx else {}
        return self.client.get(reverse("interview-list"), query, headers=headers)

    def names(self, response):
        return [row.interview.candidate.name for row in response.context["list"].rows]

    def test_live_ones_come_first_then_the_soonest(self):
        self.interview("Later", script=None, scheduled_for=START + dt.timedelta(days=2))
        self.interview("Sooner", script=None, scheduled_for=START)
        self.interview("Live", script=None, live=True, scheduled_for=START + dt.timedelta(days=3))
        self.interview("Over", script=None, ended=True)
        self.assertEqual(self.names(self.list()), ["Live", "Sooner", "Later"])

    def test_ended_and_cancelled_ones_have_their_lists(self):
        self.interview("Over", script=None, ended=True)
        self.interview("Off", script=None, cancelled=True)
        self.assertEqual(self.names(self.list(show="ended")), ["Over"])
        self.assertEqual(self.names(self.list(show="cancelled")), ["Off"])
        self.assertEqual(self.names(self.list(show="nonsense")), [])

    def test_ended_one_is_listed_at_its_planned_start_as_on_its_own_page(self):
        over = self.interview(script=None, ended=True, scheduled_for=START + dt.timedelta(minutes=7), minutes=44)
        for response in (self.list(show="ended"), self.see(self.mira, over)):
            self.assertContains(response, ":07")
            self.assertNotContains(response, ":51")

    def test_search_finds_words_of_candidate_opening_and_script(self):
        self.interview("Ada Okafor", script=None, script_name="Backend")
        self.interview("Bo Chen", script=None, script_name="Django")
        for q, expected in (
            ("oka", ["Ada Okafor"]),
            ("platform CHEN", ["Bo Chen"]),
            ("django", ["Bo Chen"]),
            ("ada django", []),
            ("%", []),
            ("a\0da", ["Ada Okafor"]),
        ):
            with self.subTest(q=q):
                self.assertEqual(self.names(self.list(q=q)), expected)

    def test_search_knows_neither_case_nor_accents(self):
        self.interview("Émile Ångström", script=None, script_name="Résumé")
        for q in ("émile", "Emile", "ÉMILE", "angstrom", "resume"):
            with self.subTest(q=q):
                self.assertEqual(self.names(self.list(q=q)), ["Émile Ångström"])

    def test_fragment_has_the_rows_only(self):
        self.interview("Ada Okafor", script=None)
        response = self.list(htmx=True, q="ada")
        self.assertContains(response, "Ada Okafor")
        self.assertNotContains(response, "<h1>")

    def test_what_was_searched_is_shown_escaped(self):
        response = self.list(q="<script>alert(1)</script>")
        self.assertContains(response, "No matches for “&lt;script&gt;")

    def test_only_ones_own_are_shown(self):
        self.interview(script=None)
        for other in (CuratorFactory(), InterviewerFactory(), HiringManagerFactory()):
            with self.subTest(other=other):
                self.assertEqual(self.names(self.list(other)), [])
        self.assertEqual(len(self.names(self.list(self.hana))), 1)

    def test_empty_list_leads_on(self):
        self.assertContains(self.list(), "They appear here and under My day")
        self.assertContains(self.list(self.hana), "Choose an opening")
        self.assertContains(self.list(show="ended"), "No interviews.")

    def test_long_list_has_pages_that_keep_the_choice(self):
        for number in range(51):
            self.interview(f"Candidate {number}", script=None, ended=True)
        response = self.list(show="ended")
        self.assertContains(response, "51 interviews")
        last = response.context["list"].rows[-1].interview.pk
        self.assertContains(response, f"?show=ended&amp;after={last}")
        self.assertEqual(len(self.names(self.list(show="ended", after=last))), 1)
        self.assertEqual(len(self.names(self.list(show="ended", after="x"))), 50)

    def test_anonymous_signs_in_and_wrong_method_is_refused(self):
        self.assertEqual(self.client.get(reverse("interview-list")).status_code, 302)
        self.client.force_login(self.mira)
        self.assertEqual(self.client.post(reverse("interview-list")).status_code, 405)

    def test_number_of_queries_is_constant(self):
        self.client.force_login(self.mira)
        for more in (1, 29):
            for _ in range(more):
                self.interview(script=None, ended=True)
            with self.subTest(more=more), self.assertNumQueries(4):
                self.client.get(reverse("interview-list"), {"show": "ended"})


class InterviewDetailTests(InterviewCase):
    def test_prepare_shows_script_candidate_and_panel(self):
        interview = self.interview()
        interview.candidate.notes = "On call since May."
        interview.candidate.save()
        response = self.see(self.jo, interview)
        for question in interview.questions.all():
            self.assertContains(response, question.prompt)
        self.assertContains(response, "On call since May.")
        self.assertContains(response, "Mira Rahman")
        self.assertContains(response, "when caching comes up")

    def test_prepare_shows_the_role_as_markdown_and_the_call_link(self):
        link = "https://meet.example.org/ada"
        interview = self.interview(call_link=link, scheduled_for=timezone.now())
        interview.opening.description, interview.opening.look_for = "**Payments**, on call.", "- <b>Honesty</b>"
        interview.opening.save()
        interview.opening.topics.add(TopicFactory(name="Object storage"))
        response = self.see(self.jo, interview)
        self.assertContains(response, '<span class="chip">Object storage</span>', html=True)
        self.assertContains(response, '<p dir="auto"><strong>Payments</strong>, on call.</p>', html=True)
        self.assertContains(response, '<p dir="auto">&lt;b&gt;Honesty&lt;/b&gt;</p>', html=True)
        self.assertContains(response, f'href="{link}"')
        self.client.force_login(self.jo)
        for page in (reverse("my-day"), reverse("live", args=[interview.pk])):
            self.assertContains(self.client.get(page), f'href="{link}"')
        # Nobody joins a call that is over.
        self.assertNotContains(self.see(self.jo, self.interview(call_link=link, ended=True)), link)

    def test_lead_may_start_and_others_open_the_live_page(self):
        interview = self.interview()
        live = reverse("live", args=[interview.pk])
        self.assertContains(
            self.see(self.mira, interview), f'<a class="btn btn-primary" href="{live}">Start</a>', html=True
        )
        self.assertContains(
            self.see(self.jo, interview), f'<a class="btn btn-primary" href="{live}">Open the live page</a>', html=True
        )

    def test_manager_may_change_and_cancel_but_has_no_live_page(self):
        interview = self.interview()
        response = self.see(self.hana, interview)
        self.assertContains(response, reverse("interview-edit", args=[interview.pk]))
        self.assertContains(response, reverse("interview-cancel", args=[interview.pk]))
        self.assertNotContains(response, reverse("live", args=[interview.pk]))
        self.assertNotContains(self.see(self.mira, interview), reverse("interview-edit", args=[interview.pk]))

    def test_live_one_goes_on_and_is_not_cancelled(self):
        interview = self.interview(live=True)
        self.assertContains(self.see(self.jo, interview), ">Rejoin</a>")
        response = self.see(self.hana, interview)
        self.assertContains(response, reverse("interview-edit", args=[interview.pk]))
        self.assertNotContains(response, reverse("interview-cancel", args=[interview.pk]))

    def test_ended_one_leads_to_the_own_scorecard_and_says_what_is_missing(self):
        interview = self.interview(ended=True)
        response = self.see(self.jo, interview)
        self.assertContains(response, ">Finish my scorecard</a>")
        self.assertContains(response, "You can read the others’ scorecards once you submit")
        self.assertNotContains(response, reverse("export-pdf", args=[interview.pk]))
        self.assertNotContains(response, reverse("live", args=[interview.pk]))

    def test_how_long_the_call_lasted_is_said_only_if_it_was_ended_later(self):
        interview = self.interview(ended=True)
        for hours, count in ((0, 0), (3, 1)):
            at = interview.ended_at + dt.timedelta(hours=hours)
            Event.objects.create(
                interview=interview, stream=Event.SHARED, seq=hours + 1, actor=self.mira, kind="end", payload={}, at=at
            )
            with self.subTest(hours=hours):
                self.assertContains(self.see(self.hana, interview), "The call lasted until", count=count)

    def test_own_submitted_scorecard_is_read_and_the_others_too(self):
        interview = self.interview(ended=True)
        seats = {seat.user: seat for seat in interview.panelists.all()}
        for seat in seats.values():
            ScorecardFactory(panelist=seat, submitted_at=START)
        response = self.see(self.jo, interview)
        self.assertContains(response, ">My scorecard</a>")
        self.assertContains(response, reverse("scorecard-read", args=[interview.pk, seats[self.mira].pk]))
        self.assertContains(response, reverse("export-pdf", args=[interview.pk]))

    def test_manager_reads_what_is_submitted(self):
        interview = self.interview(ended=True)
        self.assertContains(self.see(self.hana, interview), "once the first scorecard is submitted")
        seat = interview.panelists.get(user=self.mira)
        ScorecardFactory(panelist=seat, submitted_at=START)
        response = self.see(self.hana, interview)
        self.assertContains(response, reverse("scorecard-read", args=[interview.pk, seat.pk]))
        self.assertContains(response, "Not started", count=1)

    def test_cancelled_one_says_why_and_offers_nothing(self):
        interview = self.interview(cancelled=True, cancel_reason="Withdrawn.")
        for user in (self.mira, self.hana):
            response = self.see(user, interview)
            self.assertContains(response, "Withdrawn.")
            self.assertNotContains(response, reverse("live", args=[interview.pk]))
            self.assertNotContains(response, reverse("interview-edit", args=[interview.pk]))

    def test_gate_and_coverage_are_said(self):
        interview = self.interview(ended=True)
        interview.sections.update(gate="Continue to Django?", is_gate_open=False)
        interview.questions.filter(position=1).update(state="skipped", skip_reason=1)
        interview.questions.filter(position=2).update(state="asked", asked_at=START)
        response = self.see(self.hana, interview)
        self.assertContains(response, "the panel stopped here")
        self.assertContains(response, "skipped, out of time")
        self.assertContains(response, ">asked<", count=1)

    def test_nobody_else_sees_it(self):
        interview = self.interview()
        Panelist.objects.filter(user=self.jo).update(left_at=START)
        for other in (self.jo, HiringManagerFactory(), CuratorFactory(), InterviewerFactory()):
            with self.subTest(other=other):
                self.assertEqual(self.see(other, interview).status_code, 404)

    def test_wrong_method_is_refused(self):
        self.client.force_login(self.mira)
        self.assertEqual(self.client.post(self.interview().get_absolute_url()).status_code, 405)

    def test_number_of_queries_is_constant(self):
        self.client.force_login(self.hana)
        for more in (1, 20):
            interview = self.interview(ended=True)
            for _ in range(more):
                ScorecardFactory(panelist=PanelistFactory(interview=interview), submitted_at=START)
            with self.subTest(more=more), self.assertNumQueries(14):
                self.client.get(interview.get_absolute_url())


class OutcomeTests(InterviewCase):
    """What became of an interview, in lists and on the candidate's page."""

    def setUp(self):
        super().setUp()
        self.over = self.interview(script=None, ended=True)
        for seat in self.over.panelists.all():
            ScorecardFactory(panelist=seat, submitted_at=START)
        Decision.objects.create(
            interview=self.over, number=1, choice=Decision.Choice.GO_ON, reason="Good.", decided_by=self.hana,
            decided_at=START, token=uuid.uuid4(),
        )  # fmt: skip

    def pages(self, user):
        self.client.force_login(user)
        for path in (
            reverse("interview-list") + "?show=ended",
            self.over.candidate.get_absolute_url(),
            *([self.opening.get_absolute_url()] if user == self.hana else []),
        ):
            yield path, self.client.get(path)

    def test_a_decision_is_shown_in_place_of_the_state_of_scorecards(self):
        words = Decision.Choice.GO_ON.label
        for user in (self.hana, self.mira):
            for path, page in self.pages(user):
                with self.subTest(user=user, path=path):
                    self.assertContains(page, f'<span class="chip accent">{words}</span>')
                    self.assertNotContains(page, "scorecards in")

    def test_it_is_not_told_to_whom_the_debrief_is_closed(self):
        self.over.panelists.get(user=self.jo).scorecard.delete()
        Panelist.objects.filter(interview=self.over, user=self.jo).update(part=SHADOW)
        for path, page in self.pages(self.jo):
            with self.subTest(path=path):
                self.assertNotContains(page, f">{Decision.Choice.GO_ON.label}<")
                self.assertContains(page, "All scorecards in")
