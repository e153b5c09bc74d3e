"""What the comparisons need: the crate's examples, and the reference implementations from npm."""
import os
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent


def example(name):
    """The command that runs an example of the crate `localisation`: the binary that tests/run has built, or cargo."""
    built = pathlib.Path(os.environ.get("TIDINGS_BIN_DIR", "/nowhere")) / "examples" / name
    return [built] if built.exists() else ["cargo", "run", "--quiet", "-p", "localisation", "--example", name]


@pytest.fixture(scope="session")
def material(tmp_path_factory):
    """Everything that notices are made from, and what came out, as lines of JSON."""
    path = tmp_path_factory.mktemp("material") / "material.ndjson"
    with open(path, "w", encoding="utf-8") as out:
        subprocess.run(example("material"), cwd=ROOT, stdout=out, check=True)
    return path


@pytest.fixture(scope="session")
def counter():
    """Counts texts with this project's own counter: texts in, counts out."""
    command = example("count")
    return lambda lines: subprocess.run(command, cwd=ROOT, input=lines, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="session")
def node():
    """Runs a script of this folder with the packages of package.json."""
    subprocess.run(["npm", "ci" if (HERE / "package-lock.json").exists() else "install", "--silent", "--no-audit", "--no-fund"], cwd=HERE, check=True)

    def run(script, *args, stdin=None):
        return subprocess.run(["node", script, *map(str, args)], cwd=HERE, input=stdin, capture_output=True, text=True)

    return run
