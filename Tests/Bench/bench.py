#!/usr/bin/env python3
"""Reelmill beside one ffmpeg command, beside the floor, and beside other uploaders: one table, ratios first.

Thumbnails are off in all three that encode. Those that are compared run one after another in every round, so that a ratio compares runs
under the same weather; the medians of the rounds are printed.
"""

import argparse
import os
import pathlib
import statistics
import tempfile

import engine
import upload
from clip import Clip, find_piece
from contest import Contest
from ladder import Codec, rungs
from quality import Judge

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Table:
    """Rows of what was measured, printed as they come."""

    def row(self, name, value, low=None, high=None, aim=""):
        spread = f"({low:.3f} to {high:.3f})" if low is not None else ""
        print(f"  {name:58}{value:7.3f}  {spread:18}{aim}", flush=True)

    def rows(self, name, values, aim=""):
        self.row(name, statistics.median(values), min(values), max(values), aim)


def contest_rows(table, contest, runs, judge):
    rounds = []
    for number in range(1, runs + 1):
        rounds.append(contest.round())
        print(f"  run {number}: " + ", ".join(f"{name} {u.cpu:.1f} s CPU, {u.wall:.1f} s wall, {u.memory / 1e6:.0f} MB, {size / 1e6:.1f} MB made"
                                              for name, (u, size) in rounds[-1].items()), flush=True)

    def ratio(of, to, what):
        return [what(*r[of]) / what(*r[to]) for r in rounds]

    main = contest.codec.name == "h264" and len(contest.ladder) == 4
    table.rows("CPU, reelmill / floor", ratio("reelmill", "floor", lambda u, _: u.cpu), "aim: at most 1.05" if main else "")
    table.rows("CPU, reelmill / ffmpeg", ratio("reelmill", "ffmpeg", lambda u, _: u.cpu), "aim: at most 0.95" if main else "")
    table.rows("wall, reelmill / ffmpeg", ratio("reelmill", "ffmpeg", lambda u, _: u.wall), "aim: at most 1.00" if main else "")
    table.rows("peak memory, reelmill / ffmpeg", ratio("reelmill", "ffmpeg", lambda u, _: u.memory))
    table.rows("bytes, reelmill / ffmpeg", ratio("reelmill", "ffmpeg", lambda _, size: size))
    if judge:
        scores = contest.quality(judge)
        table.row(f"{judge.name}, reelmill - ffmpeg", scores["reelmill"] - scores["ffmpeg"])
        print(f"  {judge.name} of the ladder: " + ", ".join(f"{name} {value:.3f}" for name, value in scores.items()))
    print(f"  peak memory of a worker: {contest.batch.peak_of_a_worker / 1e6:.0f} MB")


def title(text):
    print(f"\n{text}", flush=True)


def encoding_rows(table, options, chosen, folder, cores):
    """All that is measured on a clip."""
    judge = Judge()
    piece = find_piece(options.media, options.clip, folder)
    clip, short = Clip(piece, folder), Clip(piece, folder, least=20, name="short")
    h264, hevc = Codec("h264", 23, options.speed), Codec("hevc", 26, options.speed)

    def contest(codec, count, source):
        ladder = rungs(count, source.height)
        title(f"{source.seconds:.0f} s at {source.frame_rate} frames/s, {codec.name} {codec.speed} CRF {codec.crf}, "
              f"{' '.join(rung.name for rung in ladder)}, AAC; {cores} cores")
        return Contest(options.reelmill, source, codec, ladder, folder, options.verbose)

    if "h264-4" in chosen:
        contest_rows(table, contest(h264, 4, clip), options.runs or 5, judge)
    for row, codec, count in (("h264-8", h264, 8), ("hevc-4", hevc, 4), ("hevc-8", hevc, 8)):
        if row in chosen:
            contest_rows(table, contest(codec, count, short), 1, judge)
    small = rungs(4, clip.height)[-2:]
    if set(chosen) & {"busy", "again", "resume"}:
        title(f"a batch of 11 titles of {clip.seconds:.0f} s, {' '.join(rung.name for rung in small)}")
        batch, whole, share, count = engine.busy(options.reelmill, clip, h264, small, folder, cores)
        table.row(f"cores busy while {count} passes are encoded", share, aim="aim: at least 0.95")
        if "again" in chosen:
            table.row("a second run with nothing changed / the first, wall", engine.again(batch, whole), aim="aim: under 0.01")
        if "resume" in chosen:
            table.row("a kill at half time and the rest / one run, CPU", engine.resumed(batch, whole), aim="aim: at most 1.10")
        batch.forget()
    if "memory" in chosen:
        title(f"ten minutes against one, {' '.join(rung.name for rung in small)}")
        ratio, peaks = engine.memory(options.reelmill, piece, h264, small, folder)
        table.row("peak memory, ten minutes / one", ratio, aim="aim: at most 1.10")
        print("  " + ", ".join(f"{minutes} min: {peak / 1e6:.0f} MB" for minutes, peak in peaks.items()))
    print("\nThe floor: each rung from prescaled raw frames on one thread, one single-threaded decode, the bare audio encode.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, help="paired runs of the first row (5) and of the uploads (3); the others take one")
    parser.add_argument("--media", type=pathlib.Path, default=ROOT.parent / "shared" / "media", help="a folder with content/ of real clips")
    parser.add_argument("--clip", type=pathlib.Path, help="a source of your own, with sound, of 720p or more")
    parser.add_argument("--speed", default="medium", help="the encoders' preset (medium, as in h264-standard)")
    parser.add_argument(
        "--rows", default="h264-4,h264-8,hevc-4,hevc-8,again,resume,busy,memory,upload", help="what to measure (all of it)")
    parser.add_argument("--reelmill", type=pathlib.Path, default=ROOT / ".build" / "release" / "reelmill")
    parser.add_argument("--verbose", action="store_true", help="print every command that is measured")
    options = parser.parse_args()
    chosen = options.rows.split(",")
    table, cores = Table(), len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="reelmill-bench-") as name:
        if set(chosen) - {"upload"}:
            encoding_rows(table, options, chosen, pathlib.Path(name), cores)
        if "upload" in chosen:
            upload.rows(table, title, options.reelmill.with_name("reelmill-upload"), options.runs or 3, pathlib.Path(name), cores)


if __name__ == "__main__":
    main()
