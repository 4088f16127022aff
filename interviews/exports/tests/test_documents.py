import datetime as dt

from django.test import TestCase

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.exports.documents import NothingSubmitted, interview_document, sources
from interviews.factories import (
    START,
    CandidateFactory,
    NoteFactory,
    OpeningFactory,
    ScriptedPointFactory,
    ScriptedQuestionFactory,
    ScriptedSectionFactory,
    UnlistedPointFactory,
)
from interviews.models import Interview, Note, Panelist, Rating, Scorecard, Tick
from interviews.records import snapshots
from interviews.records.reading import submissions
from interviews.records.wording import single_document
from interviews.tests.deciding import decide
from interviews.tests.submitting import END, ended_interview, questions, rate, revise, seat, submit, tick


class DocumentCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory()
        self.opening = OpeningFactory(title="Senior backend engineer", team="Platform team", managers=[self.hana])
        self.interview = self.ended()
        self.mira = seat(self.interview, "Mira Rahman", "lead")

    def ended(self, **fields):
        return ended_interview(candidate=CandidateFactory(opening=self.opening, name="Ada Okafor"), **fields)

    def document(self, reader=None):
        return interview_document(self.interview, reader or self.hana)


class ReadersTests(DocumentCase):
    """Whose scorecards are in it, and what is said of the rest."""

    def setUp(self):
        super().setUp()
        self.jo = seat(self.interview, "Jo Tanaka")
        self.luc = seat(self.interview, "Luc Perrin")

    def states(self, reader=None):
        return [(row["name"], row["state"]) for row in self.document(reader)["panel"]]

    def test_nothing_submitted_has_no_document(self):
        for reader in (self.hana, self.mira.user):
            with self.assertRaises(NothingSubmitted):
                self.document(reader)

    def test_a_panelist_who_has_not_submitted_has_none(self):
        submit(self.jo)
        with self.assertRaises(NothingSubmitted):
            self.document(self.mira.user)

    def test_outstanding_ones_are_named_and_counted(self):
        submit(self.jo)
        self.assertEqual(
            self.states(),
            [("Jo Tanaka", "submitted"), ("Mira Rahman", "outstanding"), ("Luc Perrin", "outstanding")],
        )
        self.assertIn("2 scorecards outstanding", self.document()["score"]["remarks"])

    def test_submitted_ones_that_stay_closed_are_named_without_a_time(self):
        self.interview.blind_policy = "after_all"
        self.interview.save()
        submit(self.jo)
        submit(self.mira)
        document = self.document(self.mira.user)
        self.assertEqual(
            document["panel"][1:],
            [
                {"name": "Jo Tanaka", "part": "", "state": "withheld"},
                {"name": "Luc Perrin", "part": "", "state": "outstanding"},
            ],
        )
        submit(self.luc)
        self.assertEqual({state for _, state in self.states(self.mira.user)}, {"submitted"})

    def test_those_who_may_read_the_same_get_the_same_to_the_byte(self):
        for panelist in (self.mira, self.jo, self.luc):
            submit(panelist)
        texts = {snapshots.canonical(self.document(reader)) for reader in (self.hana, self.mira.user, self.jo.user)}
        self.assertEqual(len(texts), 1)

    def test_hidden_judgements_change_not_a_byte(self):
        """Non-interference: whatever a draft or a closed scorecard says, the reader's document is the same."""
        [question] = questions(self.interview, 1)
        submit(self.mira)
        before = snapshots.canonical(self.document(self.mira.user))
        rate(self.jo, question, 1, depth=True)
        NoteFactory(panelist=self.jo, question=question, text="canary")
        Scorecard.objects.create(panelist=self.jo, recommendation=1, because="canary", stood_out="canary")
        self.assertEqual(snapshots.canonical(self.document(self.mira.user)), before)
        Note.objects.all().delete()
        Rating.objects.all().delete()
        self.assertEqual(snapshots.canonical(self.document(self.mira.user)), before)

    def test_closed_scorecards_change_nothing_but_the_state(self):
        documents = []
        for recommendation, because in ((1, "canary"), (4, "another")):
            interview = self.interview = self.ended(blind_policy="never")
            mira, jo = seat(interview, "Mira Rahman", "lead"), seat(interview, "Jo Tanaka")
            submit(mira)
            submit(jo, recommendation=recommendation, because=because, at=END + dt.timedelta(hours=recommendation))
            document = self.document(mira.user) | {"sources": [], "interview": 0}  # they name it by its number
            documents.append(snapshots.canonical(document))
        self.assertEqual(documents[0], documents[1])
        self.assertNotIn("canary", documents[0])

    def test_shadows_are_in_nobody_elses_and_count_nowhere(self):
        [question] = questions(self.interview, 1)
        sam = seat(self.interview, "Sam Keller", "shadow")
        rate(sam, question, 4)
        submit(sam, recommendation=4)
        submit(self.mira, recommendation=2)
        self.assertNotIn("Sam", snapshots.canonical(self.document()))
        own = self.document(sam.user)
        self.assertEqual((own["recommendations"]["text"], own["score"]["text"]), ("1 no", "No answers rated"))
        row = next(row for row in own["panel"] if row["name"] == "Sam Keller")
        self.assertEqual((row["part"], row["recommendation"], row["is_counted"]), ("shadowing", "Strong yes", False))

    def test_the_decision_is_for_readers_of_the_debrief(self):
        self.interview.blind_policy = "never"
        self.interview.save()
        for panelist in (self.mira, self.jo, self.luc):
            submit(panelist)
        self.assertIsNone(self.document()["decision"])
        made = decide(self.interview, by=self.hana, at=END + dt.timedelta(days=1))
        made = decide(self.interview, "offer", by=self.hana, at=END + dt.timedelta(days=2), dissent="Too slow.")
        document = self.document()
        told = document["decision"]
        self.assertEqual((told["number"], told["choice"], told["who"]), (2, "Offer", str(made.decided_by)))
        self.assertEqual((told["reason"], told["dissent"], told["dissenters"]), ("Said so.", "Too slow.", ["Jo"]))
        self.assertEqual(document["created"], told["at"])
        self.assertTrue(told["when"].startswith(document["as_of"]))
        self.assertIsNone(self.document(self.mira.user)["decision"])
        self.assertEqual(len(sources(document)), 3 + 2)

    def test_who_left_without_submitting_is_not_outstanding(self):
        Panelist.objects.filter(pk=self.luc.pk).update(left_at=END)
        submit(self.mira)
        self.assertEqual([name for name, _ in self.states()], ["Mira Rahman", "Jo Tanaka"])

    def test_number_of_queries_does_not_depend_on_panel_and_script(self):
        for question in questions(self.interview, 30):
            rate(self.jo, question, 3)
        submit(self.mira)
        with self.assertNumQueries(5):
            self.document()
        submit(self.jo)
        submit(self.luc)
        with self.assertNumQueries(5):
            self.document()


