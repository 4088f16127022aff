"""Runs the product as processes, and talks to it: shared by `bench` and `faults`."""
