from unittest import mock

import pytest
from django.http import Http404
from django.test import RequestFactory

from editing import views


class TestLockForEdit:
    @pytest.mark.parametrize(("method", "is_locked"), [("get", False), ("post", True)])
    def test_only_a_form_that_is_sent_locks_its_row(self, method, is_locked):
        rows = mock.MagicMock()
        with mock.patch.object(views, "get_object_or_404", side_effect=Http404), pytest.raises(Http404):
            views.lock_for_edit(getattr(RequestFactory(), method)("/"), rows, pk=1)
        assert rows.select_for_update.called == is_locked


class TestSaySaved:
    @pytest.mark.parametrize(
        ("taken", "words"),
        [
            ([], "Saved."),
            (
                ["Name", "Email"],
                "Saved. Other changes were saved in the meantime, and yours were merged with them: Name, Email.",
            ),
        ],
    )
    def test_it_names_what_others_changed_meanwhile(self, taken, words):
        with mock.patch.object(views.messages, "success") as success:
            views.say_saved(request := RequestFactory().get("/"), mock.Mock(taken=taken))
        success.assert_called_once_with(request, words)
