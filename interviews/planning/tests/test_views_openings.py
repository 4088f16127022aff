import datetime as dt

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import CuratorFactory, HiringManagerFactory, InterviewerFactory
from accounts.roles import Role
from editing.testing import opened
from interviews.factories import START, CandidateFactory, InterviewFactory, OpeningFactory, PanelistFactory
from interviews.models import Opening, Panelist
from question_bank.curation.topics import merge_topic
from question_bank.factories import TopicFactory

SOON = timezone.now() + dt.timedelta(days=3)


class OpeningCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory(name="Hana Berg")
        self.client.force_login(self.hana)

    def opening(self, **fields):
        return OpeningFactory(managers=[self.hana], **fields)


class OpeningListTests(OpeningCase):
    def test_own_openings_are_shown_with_what_is_in_them(self):
        opening = self.opening(title="Platform engineer", team="Core")
        InterviewFactory(script=None, candidate=CandidateFactory(opening=opening), scheduled_for=SOON)
        OpeningFactory(title="Somebody else’s")
        response = self.client.get(reverse("opening-list"))
        self.assertContains(response, "Platform engineer")
        self.assertContains(response, "1 candidate · next interview")
        self.assertNotContains(response, "Somebody else’s")

    def roles(self, **given):
        return [opening.title for opening in self.client.get(reverse("opening-list"), given).context["list"].rows]

    def test_closed_ones_come_last_and_can_be_filtered(self):
        self.opening(title="Filled", closed_at=START)
        self.opening(title="Wanted", team="Größe")
        self.assertEqual(self.roles(), ["Wanted", "Filled"])
        self.assertEqual((self.roles(state="open"), self.roles(state="closed")), (["Wanted"], ["Filled"]))
        self.assertEqual((self.roles(q="grosse"), self.roles(q="große wanted")), ([], ["Wanted"]))

    def test_without_any_it_leads_on(self):
        self.assertContains(self.client.get(reverse("opening-list")), "Start with the role")

    def test_other_roles_are_refused_and_anonymous_signs_in(self):
        self.client.force_login(InterviewerFactory())
        self.assertEqual(self.client.get(reverse("opening-list")).status_code, 403)
        self.client.logout()
        response = self.client.get(reverse("opening-list"))
        self.assertRedirects(response, f"{reverse('sign-in')}?next=/openings/")

    def test_wrong_method_is_refused(self):
        self.assertEqual(self.client.post(reverse("opening-list")).status_code, 405)

    def test_number_of_queries_is_constant(self):
        for more in (1, 29):
            for _ in range(more):
                InterviewFactory(script=None, candidate__opening=self.opening())
            with self.subTest(more=more), self.assertNumQueries(3):
                self.client.get(reverse("opening-list"))


class WebhookTests(OpeningCase):
    def save(self, opening, hook_url):
        address = reverse("opening-edit", args=[opening.pk])
        posted = {"title": opening.title, "blind_policy": "after_own", "managers": [self.hana.pk], "hook_url": hook_url}
        return self.client.post(address, opened(self.client, address) | posted)

    def test_only_a_public_https_address_is_saved(self):
        opening = self.opening()
        for inside in ("http://hooks.example.org/x", "https://10.0.0.1/x", "https://intranet/x"):
            self.assertContains(self.save(opening, inside), "The address must", status_code=422)
        self.assertEqual(self.save(opening, "https://hooks.example.org/x").status_code, 302)
        self.assertEqual(Opening.objects.get().hook_url, "https://hooks.example.org/x")

    def test_what_was_not_delivered_is_said_until_the_address_is_another(self):
        opening = self.opening(hook_url="https://hooks.example.org/x", hook_failure="The server responded with 404.")
        self.assertContains(self.client.get(opening.get_absolute_url()), "The server responded with 404.")
        self.save(opening, "https://hooks.example.org/y")
        self.assertNotContains(self.client.get(opening.get_absolute_url()), "The server responded with 404.")


