"""The reference gateway against real peers: a mail server (aiosmtpd), an SMSC (smpp34), HTTP servers, desks; with the
faults that make gateways tell people twice."""

import asyncio
import contextlib
import http.server
import os
import random
import re
import signal
import threading
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone

import pytest
import smpp34
from aiosmtpd.controller import Controller
from peers import HOUR, Cut, Gateway, Tidings, binary, free_port, now


@pytest.fixture(autouse=True, scope="module")
def built():
    if not binary().exists():
        if os.environ.get("TIDINGS_REQUIRE_SERVERS"):
            pytest.fail(f"{binary()} is not built")
        pytest.skip(f"NOT RUN: {binary()} is not built")


MAIL = {"subject": "A message for you", "body": "Please call us.\n.\nCode KDA-7QX", "html": "<p>Please call us.</p>"}
DESK = '[channels]\npost = "print"\ntasks = "print"\ncall_live = "print"\nivr = "voice"\n[print]\nfolder = "desk"\n[voice]\nfolder = "voice"\n'


@pytest.fixture
def tidings():
    return Tidings()


# ---- a mail server


class MailServer:
    """Takes mail, or answers with what `replies` says, in turn."""

    def __init__(self):
        self.mails, self.replies = [], []
        # A recipient's answer and the text's answer are two different steps.
        self.recipient = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.recipient:
            return self.recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        if self.replies:
            return self.replies.pop(0)
        self.mails.append(envelope)
        return "250 2.0.0 taken"


