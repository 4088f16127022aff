"""The machine: private files, fonts, faults as sentences. Standard library only.

`./run` uses it before anything is installed; the product uses it at run time."""
