"""Another organisation's code against the Rust crate: it opens what Tidings seals, refuses what it must, and its
receipts are believed."""

import json
import random
import shutil
import subprocess
import uuid

import jsonschema
import pytest
from conftest import ROOT
from gateway import Contract, Journal, Refused, new_keys, next_moment
from jwcrypto import jwk

SCHEMAS = ROOT / "services" / "contract" / "schemas"
NODE = ROOT / "tests" / "node"
HOUR = 3_600_000


@pytest.fixture
def contract(vectors):
    return Contract(vectors["society"], vectors["gateway_keys"], vectors["tidings_keys"])


def schema(name):
    content = json.loads((SCHEMAS / name).read_text())
    return jsonschema.Draft202012Validator(content, format_checker=jsonschema.FormatChecker())


def receipt(kind="accepted", **more):
    ids = {"idem": str(uuid.uuid4()), "attempt_id": str(uuid.uuid4())}
    return {**ids, "kind": kind, "at": 1_800_000_000_000, **more}


def test_every_message_opens_as_it_was_sent(vectors, contract):
    kinds = set()
    for message in vectors["messages"]:
        envelope = contract.open(message["body"].encode(), vectors["now"])
        assert envelope == message["envelope"]
        kinds.add(envelope["data"].get("channel", envelope["kind"]))
    assert kinds == {"sms", "app", "ivr", "email", "post", "call_live", "task", "recall"}


def test_messages_look_alike_from_outside(vectors):
    assert len({len(message["body"]) for message in vectors["messages"]}) == 1


def test_what_must_be_refused_is_refused_for_its_reason(vectors, contract):
    for negative in vectors["negatives"]:
        with pytest.raises(Refused) as refused:
            contract.open(negative["body"].encode(), vectors["now"])
        assert refused.value.reason == negative["reason"], negative["name"]
    assert len(vectors["negatives"]) >= 20


def test_no_changed_byte_changes_the_message(vectors, contract):
    # A lenient base64 decoder ignores the spare bits at the end of a part: then it is the same message still.
    message, chance = vectors["messages"][0], random.Random(7)
    opened = 0
    for _ in range(300):
        body = bytearray(message["body"].encode())
        body[chance.randrange(len(body))] ^= 1 << chance.randrange(7)
        try:
            assert contract.open(bytes(body), vectors["now"]) == message["envelope"]
            opened += 1
        except Refused:
            pass
    assert opened <= 10


def test_real_keys_refuse_drills(vectors):
    keys = {**vectors["tidings_keys"], "drill": False}
    contract = Contract(vectors["society"], vectors["gateway_keys"], keys)
    with pytest.raises(Refused, match="certificate"):
        contract.open(vectors["messages"][0]["body"].encode(), vectors["now"])


def test_the_published_schemas_fit(vectors, contract):
    envelope = schema("envelope.json")
    for message in vectors["messages"]:
        envelope.validate(message["envelope"])
        for wrong in ({"v": 2}, {"kind": "order"}, {"society": 7}, {"attempt_id": None}):
            assert not envelope.is_valid({**message["envelope"], **wrong}), wrong
        assert not envelope.is_valid({k: v for k, v in message["envelope"].items() if k != "data"})
    schema("jwks.json").validate(vectors["gateway_keys"])
    schema("tidings-keys.json").validate(vectors["tidings_keys"])
    batch = {"v": 1, "society": "KE", "gateway_key": "k", "sequence": 1, "receipts": [receipt("failed", code="blocked")]}
    schema("receipt-batch.json").validate(batch)
    assert not schema("receipt-batch.json").is_valid({**batch, "receipts": []})
    assert not schema("receipt-batch.json").is_valid({**batch, "receipts": [receipt("read")]})


def test_new_keys_are_private_and_fit(tmp_path, capsys, vectors):
    file = tmp_path / "keys.json"
    new_keys(file)
    public = json.loads(capsys.readouterr().out)
    schema("jwks.json").validate(public)
    assert file.stat().st_mode & 0o077 == 0
    assert all("d" not in key for key in public["keys"])
    kept = json.loads(file.read_text())
    assert [(key["kid"], key["crv"], key["use"]) for key in kept["keys"]] == [
        (jwk.JWK(**key).thumbprint(), crv, use)
        for key, crv, use in zip(public["keys"], ("X25519", "Ed25519"), ("enc", "sig"))
    ]
    Contract("KE", kept, vectors["tidings_keys"]).seal_receipts([receipt()], 1)


@pytest.mark.parametrize("count", [1, 2, 50, 500])
def test_tidings_believes_our_receipts(contract, tidings_says, count):
    sent = [receipt() for _ in range(count)]
    (answer,) = tidings_says([contract.seal_receipts(sent, 3)])
    assert answer["batch"]["receipts"] == sent
    assert answer["batch"]["sequence"] == 3


