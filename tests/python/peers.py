"""Both sides of a gateway under test: Tidings, which seals messages and opens receipts with a foreign JOSE library, and
the programs that a Society's gateway talks to."""

import asyncio
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import uuid

from jwcrypto import jwe, jwk, jws

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
HOUR = 3_600_000


def now():
    return int(time.time() * 1000)


def binary():
    """The gateway that tests/run has built, or one of the developer's own."""
    folder = os.environ.get("TIDINGS_BIN_DIR") or pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug"
    return pathlib.Path(folder) / "tidings-gateway"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def key(curve):
    made = jwk.JWK.generate(kty="OKP", crv=curve, use="enc" if curve == "X25519" else "sig")
    made.update(kid=made.thumbprint())
    return made


class Tidings:
    """One campaign for one Society."""

    def __init__(self, society="KE", drill=True):
        self.society, self.drill, self.campaign = society, drill, str(uuid.uuid4())
        self.organisation, self.signing, self.receipts = key("Ed25519"), key("Ed25519"), key("X25519")
        self.gateway = [key("X25519"), key("Ed25519")]
        claims = {
            "v": 1,
            "campaign": self.campaign,
            "drill": drill,
            "jwk": {name: self.signing[name] for name in ("kty", "crv", "x")},
            "not_before": now() - HOUR,
            "not_after": now() + 90 * 24 * HOUR,
        }
        self.certificate = self.sign(self.organisation, "tidings-certificate+jws", claims)

    @staticmethod
    def sign(by, typ, payload, **more):
        token = jws.JWS(json.dumps(payload).encode())
        header = {"alg": "EdDSA", "kid": by.thumbprint(), "typ": typ, **more}
        token.add_signature(by, alg="EdDSA", protected=json.dumps(header))
        return token.serialize(compact=True)

    def seal(self, envelope):
        text = self.sign(self.signing, "tidings-message+jws", envelope, cert=self.certificate)
        header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": self.gateway[0].thumbprint()}
        token = jwe.JWE(text.ljust(4096).encode(), protected=json.dumps(header))
        token.add_recipient(self.gateway[0])
        return token.serialize(compact=True)

    def envelope(self, kind, data, attempt=None):
        attempt = attempt or str(uuid.uuid4())
        message = str(uuid.uuid4()) if kind == "recall" else attempt
        head = {"v": 1, "message_id": message, "attempt_id": attempt, "campaign": self.campaign}
        return {**head, "society": self.society, "drill": self.drill, "kind": kind, "data": data}

    def notice(self, channel, parts=None, **more):
        addresses = {
            "email": {"type": "email", "email": "amina@example.org"},
            "post": {"type": "postal", "lines": ["Amina Example", "Box 12"], "country": "KE"},
        }
        data = {
            "channel": channel,
            "address": addresses.get(channel, {"type": "phone", "e164": "+15555550123"}),
            "language": "en",
            "direction": "ltr",
            "notice": "initial",
            "level": "L2",
            "form": "short" if channel in ("sms", "app", "ivr") else "full",
            "parts": parts or {"body": "Please call us."},
            "not_before": now() - 1000,
            "not_after": now() + HOUR,
            "reference": "KDA-7QX",
            "sender": "INFO",
            **more,
        }
        if channel == "sms":
            data.setdefault("sms", {"encoding": "gsm7", "segments": 1})
        return self.envelope("notice", data)

    def recall(self, attempt):
        return self.envelope("recall", {"issued": now()}, attempt)

    def open(self, body):
        """The batch in a message of receipts, after its signature was checked."""
        token = jwe.JWE(algs=["ECDH-ES", "A256GCM"])
        token.deserialize(body.strip())
        token.decrypt(self.receipts)
        signed = jws.JWS()
        signed.allowed_algs = ["EdDSA"]
        signed.deserialize(token.payload.decode().rstrip(" "))
        signed.verify(self.gateway[1])
        return json.loads(signed.payload)


