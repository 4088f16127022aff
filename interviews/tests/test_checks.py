from accounts.models import User
from interviews.checks import openings_have_managers
from interviews.planning.tests.test_leaving import LeavingCase


class OpeningsHaveManagersTests(LeavingCase):
    def found(self):
        return [warning.msg for warning in openings_have_managers(databases=["default"])]

    def test_an_opening_left_without_a_manager_by_a_shell_is_warned_of(self):
        self.assertEqual(self.found(), [])
        User.objects.filter(pk=self.hana.pk).update(is_active=False)
        self.assertEqual(self.found(), ["1 opening without an active hiring manager."])
