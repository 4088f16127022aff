from interviews.live.tests.call_case import CallCase
from interviews.models import (
    Rating,
    ScriptedQuestion,
)
from interviews.tests.commanding import Sender


class TestRate(CallCase):
    def test_rated_and_unrated(self):
        self.browser.send("rate", self.first.pk, 3)
        self.assertEqual(Rating.objects.get().value, 3)
        self.browser.send("rate", self.first.pk, None)
        self.assertIsNone(Rating.objects.get().value)

    def test_a_rating_goes_to_the_own_stream_and_moves_no_shared_number(self):
        answer = self.browser.send("rate", self.first.pk, 3).json()
        self.assertEqual((answer["shared"], answer["own"]), (None, 1))
        self.interview.refresh_from_db()
        self.assertEqual(self.interview.seq, 0)

    def test_anything_but_one_to_four_is_invalid(self):
        for value in (0, 5, "3", 3.0, True, []):
            self.assert_refused(self.browser.send("rate", self.first.pk, value), 422, "from 1 to 4")
        self.assertFalse(Rating.objects.exists())

    def test_a_conversation_is_not_rated(self):
        ScriptedQuestion.objects.filter(pk=self.second.pk).update(kind="conversation")
        self.assert_refused(self.browser.send("rate", self.second.pk, 3), 422, "aren’t rated")

    def test_a_hiring_manager_who_is_not_on_the_panel_does_not_rate(self):
        manager = Sender(self.interview.opening.managers.get(), self.interview)
        self.assert_refused(manager.send("rate", self.first.pk, 3), 403, "Only panelists")


class TestFlag(CallCase):
    def flag(self, name, on=True):
        return self.browser.send("flag", self.first.pk, {"flag": name, "on": on})

    def test_i_dont_know_raises_poor_to_mixed(self):
        self.browser.send("rate", self.first.pk, 1)
        result = self.flag("dont_know").json()["result"]
        self.assertEqual(result, {"value": 2, "flags": ["dont_know"]})
        self.assertEqual(Rating.objects.get().value, 2)

    def test_i_dont_know_leaves_a_higher_rating_and_no_rating_as_they_are(self):
        self.flag("dont_know")
        self.assertIsNone(Rating.objects.get().value)
        self.browser.send("rate", self.first.pk, 4)
        self.assertEqual(Rating.objects.get().value, 4)

    def test_after_i_dont_know_poor_is_refused(self):
        self.flag("dont_know")
        self.assert_refused(self.browser.send("rate", self.first.pk, 1), 422, "can’t be rated below Mixed")

    def test_unsetting_restores_nothing(self):
        self.browser.send("rate", self.first.pk, 1)
        self.flag("dont_know")
        self.flag("dont_know", on=False)
        self.assertEqual((Rating.objects.get().value, Rating.objects.get().flags), (2, []))

    def test_each_flag_is_kept(self):
        for name in Rating.FLAGS:
            self.flag(name)
        self.assertEqual(Rating.objects.get().flags, list(Rating.FLAGS))

    def test_an_unknown_flag_is_invalid(self):
        for value in (
            {"flag": "pk", "on": True},
            {"flag": [], "on": True},
            {"flag": {}, "on": True},
            {"flag": "depth", "on": 1},
            {"flag": "depth"},
            "depth",
            None,
        ):
            self.assert_refused(self.browser.send("flag", self.first.pk, value), 422, "A flag is one of")
