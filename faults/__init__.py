"""A harness that anybody can run: it breaks the running product on purpose and counts what was lost or doubled."""
