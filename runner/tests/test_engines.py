import stat
from pathlib import Path
from unittest import TestCase, mock

from runner import engines
from runner.processes import Stop


class SocketFolderTests(TestCase):
    def test_its_path_is_short_and_others_may_pass_through(self):
        with (
            mock.patch.object(engines.tempfile, "gettempdir", return_value="/tmp/" + "long/" * 30),
            engines.socket_folder() as folder,
        ):
            self.assertLess(len(str(folder)), engines.PATH_LIMIT)
            self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o711)
        self.assertFalse(folder.exists())


class RedisTests(TestCase):
    def test_a_server_that_does_not_start_says_why(self):
        with engines.socket_folder() as folder, mock.patch.object(engines.subprocess, "Popen") as started:
            server = started.return_value.__enter__.return_value
            server.poll.return_value = 1
            with self.assertRaisesRegex(Stop, "redis-server did not start"), engines.redis(Path(folder)):
                pass
