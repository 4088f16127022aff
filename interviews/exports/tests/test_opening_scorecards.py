import csv
import io
import json

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.factories import HiringManagerFactory
from interviews.factories import CandidateFactory, NoteFactory, OpeningFactory, PanelistFactory, ScriptedPointFactory
from interviews.models import Scorecard
from interviews.tests.deciding import decide
from interviews.tests.submitting import ended_interview, questions, rate, revise, seat, submit, tick


class OpeningCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory(name="Hana Berg")
        self.opening = OpeningFactory(managers=[self.hana], title="Backend engineer")
        self.candidate = CandidateFactory(opening=self.opening, name="Ada Okafor")
        self.interview = ended_interview(candidate=self.candidate)
        self.mira, self.jo = seat(self.interview, "Mira Rahman", "lead"), seat(self.interview, "Jo Tanaka")
        self.slow, self.queue = questions(self.interview, 2, topic="Response time")
        self.client.force_login(self.hana)

    def get(self, kind: str):
        return self.client.get(reverse(f"opening-scorecards-{kind}", args=[self.opening.pk]))

    def rows(self) -> list[dict[str, str]]:
        text = self.get("csv").content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))


class OpeningScorecardsTests(OpeningCase):
    def test_decision_and_local_time_are_told_to_readers_of_the_debrief(self):
        submit(self.mira, recommendation=4)
        submit(self.jo, recommendation=1)
        decide(self.interview, by=self.hana, dissent="Too slow.")
        row = self.rows()[0]
        told = [row[name] for name in ("Decision", "Decided by", "Reason for decision", "Dissent")]
        self.assertEqual(told, ["Decline", "Hana Berg", "Said so.", "Jo: Too slow."])
        self.assertEqual((row["Started, local time"], row["Time zone"]), ("2024-11-20 15:00", "Europe/Malta"))
        told = json.loads(self.get("json").content)["interviews"][0]
        self.assertEqual((told["time_zone"], told["decision"]["choice"]), ("Europe/Malta", "Decline"))
        self.interview.panelists.create(user=self.hana)
        submit(self.interview.panelists.get(user=self.hana))
        self.interview.blind_policy = "never"
        self.interview.save()
        self.assertEqual({row["Decision"] for row in self.rows()}, {""})
        self.assertIsNone(json.loads(self.get("json").content)["interviews"][0]["decision"])

    def test_a_row_for_each_answer_on_which_somebody_left_something(self):
        rate(self.mira, self.slow, 4, depth=True)
        point = ScriptedPointFactory(question=self.slow, text="names the database")
        ScriptedPointFactory(question=self.slow, text="never heard")
        tick(self.mira, point)
        NoteFactory(panelist=self.mira, question=self.queue, text="=cmd|x")
        submit(self.mira, recommendation=4, because="+Measures, then mends.")
        rows = self.rows()
        self.assertEqual([row["Question"] for row in rows], [self.slow.prompt, self.queue.prompt])
        self.assertEqual(
            {
                key: rows[0][key]
                for key in (
                    "Candidate",
                    "Panelist",
                    "Panel role",
                    "Counted",
                    "Recommendation",
                    "Reason for recommendation",
                )
            },
            {
                "Candidate": "Ada Okafor",
                "Panelist": "Mira Rahman",
                "Panel role": "lead",
                "Counted": "yes",
                "Recommendation": "Strong yes",
                "Reason for recommendation": "'+Measures, then mends.",
            },
        )
        self.assertEqual(
            (rows[0]["Rating"], rows[0]["Rating in words"], rows[0]["Went deep"]), ("4", "Excellent", "yes")
        )
        self.assertEqual(rows[0]["Points heard"], "names the database")
        self.assertEqual((rows[1]["Rating"], rows[1]["Went deep"], rows[1]["Note"]), ("", "", "'=cmd|x"))

    def test_take_aways_and_the_note_on_the_whole_interview_are_there_and_cues_are_no_points(self):
        for kind, text in (("brownie", "names the database"), ("cue", "brings up caching"), ("watch_out", "guesses")):
            tick(self.mira, ScriptedPointFactory(question=self.slow, text=text, kind=kind))
        NoteFactory(panelist=self.mira, question=None, text="Calm throughout.")
        submit(self.mira, stood_out="Measures.", still_open="Writes?")
        [row] = self.rows()
        self.assertEqual((row["What stood out"], row["Open questions"]), ("Measures.", "Writes?"))
        self.assertEqual(row["General notes"], "Calm throughout.")
        heard = (row["Points heard"], row["Cues"], row["Watch-outs"])
        self.assertEqual(heard, ("names the database", "brings up caching", "guesses"))

    def test_a_scorecard_without_any_has_one_row(self):
        submit(self.jo, recommendation=None, because="We ran out of time.")
        [row] = self.rows()
        self.assertEqual((row["Panelist"], row["Recommendation"], row["Question"]), ("Jo Tanaka", "", ""))

    def test_what_counts_is_told_and_that_it_was_revised(self):
        rate(self.jo, self.slow, 2)
        version = submit(self.jo, because="First.")
        submit(self.mira, because="Second.")
        later = revise(self.jo, reason="A slip.", at=version.submitted_at, because="Corrected.")
        jo = next(row for row in self.rows() if row["Panelist"] == "Jo Tanaka")
        self.assertEqual((jo["Reason for recommendation"], jo["Revised later"]), ("First.", "yes"))
        card = json.loads(self.get("json").content)["interviews"][0]["scorecards"][1]
        self.assertEqual(card["sha256"], [version.sha256, later.sha256])
        self.assertEqual(card["scorecard"], json.loads(version.snapshot))
        self.assertEqual(card["revisions"], [json.loads(later.snapshot)])

    def test_the_json_has_the_shape_that_is_described(self):
        submit(self.mira, because="Measures.")
        told = json.loads(self.get("json").content)
        self.assertEqual(told["format"], "interview-script/opening-scorecards/1")
        self.assertEqual(told["opening"], {"id": self.opening.pk, "title": "Backend engineer", "team": ""})
        [interview] = told["interviews"]
        self.assertEqual(interview["candidate"], {"id": self.candidate.pk, "name": "Ada Okafor"})
        self.assertEqual([card["counts"] for card in interview["scorecards"]], [True])

    def test_drafts_and_practice_are_in_neither(self):
        sam = seat(self.interview, "Sam", "shadow")
        submit(sam, because="Practice canary.")
        Scorecard.objects.create(panelist=self.jo, because="Draft canary.")
        for kind in ("csv", "json"):
            self.assertNotContains(self.get(kind), "canary")

    def test_a_manager_on_the_panel_reads_the_others_after_their_own(self):
        hana = PanelistFactory(interview=self.interview, user=self.hana)
        submit(self.mira, because="Canary.")
        for kind in ("csv", "json"):
            self.assertNotContains(self.get(kind), "Canary.")
        submit(hana, because="Mine.")
        for kind in ("csv", "json"):
            self.assertContains(self.get(kind), "Canary.")

    def test_other_openings_are_not_in_it(self):
        other = ended_interview(candidate=CandidateFactory(opening=OpeningFactory(managers=[self.hana])))
        submit(seat(other, "Luc", "lead"), because="Canary.")
        self.assertNotContains(self.get("json"), "Canary.")

    def test_the_number_of_queries_does_not_grow(self):
        def count(kind: str) -> int:
            with CaptureQueriesContext(connection) as captured:
                self.get(kind)
            return len(captured)

        submit(self.mira, because="x")
        before = [count(kind) for kind in ("csv", "json")]
        for _ in range(30):
            interview = ended_interview(candidate=CandidateFactory(opening=self.opening))
            for name in ("A", "B"):
                submit(seat(interview, name, "interviewer"), because="x")
        self.assertEqual([count(kind) for kind in ("csv", "json")], before)
        self.assertEqual(len(self.rows()), 61)
