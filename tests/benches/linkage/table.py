"""Runs linkage and Splink on each set and prints the table. Called by `run`."""

import argparse
import csv
import itertools
import os
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent
THRESHOLD = 0.99
SETS = {
    "FEBRL 1": ("febrl", "febrl1"),
    "FEBRL 3": ("febrl", "febrl3"),
    "FEBRL 4": ("febrl", "febrl4"),
    "census": ("census", "census"),
    "500,000 FEBRL-style": ("febrl", "large"),
    "many scripts": ("febrl", "scripts"),
}



def measured(command, limit=1800):
    """Runs a command; wall and CPU seconds and peak memory of the whole process."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        print(errors.decode(errors="replace")[-800:], file=sys.stderr)
        return None
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def truth_of(path):
    with open(path, newline="") as f:
        rows = csv.reader(f)
        next(rows)
        return {tuple(sorted(row)) for row in rows}


def score(true, pairs):
    """F1 at the threshold, its precision and recall, and the best F1 of any threshold."""
    with open(pairs, newline="") as f:
        found = [(tuple(sorted((r["a"], r["b"]))), float(r["weight"]), float(r["probability"])) for r in csv.DictReader(f)]
    chosen = [pair for pair, _, p in found if p >= THRESHOLD]
    hits = sum(pair in true for pair in chosen)
    f1 = lambda tp, n: 2 * tp / (n + len(true)) if n + len(true) else 1.0
    best = tp = 0
    ranked = sorted(found, key=lambda row: -row[1])
    for k, (pair, weight, _) in enumerate(ranked):
        tp += pair in true
        # Pairs of one weight are taken together.
        if k + 1 == len(ranked) or ranked[k + 1][1] != weight:
            best = max(best, f1(tp, k + 1))
    return hits / max(len(chosen), 1), hits / max(len(true), 1), f1(hits, len(chosen)), best


def merged(true, clusters):
    """Precision and recall of the merges, and the number of persons that hold records of two."""
    groups = defaultdict(list)
    with open(clusters, newline="") as f:
        for row in csv.DictReader(f):
            groups[row["cluster"]].append(row["id"])
    tp = n = wrong = 0
    for group in groups.values():
        pairs = [tuple(sorted(p)) for p in itertools.combinations(group, 2)]
        hits = sum(p in true for p in pairs)
        tp, n, wrong = tp + hits, n + len(pairs), wrong + (hits < len(pairs))
    return tp / max(n, 1), tp / max(len(true), 1), wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--link", required=True)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--no-splink", action="store_true")
    parser.add_argument("--only", choices=[name for _, name in SETS.values()])
    args = parser.parse_args()
    work = args.work
    python = lambda name: str(work / name / "bin" / "python")

    print(f"{'set':<20} {'by':<8} {'wall s':>7} {'CPU s':>7} {'MiB':>6} {'P':>7} {'R':>7} {'F1':>7} {'best F1':>7}"
          f"  merges: {'P':>7} {'R':>6} {'false persons':>13}")
    for title, (environment, name) in SETS.items():
        if name == "large" and not args.large or name == "scripts" and not os.environ.get("TIDINGS"):
            continue
        if args.only and name != args.only:
            continue
        csv_file, truth_file = work / f"{name}.csv", work / f"{name}.truth.csv"
        if not csv_file.exists() or not truth_file.exists():
            made = subprocess.run([python(environment), HERE / "sets.py", name, csv_file, truth_file])
            if made.returncode != 0:
                print(f"{title:<20} left out: the set could not be made")
                continue
        true = truth_of(truth_file)
        shape = {"census": "census", "febrl4": "link", "scripts": "scripts"}.get(name, "febrl")
        clusters, pairs = work / f"{name}.clusters.csv", work / f"{name}.pairs.csv"
        ours = measured([args.link, csv_file, HERE / f"{shape}.toml", clusters, pairs])
        show(title, "tidings", ours, true, pairs, clusters)
        if args.no_splink or not (work / "splink/bin/python").exists():
            continue
        pairs = work / f"{name}.splink.csv"
        theirs = measured([python("splink"), HERE / "with_splink.py", shape, csv_file, pairs])
        show(title, "Splink", theirs, true, pairs, None)


def show(title, by, cost, true, pairs, clusters):
    if cost is None:
        print(f"{title:<20} {by:<8} failed")
        return
    wall, cpu, memory = cost
    p, r, f1, best = score(true, pairs)
    line = f"{title:<20} {by:<8} {wall:>7.2f} {cpu:>7.2f} {memory:>6.0f} {p:>7.4f} {r:>7.4f} {f1:>7.4f} {best:>7.4f}"
    if clusters is not None:
        mp, mr, wrong = merged(true, clusters)
        line += f"          {mp:>7.4f} {mr:>6.3f} {wrong:>13}"
    print(line, flush=True)


if __name__ == "__main__":
    main()
