from dataclasses import replace

from django.test import TestCase
from django.urls import reverse

from accounts.factories import CuratorFactory, InterviewerFactory
from question_bank.factories import (
    AnchorFactory,
    PointFactory,
    QuestionFactory,
    ScriptFactory,
    ScriptItemFactory,
    SectionFactory,
)
from question_bank.models import Rule, Script, ScriptDraft
from question_bank.tests.sent_forms import sent_from
from question_bank.wanted_scripts import WantedScript

LIST, CREATE = reverse("script-list"), reverse("script-create")


def url(step, script):
    return reverse(f"script-{step}", args=[script.pk])


def titles(script):
    """The questions of each section by its title, in the newest version."""
    wanted = WantedScript.newest(Script.objects.with_parts().get(pk=script.pk))
    return {section.title: [item.question.prompt for item in section.items] for section in wanted.sections}


class ScriptTestCase(TestCase):
    def setUp(self):
        self.client.force_login(CuratorFactory())

    def blank_form(self, **changes):
        return sent_from(self.client.get(CREATE), **{"step": "publish"} | changes)

    def form_of(self, script, **changes):
        return sent_from(self.client.get(url("edit", script)), **{"step": "publish"} | changes)

    def assert_asks_to_sign_in(self, address, *methods):
        self.client.logout()
        for method in methods:
            response = self.client.generic(method, address)
            self.assertEqual((response.status_code, response["Location"].split("?")[0]), (302, reverse("sign-in")))

    def assert_others_are_refused(self, script, address, *methods):
        for is_retired, code in ((False, 403), (True, 404)):
            Script.objects.filter(pk=script.pk).update(is_retired=is_retired)
            self.client.force_login(InterviewerFactory())
            for method in methods:
                self.assertEqual(self.client.generic(method, address).status_code, code, (is_retired, method))
        self.assert_asks_to_sign_in(address, *methods)


class TestScriptList(ScriptTestCase):
    def test_scripts_are_listed_with_their_totals(self):
        section = SectionFactory(script=ScriptFactory(name="Backend", purpose="For all"), minutes=15)
        ScriptItemFactory.create_batch(2, section=section)
        response = self.client.get(LIST)
        for text in ("Backend", "For all", "2 questions · 15 min", "New script"):
            self.assertContains(response, text)

    def test_script_without_questions_says_so(self):
        ScriptFactory()
        self.assertContains(self.client.get(LIST), "No questions yet")

    def test_retired_scripts_stand_apart_and_for_curators_only(self):
        ScriptFactory(name="Old one", is_retired=True)
        self.assertContains(self.client.get(LIST), "Old one")
        self.client.force_login(InterviewerFactory())
        response = self.client.get(LIST)
        self.assertNotContains(response, "Old one")
        self.assertNotContains(response, "New script")
        self.assertContains(response, "No scripts yet.")

    def test_queries_do_not_grow_with_the_list(self):
        ScriptItemFactory()
        self.client.get(LIST)
        with self.assertNumQueries(3):  # user, roles, scripts
            self.client.get(LIST)
        for _ in range(29):
            ScriptItemFactory()
        with self.assertNumQueries(3):
            self.client.get(LIST)

    def test_anonymous_is_asked_to_sign_in(self):
        self.assert_asks_to_sign_in(LIST, "GET")

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.post(LIST).status_code, 405)