class FirstPageTests(DocumentCase):
    def test_head(self):
        submit(self.mira)
        head = self.document()["head"]
        self.assertEqual(head["title"], "Scorecards, Senior backend engineer")
        self.assertEqual(head["role"], "Senior backend engineer · Platform team")
        self.assertEqual(head["when"], f"{START.day} {START:%B %Y}, 15:00 to 15:58, Europe/Malta")
        self.assertEqual(head["time"], "58 min of 60 planned")
        self.assertEqual(head["script"], "Backend script, version 1")

    def test_pauses_and_welcome_are_told_and_sections_have_their_time(self):
        [question] = questions(self.interview, 1, seconds=610)
        Interview.objects.filter(pk=self.interview.pk).update(paused_seconds=300, welcome_seconds=240)
        submit(self.mira)
        document = self.document()
        self.assertEqual(
            document["head"]["time"], "53 min of 60 planned, welcome 4 min, paused for 5 min (not counted)"
        )
        self.assertEqual(document["sections"][-1]["time"], f"10 of {question.section.minutes} min")

    def test_recommendations_from_strong_no_to_strong_yes(self):
        for name, value in (("Jo A", 4), ("Jo B", 3), ("Jo C", 3), ("Jo D", None), ("Jo E", 1)):
            submit(seat(self.interview, name), recommendation=value)
        self.assertEqual(
            self.document()["recommendations"],
            {"text": "1 strong no · 2 yes · 1 strong yes · 1 no decision", "leaning": "open"},
        )

    def test_leaning_is_said_only_where_all_lean_the_same_way(self):
        for values, leaning in (
            ((3, 4), "yes"),
            ((1, 2), "no"),
            ((2, 3), "open"),
            ((3, None), "open"),
            ((None,), "open"),
        ):
            self.interview = self.ended()
            for number, value in enumerate(values):
                submit(seat(self.interview, f"Jo {number}"), recommendation=value)
            with self.subTest(values=values):
                self.assertEqual(self.document()["recommendations"]["leaning"], leaning)

    def test_score_with_its_coverage(self):
        rated = questions(self.interview, 4)
        for question in rated[:2]:
            rate(self.mira, question, 3)
        submit(self.mira)
        score = self.document()["score"]
        self.assertEqual(score["text"], "Score 3.00 + 0.00, on 2 of 4 must-ask questions")
        self.assertEqual(score["remarks"], "Provisional · single view")

    def test_score_on_optional_questions_as_well(self):
        for question in questions(self.interview, 1) + questions(self.interview, 2, is_must_ask=False):
            rate(self.mira, question, 3)
        submit(self.mira)
        self.assertIn("on 1 of 1 must-ask question and 2 other questions", self.document()["score"]["text"])

    def test_score_of_a_script_without_must_ask(self):
        for question in questions(self.interview, 1, is_must_ask=False):
            rate(self.mira, question, 3)
        submit(self.mira)
        self.assertEqual(self.document()["score"]["text"], "Score 3.00 + 0.00, on 1 question")

    def test_without_a_rating_there_is_no_score(self):
        questions(self.interview, 1)
        submit(self.mira)
        score = self.document()["score"]
        self.assertEqual((score["text"], score["remarks"], score["version"]), ("No answers rated", "", "score v1"))

    def test_the_leads_sentence_stands_on_top(self):
        jo = seat(self.interview, "Jo Tanaka")
        submit(jo, because="Jo’s reason.")
        self.assertEqual(self.document()["say"], {"text": "Jo’s reason.", "who": "Jo Tanaka"})
        submit(self.mira, because=" Thinks aloud. ")
        self.assertEqual(self.document()["say"], {"text": "Thinks aloud.", "who": "Mira Rahman, leading"})

    def test_nobody_gave_a_sentence(self):
        submit(self.mira, because=" \n")
        self.assertIsNone(self.document()["say"])

    def test_take_aways_one_a_line_with_names_where_there_are_several(self):
        submit(self.mira, stood_out="- Outbox\n\n* Idempotency \n", still_open="Tokens")
        self.assertEqual(
            self.document()["stood_out"], [{"text": "Outbox", "who": ""}, {"text": "Idempotency", "who": ""}]
        )
        submit(seat(self.interview, "Jo Tanaka"), still_open="Reviews")
        self.assertEqual(
            self.document()["still_open"], [{"text": "Tokens", "who": "Mira"}, {"text": "Reviews", "who": "Jo"}]
        )

    def test_two_of_one_first_name_get_their_whole_names(self):
        for name in ("Jo Tanaka", "Jo Borg"):
            submit(seat(self.interview, name), stood_out="x")
        submit(self.mira, stood_out="x")
        self.assertEqual([item["who"] for item in self.document()["stood_out"]], ["Mira", "Jo Tanaka", "Jo Borg"])

    def test_flags_are_counted_by_answer(self):
        first, second, third = questions(self.interview, 3)
        jo = seat(self.interview, "Jo Tanaka")
        for panelist, question in ((self.mira, first), (jo, first), (jo, second), (jo, third)):
            rate(panelist, question, 3, depth=True)
        self.mira.ratings.update(dont_know=True)
        submit(self.mira)
        submit(jo)
        self.assertEqual(self.document()["flags"], "said “I don’t know” once · went deep 3 times")

    def test_a_revision_stands_beside_what_counts(self):
        jo = seat(self.interview, "Jo Tanaka")
        submit(self.mira, recommendation=2)
        submit(jo)
        revise(self.mira, reason="Jo is right", at=END + dt.timedelta(hours=1), recommendation=3, because="Now so.")
        document = self.document()
        row = document["panel"][0]
        self.assertEqual(row["recommendation"], "No")
        self.assertEqual(
            row["later"],
            [{"recommendation": "Yes", "because": "Now so.", "submitted": "20 Nov, 16:58", "reason": "Jo is right"}],
        )
        self.assertEqual(document["recommendations"]["text"], "1 no · 1 no decision, 1 revised to yes")
        self.assertEqual(len(document["sources"]), 3)


