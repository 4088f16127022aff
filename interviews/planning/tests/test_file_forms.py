from django.core.files.uploadedfile import SimpleUploadedFile

from interviews.planning.file_forms import CandidateFileForm


def test_nothing_chosen_is_refused_although_no_field_is_sent():
    form = CandidateFileForm({}, {}, is_sent=True)
    assert form.errors == {"file": ["Choose a file."]}


def test_an_empty_file_is_refused_and_a_page_that_was_only_opened_is_not():
    assert CandidateFileForm({}, {"file": SimpleUploadedFile("a.txt", b"")}, is_sent=True).errors == {
        "file": ["This file is empty."]
    }
    assert CandidateFileForm({}, {}, is_sent=False).errors == {}