class TestScriptDetail(ScriptTestCase):
    def test_preview_shows_sections_gates_questions_and_follow_ups(self):
        Rule.objects.create(title="Points only add", text="A point that nobody mentions is no minus.", position=0)
        script = ScriptFactory(name="Backend", purpose="For all", version=3)
        SectionFactory(script=script, title="Warm up", minutes=5, position=1)
        section = SectionFactory(script=script, title="Speed", minutes=15, gate="Continue to Django?", position=2)
        item = ScriptItemFactory(section=section, question=QuestionFactory(prompt="How would you speed it up?"))
        ScriptItemFactory(section=section, is_must_ask=False)
        PointFactory(question=item.question, text="headers")
        AnchorFactory(question=item.question, text="reasons well")
        QuestionFactory(parent=item.question, prompt="Where to cache?", condition="when caching comes up", minutes=20)
        self.client.force_login(InterviewerFactory())
        response = self.client.get(url("detail", script))
        for text in (
            "Backend", "For all", "20 min", "2 questions", "version 3", "Warm up", "Speed", "minute 5 to 20",
            "Continue to Django?", "How would you speed it up?", "must ask", "optional", "headers", "reasons well",
            "Where to cache?", "when caching comes up", "Ground rules", "Points only add",
        ):  # fmt: skip
            self.assertContains(response, text)
        for text in ("Edit", "min, 3 over"):
            self.assertNotContains(response, text)

    def test_curators_see_where_minutes_do_not_suffice(self):
        item = ScriptItemFactory(section__minutes=5, question=QuestionFactory(minutes=8))
        response = self.client.get(url("detail", item.section.script))
        self.assertContains(response, "take 8 min, 3 over")

    def test_script_without_questions_says_that_it_cannot_be_used(self):
        script = ScriptFactory()
        self.assertContains(self.client.get(url("detail", script)), "interviews can’t use it")
        ScriptItemFactory(section=SectionFactory(script=script), question=QuestionFactory(status="retired"))
        response = self.client.get(url("detail", script))
        self.assertContains(response, "interviews can’t use it")
        self.assertContains(response, "Retired: not in new interviews")

    def test_retired_script_is_there_for_curators_only(self):
        script = ScriptFactory(is_retired=True)
        self.assertContains(self.client.get(url("detail", script)), "Restore")
        self.client.force_login(InterviewerFactory())
        self.assertEqual(self.client.get(url("detail", script)).status_code, 404)

    def test_texts_are_escaped(self):
        item = ScriptItemFactory(
            section__title="<script>alert(1)</script>", question=QuestionFactory(prompt="<script>alert(2)</script>")
        )
        self.assertNotContains(self.client.get(url("detail", item.section.script)), "<script>alert")

    def test_queries_do_not_grow_with_the_script(self):
        script = ScriptFactory()
        for times in (1, 29):
            for _ in range(times):
                item = ScriptItemFactory(section=SectionFactory(script=script))
                PointFactory(question=QuestionFactory(parent=item.question), leads_to=item.question)
            # user, roles; the script with sections and items; 7 for the outline; the rules
            with self.assertNumQueries(13):
                self.client.get(url("detail", script))

    def test_anonymous_is_asked_to_sign_in(self):
        self.assert_asks_to_sign_in(url("detail", ScriptFactory()), "GET")

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.post(url("detail", ScriptFactory())).status_code, 405)


