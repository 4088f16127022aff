"""Forms that change a row: a save never overwrites what somebody else saved meanwhile."""
