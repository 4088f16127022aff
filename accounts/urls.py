from django.urls import path
from django.views.generic import RedirectView

from accounts.views import account, audit, forgotten, mail, people, sign_in

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("forgot-password/", forgotten.password_forgotten, name="password-forgotten"),
    path("welcome/<uidb64>/<token>/", sign_in.PasswordSet.as_view(), name="password-set"),
    path("account/", account.account, name="account"),
    path("account/zone/", account.account_zone, name="account-zone"),
    path("account/password/", sign_in.password_change, name="password-change"),
    path("people/", people.person_list, name="person-list"),
    path("people/new/", people.person_create, name="person-create"),
    path("people/new/many/", people.person_create_many, name="person-create-many"),
    path("people/<int:pk>/invite/", people.person_invite_again, name="person-invite"),
    path("people/audit/", audit.audit_list, name="audit-list"),
    # The address until 0.1, as linked in emails.
    path(
        "people/mail/",
        RedirectView.as_view(pattern_name="email-list", permanent=True, http_method_names=["get", "head"]),
        name="mail-list",
    ),
    path("people/emails/", mail.mail_list, name="email-list"),
    path("people/emails/<int:pk>/again/", mail.mail_again, name="email-again"),
    path("people/emails/<int:pk>/delete/", mail.mail_delete, name="email-delete"),
]

# POSTs to these hash a password; they run in a separate thread pool (config.wsgi_in_asgi).
HASHING = ("sign-in", "password-set", "password-change")
_routes = [entry.pattern for entry in urlpatterns if entry.name in HASHING]


def is_hashing(method: str, path: str) -> bool:
    """Whether this request may hash a password."""
    return method == "POST" and any(route.match(path.removeprefix("/")) for route in _routes)