class TestScriptCreate(ScriptTestCase):
    def test_page_is_blank_with_a_section_and_rows_for_questions(self):
        QuestionFactory(prompt="Where to cache?")
        QuestionFactory(prompt="Half written", status="draft")
        QuestionFactory(prompt="And then?", parent=QuestionFactory())
        response = self.client.get(CREATE)
        self.assertContains(response, 'name="sections-0-title"')
        self.assertContains(response, 'name="items-2-question"')
        # The picker finds questions: the page of a large bank names none.
        for text in ("Where to cache?", "Half written", "And then?"):
            self.assertNotContains(response, text)

    def test_words_that_one_question_has_are_enough_without_a_script(self):
        QuestionFactory(prompt="Where would you cache?")
        QuestionFactory(prompt="Which index would you add?")
        form = self.blank_form(name="Mine", **{
            "sections-0-title": "Speed", "sections-0-minutes": "15", "items-0-question": "CACHE where",
        })  # fmt: skip
        self.client.post(CREATE, form)
        self.assertEqual(titles(Script.objects.get()), {"Speed": ["Where would you cache?"]})
        response = self.client.post(CREATE, form | {"name": "Two", "items-0-question": "would"})
        self.assertContains(response, "2 questions contain these words.", status_code=422)

    def test_script_is_saved(self):
        QuestionFactory(prompt="Where to cache?")
        QuestionFactory(prompt="Which index?")
        form = self.blank_form(name="Mine", **{
            "sections-0-title": "Speed", "sections-0-minutes": "15",
            "items-0-question": "Where to cache?", "items-0-ORDER": "2",
            "items-1-question": "Which index?", "items-1-ORDER": "1", "items-0-is_must_ask": None,
        })  # fmt: skip
        response = self.client.post(CREATE, form)
        script = Script.objects.get(name="Mine")
        self.assertRedirects(response, script.get_absolute_url())
        self.assertEqual(titles(script), {"Speed": ["Which index?", "Where to cache?"]})
        items = script.sections.get().items.all()
        self.assertEqual([item.is_must_ask for item in items], [True, False])

    def test_script_without_sections_can_be_saved(self):
        self.client.post(CREATE, self.blank_form(name="Mine", step=None))
        self.assertEqual(titles(Script.objects.get(name="Mine")), {})

    def test_script_without_questions_is_not_published(self):
        words = "Add a question before you publish. Until then, save it as a draft."
        for form in (self.blank_form(), self.blank_form(name="Mine")):
            page = self.client.post(CREATE, form)
            self.assertContains(page, words, status_code=422)
            self.assertEqual(Script.objects.count(), 0)
        self.client.post(CREATE, self.blank_form(name="Mine", step=None))
        script = Script.objects.get()
        self.assertNotContains(self.client.get(url("detail", script)), "Publish…")
        page = self.client.get(url("publish", script))
        self.assertContains(page, words)
        self.assertNotContains(page, 'type="submit">Publish<')

    def test_invalid_form_comes_back_with_what_was_typed(self):
        form = self.blank_form(**{
            "sections-0-title": "Speed", "sections-0-minutes": "0", "sections-0-gate": "Go on?",
            "sections-0-is_for_candidate": "on", "items-0-question": "No such question",
        })  # fmt: skip
        response = self.client.post(CREATE, form)
        for text in (
            "Enter a name.", "greater than or equal to 1", "can’t have a gate",
            "No question you can choose", 'value="No such question"',
        ):  # fmt: skip
            self.assertContains(response, text, status_code=422)
        self.assertFalse(Script.objects.exists())

    def test_questions_in_a_section_without_a_title_are_not_dropped(self):
        QuestionFactory(prompt="Where to cache?")
        response = self.client.post(CREATE, self.blank_form(name="Mine", **{"items-0-question": "Where to cache?"}))
        self.assertContains(response, "Enter a title and minutes for this section", status_code=422)
        self.assertFalse(Script.objects.exists())

    def test_question_that_stands_there_twice_is_refused(self):
        QuestionFactory(prompt="Where to cache?")
        form = self.blank_form(name="Mine", **{
            "sections-0-title": "Speed", "sections-0-minutes": "15",
            "items-0-question": "Where to cache?", "items-1-question": "where to CACHE?",
        })  # fmt: skip
        response = self.client.post(CREATE, form)
        self.assertContains(response, "This question is already in the script.", status_code=422)

    def test_taken_name_is_refused(self):
        ScriptFactory(name="Backend")
        response = self.client.post(CREATE, self.blank_form(name="Backend", step=None))
        self.assertContains(response, "Another script has this name.", status_code=422)

    def test_readers_are_refused(self):
        self.client.force_login(InterviewerFactory())
        for method in ("GET", "POST"):
            self.assertEqual(self.client.generic(method, CREATE).status_code, 403)

    def test_anonymous_is_asked_to_sign_in(self):
        self.assert_asks_to_sign_in(CREATE, "GET", "POST")

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.put(CREATE).status_code, 405)


