"""Fault injection: breaks the running product on purpose, and counts lost and duplicated changes."""
