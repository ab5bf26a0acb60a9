"""Holds what came out of a case against what was put in."""

import dataclasses
import pathlib
import sys
from fractions import Fraction

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Judges"))

import media  # noqa: E402
from flashes import onsets_of_light, onsets_of_sound  # noqa: E402

# Seconds: what is heard before a beep by the sound's own codec, which no container tells (MP3's and AC-3's delay, a window's overlap).
CODEC = {"mp3": 0.055, "ac3": 0.010, "mp2": 0.020, "aac": 0.025, "vorbis": 0.010}
HEARING = 0.010


@dataclasses.dataclass
class Verdict:
    case: object
    # exact, warned, failed, or wrong
    word: str
    detail: str = ""

    def __str__(self):
        return f"{self.word:6} {self.case}{': ' + self.detail if self.detail else ''}"


def judge(case, package, reason):
    """`package`: what was published, or None with the reason of the title's failure."""
    if package is None:
        return Verdict(case, "failed", reason)
    faults = wrongs(case, package)
    warnings = package.facts["warnings"]
    if not faults:
        return Verdict(case, "exact", "; ".join(warnings))
    if warnings:
        return Verdict(case, "warned", f"{faults[0]} ({'; '.join(warnings)})")
    return Verdict(case, "wrong", "; ".join(faults))


def wrongs(case, package):
    flashes, beeps = onsets_of_light(package.folder / "index.m3u8"), onsets_of_sound(package.folder / "index.m3u8")
    shown, heard, start = [], [], 0.0
    for part in case.parts:
        shown += [start + time for time in media.flash_times(case, part)]
        heard += [start + time for time in media.beep_times(case, part)]
        start += part.frames * case.frame
    faults = []
    if len(flashes) != len(shown):
        faults.append(f"{len(flashes)} flashes of {len(shown)}")
    if len(beeps) != len(heard):
        faults.append(f"{len(beeps)} beeps of {len(heard)}")
    if faults:
        return [f"{fault} ({rounded(flashes)} {rounded(beeps)}; source {rounded(shown)} {rounded(heard)})" for fault in faults[:1]]
    rate = Fraction(package.facts["video"]["frame_rate"])
    # A few jittered pictures fit rates half a percent off; beyond a quarter of a frame, one may be chosen that shows each nearer to its time.
    if abs(float(rate) * case.frame - 1) > 0.006 and all(part.jitter < 0.25 for part in case.parts):
        faults.append(f"published at {rate} frames a second, made at {case.rate}")
    near = max(case.frame, float(1 / rate)) + HEARING + CODEC.get(case.sound, 0)
    # A mark that is both seen and heard: as far apart as in the source.
    for time in shown:
        if time in heard or any(abs(time - other) < 0.45 * case.frame for other in heard):
            partner = min(range(len(heard)), key=lambda number: abs(heard[number] - time))
            late = flashes[shown.index(time)] - beeps[partner] - (time - heard[partner])
            if abs(late) > near:
                faults.append(f"the picture is {1000 * late:+.0f} ms late at {flashes[shown.index(time)]:.2f} s")
    # Nothing between two marks is lost or stretched; where recordings are joined, a frame of sound or two may be.
    slack = near + (0.15 if len(case.parts) > 1 else 0.02)
    for name, out, put in (("picture", flashes, shown), ("sound", beeps, heard)):
        for number in range(1, len(put)):
            stretched = (out[number] - out[0]) - (put[number] - put[0])
            if abs(stretched) > slack:
                faults.append(f"the {name} is stretched by {1000 * stretched:+.0f} ms at {out[number]:.2f} s")
                break
    return faults


def rounded(times):
    return [round(time, 2) for time in times]
