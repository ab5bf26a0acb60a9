#!/usr/bin/env python3
"""Fuzzes times: makes sources of flashes and beeps whose clocks are bent, runs them through `reelmill`, and judges what is published.

    fuzz.py [--seed FIRST] [--count N] [--seconds LIMIT] [--bend NAME …] [--keep FOLDER] [--verbose]

A seed is a case, always the same. One that went wrong is played again, and kept, by `fuzz.py --seed SEED --count 1 --keep FOLDER`.
"""

import argparse
import collections
import concurrent.futures
import itertools
import json
import pathlib
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Judges"))

import media  # noqa: E402
import programs  # noqa: E402
from batch import Batch  # noqa: E402
from case import BENDS, case as case_of  # noqa: E402
from verdict import judge  # noqa: E402

# Titles of one manifest.
AT_A_TIME = 25
WORKERS = 2

PRESET = """\
version: 1
description: As small and quick as can be.
segment_seconds: 2
gop_seconds: 2
chunk_seconds: 10
video:
  codec: h264
  speed: ultrafast
  crf: 30
  rungs:
    - { name: tiny, width: 64, height: 48, max_rate: 1000k, buffer_size: 1000k }
audio:
  - { codec: aac, bit_rate: 64k }
images: none
"""


def run(seeds, folder):
    """The verdicts of some seeds, made as the titles of one batch."""
    cases = [case_of(seed) for seed in seeds]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        sources = list(pool.map(lambda case: media.make(case, folder), cases))
        batch = Batch(folder / "batch")
        batch.write("presets/tiny.yaml", PRESET)
        batch.describe({f"seed-{case.seed}": source for case, source in zip(cases, sources)}, preset="tiny")
        result = batch.run("--quiet", status=None)
        assert result.returncode in (0, 1), f"exit status {result.returncode}:\n{result.stderr}"
        packages, reasons = batch.packages(), failures(batch)
        return list(pool.map(
            lambda case: judge(case, packages.get(f"seed-{case.seed}"), reasons.get(f"seed-{case.seed}", "no reason")), cases))


def failures(batch):
    """Why each title failed, by its id."""
    output = programs.reelmill("status", "--work", batch.work, "--json").stdout
    titles = json.loads(output).get("titles", []) if output.strip() else []
    return {title["title"]: title.get("reason", "") for title in titles if title["state"] == "failed"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--count", type=int, default=500, help="how many seeds")
    parser.add_argument("--seconds", type=float, default=600, help="no new batch is begun after so long")
    parser.add_argument("--bend", action="append", choices=list(BENDS), help="only cases that are bent so")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder that sources and packages are left in")
    parser.add_argument("--verbose", action="store_true", help="print every verdict, not only those that are wrong")
    options = parser.parse_args()
    began, counts, wrong = time.monotonic(), collections.Counter(), []
    chosen = (seed for seed in itertools.count(options.seed) if not options.bend or case_of(seed).bend in options.bend)
    seeds = list(itertools.islice(chosen, options.count))
    for start in range(0, len(seeds), AT_A_TIME):
        if start and time.monotonic() - began > options.seconds:
            break
        folder = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-fuzz-")) if not options.keep else options.keep / str(seeds[start])
        folder.mkdir(parents=True, exist_ok=True)
        try:
            for verdict in run(seeds[start:start + AT_A_TIME], folder):
                counts[verdict.word] += 1
                if verdict.word == "wrong" or options.verbose:
                    print(verdict, flush=True)
                if verdict.word == "wrong":
                    wrong.append(verdict.case.seed)
        finally:
            if not options.keep:
                shutil.rmtree(folder, ignore_errors=True)
    total = sum(counts.values())
    print(f"{total - len(wrong)} of {total} are in step and whole, or failed or warned of it: {counts['exact']} exact, "
          f"{counts['warned']} warned, {counts['failed']} failed, {len(wrong)} wrong")
    for seed in wrong:
        print(f"again: Tests/Fuzz/fuzz.py --seed {seed} --count 1 --keep FOLDER --verbose")
    if not total:
        print("error: there was no case to judge", file=sys.stderr)
    return 1 if wrong or not total else 0


if __name__ == "__main__":
    sys.exit(main())