class TestScriptEdit(ScriptTestCase):
    def filled(self):
        script = ScriptFactory(name="Backend")
        speed = SectionFactory(script=script, title="Speed", minutes=15, position=1)
        queues = SectionFactory(script=script, title="Queues", minutes=10, position=2)
        ScriptItemFactory(section=speed, question=QuestionFactory(prompt="Where to cache?"), position=1)
        ScriptItemFactory(section=speed, question=QuestionFactory(prompt="Which index?"), position=2)
        ScriptItemFactory(section=queues, question=QuestionFactory(prompt="Why a queue?"), position=1)
        return script

    def test_page_holds_everything_and_the_total(self):
        response = self.client.get(url("edit", self.filled()))
        for text in ("Backend", "Speed", "Queues", 'value="Which index?"', "data-total-minutes>25<"):
            self.assertContains(response, text)

    def test_question_moves_to_another_section_and_sections_change_places(self):
        script = self.filled()
        form = self.form_of(script, **{
            "sections-0-ORDER": "2", "sections-1-ORDER": "1", "items-0-section": "1", "items-0-ORDER": "1",
            "items-2-ORDER": "2",
        })  # fmt: skip
        self.assertRedirects(self.client.post(url("edit", script), form), script.get_absolute_url())
        self.assertEqual(titles(script), {"Queues": ["Where to cache?", "Why a queue?"], "Speed": ["Which index?"]})
        script.refresh_from_db()
        self.assertEqual(script.version, 2)

    def test_removed_rows_go_and_a_section_takes_its_questions_along(self):
        script = self.filled()
        form = self.form_of(script, **{"sections-1-DELETE": "on", "items-0-DELETE": "on", "items-0-question": ""})
        self.client.post(url("edit", script), form)
        self.assertEqual(titles(script), {"Speed": ["Which index?"]})

    def test_saving_as_it_is_changes_nothing(self):
        script = self.filled()
        response = self.client.post(url("edit", script), self.form_of(script), follow=True)
        self.assertContains(response, "No changes.")
        script.refresh_from_db()
        self.assertEqual(script.version, 1)

    def test_retired_question_may_stay(self):
        script = self.filled()
        QuestionFactory._meta.model.objects.filter(prompt="Which index?").update(status="retired")
        self.assertEqual(self.client.post(url("edit", script), self.form_of(script, name="New")).status_code, 302)
        self.assertEqual(titles(script)["Speed"], ["Where to cache?", "Which index?"])

    def test_second_of_two_curators_is_told_and_keeps_what_was_typed(self):
        script = self.filled()
        mine = self.form_of(script, name="My name")
        self.client.post(url("edit", script), self.form_of(script, name="Their name"))
        response = self.client.post(url("edit", script), mine)
        self.assertContains(response, "This was changed while you had it open", status_code=409)
        for text in ("Their name", 'value="My name"', "Where to cache?"):
            self.assertContains(response, text, status_code=409)
        script.refresh_from_db()
        self.assertEqual((script.name, script.version), ("Their name", 2))

        again = sent_from(response, step="publish")
        self.assertEqual(self.client.post(url("edit", script), again).status_code, 302)
        script.refresh_from_db()
        self.assertEqual((script.name, script.version), ("My name", 3))

    def test_question_that_became_a_follow_up_meanwhile_is_refused(self):
        script = ScriptFactory()
        question = QuestionFactory(prompt="Where to cache?")
        form = self.form_of(script, **{
            "sections-0-title": "Speed", "sections-0-minutes": "15", "items-0-question": "Where to cache?",
        })  # fmt: skip
        question.parent = QuestionFactory()
        question.save()
        self.assertEqual(self.client.post(url("edit", script), form).status_code, 422)
        self.assertEqual(titles(script), {})

    def test_forged_fields_change_nothing(self):
        script = self.filled()
        form = self.form_of(script, is_retired="on", version="9", key="forged", **{"items-0-section": "99"})
        self.client.post(url("edit", script), form)
        script.refresh_from_db()
        self.assertEqual((script.is_retired, script.key, script.version), (False, None, 2))

    def test_too_many_rows_are_refused(self):
        script = ScriptFactory()
        rows = {
            f"sections-{n}-{name}": value for n in range(21) for name, value in (("title", f"S{n}"), ("minutes", "1"))
        }
        form = self.form_of(script, **rows, **{"sections-TOTAL_FORMS": "21"})
        self.assertContains(
            self.client.post(url("edit", script), form), "At most 20 sections; there are 21.", status_code=422
        )

    def test_queries_do_not_grow_with_the_script(self):
        script = ScriptFactory()
        for times in (1, 29):
            for _ in range(times):
                ScriptItemFactory(section=SectionFactory(script=script))
            with self.assertNumQueries(7):  # user, roles; the script with sections and items; questions to pick; topics
                self.client.get(url("edit", script))

    def test_others_are_refused(self):
        script = self.filled()
        self.assert_others_are_refused(script, url("edit", script), "GET", "POST")

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.put(url("edit", self.filled())).status_code, 405)


