import pytest

from question_bank.curation.forms.scripts import SectionForm


class TestSectionForm:
    @pytest.mark.django_db
    @pytest.mark.parametrize(("gate", "is_refused"), [("", False), ("Continue?", True)])
    def test_the_candidates_questions_have_no_gate(self, gate, is_refused):
        form = SectionForm({"title": "Yours", "minutes": 5, "gate": gate, "is_for_candidate": "on"})
        assert ("gate" in form.errors) == is_refused

    def test_a_row_without_a_title_is_blank(self):
        assert not SectionForm({"title": "", "minutes": "", "gate": "", "is_for_candidate": "on"}).has_changed()
