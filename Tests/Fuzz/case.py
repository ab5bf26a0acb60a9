"""What one seed stands for: a source of flashes and beeps at known times, and how its clock is bent."""

import dataclasses
import random
from fractions import Fraction

RATES = ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60", "8", "10", "12", "12.5", "15", "20", "48"]
# ISO/IEC 13818-2 knows no others.
MPEG2_RATES = ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60"]

# Containers with the pictures and sounds that are put into them.
CONTAINERS = {
    "mkv": (["h264", "h264-b", "mpeg4"], ["aac", "pcm", "opus", "mp3"]),
    "mp4": (["h264", "h264-b", "hevc"], ["aac"]),
    "mov": (["h264", "h264-b", "mjpeg"], ["aac", "pcm"]),
    "ts": (["h264", "h264-b", "mpeg2"], ["aac", "mp2", "ac3"]),
    "mpg": (["mpeg2"], ["mp2", "ac3"]),
    "avi": (["mpeg4", "mpeg4-b", "mjpeg"], ["pcm", "mp3", "ac3"]),
    "flv": (["h264", "h264-b", "flv1"], ["aac", "mp3"]),
    "webm": (["vp8"], ["opus", "vorbis"]),
}
# What bends the clock, with the containers that can hold it.
BENDS = {
    "plain": list(CONTAINERS),
    "jitter": ["mkv", "mp4", "mov", "flv", "webm", "ts"],
    # Nothing goes missing in a program stream: it times one of several pictures that small, and nobody could tell which it was.
    "drops": ["mkv", "mp4", "mov", "ts", "avi", "flv", "webm"],
    "gap": ["mkv", "mp4", "mov", "ts", "avi", "flv", "webm"],
    "hold": list(CONTAINERS),
    "late sound": ["mkv", "mp4", "mov", "ts", "flv", "webm", "mpg"],
    "late picture": ["mkv", "mp4", "mov", "ts", "flv", "webm", "mpg"],
    "sound gap": ["mkv", "ts", "flv", "webm"],
    "offset clock": ["ts", "mkv", "mpg"],
    "early clock": ["ts"],
    "cut copy": ["mp4", "mov"],
    "mixed": ["mkv", "mp4", "mov", "ts", "flv", "webm"],
    "no times": ["avi"],
    "restart": ["ts", "mpg"],
    "jump": ["ts"],
}


@dataclasses.dataclass
class Part:
    """A recording. Marks are frames at which a flash begins and, at that frame's time, a beep."""

    frames: int
    marks: list
    dropped: set = dataclasses.field(default_factory=set)
    # Frames of the picture from the end on that are not there while sound goes on.
    held: int = 0
    # Seconds by which the first sound, or the first picture, comes later.
    late_sound: float = 0
    late_picture: float = 0
    # Where sound is missing, in seconds.
    silence: tuple = (0, 0)
    # Of a frame.
    jitter: float = 0
    clock: float = 0


@dataclasses.dataclass
class Case:
    seed: int
    bend: str
    container: str
    picture: str
    sound: str
    rate: str
    parts: list

    @property
    def frame(self):
        return float(1 / Fraction(self.rate))

    def __str__(self):
        return f"seed {self.seed}: {self.bend}, {self.container}, {self.picture} at {self.rate}, {self.sound}"


# Seconds that a flash and a beep last: a flash at least two frames, so that one may be dropped.
LENGTH = 0.1


def flash_frames(rate):
    return max(2, round(LENGTH * Fraction(rate)))


def case(seed):
    random_ = random.Random(seed)
    bend = random_.choice(list(BENDS))
    container = random_.choice(BENDS[bend])
    pictures, sounds = CONTAINERS[container]
    picture, sound = random_.choice(pictures), random_.choice(sounds)
    if bend == "no times":
        picture = "h264-b"
    if bend in ("jitter", "mixed") and picture == "mpeg2":
        # Its encoder takes no clock finer than its frame rates.
        picture = "h264"
    rate = random_.choice(MPEG2_RATES if picture == "mpeg2" else RATES)
    parts = [part(random_, bend, rate) for _ in range(2 if bend in ("restart", "jump") else 1)]
    if bend == "restart":
        parts[1].clock = random_.choice([0, 0, -1.2, 0.4])
    if bend == "jump":
        parts[1].clock = random_.choice([30, 3600, 20000])
    return Case(seed, bend, container, picture, sound, rate, parts)


def part(random_, bend, rate):
    per_second = Fraction(rate)
    # One in ten is long enough for a second chunk.
    frames = round((random_.uniform(6, 11) if random_.random() < 0.9 else random_.uniform(21, 25)) * per_second)
    # Sound and picture that come later, or were cut away, have their marks behind.
    first = 2.3 if bend in ("late sound", "late picture", "cut copy", "mixed") else 0.6
    marks, second = [], first + random_.uniform(0, 0.3)
    while second * per_second < frames - 3 * flash_frames(rate) - 2:
        marks.append(round(second * per_second))
        # No two distances are alike, so that a shift shows.
        second += random_.uniform(0.7, 1.7)
    made = Part(frames, marks)
    bright = {frame for mark in marks for frame in range(mark - 1, mark + flash_frames(rate) + 1)}
    if bend in ("jitter", "mixed"):
        made.jitter = random_.uniform(0.02, 0.4)
    if bend in ("drops", "mixed"):
        # Also the second frame of a flash, but never its first: then its time would be another.
        starts = {frame for mark in marks for frame in (mark, mark + flash_frames(rate))}
        share = random_.uniform(0.01, 0.2)
        made.dropped = {n for n in range(1, frames - 1) if n not in starts and random_.random() < share}
    if bend == "gap":
        length = round(random_.uniform(0.2, 4.5) * per_second)
        start = random_.randrange(2, max(3, frames - length - 2))
        made.dropped = {n for n in range(start, start + length) if n not in bright}
    elif bend == "hold":
        made.held = round(random_.uniform(0.3, 5) * per_second)
        made.held = min(made.held, frames - marks[0] - 2 * flash_frames(rate))
    elif bend == "late sound" or bend == "mixed" and random_.random() < 0.5:
        made.late_sound = random_.uniform(0.05, 2)
    elif bend == "late picture":
        made.late_picture = random_.uniform(0.05, 0.9)
    elif bend == "sound gap":
        quiet = [(a, b) for a, b in zip(marks, marks[1:]) if (b - a) / per_second > 0.8]
        if quiet:
            before, after = random_.choice(quiet)
            made.silence = (float(before / per_second) + 0.25, float(after / per_second) - 0.15)
    elif bend == "offset clock":
        made.clock = random_.choice([0.7, 9.7, 3600.123])
    elif bend == "early clock":
        made.clock = -random_.uniform(0.1, 0.6)
    elif bend == "cut copy":
        made.clock = random_.uniform(0.3, 1.6)
    return made