class TestScriptDraft(ScriptTestCase):
    def setUp(self):
        super().setUp()
        self.item = ScriptItemFactory(section__title="Speed", section__minutes=15, section__script__name="Backend")
        self.script = self.item.section.script

    def drafted(self, **changes):
        form = self.form_of(self.script, **{"step": None, "sections-0-title": "Pace"} | changes)
        return self.client.post(url("edit", self.script), form, follow=True)

    def test_draft_is_seen_by_curators_only_until_it_is_published(self):
        self.assertContains(self.drafted(), "Draft saved.")
        self.assertContains(self.client.get(url("detail", self.script)), "unpublished changes")
        self.assertContains(self.client.get(url("draft", self.script)), "Pace")
        self.assertContains(self.client.get(LIST, {"state": "drafts"}), "Unpublished")
        curator = self.client
        self.client = self.client_class()
        self.client.force_login(InterviewerFactory())
        page = self.client.get(url("detail", self.script))
        self.assertContains(page, "Speed")
        for text in ("Pace", "unpublished", "Publish"):
            self.assertNotContains(page, text)
        self.assertEqual(self.client.get(url("draft", self.script)).status_code, 403)
        page = curator.get(url("publish", self.script))
        self.assertContains(page, "<ins>Pace")
        curator.post(url("publish", self.script), sent_from(page))
        self.assertContains(self.client.get(url("detail", self.script)), "Pace")

    def test_script_that_was_never_published_is_no_script_for_others(self):
        self.client.post(CREATE, self.blank_form(name="Mine", step=None))
        script = Script.objects.get(name="Mine")
        self.assertContains(self.client.get(url("detail", script)), "Never published.")
        self.assertContains(self.client.get(LIST), "Mine")
        self.client.force_login(InterviewerFactory())
        self.assertEqual(self.client.get(url("detail", script)).status_code, 404)
        self.assertNotContains(self.client.get(LIST), "Mine")

    def test_before_the_first_publishing_its_sections_are_listed(self):
        self.client.post(url("copy", self.script), {"name": "Mine"})
        page = self.client.get(url("publish", Script.objects.get(name="Mine")))
        self.assertContains(page, "The first version: 1 question in 1 section, 15 min.")
        self.assertContains(page, "Speed, 15 min: 1 question")
        self.assertNotContains(self.client.get(url("publish", self.script)), "The first version")

    def test_draft_that_changed_since_the_page_was_opened_is_not_published(self):
        self.drafted()
        seen = sent_from(self.client.get(url("publish", self.script)))
        self.drafted(**{"sections-0-title": "Haste"})
        response = self.client.post(url("publish", self.script), seen)
        self.assertContains(response, "changed while you had it open", status_code=409)
        self.assertContains(response, "Haste", status_code=409)
        self.script.refresh_from_db()
        self.assertEqual(self.script.version, 1)

    def test_draft_is_discarded_and_stays_in_the_history(self):
        self.drafted()
        page = self.client.get(url("publish", self.script))
        self.client.post(url("publish", self.script), sent_from(page, step="discard"))
        self.assertEqual(titles(self.script), {"Speed": [self.item.question.prompt]})
        self.assertContains(self.client.get(url("history", self.script)), "Draft saved")
        response = self.client.post(url("publish", self.script), sent_from(page))
        self.assertContains(response, "Nothing to publish", status_code=409)
        self.assertNotContains(response, "New interviews use this version", status_code=409)

    def test_two_curators_in_one_draft(self):
        mine = self.form_of(self.script, step=None, name="My name")
        self.drafted(name="Their name")
        response = self.client.post(url("edit", self.script), mine)
        self.assertContains(response, "Their name", status_code=409)
        self.assertEqual(self.script.draft.content["name"], "Their name")


