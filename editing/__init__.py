"""Forms that change a row, and never overwrite another person's change; their drafts in the browser."""
