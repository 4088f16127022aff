import uuid

import pytest

from interviews.models import CandidateFile

KEY = uuid.UUID(int=7)


class TestCandidateFile:
    @pytest.mark.parametrize(
        ("kind", "is_shown", "content_type"),
        [
            ("png", True, "image/png"),
            ("txt", True, "text/plain; charset=utf-8"),
            ("pdf", True, "application/pdf"),
            ("docx", False, "application/octet-stream"),
        ],
    )
    def test_only_images_text_and_pdfs_open_in_the_browser(self, kind, is_shown, content_type):
        file = CandidateFile(kind=kind)
        assert (file.is_shown, file.content_type) == (is_shown, content_type)

    def test_its_place_on_disk_names_nobody(self):
        file = CandidateFile(candidate_id=3, name="CV of Ada.pdf", storage_key=KEY)
        assert file.storage_name == f"candidates/3/{KEY.hex}"
