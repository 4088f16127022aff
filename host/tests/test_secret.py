import contextlib
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase

from host.secret import secret_in


class SecretInTests(TestCase):
    def setUp(self):
        self.file = Path(self.enterContext(TemporaryDirectory())) / "secret_key"

    def test_key_is_made_once_for_its_owner_alone(self):
        key = secret_in(self.file)

        self.assertGreater(len(key), 50)
        self.assertEqual(secret_in(self.file), key)
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)

    def test_file_without_a_key_gets_a_new_one_and_says_so(self):
        for damaged in (b"", b" \n", b"\0" * 86, b"\xff\xfe\x80"):
            with self.subTest(damaged=damaged):
                self.file.write_bytes(damaged)

                with contextlib.redirect_stderr(io.StringIO()) as printed:
                    key = secret_in(self.file)

                self.assertIn(f"{self.file} has no key in it. A new one was created", printed.getvalue())
                self.assertEqual(self.file.read_text(), key)
                self.assertEqual(secret_in(self.file), key)

    def test_processes_that_start_together_get_the_same_key(self):
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(secret_in, [self.file] * 40))

        self.assertEqual(keys, {self.file.read_text()})
