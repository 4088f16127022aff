import errno
import sqlite3

import pytest
from django.conf import settings

from config.machine_faults import ends_in_words

pytestmark = pytest.mark.sqlite_only


def test_a_fault_of_the_machine_ends_in_one_sentence():
    with pytest.raises(SystemExit) as end, ends_in_words():
        raise OSError(errno.ENOSPC, "No space left on device", "/srv/var/x")
    assert str(end.value).startswith("The disk is full: /srv/var/x")


def test_a_damaged_database_is_named(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("This is no database. " * 50)
    with pytest.raises(SystemExit) as end, ends_in_words(), sqlite3.connect(file) as database:
        database.execute("SELECT 1 FROM sqlite_master")
    database.close()
    assert str(settings.DATABASES["default"]["NAME"]) in str(end.value)


def test_other_errors_keep_their_traceback():
    with pytest.raises(ZeroDivisionError), ends_in_words():
        raise ZeroDivisionError
