"""The email outbox. It knows addresses and no people; `accounts` has the page for undelivered emails."""
