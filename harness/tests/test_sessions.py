import pytest
from django.conf import settings

from accounts.factories import InterviewerFactory
from harness import sessions


@pytest.mark.django_db
def test_a_client_is_signed_in_and_its_cookie_names_the_session():
    http = sessions.signed_in(InterviewerFactory())
    assert http.get("/account/").status_code == 200
    assert sessions.cookie(http) == f"{settings.SESSION_COOKIE_NAME}={http.session.session_key}"


def test_headers_carry_the_token_twice():
    headers = sessions.headers("sessionid=x")
    assert headers["Cookie"] == f"sessionid=x; csrftoken={headers['X-CSRFToken']}"