class TopicsTests(DocumentCase):
    def rows(self):
        submit(self.mira)
        return [(row["topic"], row["text"] or row["why"], row["heard"]) for row in self.document()["topics"]]

    def test_word_and_points_heard_by_topic_in_the_scripts_order(self):
        [auth] = questions(self.interview, 1, topic="Authentication")
        [slow] = questions(self.interview, 1, topic="Response time")
        rate(self.mira, auth, 2)
        rate(self.mira, slow, 4)
        tick(self.mira, *(ScriptedPointFactory(question=slow) for _ in range(5)))
        self.assertEqual(self.rows(), [("Authentication", "Mixed", 0), ("Response time", "Excellent", 5)])

    def test_two_steps_apart_print_the_span(self):
        [auth] = questions(self.interview, 1, topic="Authentication")
        jo = seat(self.interview, "Jo Tanaka")
        rate(self.mira, auth, 2)
        rate(jo, auth, 4)
        submit(jo)
        self.assertEqual(self.rows(), [("Authentication", "Good (Mixed to Excellent)", 0)])

    def test_neighbours_behind_a_closed_gate_share_a_row(self):
        for is_open, why in ((False, "the panel stopped at the gate"), (None, "the panel didn’t reach it")):
            self.interview = self.ended()
            self.mira = seat(self.interview, "Mira Rahman", "lead")
            held = ScriptedSectionFactory(interview=self.interview, gate="Continue to Django?", is_gate_open=is_open)
            for topic in ("Python", "Testing"):
                ScriptedQuestionFactory(section=held, topic=topic)
            with self.subTest(is_open=is_open):
                self.assertEqual(self.rows(), [("Python, Testing", f"not asked: {why}", 0)])

    def test_skipped_unasked_and_unrated_say_which(self):
        questions(self.interview, 1, topic="REST design", asked=False, skipped=True)
        questions(self.interview, 1, topic="Testing", asked=False)
        [queues] = questions(self.interview, 1, topic="Task queues")
        tick(self.mira, ScriptedPointFactory(question=queues))
        self.assertEqual(
            self.rows(),
            [
                ("REST design", "skipped: out of time", 0),
                ("Testing", "not asked", 0),
                ("Task queues", "asked, not rated", 1),
            ],
        )

    def test_conversation_has_no_row(self):
        questions(self.interview, 1, topic="Conversation", kind="conversation")
        self.assertEqual(self.rows(), [])


