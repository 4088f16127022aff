"""Each form of the product as one person fills it in, for tests that send them all."""

from typing import Any

PASSWORD = "correct horse battery"


class Upload:
    """A file that reads the same each time that it is sent."""

    name = "cover-letter.pdf"

    def read(self) -> bytes:
        return b"%PDF-1.4"


# Who sends it, in which state of the interview, and what they write into it; the rest stays as the page offers it.
# A form of another page says on which it stands: `at`. One without a page has only what is written here.
FORMS: dict[str, dict[str, Any]] = {
    "sign-in": {"by": "anonymous", "write": {"username": "lead@example.org", "password": PASSWORD}},
    "sign-out": {"by": "lead"},
    "password-set": {"by": "anonymous", "write": {"new_password1": f"{PASSWORD} 2", "new_password2": f"{PASSWORD} 2"}},
    "account": {"by": "lead", "write": {"name": "Jo Tanaka"}},
    "feed-delete": {"by": "lead"},
    "notice-read": {"by": "lead"},
    "notice-settings": {"by": "lead", "write": {"email": "due"}},
    "password-change": {
        "by": "lead",
        "write": {"old_password": PASSWORD, "new_password1": f"{PASSWORD} 2", "new_password2": f"{PASSWORD} 2"},
    },
    "person-create": {
        "by": "administrator",
        "write": {"name": "Jo", "email": "jo@example.org", "roles": "Interviewer"},
    },
    "person-create-many": {"by": "administrator", "write": {"addresses": "jo@example.org", "roles": "Interviewer"}},
    "person-edit": {"by": "administrator", "write": {"name": "Jo"}},
    "person-invite": {"by": "administrator"},
    "opening-manager-name": {
        "by": "administrator",
        "at": "opening-managers",
        "state": "ended",
        "choose": {"person": "other manager"},
    },
    "practice-create": {"by": "lead", "at": "my-day", "state": "ended"},
    "email-again": {"by": "administrator"},
    "email-delete": {"by": "administrator"},
    "question-create": {"by": "curator", "write": {"prompt": "Why?"}, "choose": {"topic": "Topic"}},
    "question-edit": {"by": "curator", "write": {"prompt": "Why?"}},
    "question-retire": {"by": "curator"},
    "question-restore": {"by": "curator"},
    "question-delete": {"by": "curator"},
    "suggestion-create": {"by": "outsider", "write": {"text": "How do you name things?"}},
    "suggestion-answer": {"by": "curator", "at": "suggestion-list", "state": "ended"},
    "typed-dismiss": {"by": "curator", "write": {"text": "Why?"}},
    "review-policy": {"by": "curator", "at": "suggestion-list", "state": "ended"},
    "question-point": {"by": "curator", "write": {"text": "Names a cost."}},
    "question-comment": {"by": "curator", "write": {"text": "Too long."}},
    "question-merge": {"by": "curator", "choose": {"into": "Another question"}},
    "topic-list": {"by": "curator", "write": {"topics-0-name": "Caching"}},
    "topic-merge": {"by": "curator", "choose": {"into": "Another topic"}},
    "script-rules": {"by": "curator", "write": {"rules-0-title": "Listen", "rules-0-text": "First."}},
    "script-own-rules": {"by": "curator", "write": {"rules-0-title": "Listen", "rules-0-text": "First."}},
    "question-revert": {"by": "curator"},
    "script-revert": {"by": "curator"},
    "script-create": {"by": "curator", "write": {"name": "Short"}},
    "script-edit": {"by": "curator", "write": {"name": "Short"}},
    "script-copy": {"by": "curator", "write": {"name": "Short"}},
    "script-retire": {"by": "curator"},
    "opening-create": {"by": "manager", "write": {"title": "Platform engineer"}},
    "opening-edit": {"by": "manager", "write": {"title": "Platform engineer"}},
    "opening-close": {"by": "manager"},
    "opening-reopen": {"by": "manager"},
    "candidate-create": {"by": "manager", "write": {"name": "Ada"}},
    "candidate-edit": {"by": "manager", "write": {"name": "Ada"}},
    "candidate-files": {"by": "manager", "write": {"file": Upload()}},
    "candidate-file-delete": {"by": "manager"},
    "interview-create": {
        "by": "manager",
        "write": {"date": "2026-12-01", "time": "10:00", "minutes": "45"},
        "choose": {"script": "Script", "panel-0-person": "lead", "panel-1-person": "interviewer"},
    },
    "loop-create": {
        "by": "manager",
        "write": {
            "round-1-date": "2026-12-01",
            "round-1-time": "10:00",
            "round-1-minutes": "45",
            "round-2-script": "",
            "round-3-script": "",
        },
        "choose": {
            "round-1-script": "Script",
            "round-1-panel-0-person": "lead",
            "round-1-panel-1-person": "interviewer",
        },
    },
    "interview-edit": {"by": "manager", "state": "scheduled", "write": {"minutes": "45"}},
    "interview-renew": {"by": "manager", "state": "scheduled"},
    "interview-cancel": {"by": "manager", "state": "scheduled", "write": {"reason": "Withdrawn."}},
    "interview-outcome": {
        "by": "manager",
        "state": "scheduled",
        "write": {"outcome": "failure", "reason": "The line broke."},
    },
    "interview-panel-add": {
        "by": "manager",
        "at": "interview-detail",
        "state": "scheduled",
        "choose": {"person": "outsider"},
    },
    "interview-restore": {"by": "manager", "at": "interview-detail", "state": "scheduled"},
    "scorecard-remind": {"by": "manager", "at": "interview-detail", "state": "ended"},
    "scorecard-waive": {"by": "manager", "write": {"reason": "Ill."}},
    "scorecard-await": {"by": "manager", "at": "interview-detail", "state": "ended"},
    "candidate-withdraw": {"by": "manager", "write": {"reason": "Took another offer."}},
    "candidate-feedback": {"by": "manager", "write": {"feedback": "Thank you."}},
    "candidate-outcome": {"by": "manager", "write": {"outcome": "hired", "reason": "The best."}},
    "candidate-reinstate": {"by": "manager", "at": "candidate-detail", "state": "ended"},
    "scorecard-revise": {"by": "lead", "write": {"because": "Measures twice.", "reason": "A slip."}},
    "export-pdf": {"by": "manager"},
    "candidate-packet": {"by": "manager"},
    "opening-zip": {"by": "manager"},
    "debrief-open": {"by": "manager", "write": {"reason": "The offer cannot wait."}},
    "decision-create": {
        "by": "manager",
        "state": "submitted",
        "at": "debrief",
        "write": {"choice": "go_on", "reason": "She measures."},
    },
}
# They take JSON, or keep nothing; publishing and bringing back a script are refused here, and have no fields.
NO_FORMS = {
    # Reads one number; one choice of what one manages, and none here; and a button that is refused here.
    "candidate-stage",
    "candidate-move",
    "candidate-merge",
    "candidate-unmerge",
    # Reads the words of the warning that it dismisses; see test_warnings.
    "interview-warning",
    # Reads one zone, and where to go back to; see test_views_account.
    "account-zone",
    "candidate-delete",
    # Buttons: they read nothing of what is sent, and their receipts have random ids.
    # Reads one address, and writes nothing by itself; see test_views_sign_in.
    "password-forgotten",
    # Reads a revision and a button; refused here, without a draft.
    "script-publish",
    # A button that answers with a page; its secret is another one each time.
    "feed-settings",
    "interview-end",
    "interview-reopen",
    "interview-unstart",
    # Sections that are not of this interview are not read; see test_askers.
    "interview-askers",
    # Reads its four fields by name; its receipts have random ids as well.
    "scorecard-submit",
    "live-command",
    "live-keys",
    "export-verify",
    "candidate-packet-verify",
    "document-verify",
    "question-preview",
    "question-review",
    "question-draft",
    "question-publish",
    "script-plan",
    "script-restore",
    "healthz",
    "favicon",
}