def test_tidings_rejects_what_is_not_ours(vectors, contract, tidings_says):
    good = contract.seal_receipts([receipt()], 1)
    stranger = {"keys": [jwk.JWK.generate(kty="OKP", crv=crv).export(as_dict=True) for crv in ("X25519", "Ed25519")]}
    stranger = Contract("KE", stranger, vectors["tidings_keys"]).seal_receipts([receipt()], 1)
    elsewhere = Contract("SO", vectors["gateway_keys"], vectors["tidings_keys"]).seal_receipts([receipt()], 1)
    too_many = contract.seal_receipts([receipt()] * 501, 1)
    no_code = contract.seal_receipts([receipt("failed")], 1)
    bodies = [good, stranger, elsewhere, too_many, no_code, good[:-9], b"junk", b"a" * 300_000]
    rejected = [answer.get("rejected") for answer in tidings_says(bodies)]
    assert rejected == [None, "unknown_gateway", "foreign", "count", "no_code", "sealing", "sealing", "oversize"]
    assert tidings_says([good], society="SO") == [{"rejected": "foreign"}]


def test_safe_hours():
    def at(now, **data):
        return next_moment({"not_after": 10**15, **data}, now)

    midnight = 1_799_971_200_000  # 2027-01-15T00:00Z, a Friday; 03:00 in Nairobi
    day = {"time_zone": "Africa/Nairobi", "windows": [{"days": [], "from": "09:00", "to": "20:00"}]}
    assert at(midnight) == midnight
    assert at(midnight, not_before=midnight + HOUR) == midnight + HOUR
    assert at(midnight, hours=day) == midnight + 6 * HOUR
    assert at(midnight + 7 * HOUR, hours=day) == midnight + 7 * HOUR
    assert at(midnight + 17 * HOUR, hours=day) == midnight + 30 * HOUR
    night = {"time_zone": "Africa/Nairobi", "windows": [{"days": ["thu"], "from": "22:00", "to": "04:00"}]}
    assert at(midnight, hours=night) == midnight, "Thursday's night lasts until Friday 04:00"
    assert at(midnight + 2 * HOUR, hours=night) == midnight + (6 * 24 + 19) * HOUR
    monday = {"time_zone": "Africa/Nairobi", "windows": [{"days": ["mon"], "from": "10:00", "to": "11:00"}]}
    assert at(midnight, hours=monday) == midnight + (3 * 24 + 7) * HOUR


