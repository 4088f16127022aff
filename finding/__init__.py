"""Search, filters and pages of every list."""
