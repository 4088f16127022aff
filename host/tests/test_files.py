from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from unittest import TestCase

from host import files


class InFolder(TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(TemporaryDirectory())) / "var"
        (self.folder / "exports" / "7").mkdir(parents=True)
        for name in ("db.sqlite3", "db.sqlite3-journal", "queue.sqlite3", "exports/7/scorecard.pdf"):
            (self.folder / name).touch()
            (self.folder / name).chmod(0o644)
        for path in (self.folder, self.folder / "exports", self.folder / "exports" / "7"):
            path.chmod(0o755)

    def modes(self):
        return {f"{path.stat().st_mode & 0o777:o}" for path in [self.folder, *self.folder.rglob("*")]}


class CloseTests(InFolder):
    def test_everything_is_for_its_owner_alone(self):
        files.close(self.folder)

        self.assertEqual(self.modes(), {"700", "600"})
        self.assertEqual(files.loose(self.folder), [])

    def test_what_a_link_leads_to_is_left_alone(self):
        outside = self.folder.parent / "outside"
        outside.touch()
        outside.chmod(0o644)
        (self.folder / "link").symlink_to(outside)
        (self.folder / "nowhere").symlink_to(self.folder / "gone")

        files.close(self.folder)

        self.assertEqual(outside.stat().st_mode & 0o777, 0o644)

    def test_database_elsewhere_is_closed_with_its_journal_and_nothing_else(self):
        (self.folder / "other").touch()
        (self.folder / "other").chmod(0o644)

        files.close_database(self.folder / "db.sqlite3")

        self.assertEqual((self.folder / "db.sqlite3").stat().st_mode & 0o777, 0o600)
        self.assertEqual((self.folder / "db.sqlite3-journal").stat().st_mode & 0o777, 0o600)
        self.assertEqual((self.folder / "other").stat().st_mode & 0o777, 0o644)


class LooseTests(InFolder):
    def test_each_open_entry_is_named(self):
        self.assertEqual(len(files.loose(self.folder)), 7)

    def test_nothing_is_open_below_a_closed_folder(self):
        self.folder.chmod(0o700)

        self.assertEqual(files.loose(self.folder), [])


class OpenToAllTests(InFolder):
    def test_closed_folder_can_be_handed_out_again(self):
        files.close(self.folder)

        files.open_to_all(self.folder)

        self.assertEqual(self.modes(), {"755", "644"})


class RefuseSharedTests(InFolder):
    def test_folder_of_its_own_passes_before_and_after_it_is_made(self):
        new = self.folder / "new"

        files.refuse_shared(self.folder, code=Path("/srv/code"))
        files.refuse_shared(new, code=Path("/srv/code"))

        self.assertFalse(new.exists(), "looking makes nothing")

    def test_folders_that_others_need_are_refused(self):
        for folder in (Path("/"), Path.home(), Path(gettempdir()).resolve(), Path("/srv"), Path("/srv/code")):
            with self.subTest(folder=folder), self.assertRaisesRegex(files.SharedFolder, "its own folder"):
                files.refuse_shared(folder, code=Path("/srv/code"))
