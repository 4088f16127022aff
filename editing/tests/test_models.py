from django.utils import timezone

from editing.models import Edited


class TestEdited:
    def test_marking_sets_who_and_when_and_does_not_save(self):
        class Row:
            changed_by = changed_at = None

        row, now = Row(), timezone.now()
        Edited.mark_changed(row, by="Jo", at=now)
        assert (row.changed_by, row.changed_at) == ("Jo", now)
