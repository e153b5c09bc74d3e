"""What the tests share: vectors made by the Rust crate, Tidings' verdict on receipts, and a virtual host of RabbitMQ."""

import json
import os
import pathlib
import subprocess
import sys
import urllib.parse
import urllib.request
import uuid

import pytest

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))


def example(name, text=None):
    """Runs an example of the crate `contract`: the binary that tests/run has built, or through cargo."""
    built = pathlib.Path(os.environ.get("TIDINGS_BIN_DIR", "/nowhere")) / "examples" / name
    command = [built] if built.exists() else ["cargo", "run", "--quiet", "-p", "contract", "--example", name]
    return subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="session")
def vectors():
    return json.loads(example("vectors"))


@pytest.fixture(scope="session")
def tidings_says():
    """Tidings' verdict on receipts: a list of batches or words of rejection."""

    def ask(bodies, society="KE"):
        lines = "".join(json.dumps({"society": society, "body": body.decode()}) + "\n" for body in bodies)
        return [json.loads(line) for line in example("check_receipts", lines).splitlines()]

    return ask


@pytest.fixture
def amqp():
    """The URL of a fresh virtual host."""
    url, management = os.environ.get("AMQP_URL"), os.environ.get("AMQP_MANAGEMENT_URL")
    if not (url and management):
        if os.environ.get("TIDINGS_REQUIRE_SERVERS"):
            pytest.fail("AMQP_URL and AMQP_MANAGEMENT_URL are not set")
        pytest.skip("NOT RUN: needs RabbitMQ (AMQP_URL, AMQP_MANAGEMENT_URL); tests/run has it")
    parts = urllib.parse.urlsplit(url)
    vhost = f"contract-{uuid.uuid4().hex}"

    def api(method, path, body=None):
        where = urllib.parse.urlsplit(management)
        request = urllib.request.Request(
            f"{where.scheme}://{where.hostname}:{where.port}/api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        secret = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        user, password = where.username or parts.username, where.password or parts.password
        secret.add_password(None, request.full_url, user, password)
        urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(secret)).open(request, timeout=30).close()

    api("PUT", f"vhosts/{vhost}")
    try:
        rights = {"configure": ".*", "write": ".*", "read": ".*"}
        api("PUT", f"permissions/{vhost}/{parts.username}", rights)
        yield parts._replace(path=f"/{vhost}").geturl()
    finally:
        api("DELETE", f"vhosts/{vhost}")
