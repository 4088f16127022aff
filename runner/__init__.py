"""What `./run` does, with nothing but Python's standard library: it works before anything is installed."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
