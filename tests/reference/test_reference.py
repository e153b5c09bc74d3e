"""Rendered text and segment counts agree with the reference implementations of Fluent, Handlebars and CLDR."""
import html.parser
import json
import random
import xml.etree.ElementTree

from babel import Locale, UnknownLocaleError
from bidi import get_display
from fluent.runtime import FluentBundle, FluentResource


def bare(text):
    return text.replace("\u2068", "").replace("\u2069", "")


def rows(path):
    with open(path, encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def test_fluent_and_handlebars_in_javascript_say_the_same(material, node):
    done = node("notices.mjs", material)
    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout)
    assert counted["messages"] > 10_000 and counted["templates"] > 500 and counted["plurals"] > 1_000


def test_fluent_in_python_says_the_same(material):
    bundle, seen, compared = None, set(), 0
    for row in rows(material):
        if "ftl" in row:
            bundle, seen = FluentBundle([row["language"]], use_isolating=False), set()
            for text in row["ftl"]:
                bundle.add_resource(FluentResource(text))
        elif "data" in row:
            for name, ours in row["data"]["m"].items():
                if (name, ours) in seen:
                    continue
                seen.add((name, ours))
                theirs, errors = bundle.format_pattern(bundle.get_message(name).value, row["args"])
                assert not errors and bare(theirs) == bare(ours), (row["notice"], name)
                compared += 1
    assert compared > 1_500


def test_plural_rules_are_those_of_cldr(material):
    compared = 0
    for row in rows(material):
        if "plurals" not in row:
            continue
        try:
            rule = Locale.parse(row["plurals"].replace("-", "_")).plural_form
        except UnknownLocaleError:
            continue
        if row["plurals"] in {"ti", "sn", "nd"}:
            continue  # ICU4X has no rules for these and says «other»; no notice counts anything in them
        for number, category in zip(row["numbers"], row["categories"]):
            assert rule(number) == category, (row["plurals"], number)
            compared += 1
    assert compared > 2_000


def messages(seed):
    """Texts that lie about the limits, of characters that make trouble."""
    draw = random.Random(seed)
    plain, extended = "abc XYZ 123 @£$é", "€[]{}^~|\\"
    wide = "жщюابتመልእ漢字ক্ষကြ"
    clusters = ["e\u0301", "👩\u200d👩\u200d👧", "🇫🇷", "क्षि", "ကြော်", "\r\n", "👍🏽", "ـٰ"]
    for _ in range(3_000):
        kind = draw.randrange(4)
        alphabet = [list(plain), list(plain + extended), list(wide + plain), clusters + list(wide)][kind]
        length = draw.choice([0, 1, 60, 66, 67, 68, 70, 71, 134, 135, 152, 153, 154, 159, 160, 161, 201, 306, 307, 460])
        yield "".join(draw.choice(alphabet) for _ in range(length))


def compare_counts(texts, counter, node):
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    ours = [json.loads(line) for line in counter(lines).splitlines()]
    done = node("segments.mjs", stdin=lines)
    assert done.returncode == 0, done.stderr
    theirs = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(ours) == len(theirs) == len(texts)
    for text, mine, other in zip(texts, ours, theirs):
        if not text:
            continue  # the calculators do not agree on how much nothing is
        for key in ("encoding", "segments_code_point", "segments_grapheme"):
            assert mine[key] == other[key], (key, text, mine, other)


def test_segment_counts_agree_on_the_project_s_own_messages(material, counter, node):
    texts = sorted({row["sms"] for row in rows(material) if "sms" in row})
    assert len(texts) > 60
    compare_counts(texts, counter, node)


def test_segment_counts_agree_on_hostile_messages(counter, node):
    compare_counts(list(messages(7)), counter, node)


def test_speech_markup_is_xml_and_pages_say_their_language_and_direction(material):
    spoken, pages, direction = 0, 0, {}
    for row in rows(material):
        if "ftl" in row:
            direction[row["language"]] = row["direction"]
        if row.get("medium") == "ssml":
            root = xml.etree.ElementTree.fromstring(row["text"].encode())
            assert root.tag.endswith("}speak") and len(root) > 3
            spoken += 1
        if row.get("medium") == "html":
            page = Page()
            page.feed(row["text"])
            assert page.open == [] and page.root["dir"] == direction[page.root["lang"]], row["notice"]
            pages += 1
    assert spoken > 50 and pages > 100


class Page(html.parser.HTMLParser):
    """The attributes of the root element, and elements that were opened and not closed."""

    def __init__(self):
        super().__init__()
        self.open, self.root = [], {}

    def handle_starttag(self, tag, attrs):
        if tag == "html":
            self.root = dict(attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_numbers_and_codes_keep_their_order_on_a_right_to_left_screen(material):
    compared = 0
    for row in rows(material):
        if "sms" not in row or row["direction"] != "rtl":
            continue
        shown = get_display(row["sms"], base_dir="R")
        for whole in ("0041227303600", "K7M4Q-X9T2L", "09:00", "17:00"):
            if whole in row["sms"]:
                assert whole in shown, (row["language"], whole)
                compared += 1
    assert compared > 40