@contextlib.contextmanager
def mail_server(port=None):
    handler = MailServer()
    controller = Controller(handler, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield handler, controller.port
    finally:
        controller.stop()


def smtp(port):
    return (
        f'[channels]\nemail = "smtp"\n[smtp]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nfrom = "info@example.org"\n'
        'return_path = "bounces@example.org"\nbounces = "maildir"\n'
    )


def test_mail_arrives_as_it_was_written_and_taken_is_not_delivered(tmp_path, tidings):
    async def run():
        notice = tidings.notice("email", MAIL)
        with mail_server() as (server, port), Gateway(tmp_path, tidings, smtp(port)) as gateway:
            gateway.put(notice)
            await gateway.until_told(notice, "sent")
            assert gateway.told(notice) == ["accepted", "sent"]
            (mail,) = server.mails
            attempt = notice["attempt_id"].replace("-", "")
            assert mail.rcpt_tos == ["amina@example.org"]
            assert mail.mail_from == f"bounces+{attempt}@example.org"
            text = mail.original_content.decode()
            assert "Please call us.\r\n.\r\nCode KDA-7QX" in text and "<p>Please call us.</p>" in text
            assert f"Message-ID: <{attempt}@example.org>" in text and "INFO" in text
            assert "amina" not in gateway.log() and "Please" not in gateway.log()

    asyncio.run(run())


def test_a_server_that_says_later_gets_it_later_and_one_that_says_never_does_not(tmp_path, tidings):
    async def run():
        later, never, full = (tidings.notice("email", MAIL) for _ in range(3))
        with mail_server() as (server, port), Gateway(tmp_path, tidings, smtp(port)) as gateway:
            server.recipient = ["450 4.2.1 busy"]
            server.replies = ["451 4.3.0 try again"]
            gateway.put(later)
            await gateway.until_told(later, "sent")
            assert len(server.mails) == 1
            server.recipient = ["550 5.1.1 no such user"]
            gateway.put(never)
            await gateway.until_told(never, "failed no_such_address")
            server.replies = ["554 5.7.1 looks like spam"]
            gateway.put(full)
            await gateway.until_told(full, "failed blocked")
            assert len(server.mails) == 1
            assert gateway.told(later) == ["accepted", "sent"]

    asyncio.run(run())


def test_a_mail_whose_answer_was_lost_is_not_sent_again(tmp_path, tidings):
    async def run():
        notice = tidings.notice("email", MAIL)
        with mail_server() as (server, port):
            async with Cut(port, lambda data: b"\r\n.\r\n" in data) as cut:
                gateway = Gateway(tmp_path, tidings, smtp(cut.port))
                with gateway:
                    gateway.put(notice)
                    await gateway.until(lambda: "nobody knows" in gateway.log())
                    # Other mail goes on, and nothing is tried again, not even after a restart.
                    other = tidings.notice("email", MAIL)
                    gateway.put(other)
                    await gateway.until_told(other, "sent")
                    assert gateway.stop() == 0
                with gateway:
                    await asyncio.sleep(3)  # longer than the pause before a second try
                assert cut.cuts == 1 and len(server.mails) == 2
                assert gateway.told(notice) == ["accepted"]

    asyncio.run(run())


def test_a_server_that_is_away_costs_nobody_anything(tmp_path, tidings):
    async def run():
        notice, port = tidings.notice("email", MAIL), free_port()
        with Gateway(tmp_path, tidings, smtp(port)) as gateway:
            gateway.put(notice)
            await gateway.until(lambda: "does not talk to us" in gateway.log())
            # The try and the receipt for taking it go their ways side by side: either may be seen first.
            await gateway.until_told(notice, "accepted")
            assert gateway.told(notice) == ["accepted"]
            with mail_server(port) as (server, _):
                await gateway.until_told(notice, "sent")
                assert len(server.mails) == 1

    asyncio.run(run())


def test_a_bounce_becomes_a_receipt_once(tmp_path, tidings):
    async def run():
        notice = tidings.notice("email", MAIL)
        for part in ("new", "cur", "tmp"):
            (tmp_path / "maildir" / part).mkdir(parents=True)
        with mail_server() as (_, port), Gateway(tmp_path, tidings, smtp(port)) as gateway:
            gateway.put(notice)
            await gateway.until_told(notice, "sent")
            attempt = notice["attempt_id"].replace("-", "")
            bounce = (
                f"From: MAILER-DAEMON@mx.example.net\r\nTo: bounces+{attempt}@example.org\r\nMIME-Version: 1.0\r\n"
                'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
                "--b\r\nContent-Type: text/plain\r\n\r\nIt did not work.\r\n"
                "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
                "Final-Recipient: rfc822; x@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
            )
            for name in ("1", "2"):
                (tmp_path / "maildir" / "new" / name).write_text(bounce)
            await gateway.until(lambda: len(list((tmp_path / "maildir" / "cur").iterdir())) == 2)
            await gateway.until_told(notice, "returned no_such_address")
            assert gateway.told(notice) == ["accepted", "sent", "returned no_such_address"]

    asyncio.run(run())


# ---- an SMSC


class Smsc:
    """Takes text messages, or answers with the statuses in `answers`, in turn; sends delivery reports when asked."""

    def __init__(self, port):
        self.server = smpp34.Server("127.0.0.1", port)
        self.port, self.taken, self.answers, self.esme, self.binds, self.silent = port, [], [], None, 0, False
        self.task = None

    async def __aenter__(self):
        await self.server.start()
        self.task = asyncio.create_task(self.serve())
        return self

    async def __aexit__(self, *_):
        self.task.cancel()
        await self.server.stop()

    async def serve(self):
        while True:
            event = await self.server.next()
            if isinstance(event, smpp34.Esme):
                self.esme, self.binds = event, self.binds + 1
            elif isinstance(event, smpp34.SubmitSmEvent):
                status = self.answers.pop(0) if self.answers else 0
                if status:
                    event.reject(status)
                else:
                    self.taken.append(event)
                    event.accept(f"id-{len(self.taken)}")

    async def report(self, number, stat):
        text = f"id:id-{number} sub:001 dlvrd:001 submit date:2611291200 done date:2611291201 stat:{stat} err:000 text:Hi"
        return await self.esme.deliver_sm("INFO", text.encode(), source_addr="15555550123", esm_class=4)


def smpp(port, more=""):
    return (
        f'[channels]\nsms = "smpp"\n[smpp]\nhost = "127.0.0.1"\nport = {port}\nsystem_id = "esme"\n'
        f"per_second = 1000\nsource_ton = 5\n{more}"
    )


def test_a_text_goes_out_and_only_the_network_makes_it_delivered(tmp_path, tidings):
    async def run():
        notice = tidings.notice("sms", {"body": "Please call us: 1€ [KDA]"})
        async with Smsc(free_port()) as smsc:
            with Gateway(tmp_path, tidings, smpp(smsc.port)) as gateway:
                gateway.put(notice)
                await gateway.until_told(notice, "sent")
                (text,) = smsc.taken
                assert text.destination_addr == "15555550123" and text.dest_addr_ton == 1
                assert text.source_addr == "INFO" and text.source_addr_ton == 5
                assert text.data_coding == 0 and text.esm_class == 0 and text.registered_delivery == 1
                assert text.short_message == b"Please call us: 1\x1be \x1b<KDA\x1b>"
                await smsc.report(1, "ACCEPTD")
                await smsc.report(1, "ENROUTE")
                assert gateway.told(notice) == ["accepted", "sent"]
                await smsc.report(1, "DELIVRD")
                await gateway.until_told(notice, "delivered")

    asyncio.run(run())


def test_a_long_text_is_cut_and_has_arrived_when_its_last_part_has(tmp_path, tidings):
    async def run():
        body = "اتصل بنا من فضلك. " * 8
        notice = tidings.notice("sms", {"body": body}, sms={"encoding": "ucs2", "segments": 3}, language="ar", direction="rtl")
        fat = tidings.notice("sms", {"body": body}, sms={"encoding": "ucs2", "segments": 2})
        strange = tidings.notice("sms", {"body": "اتصل"}, sms={"encoding": "gsm7", "segments": 2})
        async with Smsc(free_port()) as smsc:
            with Gateway(tmp_path, tidings, smpp(smsc.port)) as gateway:
                gateway.put(notice)
                await gateway.until_told(notice, "sent")
                gateway.put(fat, strange)
                await gateway.until_told(fat, "failed encoding")
                await gateway.until_told(strange, "failed encoding")
                assert len(smsc.taken) == 3
                headers = [text.short_message[:6] for text in smsc.taken]
                reference = headers[0][3]
                assert headers == [bytes([5, 0, 3, reference, 3, n]) for n in (1, 2, 3)]
                assert all(text.esm_class == 0x40 and text.data_coding == 8 for text in smsc.taken)
                assert b"".join(text.short_message[6:] for text in smsc.taken).decode("utf-16-be") == body
                await smsc.report(2, "DELIVRD")
                await smsc.report(1, "DELIVRD")
                await smsc.report(1, "DELIVRD")
                assert "delivered" not in gateway.told(notice)
                await smsc.report(3, "DELIVRD")
                await gateway.until_told(notice, "delivered")

    asyncio.run(run())


def test_throttled_parts_go_later_and_none_goes_twice(tmp_path, tidings):
    async def run():
        body = "x" * 400
        notice = tidings.notice("sms", {"body": body}, sms={"encoding": "gsm7", "segments": 3})
        async with Smsc(free_port()) as smsc:
            smsc.answers = [smpp34.ESME_RTHROTTLED, 0, smpp34.ESME_RMSGQFUL, smpp34.ESME_RTHROTTLED]
            with Gateway(tmp_path, tidings, smpp(smsc.port)) as gateway:
                gateway.put(notice)
                await gateway.until_told(notice, "sent", seconds=60)
                assert [text.short_message[5] for text in smsc.taken] == [1, 2, 3]
                assert gateway.told(notice) == ["accepted", "sent"]

    asyncio.run(run())


def test_refusals_of_a_number_fail_and_refusals_of_our_account_do_not(tmp_path, tidings):
    async def run():
        wrong, ours = tidings.notice("sms"), tidings.notice("sms")
        async with Smsc(free_port()) as smsc:
            with Gateway(tmp_path, tidings, smpp(smsc.port)) as gateway:
                smsc.answers = [smpp34.ESME_RINVDSTADR]
                gateway.put(wrong)
                await gateway.until_told(wrong, "failed no_such_address")
                smsc.answers = [0x0E]  # «invalid password»
                gateway.put(ours)
                await gateway.until_told(ours, "sent")
                assert gateway.told(ours) == ["accepted", "sent"]

    asyncio.run(run())


def test_a_text_whose_answer_was_lost_is_not_sent_again_and_others_go_on(tmp_path, tidings):
    async def run():
        notice, other = tidings.notice("sms", {"body": "the first"}), tidings.notice("sms", {"body": "another"})
        async with Smsc(free_port()) as smsc, Cut(smsc.port, lambda data: b"the first" in data) as cut:
            gateway = Gateway(tmp_path, tidings, smpp(cut.port))
            with gateway:
                gateway.put(notice)
                await gateway.until(lambda: "nobody knows" in gateway.log())
                gateway.put(other)
                await gateway.until_told(other, "sent")
                assert gateway.stop() == 0
            with gateway:
                await asyncio.sleep(3)  # longer than the pause before a second try
            assert cut.cuts == 1 and smsc.binds >= 2
            assert [text.short_message for text in smsc.taken] == [b"the first", b"another"]
            assert gateway.told(notice) == ["accepted"]

    asyncio.run(run())


def test_reports_late_repeated_failed_then_delivered_and_foreign(tmp_path, tidings):
    async def run():
        notice = tidings.notice("sms")
        async with Smsc(free_port()) as smsc:
            gateway = Gateway(tmp_path, tidings, smpp(smsc.port))
            with gateway:
                gateway.put(notice)
                await gateway.until_told(notice, "sent")
                for _ in range(3):
                    await smsc.report(1, "UNDELIV")
                await smsc.report(77, "DELIVRD")
                await gateway.until_told(notice, "failed unreachable")
                gateway.stop(signal.SIGKILL)
            with gateway:  # the truth comes days later, after a restart
                await gateway.until(lambda: smsc.binds == 2)
                for _ in range(3):
                    await smsc.report(1, "DELIVRD")
                await gateway.until_told(notice, "delivered")
            assert gateway.told(notice) == ["accepted", "sent", "failed unreachable", "delivered"]

    asyncio.run(run())


# ---- HTTP


class Web(http.server.ThreadingHTTPServer):
    """Remembers requests; answers with `answers` in turn, then with `usual`. None: reads, and hangs up."""

    def __init__(self, usual):
        super().__init__(("127.0.0.1", free_port()), Handler)
        self.requests, self.answers, self.usual = [], [], usual
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        parts = urllib.parse.urlsplit(self.path)
        fields = dict(urllib.parse.parse_qsl(parts.query + "&" + body, keep_blank_values=True))
        answer = self.server.answers.pop(0) if self.server.answers else self.server.usual
        self.server.requests.append((self.command, parts.path, fields, self.headers))
        if answer is None:
            self.close_connection = True
            return
        status, text = answer
        self.send_response(status)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    do_POST = do_GET

    def log_message(self, *_):
        pass


TOKEN = "a1b2c3d4e5f6a1b2c3d4e5f6"


def callbacks(gateway, port):
    gateway.secret("token", TOKEN)
    text = f'\n[callbacks]\nlisten = "127.0.0.1:{port}"\nbase_url = "http://127.0.0.1:{port}"\ntoken_file = "token"\n'
    with open(gateway.folder / "gateway.toml", "a") as config:
        config.write(text)


async def fetch(url, data=None):
    def get():
        try:
            return urllib.request.urlopen(url, data, timeout=30).status
        except urllib.error.HTTPError as error:
            return error.code

    return await asyncio.to_thread(get)


def test_kannel_gets_the_text_and_its_reports_become_receipts(tmp_path, tidings):
    async def run():
        notice = tidings.notice("sms", {"body": "Rufen Sie an: €5 & mehr"})
        web, port = Web((202, "0: Accepted for delivery")), free_port()
        config = f'[channels]\nsms = "kannel"\n[kannel]\nurl = "http://127.0.0.1:{web.server_port}/cgi-bin/sendsms"\nusername = "u"\npassword_file = "password"\n'
        gateway = Gateway(tmp_path, tidings, config)
        gateway.secret("password", "p&ss\n")
        callbacks(gateway, port)
        web.answers = [(503, "Temporal failure, try again later."), (403, "Authorization failed for sendsms")]
        with gateway:
            gateway.put(notice)
            await gateway.until(lambda: len(web.requests) == 3)
            _, path, fields, _ = web.requests[-1]
            assert path == "/cgi-bin/sendsms" and fields["text"] == "Rufen Sie an: €5 & mehr"
            assert fields["to"] == "+15555550123" and fields["from"] == "INFO" and fields["password"] == "p&ss"
            report = fields["dlr-url"]
            assert "%d" in report
            assert await fetch(report.replace("%d", "4")) == 200  # queued: nothing new
            assert await fetch(report.replace("%d", "8")) == 200  # the SMSC has it
            assert gateway.told(notice)[-1] in ("accepted", "sent")
            assert await fetch(report.replace("%d", "1")) == 200
            assert await fetch(report.replace("%d", "1")) == 200
            await gateway.until_told(notice, "delivered")
            assert gateway.told(notice) == ["accepted", "sent", "delivered"]
            # Whoever does not know the token, or asks about nobody, changes nothing.
            assert await fetch(report.replace(TOKEN, "x" * len(TOKEN))) == 404
            assert await fetch(report.replace("%d", "1").replace(notice["attempt_id"], tidings.campaign)) == 404
            assert await fetch(report.replace("%d", "x")) == 400

    asyncio.run(run())


def test_a_request_without_an_answer_is_repeated_only_where_the_other_side_promised(tmp_path, tidings):
    async def run(idempotent):
        notice = tidings.notice("app", {"body": "Please call us."})
        web, port = Web((200, "ok")), free_port()
        web.answers = [None]
        config = f'[channels]\napp = "rapidpro"\n[rapidpro]\nurl = "http://127.0.0.1:{web.server_port}/send"\nidempotent = {str(idempotent).lower()}\n'
        gateway = Gateway(tmp_path / str(idempotent), tidings, config)
        callbacks(gateway, port)
        with gateway:
            gateway.put(notice)
            if idempotent:
                await gateway.until_told(notice, "sent")
                assert len(web.requests) == 2
                assert len({fields["id"] for _, _, fields, _ in web.requests}) == 1
            else:
                await gateway.until(lambda: "nobody knows" in gateway.log())
                await asyncio.sleep(3)  # longer than the pause before a second try
                assert len(web.requests) == 1 and gateway.told(notice) == ["accepted"]
                # The other side had it after all, and says so.
                data = urllib.parse.urlencode({"id": notice["attempt_id"]}).encode()
                base = f"http://127.0.0.1:{port}/{TOKEN}/rapidpro"
                assert await fetch(f"{base}/delivered", data) == 200
                await gateway.until_told(notice, "delivered")
                assert await fetch(f"{base}/read", data) == 400

    for idempotent in (True, False):
        asyncio.run(run(idempotent))


# ---- desks


def test_letters_and_tasks_lie_on_a_desk_and_people_say_what_happened(tmp_path, tidings):
    async def run():
        letter = tidings.notice("post", {"body": "Dear reader", "html": "<p>Dear reader</p>"})
        call = tidings.notice("call_live", {"script": "Good morning."})
        voice = tidings.notice("ivr", {"ssml": "<speak>Hello</speak>"})
        task = tidings.envelope("task", {"task_id": "6f2b3a1e-1111-4222-8333-444455556666", "office": "Field office 3", "language": "so", "due": now() + HOUR, "not_after": now() + 2 * HOUR})
        with Gateway(tmp_path, tidings, DESK) as gateway:
            gateway.put(letter, call, voice, task)
            desk, name = tmp_path / "desk", lambda e: "att_" + e["attempt_id"].replace("-", "")
            await gateway.until(lambda: len(list(desk.glob("out/*"))) == 3)
            await gateway.until(lambda: (tmp_path / "voice" / "out" / name(voice) / "script.ssml").exists())
            assert (desk / "out" / name(letter) / "letter.html").read_text() == "<p>Dear reader</p>"
            sheet = (desk / "out" / name(call) / "call.txt").read_text()
            assert "hang up and leave nothing" in sheet and "Good morning." in sheet
            task_sheet = (desk / "out" / name(task) / "task.txt").read_text()
            assert "6f2b3a1e-1111-4222-8333-444455556666" in task_sheet and "Amina" not in task_sheet
            assert gateway.told(letter) == ["accepted"]  # a letter on a desk is not sent
            (desk / "out" / name(letter)).rename(desk / "sent" / name(letter))
            (desk / "out" / name(task)).rename(desk / "sent" / name(task))
            (desk / "out" / name(call)).rename(desk / "unsafe" / name(call))
            await gateway.until_told(letter, "sent")
            await gateway.until_told(call, "unsafe")
            await gateway.until(lambda: (desk / "done" / name(letter)).exists())
            assert [f.name for f in (desk / "done" / name(letter)).iterdir()] == ["reference.txt"]
            (desk / "returned" / "gone_away").mkdir()
            (desk / "done" / name(letter)).rename(desk / "returned" / "gone_away" / name(letter))
            await gateway.until_told(letter, "returned moved")
            assert [r["task_id"] for r in gateway.receipts() if r["attempt_id"] == task["attempt_id"]][0].startswith("6f2b3a1e")

    asyncio.run(run())


# ---- times, recalls, drills, repetition


def test_times_are_kept_and_recalls_obeyed(tmp_path, tidings):
    async def run():
        utc = datetime.now(timezone.utc)
        clock = lambda hours: (utc + timedelta(hours=hours)).strftime("%H:%M")
        closed = {"time_zone": "Etc/UTC", "windows": [{"days": [], "from": clock(2), "to": clock(3)}]}
        opened = {"time_zone": "Etc/UTC", "windows": [{"days": [], "from": clock(-1), "to": clock(1)}]}
        parts = {"body": "Dear reader"}
        waits = tidings.notice("post", parts, not_before=now() + 30 * 60_000)
        shut = tidings.notice("post", parts, hours=closed, not_after=now() + 12 * HOUR)
        never = tidings.notice("post", parts, hours=closed)  # its end comes before the window
        goes = tidings.notice("post", parts, hours=opened)
        late = tidings.notice("post", parts, not_before=now() - 2000, not_after=now() - 1000)
        unknown_zone = tidings.notice("post", parts, hours={**opened, "time_zone": "Mars/Olympus"})
        early_recall = tidings.notice("post", parts)
        with Gateway(tmp_path, tidings, DESK) as gateway:
            gateway.put(tidings.recall(early_recall["attempt_id"]))
            await gateway.until_told(early_recall, "withdrawn")
            gateway.put(waits, shut, never, goes, late, unknown_zone, early_recall)
            for notice, word in ((waits, "accepted"), (shut, "accepted"), (never, "expired"), (late, "expired"), (unknown_zone, "failed gateway")):
                await gateway.until_told(notice, word)
            desk = tmp_path / "desk" / "out"
            name = lambda e: "att_" + e["attempt_id"].replace("-", "")
            await gateway.until(lambda: (desk / name(goes)).exists())
            assert [folder.name for folder in desk.iterdir()] == [name(goes)]
            gateway.put(tidings.recall(waits["attempt_id"]), tidings.recall(goes["attempt_id"]))
            await gateway.until_told(waits, "withdrawn")
            await gateway.until_told(goes, "too_late")
            gateway.put(waits)  # comes again after its recall
            await asyncio.sleep(1)
            assert len(list(desk.iterdir())) == 1 and set(gateway.told(early_recall)) == {"withdrawn"}

    asyncio.run(run())


def test_an_attempt_that_comes_again_is_answered_again_with_the_same_receipts_and_not_done_again(tmp_path, tidings):
    async def run():
        notice = tidings.notice("email", MAIL)
        with mail_server() as (server, port):
            gateway = Gateway(tmp_path, tidings, smtp(port))
            with gateway:
                gateway.put(notice)
                await gateway.until_told(notice, "sent")
                gateway.put(notice, notice)
                gateway.stop()
            with gateway:
                gateway.put(notice)
                await gateway.until(lambda: len(gateway.told(notice)) >= 4)
                gateway.stop()
            assert len(server.mails) == 1
            assert len({receipt["idem"] for receipt in gateway.receipts()}) == 2
            numbers = [batch["sequence"] for batch in gateway.batches()]
            assert numbers == list(range(1, len(numbers) + 1))

    asyncio.run(run())


def test_real_and_drill_never_mix(tmp_path):
    drill, real = Tidings(drill=True), Tidings(drill=False)
    for tidings, config, wanted in (
        (drill, '[channels]\nsms = "simulated"\n', 0),
        (real, '[channels]\nsms = "simulated"\n', 2),
        (real, DESK, 0),
    ):
        gateway = Gateway(tmp_path / str(random.random()), tidings, config)
        answer = gateway.check()
        assert answer.returncode == wanted, answer.stderr
    # A gateway of one kind does not start with keys of the other.
    gateway = Gateway(tmp_path / "mixed", drill, DESK)
    text = (gateway.folder / "gateway.toml").read_text()
    (gateway.folder / "gateway.toml").write_text(text.replace("drill = true", "drill = false"))
    assert gateway.check().returncode == 2
    # Nor does it act on a message of the other, even when it is sealed to its own key.
    real_gateway = Gateway(tmp_path / "real", real, DESK)
    drill.gateway = real.gateway

    async def run():
        with real_gateway:
            notice = real.notice("post", {"body": "real"})
            forged = real.seal({**real.notice("post", {"body": "x"}), "drill": True})
            real_gateway.put(drill.seal(drill.notice("post", {"body": "a drill"})), forged, notice)
            await real_gateway.until_told(notice, "accepted")
            await real_gateway.until(lambda: real_gateway.log().count("a message was refused") == 2)
            await real_gateway.until(lambda: len(list(tmp_path.glob("real/desk/out/*"))) == 1)
            assert [p.suffix for p in real_gateway.inbox.iterdir()] == [".refused"]

    asyncio.run(run())


def test_simulated_transport_says_delivered_and_touches_nothing(tmp_path, tidings):
    async def run():
        with Gateway(tmp_path, tidings, '[channels]\nsms = "simulated"\n') as gateway:
            notice, other = tidings.notice("sms"), tidings.notice("app")
            gateway.put(notice, other)
            await gateway.until_told(notice, "sent", "delivered")
            await gateway.until_told(other, "failed unsupported")

    asyncio.run(run())


# ---- kill


@pytest.mark.parametrize("seed", range(2))
def test_killed_at_any_moment_nobody_is_told_twice_and_nothing_is_lost(tmp_path, tidings, seed):
    """SIGKILL again and again while mail goes out; the mail server is the witness."""
    chance, kills = random.Random(seed), 12

    async def run():
        with mail_server() as (server, port):
            gateway = Gateway(tmp_path, tidings, smtp(port))
            notices = [tidings.notice("email", MAIL) for _ in range(300)]
            for _ in range(kills):
                gateway.start()
                batch = chance.sample(notices, 60)  # many come again
                gateway.put(*batch)
                await asyncio.sleep(chance.uniform(0.05, 0.6))
                gateway.stop(signal.SIGKILL)
            gateway.start()
            gateway.put(*notices)
            done = lambda: all(gateway.told(n) for n in (notices[0], notices[-1])) and len({r["attempt_id"] for r in gateway.receipts() if r["kind"] == "accepted"}) == 300
            await gateway.until(done, 120)
            seen = lambda: {re.search(r"\+([0-9a-f]{32})@", mail.mail_from)[1] for mail in server.mails}
            interrupted = sum(int(n) for n in re.findall(r"interrupted=(\d+)", re.sub(r"\x1b\[[0-9;]*m", "", gateway.log())))
            sent = lambda: {r["attempt_id"] for r in gateway.receipts() if r["kind"] == "sent"}
            await gateway.until(lambda: len(sent()) + interrupted >= 300, 120)
            gateway.stop()
            attempts = [re.search(r"\+([0-9a-f]{32})@", mail.mail_from)[1] for mail in server.mails]
            assert len(attempts) == len(set(attempts)), "somebody was told twice"
            told_sent = {attempt.replace("-", "") for attempt in sent()}
            assert told_sent <= seen(), "sent was said of what was not sent"
            # What is neither told nor certain is exactly what was with the transport when it was killed.
            assert 300 - len(told_sent) <= interrupted
            assert interrupted > 0, "no kill hit a delivery: nothing was tested"

    asyncio.run(run())


def test_killed_while_it_prints_every_letter_lies_there_once(tmp_path, tidings):
    async def run():
        chance = random.Random(3)
        gateway = Gateway(tmp_path, tidings, DESK)
        notices = [tidings.notice("post", {"body": "Dear reader"}) for _ in range(200)]
        for _ in range(8):
            gateway.start()
            gateway.put(*chance.sample(notices, 60))
            await asyncio.sleep(chance.uniform(0.05, 0.5))
            gateway.stop(signal.SIGKILL)
        gateway.start()
        gateway.put(*notices)
        # What was interrupted is put there again: a second time has the effect of the first.
        await gateway.until(lambda: len(list(tmp_path.glob("desk/out/*"))) == 200, 120)
        await gateway.until(lambda: len({r["attempt_id"] for r in gateway.receipts()}) == 200, 120)
        gateway.stop()
        assert all((folder / "letter.txt").stat().st_size > 0 for folder in (tmp_path / "desk" / "out").iterdir())

    asyncio.run(run())
