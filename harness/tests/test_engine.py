import os
from pathlib import Path

import pytest
import redis

from harness import engine


class TestOwnDatabase:
    @pytest.mark.sqlite_only
    def test_has_its_file_in_a_folder_that_goes_away(self, monkeypatch):
        for name in ("BUILD_DIR", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "VAR_DIR"):
            monkeypatch.setenv(name, os.environ.get(name, ""))
        monkeypatch.setattr(engine, "copy_fonts", lambda build: build.mkdir())
        with engine.own_database():
            folder = Path(os.environ["VAR_DIR"])
            assert os.environ["DATABASE_URL"] == f"sqlite:///{folder / 'faults.sqlite3'}"
            assert Path(os.environ["BUILD_DIR"]).is_dir()
        assert not folder.exists()

    @pytest.mark.skipif(not os.environ.get("REDIS_URL"), reason="There is no Redis.")
    def test_has_a_redis_whose_tasks_no_other_run_takes(self, monkeypatch):
        shared = os.environ["REDIS_URL"]
        for name in ("BUILD_DIR", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "REDIS_URL", "VAR_DIR"):
            monkeypatch.setenv(name, os.environ.get(name, ""))
        monkeypatch.setattr(engine, "copy_fonts", lambda build: build.mkdir())
        with engine.own_database():
            own = os.environ["REDIS_URL"]
            redis.Redis.from_url(own).lpush("tasks", "mine")
            assert redis.Redis.from_url(shared).llen("tasks") == 0
        assert os.environ["REDIS_URL"] == shared
