from django.core.files.storage import storages

from accounts.factories import HiringManagerFactory, InterviewerFactory
from audit.models import AuditEntry
from interviews.factories import START, CandidateFactory, CandidateFileFactory, InterviewFactory, OpeningFactory
from interviews.models import Candidate, Erasure, Export, Interview, ScorecardVersion
from interviews.models.openings import NOTES_CHARS
from interviews.models.stages import add_stages
from interviews.planning import candidate_moves
from interviews.planning.held_candidates import Gone
from interviews.planning.scheduling import OpeningClosed
from interviews.planning.tests.test_stages import LEAD, StagesCase
from interviews.refusals import NotAllowed
from interviews.tests.deciding import decide
from interviews.tests.submitting import ended_interview, seat, submit


class MoveTests(StagesCase):
    def setUp(self):
        super().setUp()
        self.other = OpeningFactory(managers=[self.hana], title="Platform engineer")
        add_stages(self.other, ["Talk", "Technical"])

    def move(self, by=None, opening=None):
        opening = opening or self.other
        candidate_moves.move_to_opening(candidate=self.candidate, opening=opening, by=by or self.hana, at=START)

    def test_interviews_go_along_into_the_stage_of_the_same_name(self):
        panel = [(InterviewerFactory(), LEAD)]
        stage = self.stage("Technical")
        ended = InterviewFactory(script=None, candidate=self.candidate, ended=True, panel=panel, stage=stage)
        submit(ended.panelists.get(), at=START, recommendation=3, because="Measures.")
        InterviewFactory(script=None, candidate=self.candidate, stage=self.stage("Screen"))
        self.move()
        self.candidate.refresh_from_db()
        technical = self.other.stages.get(name="Technical")
        self.assertEqual((self.candidate.opening, self.candidate.stage), (self.other, technical))
        rows = Interview.objects.in_order().values_list("opening", "stage")
        self.assertEqual(set(rows), {(self.other.pk, technical.pk), (self.other.pk, None)})
        [(kind, was, now, _)] = self.history()
        self.assertEqual((kind, was, now), ("Moved to the opening", str(self.opening), "Platform engineer"))

    def test_one_manages_both_and_the_other_is_open(self):
        with self.assertRaises(NotAllowed):
            self.move(opening=OpeningFactory())
        with self.assertRaises(NotAllowed):
            self.move(by=HiringManagerFactory())
        self.other.close(at=START)
        with self.assertRaises(OpeningClosed):
            self.move()

    def test_another_manager_was_quicker(self):
        Candidate.objects.filter(pk=self.candidate.pk).delete()
        with self.assertRaises(Gone):
            self.move()
        with self.assertRaises(Gone):
            candidate_moves.delete(candidate=self.candidate, by=self.hana, at=START)

    def test_a_call_that_goes_on_is_waited_for(self):
        InterviewFactory(script=None, candidate=self.candidate, live=True)
        with self.assertRaises(candidate_moves.CallGoesOn):
            self.move()


