"""The commands of `./run`. Standard library only, so that they work before anything is installed."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
