from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.exceptions import ImproperlyConfigured
from django.test import SimpleTestCase, override_settings

from config.protocol_router import only_one_without_redis


class TestOnlyOneWithoutRedis(SimpleTestCase):
    def test_second_web_process_of_a_folder_is_refused_in_words(self):
        with TemporaryDirectory() as folder, override_settings(VAR_DIR=Path(folder), REDIS_URL=""):
            first = only_one_without_redis()
            with self.assertRaisesMessage(ImproperlyConfigured, "Several web processes need REDIS_URL"):
                only_one_without_redis()
            first.close()
            only_one_without_redis().close()

    def test_with_redis_there_may_be_many(self):
        with TemporaryDirectory() as folder, override_settings(VAR_DIR=Path(folder), REDIS_URL="redis://localhost"):
            self.assertEqual([only_one_without_redis(), only_one_without_redis()], [None, None])
