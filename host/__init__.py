"""The machine the product runs on: its files, its fonts, its faults in words. Standard library only.

`./run` uses it before anything is installed; the product uses it while it runs."""