class OpeningCreateTests(OpeningCase):
    def create(self, **changes):
        posted = {"title": "Platform engineer", "team": "Core", "blind_policy": "after_all"} | changes
        return self.client.post(reverse("opening-create"), posted)

    def test_creator_is_among_its_managers(self):
        tendai = HiringManagerFactory()
        response = self.create(managers=[tendai.pk], is_fully_blind="on")
        opening = Opening.objects.get()
        self.assertRedirects(response, opening.get_absolute_url())
        self.assertEqual(set(opening.managers.all()), {self.hana, tendai})
        self.assertEqual((opening.title, opening.team), ("Platform engineer", "Core"))
        self.assertEqual((opening.blind_policy, opening.is_fully_blind), ("after_all", True))

    def test_text_about_the_role_is_saved_as_typed_and_shown_as_markdown(self):
        self.create(description="Payments.\r\n\r\n- `Django`", look_for="**Honesty**")
        opening = Opening.objects.get()
        self.assertEqual((opening.description, opening.look_for), ("Payments.\n\n- `Django`", "**Honesty**"))
        response = self.client.get(opening.get_absolute_url())
        for html in ("<code>Django</code>", "<strong>Honesty</strong>"):
            self.assertContains(response, html, html=True)

    def test_topics_are_of_the_bank_and_a_merged_one_is_replaced(self):
        caching, databases = TopicFactory(name="Caching"), TopicFactory(name="Databases")
        old, retired = TopicFactory(name="Old cache"), TopicFactory(name="Retired", is_retired=True)
        page = self.client.get(reverse("opening-create"))
        self.assertContains(page, "Databases")
        self.assertNotContains(page, "Retired")
        merge_topic(topic=old, into=caching, by=self.hana, at=timezone.now())
        self.create(topics=[old.pk, databases.pk])
        opening = Opening.objects.get()
        self.assertEqual(opening.wanted_topics, [caching, databases])
        merge_topic(topic=caching, into=retired, by=self.hana, at=timezone.now())
        self.assertEqual(opening.wanted_topics, [databases, retired])
        self.assertContains(self.client.get(reverse("opening-edit", args=[opening.pk])), "Retired (retired)")
        self.assertContains(self.client.get(opening.get_absolute_url()), "Topics to cover")
        self.assertNotContains(self.client.get(opening.get_absolute_url()), "Write a script for this role")

    def test_form_offers_other_hiring_managers_only(self):
        HiringManagerFactory(name="Tendai Moyo")
        InterviewerFactory(name="Jo Borg")
        response = self.client.get(reverse("opening-create"))
        self.assertContains(response, "Tendai Moyo")
        self.assertNotContains(response, "Jo Borg")
        self.assertContains(response, "Hana Berg", count=2)  # in the site bar only

    def test_alone_there_is_nobody_to_offer(self):
        self.assertNotContains(self.client.get(reverse("opening-create")), "Other hiring managers")
        self.create()
        self.assertEqual(list(Opening.objects.get().managers.all()), [self.hana])

    def test_invalid_input_is_refused(self):
        for changes in ({"title": ""}, {"blind_policy": "open"}, {"managers": [InterviewerFactory().pk]}):
            HiringManagerFactory()
            with self.subTest(changes=changes):
                self.assertContains(self.create(**changes), "error-summary", status_code=422)
        self.assertEqual(Opening.objects.count(), 0)

    def test_interviewer_is_refused_by_role(self):
        self.client.force_login(InterviewerFactory())
        self.assertContains(self.create(), "hiring managers", status_code=403)
        self.assertEqual(Opening.objects.count(), 0)

    def test_curator_with_the_role_may(self):
        self.client.force_login(CuratorFactory(roles=[Role.CURATOR, Role.HIRING_MANAGER]))
        self.create()
        self.assertEqual(Opening.objects.count(), 1)