class Campaign:
    """A drill's queues on a virtual host, as Tidings declares them."""

    def __init__(self, url):
        import pika

        self.pika, self.connection = pika, pika.BlockingConnection(pika.URLParameters(url))
        self.channel = self.connection.channel()
        self.channel.confirm_delivery()
        self.channel.queue_declare("drill.dead", durable=True)
        arguments = {"x-queue-type": "quorum", "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "drill.dead"}
        for exchange, key, queue in (
            ("drill.notices", "notice.KE", "drill.notices.KE"),
            ("drill.receipts", "receipt.*", "drill.receipts"),
        ):
            self.channel.exchange_declare(exchange, "topic", durable=True)
            self.channel.queue_declare(queue, durable=True, arguments=arguments)
            self.channel.queue_bind(queue, exchange, key)

    def publish(self, bodies):
        properties = self.pika.BasicProperties(content_type="application/jose", delivery_mode=2)
        for body in bodies:
            self.channel.basic_publish("drill.notices", "notice.KE", body, properties, mandatory=True)

    def receipts(self):
        bodies = []
        while True:
            method, properties, body = self.channel.basic_get("drill.receipts", auto_ack=True)
            if method is None:
                return bodies
            assert method.routing_key == "receipt.KE" and properties.content_type == "application/jose"
            bodies.append(body)


    def dead(self, wanted):
        """How many messages were refused; dead letters take a moment."""
        for _ in range(50):
            count = self.channel.queue_declare("drill.dead", passive=True).method.message_count
            if count >= wanted:
                break
            self.connection.sleep(0.1)
        return count


def outcomes(tidings_says, bodies):
    """Kinds of receipts by attempt, in the order of Tidings' reading."""
    found = {}
    for answer in tidings_says(bodies):
        for entry in answer["batch"]["receipts"]:
            found.setdefault(entry["attempt_id"], []).append(entry["kind"])
    return found


def expected(vectors):
    wanted = {}
    for message in vectors["messages"]:
        recall = message["envelope"]["kind"] == "recall"
        wanted[message["envelope"]["attempt_id"]] = ["withdrawn"] if recall else ["accepted", "sent", "delivered"]
    return wanted


def test_a_drill_through_rabbitmq(vectors, contract, tidings_says, amqp, tmp_path):
    from gateway import Gateway

    campaign, sends = Campaign(amqp), []

    def send(data):
        sends.append(data)
        return ["sent", "delivered"]

    def run(hours):
        def clock():
            return vectors["now"] + hours * HOUR

        Gateway(contract, Journal(tmp_path / "journal.sqlite"), amqp, clock, send).run(idle=0.6)

    bodies = [message["body"].encode() for message in vectors["messages"]]
    refused = [negative["body"].encode() for negative in vectors["negatives"]]
    campaign.publish(bodies + refused + bodies[::-1])
    run(hours=10)  # 21:00 in Nairobi: every notice waits for the morning, the task does not
    found = outcomes(tidings_says, campaign.receipts())
    assert [data.get("office") for data in sends] == ["Field office 3"]
    assert campaign.dead(len(refused) - 1) == len(refused) - 1, "all but the expired one, which is answered"
    assert [kinds for kinds in found.values() if "expired" in kinds] == [["expired"]]

    campaign.publish(bodies)  # a restart in the morning, and everything once more
    run(hours=25)
    assert len(sends) == len(bodies) - 1, "each attempt once, the recall never"
    for attempt, kinds in outcomes(tidings_says, campaign.receipts()).items():
        found[attempt] += kinds
    for attempt, kinds in expected(vectors).items():
        assert list(dict.fromkeys(found[attempt])) == kinds
        assert kinds == ["withdrawn"] or found[attempt] == kinds, "only a recall is answered again"
    journal = (tmp_path / "journal.sqlite").read_bytes()
    assert b"5555550123" not in journal and b"Amina" not in journal


def test_recall_before_and_after(vectors, contract, tmp_path):
    from gateway import Gateway

    gateway = Gateway.__new__(Gateway)  # without a broker
    gateway.contract, gateway.journal = contract, Journal(tmp_path / "journal.sqlite")
    gateway.clock, gateway.send, gateway.publish_receipts = lambda: vectors["now"], lambda data: ["sent"], lambda: None
    notice = next(m for m in vectors["messages"] if m["envelope"]["kind"] == "task")["envelope"]
    recall = {**notice, "kind": "recall", "data": {"issued": 0}}
    late = {**notice, "attempt_id": str(uuid.uuid4())}
    contract.open = lambda body, now: body  # the envelopes themselves
    gateway.journal.put = _without_body(gateway.journal)

    for envelope in (recall, notice):  # the recall overtakes its notice
        gateway.accept(envelope)
    gateway.work()
    assert gateway.journal.state(notice["attempt_id"]) == "withdrawn"

    gateway.accept(late)
    contract.open = lambda body, now: late
    gateway.work()
    contract.open = lambda body, now: body
    gateway.accept({**late, "kind": "recall", "data": {"issued": 0}})
    kinds = [json.loads(text)["kind"] for (text,) in gateway.journal.db.execute("select json from receipt")]
    assert kinds == ["withdrawn", "accepted", "sent", "too_late"]


def _without_body(journal):
    put = journal.put
    return lambda attempt, state, due=None, body=None: put(attempt, state, due, None)


@pytest.fixture(scope="session")
def node():
    """Runs check.mjs, the driver of the Node.js consumer."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if not (program and npm):
        pytest.skip("NOT RUN: Node.js and npm are not installed; the Node.js gateway is untested here")
    installed, lock = NODE / "node_modules" / ".installed-from", (NODE / "package-lock.json").read_text()
    if not installed.exists() or installed.read_text() != lock:
        subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=NODE, check=True)
        installed.write_text(lock)

    def run(*arguments, script="check.mjs"):
        done = subprocess.run([program, script, *arguments], cwd=NODE, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout or "null")

    return run


@pytest.fixture
def vectors_file(vectors, tmp_path):
    file = tmp_path / "vectors.json"
    file.write_text(json.dumps(vectors))
    return file


def test_node_opens_and_refuses_the_same(node, vectors, vectors_file, tidings_says):
    answer = node(vectors_file)
    assert answer["opened"] == [message["envelope"] for message in vectors["messages"]]
    assert answer["refused"] == [negative["reason"] for negative in vectors["negatives"]]
    (batch,) = tidings_says([answer["receipts"].encode()])
    assert [entry["kind"] for entry in batch["batch"]["receipts"]] == ["accepted", "failed"]


def test_a_drill_through_rabbitmq_with_node(node, vectors, vectors_file, tidings_says, amqp, tmp_path):
    campaign, journal = Campaign(amqp), tmp_path / "gateway.jsonl"
    bodies = [message["body"].encode() for message in vectors["messages"]]
    refused = [negative["body"].encode() for negative in vectors["negatives"]]
    campaign.publish(bodies + refused)
    assert node(vectors_file, amqp, journal) == {"sends": len(bodies) - 1}
    found = outcomes(tidings_says, campaign.receipts())
    assert {attempt: kinds for attempt, kinds in found.items() if kinds != ["expired"]} == expected(vectors)
    assert campaign.dead(len(refused) - 1) == len(refused) - 1

    campaign.publish(bodies)  # a restart, and everything once more
    assert node(vectors_file, amqp, journal) == {"sends": 0}
    again = outcomes(tidings_says, campaign.receipts())
    assert {attempt: kinds[:1] for attempt, kinds in expected(vectors).items()} == again


def test_the_official_parser_accepts_asyncapi(node, tmp_path):
    contract = SCHEMAS.parent
    node(contract / "asyncapi.yaml", script="asyncapi.mjs")
    broken = tmp_path / "asyncapi.yaml"
    broken.write_text((contract / "asyncapi.yaml").read_text().replace("action: receive", "action: listen"))
    with pytest.raises(AssertionError):
        node(broken, script="asyncapi.mjs")