class MergeTests(StagesCase):
    def other(self, **fields):
        fields = {"opening": self.opening, "name": "Ada Okafour", "stage": self.stage("Onsite")} | fields
        return CandidateFactory(**fields)

    def merge(self, other):
        candidate_moves.merge(kept=self.candidate, other=other, by=self.hana, at=START)
        self.candidate.refresh_from_db()

    def test_nothing_is_lost(self):
        self.candidate.email, self.candidate.notes, self.candidate.links = "ada@a.org", "Fast.", "https://a.org"
        self.candidate.save()
        other = self.other(email="ada@b.org", notes="Kind.", links="https://a.org\nhttps://b.org", source="Referral")
        interview = InterviewFactory(script=None, candidate=other)
        file, same = CandidateFileFactory(candidate=other), CandidateFileFactory(candidate=other, sha256="1" * 64)
        CandidateFileFactory(candidate=self.candidate, sha256=same.sha256)
        self.candidate.tags.create(name="remote")
        other.tags.create(name="remote")
        other.tags.create(name="senior")
        other.move_to(self.stage("Offer"), by=self.hana, at=START)
        self.merge(other)
        ada = self.candidate
        self.assertEqual((ada.email, ada.notes, ada.source), ("ada@a.org", "Fast.\n\nKind.", "Referral"))
        self.assertEqual((ada.link_list, str(ada.stage)), (["https://a.org", "https://b.org"], "Offer"))
        self.assertEqual([str(tag) for tag in ada.tags.all()], ["remote", "senior"])
        self.assertEqual(ada.files.count(), 2)
        with storages["default"].open(ada.files.get(pk=file.pk).storage_name) as stored:
            self.assertTrue(stored.read())
        self.assertEqual(Interview.objects.get(pk=interview.pk).candidate, ada)
        self.assertFalse(Candidate.objects.filter(pk=other.pk).exists())
        self.assertEqual([kind for kind, *_ in self.history()], ["Moved to", "Merged with"])
        self.assertEqual(ada.changes.last().reason, "Name: Ada Okafour\nEmail: ada@b.org")

    def test_what_is_too_long_together_is_in_the_history(self):
        Candidate.objects.update(notes="x" * NOTES_CHARS)
        self.merge(self.other(name=self.candidate.name, notes="Kind."))
        self.assertEqual(self.candidate.notes, "x" * NOTES_CHARS)
        self.assertEqual(self.candidate.changes.get().reason, "Notes: Kind.")

    def test_a_file_that_is_missing_on_the_disk_holds_nothing_up(self):
        file = CandidateFileFactory(candidate=self.other())
        file.delete_from_disk()
        self.merge(file.candidate)
        self.assertEqual(self.candidate.files.get(), file)

    def test_that_the_other_withdrew_or_was_rejected_is_in_the_history(self):
        other = self.other(name=self.candidate.name, withdrew_at=START, withdraw_reason="Moved away.")
        other.settle("rejected", reason="No SQL.", by=self.hana, at=START)
        self.merge(other)
        self.assertEqual(self.candidate.changes.last().reason, "Withdrew: Moved away.\nRejected: No SQL.")

    def test_what_is_planned_never_goes_to_someone_who_has_left_the_process(self):
        other = self.other()
        InterviewFactory(script=None, candidate=other)
        for fields in ({"withdrew_at": START}, {"withdrew_at": None, "outcome": "hired", "outcome_at": START}):
            Candidate.objects.filter(pk=self.candidate.pk).update(**fields)
            with self.assertRaisesMessage(candidate_moves.StillPlanned, "Cancel the interviews first"):
                self.merge(other)
        self.assertTrue(Candidate.objects.filter(pk=other.pk).exists())

    def test_only_another_of_the_same_opening(self):
        for other in (self.candidate, self.other(opening=OpeningFactory(managers=[self.hana]), stage=None)):
            with self.assertRaises(candidate_moves.NotTheSame):
                self.merge(other)
        self.assertEqual(Candidate.objects.count(), 2)

    def test_not_with_one_that_has_just_moved_to_another_opening(self):
        other = self.other()
        elsewhere = OpeningFactory(managers=[self.hana])
        Candidate.objects.filter(pk=other.pk).update(opening=elsewhere, stage=None)
        with self.assertRaises(candidate_moves.NotTheSame):
            self.merge(other)
        self.assertTrue(Candidate.objects.filter(pk=other.pk).exists())


class DeleteTests(StagesCase):
    def delete(self, by=None, **kwargs):
        candidate_moves.delete(candidate=self.candidate, by=by or self.hana, at=START, **kwargs)

    def test_the_audit_log_has_no_name(self):
        file = CandidateFileFactory(candidate=self.candidate)
        with self.captureOnCommitCallbacks(execute=True):
            self.delete()
        self.assertFalse(Candidate.objects.exists())
        self.assertFalse(storages["default"].exists(file.storage_name))
        entry = AuditEntry.objects.get(act="candidate-deleted")
        self.assertEqual((entry.actor, entry.about, entry.details), (self.hana, str(self.opening), {}))

    def test_one_with_an_interview_stays(self):
        InterviewFactory(script=None, candidate=self.candidate, cancelled=True)
        with self.assertRaises(candidate_moves.HasRecord):
            self.delete()
        with self.assertRaises(NotAllowed):
            self.delete(by=InterviewerFactory())

    def test_with_interviews_every_record_of_them_goes(self):
        mine, other = (
            ended_interview(candidate=candidate)
            for candidate in (self.candidate, CandidateFactory(opening=self.opening))
        )
        zips, versions = {}, {}
        for one in (mine, other):
            versions[one] = submit(seat(one, "Jo Borg"), because="Measures.").sha256
            row = {"key": str(one.pk), "sources": [versions[one]], "created_at": START, "queued_at": START}
            zips[one] = Export.objects.create(kind="zip", opening=self.opening, **row)
        decide(mine, by=self.hana)
        self.delete(with_interviews=True)
        self.assertEqual(list(Interview.objects.all()), [other])
        self.assertEqual(list(ScorecardVersion.objects.values_list("sha256", flat=True)), [versions[other]])
        self.assertEqual(list(Export.objects.filter(kind="zip")), [zips[other]])
        self.assertFalse(Erasure.objects.exists())
        self.assertEqual(AuditEntry.objects.get(act="candidate-deleted").details, {"interviews": "1"})

    def test_what_is_planned_or_live_stays(self):
        interview = InterviewFactory(script=None, candidate=self.candidate)
        with self.assertRaises(candidate_moves.StillPlanned):
            self.delete(with_interviews=True)
        Interview.objects.filter(pk=interview.pk).update(status="live", started_at=START)
        with self.assertRaises(candidate_moves.CallGoesOn):
            self.delete(with_interviews=True)
        self.assertTrue(Candidate.objects.exists())
        self.assertFalse(AuditEntry.objects.exists())
