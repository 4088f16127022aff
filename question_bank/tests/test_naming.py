from unittest import mock

from django.test import SimpleTestCase

from accounts.models import User
from question_bank import naming


class TestReasonAgainst(SimpleTestCase):
    def test_it_says_which_names_were_found(self):
        with mock.patch.object(naming, "_finders", [lambda text, writer, page: text.split()[:2]]):
            said = naming.reason_against("Ada Okafor measured", writer=User(), page="/")
            self.assertEqual(said, "This names the candidate: Ada Okafor. Leave the name out.")
            self.assertEqual(naming.reason_against("", writer=User(), page="/"), "")
