from django.core.files.storage import storages

from accounts.factories import InterviewerFactory
from interviews.factories import START, CandidateFactory, CandidateFileFactory, InterviewFactory
from interviews.models import Candidate, CandidateMerge
from interviews.planning import candidate_moves, candidate_unmerging
from interviews.planning.held_candidates import Gone
from interviews.planning.tests.test_stages import StagesCase
from interviews.refusals import NotAllowed


class UnmergeTests(StagesCase):
    def other(self, **fields):
        fields = {"opening": self.opening, "name": "Ada Okafour", "stage": self.stage("Onsite")} | fields
        return CandidateFactory(**fields)

    def merge(self, other, kept=None):
        candidate_moves.merge(kept=kept or self.candidate, other=other, by=self.hana, at=START)
        return CandidateMerge.objects.get(other_pk=other.pk)

    def undo(self, merge, by=None):
        candidate_unmerging.unmerge(merge=merge, by=by or self.hana, at=START)
        self.candidate.refresh_from_db()

    def test_both_are_what_they_were_and_what_was_added_since_stays(self):
        self.candidate.notes = "Fast."
        self.candidate.save()
        other = self.other(email="ada@b.org", notes="Kind.", source="Referral")
        brought, own = InterviewFactory(script=None, candidate=other), InterviewFactory(candidate=self.candidate)
        file, same = CandidateFileFactory(candidate=other), CandidateFileFactory(candidate=other, sha256="1" * 64)
        CandidateFileFactory(candidate=self.candidate, sha256=same.sha256)
        other.tags.create(name="senior")
        other.move_to(self.stage("Offer"), by=self.hana, at=START)
        merge = self.merge(other)
        added = InterviewFactory(script=None, candidate=self.candidate)
        self.undo(merge)
        ada, back = self.candidate, Candidate.objects.get(pk=other.pk)
        self.assertEqual((ada.notes, ada.email, str(ada.stage)), ("Fast.", "", "Technical"))
        self.assertEqual((back.name, back.notes, back.email), ("Ada Okafour", "Kind.", "ada@b.org"))
        self.assertEqual((back.source, str(back.stage)), ("Referral", "Offer"))
        self.assertEqual({one.pk for one in ada.interviews.all()}, {own.pk, added.pk})
        self.assertEqual([one.pk for one in back.interviews.all()], [brought.pk])
        self.assertEqual([tag.name for tag in back.tags.all()], ["senior"])
        self.assertFalse(ada.tags.exists())
        self.assertEqual({one.sha256 for one in back.files.all()}, {file.sha256, same.sha256})
        self.assertEqual([one.sha256 for one in ada.files.all()], [same.sha256])
        for one in back.files.all():
            self.assertTrue(storages["default"].exists(one.storage_name))
        self.assertEqual([kind for kind, *_ in self.history()], ["Merged with", "Undid the merge with"])
        self.assertEqual([change.kind for change in back.changes.all()], ["stage", "unmerged"])

    def test_merged_further_it_can_be_undone_from_there(self):
        first, last = self.other(email="first@b.org"), self.other(name="Ada O.")
        merge = self.merge(first)
        self.merge(self.candidate, kept=last)
        merge = CandidateMerge.objects.get(pk=merge.pk)
        candidate_unmerging.unmerge(merge=merge, by=self.hana, at=START)
        last.refresh_from_db()
        self.assertEqual((last.email, Candidate.objects.get(pk=first.pk).email), ("", "first@b.org"))

    def test_what_is_planned_never_goes_to_someone_who_has_left_the_process(self):
        other = self.other(withdrew_at=START)
        off = InterviewFactory(script=None, candidate=other, cancelled=True)
        merge = self.merge(other)
        type(off).objects.filter(pk=off.pk).update(status="scheduled", cancelled_at=None)
        with self.assertRaises(candidate_moves.StillPlanned):
            self.undo(merge)
        self.assertFalse(Candidate.objects.filter(pk=other.pk).exists())

    def test_only_managers_and_only_once(self):
        merge = self.merge(self.other())
        with self.assertRaises(NotAllowed):
            self.undo(merge, by=InterviewerFactory())
        self.undo(merge)
        with self.assertRaises(Gone):
            self.undo(merge)