class Gateway:
    """The program under test, in a folder of its own."""

    def __init__(self, folder, tidings, config):
        self.folder, self.tidings, self.process = pathlib.Path(folder), tidings, None
        self.inbox, self.outbox = self.folder / "in", self.folder / "out"
        self.inbox.mkdir(parents=True, exist_ok=True)
        self.secret("keys.json", json.dumps({"keys": [k.export_private(as_dict=True) for k in tidings.gateway]}))
        public = {
            "drill": tidings.drill,
            "organisation": tidings.organisation.export_public(as_dict=True),
            "receipts": {"keys": [tidings.receipts.export_public(as_dict=True)]},
        }
        (self.folder / "tidings.json").write_text(json.dumps(public))
        head = (
            f'society = "{tidings.society}"\ndrill = {str(tidings.drill).lower()}\nkeys_file = "keys.json"\n'
            'tidings_keys_file = "tidings.json"\nretry_seconds = 1\nreceipt_seconds = 0\n'
        )
        source = "" if "[source]" in config else '[source]\ninbox = "in"\noutbox = "out"\n'
        (self.folder / "gateway.toml").write_text(head + source + config)

    def secret(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)

    def command(self, verb):
        return [binary(), verb, "--config", self.folder / "gateway.toml"]

    def check(self):
        return subprocess.run(self.command("check-config"), capture_output=True, text=True, timeout=60, check=False)

    def start(self):
        log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(self.command("run"), stderr=log)
        return self

    def stop(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(90)
        return self.process.returncode if self.process else None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop(signal.SIGKILL)

    def put(self, *envelopes):
        """Messages as a file in the inbox; strings are taken as they are."""
        lines = [e if isinstance(e, str) else self.tidings.seal(e) for e in envelopes]
        name = f"{time.time_ns()}.jsonl"
        (self.inbox / f".{name}").write_text("".join(line + "\n" for line in lines))
        (self.inbox / f".{name}").rename(self.inbox / name)

    def batches(self):
        files = sorted(self.outbox.glob("[!.]*.jsonl")) if self.outbox.exists() else []
        return [self.tidings.open(line) for file in files for line in file.read_text().splitlines()]

    def receipts(self):
        return [receipt for batch in self.batches() for receipt in batch["receipts"]]

    def told(self, envelope):
        """What was told about an attempt, in order, with the code where there is one."""
        mine = [r for r in self.receipts() if r["attempt_id"] == envelope["attempt_id"]]
        return [r["kind"] if "code" not in r else f"{r['kind']} {r['code']}" for r in mine]

    def log(self):
        return (self.folder / "log").read_text()

    async def until(self, condition, seconds=60):
        """Waits until true; the limit is for a broken test, and no measure of speed."""
        end = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, f"the gateway ended: {self.log()}"
            assert time.monotonic() < end, f"it never came true\n{self.log()}\n{self.receipts()}"
            await asyncio.sleep(0.05)

    async def until_told(self, envelope, *wanted, seconds=60):
        await self.until(lambda: set(wanted) <= set(self.told(envelope)), seconds)


class Cut:
    """A wire between the gateway and a peer. When bytes pass for which `when` is true, the peer still gets them, its
    answer does not come back, and the wire is cut: what a crashed line looks like to the gateway."""

    def __init__(self, to, when=None):
        self.to, self.port, self.when, self.cuts, self.server = to, free_port(), when, 0, None

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_):
        self.server.close()

    async def serve(self, reader, writer):
        try:
            answers, onward = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            writer.close()
            return
        dead = False

        async def there():
            nonlocal dead
            while data := await reader.read(65536):
                if self.when and self.when(data):
                    dead, self.when, self.cuts = True, None, self.cuts + 1
                onward.write(data)
                await onward.drain()
                if dead:
                    await asyncio.sleep(0.3)
                    return

        async def back():
            while data := await answers.read(65536):
                if not dead:
                    writer.write(data)
                    await writer.drain()

        tasks = [asyncio.create_task(there()), asyncio.create_task(back())]
        with contextlib.suppress(ConnectionError):
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for end in (writer, onward):
            end.close()
