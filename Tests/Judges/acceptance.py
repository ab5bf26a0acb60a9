#!/usr/bin/env python3
"""Puts every real clip of a folder through `reelmill run` and judges what comes out.

`content/` must become titles that ffmpeg decodes without a word; `odd/` and `corrupt/` must end in such a title or in a clear reason, and
never in a crash or a hang; a title made of a corrupt source that ffmpeg itself cannot decode is wrong too. Every file of `faults/` must
end as the table in faults.py says. Prints a table and ends with 0 only if all is well. Nothing is judged, and the exit status is 1, where
anything of that is missing: a gate that had nothing to judge would be open.
"""

import argparse
import dataclasses
import os
import pathlib
import re
import sys
import tempfile
import time

os.environ.setdefault("REELMILL", str(pathlib.Path(__file__).resolve().parents[2] / ".build/release/reelmill"))
import faults  # noqa: E402
import programs  # noqa: E402
from batch import Batch  # noqa: E402

# Seconds for one title; more is a hang.
PATIENCE = 900
# Signals and internal errors: what a person can do nothing about.
CRASHES = re.compile(r"Fatal error|Segmentation|core dumped|AddressSanitizer|crashed|signal \d|Stack dump|internal error", re.IGNORECASE)


@dataclasses.dataclass
class Verdict:
    clip: str
    outcome: str  # done, refused, or WRONG
    seconds: float
    words: str

    @property
    def is_right(self):
        return self.outcome != "WRONG"


def clips(folder):
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


PARTS = ("content", "odd", "corrupt")


def missing(media):
    """What there should be to judge and is not, in words."""
    if not media.is_dir():
        yield f"there is no folder {media}; MEDIA=FOLDER names another"
        return
    for part in (*PARTS, "faults"):
        if not (faults.files_in(media) if part == "faults" else clips(media / part)):
            yield f"{media / part} holds no file"
    there = set(faults.files_in(media))
    known = {row.file for row in faults.ROWS}
    yield from (f"{media / 'faults' / file} is not there, and faults.py judges it" for file in sorted(known - there))
    sources = {row.source for row in faults.ROWS if row.source and not row.source.startswith("faults/")}
    yield from (f"{media / source} is not there, and faults.py needs it" for source in sorted(sources) if not (media / source).is_file())


def judge(clip, folder, must_be_done):
    """Runs one clip as a batch of its own, so that its time, exit status and words are its own too."""
    batch = Batch(folder).describe({"clip": clip}, preset="h264-fast")
    start = time.monotonic()
    try:
        result = programs.reelmill("run", batch.manifest, "--work", batch.work, timeout=PATIENCE)
    except programs.subprocess.TimeoutExpired:
        return Verdict(clip.name, "WRONG", time.monotonic() - start, f"not done after {PATIENCE} s")
    seconds = time.monotonic() - start
    outcome, words = weigh(batch, result, must_be_done)
    return Verdict(clip.name, outcome, seconds, words)


def judge_fault(row, media, folder):
    start = time.monotonic()
    try:
        outcome, wrong = faults.judge(row, media, folder)
    except (programs.subprocess.TimeoutExpired, AssertionError) as error:
        outcome, wrong = "", str(error).replace("\n", " ")
    return Verdict(row.label, "WRONG" if wrong else outcome, time.monotonic() - start, wrong)


def weigh(batch, result, must_be_done):
    if result.returncode == 0:
        complaints = decoded(batch)
        return ("WRONG", complaints) if complaints else ("done", ladder(batch))
    reasons = [line.strip() for line in result.stderr.splitlines() if line.strip()]
    said = next((line for line in reasons if re.search("error|fail", line, re.IGNORECASE)), reasons[-1] if reasons else "")
    if result.returncode != 1:
        return "WRONG", f"exit status {result.returncode}: {said}"
    if must_be_done:
        return "WRONG", said
    if not said or CRASHES.search(result.stderr):
        return "WRONG", f"no clear reason: {said}"
    if batch.packages() or (batch.catalog.exists() and batch.query("SELECT id FROM titles")):
        return "WRONG", f"failed, and published all the same: {said}"
    return "refused", said


def decoded(batch):
    """What ffmpeg has to say of the package; nothing, if it is right."""
    packages = batch.packages()
    if not packages:
        return "exit status 0, and nothing is published"
    package = packages["clip"]
    for path in [*package.playlists, package.folder / "manifest.mpd"]:
        complaints, frames = programs.decode(path)
        if complaints:
            return f"{path.relative_to(package.folder)}: {complaints.splitlines()[0]}"
        for rendition in package.facts["renditions"]:
            if path.parent.name == rendition["name"] and frames != rendition["frames"]:
                return f"{path.relative_to(package.folder)}: {frames} frames, not {rendition['frames']}"
    return ""


def ladder(batch):
    facts = batch.package("clip").facts
    pictures = " ".join(f"{rendition['width']}x{rendition['height']}" for rendition in facts["renditions"])
    return f"{pictures or 'no picture'}, {len(facts['audio'])} sound(s)" + (f", {len(facts['warnings'])} warning(s)" if facts["warnings"] else "")


def show(part, verdict):
    print(f"{verdict.outcome:8}{verdict.seconds:6.1f} s  {part}/{verdict.clip:40} {verdict.words}"[:240], flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--media", type=pathlib.Path, required=True, help="a folder with content/, odd/, corrupt/ and faults/")
    parser.add_argument("--only", help="a part of the names of the clips to try")
    options = parser.parse_args()
    media = options.media.resolve()
    lacks = list(missing(media))
    for words in lacks:
        print(f"acceptance: {words}", file=sys.stderr)
    if lacks:
        return 1
    verdicts = []
    for part in PARTS:
        for clip in clips(media / part):
            if options.only and options.only not in clip.name:
                continue
            with tempfile.TemporaryDirectory(prefix="reelmill-acceptance-") as folder:
                verdict = judge(clip, folder, must_be_done=part == "content")
            if part == "corrupt" and verdict.outcome == "done":
                complaints, _ = programs.decode(clip)
                if complaints:
                    verdict = dataclasses.replace(verdict, outcome="WRONG", words=f"done, but ffmpeg says: {complaints.splitlines()[0]}")
            verdicts.append(verdict)
            show(part, verdict)
    for file in faults.files_in(media):
        rows = faults.rows_of(file)
        for row in rows:
            if options.only and options.only not in row.label:
                continue
            with tempfile.TemporaryDirectory(prefix="reelmill-acceptance-") as folder:
                verdicts.append(judge_fault(row, media, folder))
            show("faults", verdicts[-1])
        if not rows and (not options.only or options.only in file):
            verdicts.append(Verdict(file, "WRONG", 0, "faults.py says nothing of it"))
            show("faults", verdicts[-1])
    if not verdicts:
        print(f"acceptance: nothing in {options.media} is called '{options.only}'", file=sys.stderr)
        return 1
    wrong = sum(not verdict.is_right for verdict in verdicts)
    done = sum(verdict.outcome == "done" for verdict in verdicts)
    print(f"acceptance: {len(verdicts)} clips in {sum(v.seconds for v in verdicts):.0f} s: {done} done, {len(verdicts) - done - wrong} refused, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