class TestScriptCopy(ScriptTestCase):
    def test_page_proposes_a_name(self):
        self.assertContains(self.client.get(url("copy", ScriptFactory(name="Backend"))), 'value="Backend (copy)"')

    def test_copy_opens_for_editing(self):
        script = ScriptItemFactory().section.script
        response = self.client.post(url("copy", script), {"name": "Mine"})
        copy = Script.objects.get(name="Mine")
        self.assertRedirects(response, url("edit", copy))
        self.assertEqual(titles(copy), titles(script))

    def test_taken_or_blank_name_is_refused(self):
        script = ScriptFactory(name="Backend")
        self.assertContains(
            self.client.post(url("copy", script), {"name": "Backend"}), "has this name", status_code=422
        )
        self.assertContains(self.client.post(url("copy", script), {"name": ""}), "required", status_code=422)
        self.assertEqual(Script.objects.count(), 1)

    def test_others_are_refused(self):
        script = ScriptFactory()
        self.assert_others_are_refused(script, url("copy", script), "GET", "POST")

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.put(url("copy", ScriptFactory())).status_code, 405)


class TestScriptRetire(ScriptTestCase):
    def test_script_goes_out_of_use(self):
        script = ScriptFactory()
        self.assertRedirects(self.client.post(url("retire", script)), script.get_absolute_url())
        script.refresh_from_db()
        self.assertTrue(script.is_retired)

    def test_retired_script_is_refused(self):
        response = self.client.post(url("retire", ScriptFactory(is_retired=True)))
        self.assertContains(response, "This script is already retired.", status_code=409)

    def test_others_are_refused(self):
        script = ScriptFactory()
        self.assert_others_are_refused(script, url("retire", script), "POST")

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.put(url("retire", ScriptFactory())).status_code, 405)


class TestScriptRestore(ScriptTestCase):
    def test_script_is_brought_back(self):
        script = ScriptFactory(is_retired=True)
        self.assertRedirects(self.client.post(url("restore", script)), script.get_absolute_url())
        script.refresh_from_db()
        self.assertFalse(script.is_retired)

    def test_script_in_use_is_refused(self):
        response = self.client.post(url("restore", ScriptFactory()))
        self.assertContains(response, "This script is not retired.", status_code=409)

    def test_others_are_refused(self):
        script = ScriptFactory()
        self.assert_others_are_refused(script, url("restore", script), "POST")

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.get(url("restore", ScriptFactory())).status_code, 405)


class TestLevelChip(ScriptTestCase):
    def test_each_page_shows_the_level_of_its_own_version(self):
        self.client.force_login(CuratorFactory())
        script = SectionFactory(script__level="junior").script
        content = replace(WantedScript.of(Script.objects.with_parts().get(pk=script.pk)), level="staff").as_content()
        ScriptDraft.objects.create(script=script, content=content)
        for page, shown, other in ((script.get_absolute_url(), "Junior", "Staff"), ("draft", "Staff", "Junior")):
            address = reverse("script-draft", args=[script.pk]) if page == "draft" else page
            self.assertContains(self.client.get(address), f'class="chip">{shown}<')
            self.assertNotContains(self.client.get(address), f'class="chip">{other}<')
