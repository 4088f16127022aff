from django.test import SimpleTestCase

from accounts.roles import Role


class RoleTests(SimpleTestCase):
    def test_each_says_what_it_is_for(self):
        self.assertEqual(len({role.means for role in Role}), len(Role))
