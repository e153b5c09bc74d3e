"""A complete small gateway of a National Society in Python: RabbitMQ in, your sender, signed receipts out.

    python gateway.py --society KE --keys gateway.jwks.json --tidings tidings-keys.json \
        --amqp amqp://user:password@host/vhost --journal gateway.sqlite [--drill]

Replace `deliver` by your SMS, mail or print system. Everything else is what the contract asks for: open and verify,
never do the same attempt twice, keep to the times, obey recalls, and answer with receipts. The journal holds sealed
messages only; nothing personal is written to it or to the log.
"""

import argparse
import json
import logging
import os
import pathlib
import secrets
import sqlite3
import time
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pika
from jwcrypto import jwe, jwk, jws
from jwcrypto.common import JWException

MAX_BODY = 90_000  # the largest size bucket, in base64url
MAX_RECEIPTS = 500
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
log = logging.getLogger("gateway")


class Refused(Exception):
    """The message must not be acted on. The text is one word and holds nothing of the message."""

    def __init__(self, reason, envelope=None):
        super().__init__(reason)
        self.reason, self.envelope = reason, envelope


# [open]
class Contract:
    """Opens messages and seals receipts for one Society."""

    def __init__(self, society, gateway_keys, tidings_keys):
        keys = [jwk.JWK(**key) for key in gateway_keys["keys"]]
        self.society = society
        self.opening = {key.thumbprint(): key for key in keys if key["crv"] == "X25519"}
        self.signing = next(key for key in keys if key["crv"] == "Ed25519")
        self.organisation = jwk.JWK(**tidings_keys["organisation"])  # pinned: never taken from a message
        self.receipts_to = jwk.JWK(**tidings_keys["receipts"]["keys"][0])
        self.drill = tidings_keys["drill"]

    def open(self, body, now):
        """The envelope, if everything about it is right at `now` (milliseconds); else `Refused`."""
        try:
            return self._open(body, now)
        except (KeyError, TypeError, ValueError) as error:  # signed, but of another shape
            raise Refused("envelope") from error

    def _open(self, body, now):
        text = self._decrypt(body)
        claims, key = self._certificate(text, now)
        envelope = json.loads(self._verify(text, key, "tidings-message+jws", "signature"))
        if envelope.get("v") != 1:
            raise Refused("version")
        if envelope["campaign"] != claims["campaign"]:
            raise Refused("campaign")
        if envelope["drill"] is not claims["drill"]:
            raise Refused("drill")
        if envelope["society"] != self.society:
            raise Refused("society")
        if envelope.get("kind") not in ("notice", "task", "recall") or "data" not in envelope:
            raise Refused("envelope")
        if envelope["kind"] != "recall" and now > envelope["data"]["not_after"]:
            raise Refused("expired", envelope)
        return envelope

    def _decrypt(self, body):
        try:
            if len(body) > MAX_BODY:
                raise Refused("sealing")
            token = jwe.JWE(algs=["ECDH-ES", "A256GCM"])
            token.deserialize(body.decode("ascii"))
            token.decrypt(self.opening[token.jose_header["kid"]])
            return token.payload.decode("ascii").rstrip(" ")  # padding
        except (JWException, ValueError, KeyError, TypeError) as error:
            raise Refused("sealing") from error

    def _certificate(self, text, now):
        """The claims about the campaign key in the header, if the pinned key signed them and they are in force."""
        try:
            token = jws.JWS()
            token.deserialize(text)
            certificate = token.jose_header["cert"]
        except (JWException, ValueError, KeyError, TypeError) as error:
            raise Refused("certificate") from error
        claims = json.loads(self._verify(certificate, self.organisation, "tidings-certificate+jws", "certificate"))
        in_force = claims["not_before"] <= now <= claims["not_after"]
        if claims["v"] != 1 or claims["drill"] is not self.drill or not in_force:
            raise Refused("certificate")
        return claims, jwk.JWK(**claims["jwk"])

    @staticmethod
    def _verify(text, key, typ, reason):
        try:
            token = jws.JWS()
            token.allowed_algs = ["EdDSA"]
            token.deserialize(text)
            if token.jose_header.get("typ") != typ or token.jose_header.get("kid") != key.thumbprint():
                raise Refused(reason)
            token.verify(key)
            return token.payload
        except (JWException, ValueError) as error:
            raise Refused(reason) from error
    # [/open]

    # [receipts]
    def seal_receipts(self, receipts, sequence):
        """One message of 1 to 500 receipts: one signature by the gateway, sealed to Tidings."""
        batch = {
            "v": 1,
            "society": self.society,
            "gateway_key": self.signing.thumbprint(),
            "sequence": sequence,
            "receipts": receipts,
        }
        signed = jws.JWS(json.dumps(batch, separators=(",", ":")).encode())
        header = {"alg": "EdDSA", "kid": self.signing.thumbprint(), "typ": "tidings-receipts+jws"}
        signed.add_signature(self.signing, alg="EdDSA", protected=json.dumps(header))
        text = signed.serialize(compact=True)
        text = text.ljust(-(-len(text) // 2048) * 2048)  # hides how many there are
        header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": self.receipts_to.thumbprint()}
        sealed = jwe.JWE(text.encode(), protected=json.dumps(header))
        sealed.add_recipient(self.receipts_to)
        return sealed.serialize(compact=True).encode()
    # [/receipts]


def deliver(data):
    """Yours: hand the notice to the channel that it names, unchanged, or raise. Tasks go to the office named."""
    log.info("delivered one %s", data.get("channel", "task"))
    return ["sent", "delivered"] if "channel" in data else ["sent"]  # only its team knows what came of a task


def next_moment(data, now):
    """The first instant, not before `now`, at which the message may be sent: not-before, then the safe hours."""
    at = max(now, data.get("not_before", now))
    hours = data.get("hours")
    if not hours:
        return at
    start = datetime.fromtimestamp(at / 1000, ZoneInfo(hours["time_zone"])).replace(second=0, microsecond=0)
    for minute in range(8 * 24 * 60):
        moment = start + timedelta(minutes=minute)
        if any(within(window, moment) for window in hours["windows"]):
            return max(at, int(moment.timestamp() * 1000))
    return data["not_after"] + 1


def within(window, moment):
    clock, day = moment.strftime("%H:%M"), moment.weekday()
    overnight = window["to"] < window["from"]
    if overnight and clock < window["to"]:
        day = (day - 1) % 7  # the window began the evening before
    elif not window["from"] <= clock or (not overnight and clock >= window["to"]):
        return False
    return not window.get("days") or DAYS[day] in window["days"]


class Journal:
    """What was accepted and what was answered, on disk before anybody hears of it."""

    def __init__(self, path):
        self.db = sqlite3.connect(path)
        self.db.executescript(
            """create table if not exists attempt (id text primary key, state text, due integer, body blob);
            create table if not exists receipt (number integer primary key, json text);
            create table if not exists counter (last integer);
            insert into counter select 0 where not exists (select 1 from counter)"""
        )

    def note(self, attempt, kind, code=None, task=None):
        receipt = {"idem": str(uuid.uuid4()), "attempt_id": attempt, "kind": kind, "at": int(time.time() * 1000)}
        if code:
            receipt["code"] = code
        if task:
            receipt["task_id"] = task
        self.db.execute("insert into receipt (json) values (?)", (json.dumps(receipt),))

    def state(self, attempt):
        row = self.db.execute("select state from attempt where id = ?", (attempt,)).fetchone()
        return row and row[0]

    def put(self, attempt, state, due=None, body=None):
        self.db.execute("insert or replace into attempt values (?, ?, ?, ?)", (attempt, state, due, body))


class Gateway:
    def __init__(self, contract, journal, amqp, clock=lambda: int(time.time() * 1000), send=deliver):
        self.contract, self.journal, self.clock, self.send = contract, journal, clock, send
        self.realm = "drill" if contract.drill else "tidings"
        parameters = pika.URLParameters(amqp)
        self.user = parameters.credentials.username
        self.connection = pika.BlockingConnection(parameters)
        self.channel = self.connection.channel()
        self.channel.confirm_delivery()
        self.channel.basic_qos(prefetch_count=MAX_RECEIPTS)

    def run(self, idle=None):
        """Consumes for ever, or until nothing has come for `idle` seconds."""
        queue = f"{self.realm}.notices.{self.contract.society}"
        tag, count, quiet = None, 0, 0.0
        for method, _, body in self.channel.consume(queue, inactivity_timeout=0.2):
            if method:
                count, quiet = count + 1, 0.0
                if self.accept(body):
                    tag = method.delivery_tag
                else:  # becomes a dead letter: Tidings sees that it was refused
                    self.channel.basic_reject(method.delivery_tag, requeue=False)
            else:
                quiet += 0.2
            if count >= 200 or not method:
                self.work()
                if tag:  # everything is in the journal and its receipts are out
                    self.channel.basic_ack(tag, multiple=True)
                tag, count = None, 0
            if idle is not None and quiet >= idle:
                return

    def accept(self, body):
        """Takes one message into the journal; false if it is refused. Repetitions change nothing."""
        try:
            envelope = self.contract.open(body, self.clock())
        except Refused as refused:
            log.warning("refused: %s", refused.reason)
            if refused.reason == "expired" and not self.journal.state(refused.envelope["attempt_id"]):
                self.journal.put(refused.envelope["attempt_id"], "expired")
                self.journal.note(refused.envelope["attempt_id"], "expired")
            return refused.reason == "expired"
        attempt, state = envelope["attempt_id"], self.journal.state(envelope["attempt_id"])
        if envelope["kind"] == "recall":
            in_time = state in (None, "waiting", "withdrawn")
            if in_time:  # also if the notice itself comes only after its recall
                self.journal.put(attempt, "withdrawn")
            self.journal.note(attempt, "withdrawn" if in_time else "too_late")
        elif state is None:
            self.journal.put(attempt, "waiting", next_moment(envelope["data"], self.clock()), body)
            self.journal.note(attempt, "accepted", task=envelope["data"].get("task_id"))
        return True

    def work(self):
        """Sends what is due, then publishes receipts. The state is on disk before each step with an effect."""
        self.journal.db.commit()
        due = "select id, body from attempt where state = 'waiting' and due <= ? limit 500"
        for attempt, body in self.journal.db.execute(due, (self.clock(),)).fetchall():
            # A crash while sending leaves `sending`: never sent twice, its outcome stays open for a person to see.
            self.journal.put(attempt, "sending")
            self.journal.db.commit()
            self.deliver(attempt, body)
            self.journal.db.commit()
        self.publish_receipts()

    def deliver(self, attempt, body):
        task = None
        try:
            envelope = self.contract.open(body, self.clock())
            task = envelope["data"].get("task_id")
            for kind in self.send(envelope["data"]):
                self.journal.note(attempt, kind, task=task)
            self.journal.put(attempt, "sent")
        except Refused as refused:
            self.journal.put(attempt, refused.reason)
            kind, code = ("expired", None) if refused.reason == "expired" else ("failed", "gateway")
            task = (refused.envelope or {}).get("data", {}).get("task_id")
            self.journal.note(attempt, kind, code, task)
        except Exception as error:  # your sender: any error is a failed attempt, never a lost one
            log.warning("sender failed: %s", type(error).__name__)
            self.journal.put(attempt, "failed")
            self.journal.note(attempt, "failed", "gateway", task)

    def publish_receipts(self):
        """Up to 500 a message. Deleted from the journal only when the broker has confirmed."""
        db = self.journal.db
        while rows := db.execute("select number, json from receipt order by number limit ?", (MAX_RECEIPTS,)).fetchall():
            (last,) = db.execute("select last from counter").fetchone()
            body = self.contract.seal_receipts([json.loads(text) for _, text in rows], last + 1)
            properties = pika.BasicProperties(
                content_type="application/jose", delivery_mode=2, message_id=str(uuid.uuid4()), user_id=self.user
            )
            exchange, key = f"{self.realm}.receipts", f"receipt.{self.contract.society}"
            self.channel.basic_publish(exchange, key, body, properties, mandatory=True)
            # Counted only now: a number that was never sent would look like a batch that was lost.
            db.execute("update counter set last = last + 1")
            db.execute("delete from receipt where number <= ?", (rows[-1][0],))
            db.commit()


def new_keys(path):
    """Makes the gateway's keys; prints the public half, which goes to Tidings."""
    keys = [jwk.JWK.generate(kty="OKP", crv=crv, use=use) for crv, use in (("X25519", "enc"), ("Ed25519", "sig"))]
    for key in keys:
        key.update(kid=key.thumbprint())
    with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        json.dump({"keys": [key.export_private(as_dict=True) for key in keys]}, file)
    print(json.dumps({"keys": [key.export_public(as_dict=True) for key in keys]}, indent=2))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--new-keys", metavar="FILE", help="make keys, print the public half, and stop")
    options.add_argument("--society")
    options.add_argument("--keys", type=pathlib.Path, help="this gateway's private JWK set")
    options.add_argument("--tidings", type=pathlib.Path, help="Tidings' public keys, from provisioning")
    options.add_argument("--amqp", help="amqps://user:password@host/vhost")
    options.add_argument("--journal", default="gateway.sqlite")
    options.add_argument("--drill", action="store_true", help="refuse to start with anything but drill keys")
    options.add_argument("--idle", type=float, help="stop after so many quiet seconds")
    given = options.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    logging.getLogger("pika").setLevel(logging.WARNING)
    if given.new_keys:
        return new_keys(given.new_keys)
    for name in ("society", "keys", "tidings", "amqp"):
        if not getattr(given, name):
            options.error(f"--{name} is needed")
    contract = Contract(given.society, json.loads(given.keys.read_text()), json.loads(given.tidings.read_text()))
    if contract.drill != given.drill:
        options.error("drill keys need --drill, and real keys must not have it")
    pause = 1.0
    while True:
        try:
            return Gateway(contract, Journal(given.journal), given.amqp).run(given.idle)
        except pika.exceptions.AMQPError as error:
            log.warning("broker: %s; again in about %.0f s", type(error).__name__, pause)
            time.sleep(pause + secrets.randbelow(1000) / 1000)
            pause = min(pause * 2, 60.0)


if __name__ == "__main__":
    main()
