from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from interviews.factories import PDF, START
from interviews.models import Candidate
from interviews.planning import candidate_files, stages
from interviews.planning.held_candidates import Gone, held, held_one
from interviews.planning.tests.test_stages import StagesCase


class HeldTests(StagesCase):
    def test_those_that_are_there(self):
        self.assertEqual(held_one(self.candidate), self.candidate)
        self.assertEqual(held(self.candidate, Candidate(pk=10**9)), [self.candidate])

    def test_whoever_was_merged_or_deleted_meanwhile_is_gone(self):
        """Each was an error of the server."""
        Candidate.objects.filter(pk=self.candidate.pk).delete()
        about = {"candidate": self.candidate, "by": self.hana, "at": START}
        for act in (
            partial(stages.move, stage_pk=self.stage("Offer").pk),
            partial(stages.settle, outcome="hired", reason="Signed."),
            partial(candidate_files.add_file, upload=SimpleUploadedFile("cv.pdf", PDF)),
        ):
            with pytest.raises(Gone, match="Someone has just merged or deleted Ada"):
                act(**about)
