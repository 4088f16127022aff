from django.test import TestCase

from accounts.factories import HiringManagerFactory
from interviews.factories import START, CandidateFactory, OpeningFactory
from interviews.models import CandidateMerge


class CandidateMergeTests(TestCase):
    def test_fields_come_back_unless_someone_has_changed_them_since(self):
        hana = HiringManagerFactory()
        opening = OpeningFactory(managers=[hana])
        kept = CandidateFactory(opening=opening)
        other = CandidateFactory(opening=opening, email="ada@b.org", withdrew_at=START)
        merge = CandidateMerge.prepared(kept=kept, other=other, interviews=[])
        kept.email, kept.source = "ada@b.org", "Referral"
        merge.complete(kept.note("merged", by=hana, at=START), kept=kept)
        kept.source = "Friend"
        merge.refresh_from_db()
        merge.give_back(kept)
        self.assertEqual((kept.email, kept.source), ("", "Friend"))
        again = merge.other(opening)
        self.assertEqual((again.pk, again.email, again.withdrew_at), (other.pk, "ada@b.org", START))
        self.assertEqual((again.created_at, again.stage_id), (other.created_at, other.stage_id))
