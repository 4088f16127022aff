from django.test import SimpleTestCase


class TestWithoutTraceback(SimpleTestCase):
    def test_a_foreign_host_is_one_line(self):
        with self.assertLogs("django.security.DisallowedHost") as logged:
            answer = self.client.get("/", headers={"host": "scanner.example"})
        self.assertEqual(answer.status_code, 400)
        [record] = logged.records
        self.assertIn("scanner.example", record.getMessage())
        self.assertIsNone(record.exc_info)
