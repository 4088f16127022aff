import pytest

from audit.immutability import Guarded

ALWAYS = Guarded("note", "notes", "a note never changes")
ERASABLE = Guarded("note", "notes", "a note never changes", erased="OLD.id IN (SELECT id FROM erasures)")


class TestGuarded:
    @pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
    def test_everything_that_is_created_is_dropped(self, vendor):
        created = [statement.split("(")[0].split()[:3] for statement in ALWAYS.create(vendor)]
        dropped = [statement.split("(")[0].split()[:3] for statement in ALWAYS.drop(vendor)]
        assert sorted(words[1:] for words in created) == sorted(words[1:] for words in dropped)

    def test_only_the_delete_of_what_is_erased_passes(self):
        update, delete = ERASABLE.create("sqlite")
        assert "WHEN" not in update
        assert f"WHEN NOT {ERASABLE.erased}" in delete
        function, _ = ERASABLE.create("postgresql")
        assert f"IF TG_OP = 'DELETE' AND {ERASABLE.erased} THEN RETURN OLD" in function