class OpeningDetailTests(OpeningCase):
    def test_candidates_are_shown_with_what_waits(self):
        opening = self.opening(title="Platform engineer")
        ada = CandidateFactory(opening=opening, name="Ada Okafor")
        CandidateFactory(opening=opening, name="Bo Chen")
        interview = InterviewFactory(script=None, candidate=ada, ended=True, script_name="Backend")
        PanelistFactory(interview=interview, user__name="Jo Borg", part=Panelist.Part.LEAD)
        response = self.client.get(opening.get_absolute_url())
        self.assertContains(response, "Ada Okafor")
        self.assertContains(response, "Backend")
        self.assertContains(response, "1 scorecard outstanding")
        self.assertContains(response, "No interviews yet", count=1)

    def test_without_candidates_it_leads_on(self):
        self.assertContains(self.client.get(self.opening().get_absolute_url()), "Add the first candidate")

    def test_closed_one_offers_nothing_new(self):
        opening = self.opening(closed_at=START)
        CandidateFactory(opening=opening)
        response = self.client.get(opening.get_absolute_url())
        self.assertContains(response, "Reopen")
        self.assertNotContains(response, "Add a candidate")
        self.assertNotContains(response, "Schedule an interview")

    def test_nobody_else_sees_it_not_even_its_panel(self):
        opening = OpeningFactory()
        self.assertEqual(self.client.get(opening.get_absolute_url()).status_code, 404)
        seat = PanelistFactory(interview__candidate__opening=opening)
        self.client.force_login(seat.user)
        self.assertEqual(self.client.get(opening.get_absolute_url()).status_code, 404)

    def test_number_of_queries_is_constant(self):
        opening = self.opening()
        for more in (1, 29):
            for _ in range(more):
                PanelistFactory(interview=InterviewFactory(script=None, candidate__opening=opening, ended=True))
            with self.subTest(more=more), self.assertNumQueries(12):
                self.client.get(opening.get_absolute_url())


class OpeningEditTests(OpeningCase):
    def edit(self, opening, **changes):
        posted = {"title": "Data engineer", "managers": [self.hana.pk], "blind_policy": "never"} | changes
        address = reverse("opening-edit", args=[opening.pk])
        return self.client.post(address, opened(self.client, address) | posted)

    def test_fields_are_saved(self):
        opening = self.opening()
        self.assertRedirects(self.edit(opening), opening.get_absolute_url())
        opening.refresh_from_db()
        self.assertEqual((opening.title, opening.blind_policy), ("Data engineer", "never"))

    def test_policy_of_scheduled_interviews_stays(self):
        opening = self.opening()
        interview = InterviewFactory(script=None, candidate__opening=opening)
        self.edit(opening, is_fully_blind="on")
        interview.refresh_from_db()
        self.assertEqual((interview.blind_policy, interview.is_fully_blind), ("after_own", False))

    def test_who_leaves_the_managers_comes_back_to_the_list(self):
        opening, tendai = self.opening(), HiringManagerFactory()
        self.assertRedirects(self.edit(opening, managers=[tendai.pk]), reverse("opening-list"))
        self.assertEqual(list(opening.managers.all()), [tendai])

    def test_manager_who_lost_the_role_can_be_kept(self):
        before = InterviewerFactory()
        opening = OpeningFactory(managers=[self.hana, before])
        self.edit(opening, managers=[self.hana.pk, before.pk])
        self.assertEqual(set(opening.managers.all()), {self.hana, before})

    def test_somebody_has_to_manage_it(self):
        opening = self.opening(title="Before")
        response = self.edit(opening, managers=[])
        self.assertContains(response, "error-summary", status_code=422)
        opening.refresh_from_db()
        self.assertEqual((opening.title, list(opening.managers.all())), ("Before", [self.hana]))

    def test_somebody_elses_is_not_found(self):
        opening = OpeningFactory(title="Before")
        self.assertEqual(self.edit(opening).status_code, 404)
        opening.refresh_from_db()
        self.assertEqual(opening.title, "Before")


class OpeningCloseTests(OpeningCase):
    def test_close_and_reopen(self):
        opening = self.opening()
        self.assertRedirects(self.client.post(reverse("opening-close", args=[opening.pk])), opening.get_absolute_url())
        opening.refresh_from_db()
        self.assertIsNotNone(opening.closed_at)
        self.client.post(reverse("opening-reopen", args=[opening.pk]))
        opening.refresh_from_db()
        self.assertIsNone(opening.closed_at)

    def test_get_changes_nothing(self):
        opening = self.opening()
        for name in ("opening-close", "opening-reopen"):
            self.assertEqual(self.client.get(reverse(name, args=[opening.pk])).status_code, 405)
        opening.refresh_from_db()
        self.assertIsNone(opening.closed_at)

    def test_somebody_elses_is_not_found_and_other_roles_are_refused(self):
        opening = OpeningFactory(closed_at=START)
        for name in ("opening-close", "opening-reopen"):
            self.assertEqual(self.client.post(reverse(name, args=[opening.pk])).status_code, 404)
        self.client.force_login(InterviewerFactory())
        self.assertEqual(self.client.post(reverse("opening-reopen", args=[opening.pk])).status_code, 403)
        opening.refresh_from_db()
        self.assertEqual(opening.closed_at, START)
