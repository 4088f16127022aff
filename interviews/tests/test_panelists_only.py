from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory, TestCase
from django.utils import timezone

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import InterviewFactory, OpeningFactory, PanelistFactory
from interviews.panelists_only import panelists_only


@panelists_only("Only panelists can look.")
def look(_request, panelist):
    return HttpResponse(str(panelist.pk))


class PanelistsOnlyTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.manager = HiringManagerFactory()
        cls.interview = InterviewFactory(candidate__opening=OpeningFactory(managers=[cls.manager]))
        cls.seat = PanelistFactory(interview=cls.interview)

    def look(self, user):
        request = RequestFactory().get("/")
        request.user = user
        return look(request, self.interview.pk)

    def test_panelist_is_given_to_the_view(self):
        self.assertEqual(self.look(self.seat.user).content.decode(), str(self.seat.pk))

    def test_former_panelist_goes_to_their_own_text(self):
        self.seat.left_at = timezone.now()
        self.seat.save()
        self.assertEqual(self.look(self.seat.user).url, f"/interviews/{self.interview.pk}/my-words/")

    def test_manager_is_refused_with_the_words(self):
        with self.assertRaisesMessage(PermissionDenied, "Only panelists can look."):
            self.look(self.manager)

    def test_stranger_finds_nothing(self):
        with self.assertRaises(Http404):
            self.look(InterviewerFactory())
