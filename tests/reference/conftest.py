"""What the comparisons need: the crate's examples, and the reference implementations from npm."""
import os
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent


def cargo(example):
    """Builds an example of the crate localisation and returns the command that runs it."""
    profile = ["--release"] if os.environ.get("TIDINGS_BIN_DIR", "").endswith("release") else []
    command = ["cargo", "run", "-q", *profile, "-p", "localisation", "--example", example]
    subprocess.run(command[:1] + ["build", "-q", *profile, "-p", "localisation", "--example", example], cwd=ROOT, check=True)
    return command


@pytest.fixture(scope="session")
def material(tmp_path_factory):
    """Everything that notices are made from, and what came out, as lines of JSON."""
    path = tmp_path_factory.mktemp("material") / "material.ndjson"
    with open(path, "w", encoding="utf-8") as out:
        subprocess.run(cargo("material"), cwd=ROOT, stdout=out, check=True)
    return path


@pytest.fixture(scope="session")
def counter():
    """Counts texts with this project's own counter: texts in, counts out."""
    command = cargo("count")
    return lambda lines: subprocess.run(command, cwd=ROOT, input=lines, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="session")
def node():
    """Runs a script of this folder with the packages of package.json."""
    subprocess.run(["npm", "ci" if (HERE / "package-lock.json").exists() else "install", "--silent", "--no-audit", "--no-fund"], cwd=HERE, check=True)

    def run(script, *args, stdin=None):
        return subprocess.run(["node", script, *map(str, args)], cwd=HERE, input=stdin, capture_output=True, text=True)

    return run
