"""Which spellings of an email address are one address."""


def one_spelling(email: str) -> str:
    """One form for all spellings that the database treats as the same address at sign-in.

    PostgreSQL compares in upper case, in which “ſ” is S and “ı” is I; `lower` alone would keep them apart."""
    return email.strip().upper().lower()
