"""Which spellings of an email address are one address."""


def one_spelling(email: str) -> str:
    """The same for all spellings that the database takes for one address when somebody signs in.

    PostgreSQL compares in upper case, in which “ſ” is S and “ı” is I; `lower` alone would keep them apart."""
    return email.strip().upper().lower()