class AnswersTests(DocumentCase):
    def setUp(self):
        super().setUp()
        self.jo = seat(self.interview, "Jo Tanaka")
        self.section = ScriptedSectionFactory(interview=self.interview, title="Response time")
        [self.slow] = questions(self.interview, 1, section=self.section, prompt="How would you speed it up?")

    def printed(self):
        for panelist in (self.mira, self.jo):
            submit(panelist)
        return self.document()

    def only(self):
        [section] = self.printed()["sections"]
        [question] = section["questions"]
        return question

    def test_asked_when_and_for_how_long(self):
        self.slow.seconds = 290
        self.slow.save()
        self.assertEqual(self.only()["asked"], "Asked 15:00, 5 min")

    def test_ratings_and_flags_by_name(self):
        rate(self.mira, self.slow, 3, depth=True)
        rate(self.jo, self.slow, None, depth=True)
        question = self.only()
        self.assertEqual(question["ratings"], [{"who": "Mira", "word": "Good"}])
        self.assertEqual(question["flags"], ["went deep (Mira, Jo)"])

    def test_points_heard_by_anybody_stand_once_and_unheard_ones_never(self):
        heard, _, watch_out, cue = (
            ScriptedPointFactory(question=self.slow, text=text, kind=kind)
            for text, kind in (
                ("measures first", "brownie"),
                ("unheard", "brownie"),
                ("swaps the database", "watch_out"),
                ("caching", "cue"),
            )
        )
        tick(self.mira, heard, watch_out)
        tick(self.jo, heard, cue)
        question = self.only()
        self.assertEqual(question["points"], ["measures first"])
        self.assertEqual((question["watch_outs"], question["cues"]), (["swaps the database"], ["caching"]))

    def test_unlisted_points_say_who_heard_them(self):
        noted = UnlistedPointFactory(question=self.slow, author=self.jo, text="a materialised view")
        for panelist in (self.jo, self.mira):
            Tick.objects.create(panelist=panelist, unlisted_point=noted, at=END)
        self.assertEqual(self.only()["unlisted"], [{"text": "a materialised view", "who": "Mira, Jo"}])

    def test_a_follow_up_is_set_in_below_what_is_printed_above_it(self):
        [unprinted] = questions(self.interview, 1, section=self.section, parent=self.slow, asked=False)
        questions(self.interview, 1, section=self.section, parent=unprinted)
        [section] = self.printed()["sections"]
        self.assertEqual([question["depth"] for question in section["questions"]], [0, 1])

    def test_what_was_not_asked_is_summarised_by_reason_without_follow_ups(self):
        questions(self.interview, 1, section=self.section, asked=False, skipped=True, prompt="Skipped one?")
        [left] = questions(self.interview, 1, section=self.section, asked=False, prompt="Left one?")
        questions(self.interview, 1, section=self.section, asked=False, parent=left, prompt="Its follow-up?")
        self.assertEqual(
            self.printed()["not_asked"],
            [
                {"why": "Skipped: out of time", "prompts": ["Skipped one?"]},
                {"why": "Not asked", "prompts": ["Left one?"]},
            ],
        )

    def test_a_note_on_what_was_not_asked_is_printed(self):
        [unasked] = questions(self.interview, 1, section=self.section, asked=False, prompt="Unasked?")
        NoteFactory(panelist=self.jo, question=unasked, text="brought it up himself")
        [section] = self.printed()["sections"]
        self.assertEqual(section["questions"][1]["asked"], "Came up without being asked")
        self.assertEqual(self.document()["not_asked"], [])

    def test_an_exhibit_is_printed_with_a_question_that_was_asked_and_no_other(self):
        self.interview.questions.update(exhibit="EXPLAIN\n\tSeq Scan", exhibit_says="A query plan.")
        [unasked] = questions(self.interview, 1, section=self.section, asked=False, exhibit="GET /")
        NoteFactory(panelist=self.jo, question=unasked, text="brought it up himself")
        [section] = self.printed()["sections"]
        self.assertEqual([row["exhibit"] for row in section["questions"]], ["EXPLAIN\n\tSeq Scan", ""])

    def test_notes_say_what_was_written_after_the_call(self):
        for text, kept, expected in (
            ("As heard.", None, ("As heard.", "", "", "")),
            ("Begun later.", "", ("Begun later.", "written after the call", "", "")),
            ("As heard.\nAnd more.", "As heard.", ("As heard.", "", "And more.", "")),
            ("All new.", "As heard.", ("All new.", "edited after the call", "", "As heard.")),
            ("As heard, said so.", "As heard", ("As heard, said so.", "edited after the call", "", "As heard")),
        ):
            self.interview = self.ended()
            mira = seat(self.interview, "Mira Rahman")
            [question] = questions(self.interview, 1)
            note = NoteFactory(panelist=mira, question=question, text=text, revision=2, is_after_call=kept is not None)
            if kept:
                note.revisions.create(number=1, text=kept, at=END)
            submit(mira)
            with self.subTest(text=text, kept=kept):
                [printed] = self.document()["sections"][0]["questions"][0]["notes"]
                self.assertEqual((printed["text"], printed["mark"], printed["added"], printed["before"]), expected)

    def test_notes_on_the_whole_interview_stand_first(self):
        NoteFactory(panelist=self.mira, question=None, text="A good hour.")
        self.assertEqual([(note["who"], note["text"]) for note in self.printed()["notes"]], [("Mira", "A good hour.")])

    def test_revised_ratings_and_notes_stand_beside_what_counts(self):
        rate(self.mira, self.slow, 2)
        NoteFactory(panelist=self.mira, question=self.slow, text="first")
        self.printed()
        self.mira.ratings.update(value=4)
        self.mira.notes.update(text="second")
        revise(self.mira, reason="Looked again", at=END + dt.timedelta(hours=1))
        [question] = self.document()["sections"][0]["questions"]
        self.assertEqual(question["ratings"], [{"who": "Mira", "word": "Mixed, revised to Excellent"}])
        self.assertEqual(
            [(note["text"], note["mark"]) for note in question["notes"]],
            [("first", ""), ("second", "in a later revision")],
        )


class SingleDocumentTests(DocumentCase):
    def test_it_says_what_its_author_submitted_and_nothing_of_others(self):
        jo = seat(self.interview, "Jo Tanaka")
        [slow] = questions(self.interview, 1)
        rate(self.mira, slow, 3)
        rate(jo, slow, 1)
        submit(self.mira, recommendation=3, because="Thinks aloud.", stood_out="Outbox")
        submit(jo)
        [submission] = submissions([Panelist.objects.get(pk=self.mira.pk)])
        document = single_document(submission)
        self.assertEqual((document["row"]["recommendation"], document["row"]["because"]), ("Yes", "Thinks aloud."))
        self.assertEqual(document["stood_out"], [{"text": "Outbox", "who": ""}])
        self.assertEqual(document["sections"][0]["questions"][0]["ratings"], [{"who": "Mira", "word": "Good"}])
        self.assertNotIn("Jo", snapshots.canonical(document))
        self.assertNotIn("score", document)


class OutsidersTests(DocumentCase):
    def test_people_of_other_openings_have_no_document(self):
        submit(self.mira)
        for reader in (HiringManagerFactory(), InterviewerFactory()):
            with self.assertRaises(NothingSubmitted):
                self.document(reader)
