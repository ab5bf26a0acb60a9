"""What must become of each file of the folder `faults` of real and made clips: one row for each judgement.

A row says how the run ends and what stands in the package then; it is judged by ffmpeg and ffprobe alone: lengths and counts from the
decoded package, light against sound from its pixels and samples.
"""

import array
import dataclasses
import math
import pathlib
import re
import tempfile

import programs
from batch import Batch
from test_sync import RESOLUTION, onsets_of_light, onsets_of_sound

# One rung that takes every source at its own size and rate.
PRESET = """\
version: 1
segment_seconds: 4
gop_seconds: 2
chunk_seconds: 20
video:
  codec: h264
  speed: ultrafast
  crf: 26
  rungs:
    - { name: whole, width: 3840, height: 2160, max_rate: 20000k, buffer_size: 20000k }
audio:
  - { codec: aac, bit_rate: 128k }
images: none
"""


@dataclasses.dataclass
class Right:
    """What is right for one file. What a row leaves out is not judged, but the exit status and that ffmpeg decodes all without a word."""

    file: str
    # Of the media folder; left out: the file itself is the source.
    source: str = ""
    # Other keys of the title; the word FILE in them becomes the path of the file.
    keys: dict = dataclasses.field(default_factory=dict)
    # The name of a built-in preset, or FILE.
    preset: str = ""
    # The run's exit status.
    status: int = 0
    # Where a failed title is right as well: words that its reason must hold.
    or_fails: str = ""
    # Length of picture and of sound alike, within a frame of either or `within` seconds.
    seconds: float = 0
    within: float = 0.05
    frames: int = 0
    # As ffprobe writes it: 24000/1001.
    rate: str = ""
    size: str = ""
    # How many audio tracks.
    audio: int | None = None
    # Flashes with a beep each, and at most a frame between them.
    beeps: int = 0
    # Regular expressions that plan, run or the package's warnings must hold.
    says: tuple = ()
    # Regular expressions that none of them may hold.
    silent: tuple = ()
    # Regular expressions that the published subtitles must hold.
    cues: tuple = ()
    # A judgement of its own: gets the package and returns a complaint or "".
    also: object = None
    # Tells rows of one file apart.
    name: str = ""

    @property
    def label(self):
        return f"{self.file} {self.name}".strip()


ROWS = [
    # Times of the picture.
    Right("h264_copy.avi", seconds=6.0, frames=150, rate="25/1"),
    Right("xvid_drop_some.avi", seconds=6.0, frames=150, rate="25/1", says=("135 pictures",)),
    Right("avi_gaps264.avi", seconds=10.0, frames=250, rate="25/1", beeps=10),
    Right("gap_two_au.ts", seconds=6.0, frames=150, rate="25/1"),
    Right("softa.vob", seconds=10.0, rate="24000/1001"),
    Right("hold20.mp4", seconds=25.0, frames=250, rate="10/1", says=("stands for 20.000 s",)),
    Right("sse2.mp4", seconds=40.0, frames=400, rate="10/1", says=("stands for 35.100 s",)),
    Right("still_stts30.mp4", seconds=30.0),
    Right("sse.mkv", seconds=40.0, frames=400, rate="10/1", says=("stands for 35.1", "audio goes on")),
    Right("sse.mkv", name="cut", keys={"tail": "cut"}, seconds=5.0, rate="10/1", says=("tail: cut",)),
    Right("phone30_jit1ms_drop.mkv", frames=301, rate="30/1", silent=("not shown",)),
    Right("obs60_16_16_18.mkv", frames=601, rate="60/1", silent=("not shown",)),
    Right("fps_1_2.mp4", seconds=8.0, frames=8, rate="1/1"),
    Right("slides_5s.mp4", seconds=50.0, frames=50, rate="1/1"),
    # What a source is.
    Right("sub_longer_mkvmerge.mkv", seconds=6.02, frames=150, rate="25/1", silent=("cut short",)),
    Right("two_video_len.mkv", seconds=4.02, rate="25/1", size="640x360", silent=("cut short",)),
    Right("mpts.ts", seconds=4.0, size="640x360", audio=1, says=("program 2",)),
    Right("mpts.ts", name="program 2", keys={"program": 2}, seconds=4.0, size="320x180", audio=1, says=("program 1",)),
    Right("reschange_up.webm", seconds=8.0, frames=200, size="1280x720", says=("320x180",)),
    Right("brokensps.mp4", seconds=6.1, within=0.1, frames=92, rate="15/1", size="192x144", silent=("damage",)),
    Right("hls_joined.ts", seconds=8.0, frames=200, size="1920x1080"),
    Right("asp_169.mkv", preset="h264-fast", seconds=3.0, frames=75, size="960x540"),
    Right("asp_169.mp4", preset="h264-fast", seconds=3.0, frames=75, size="960x540"),
    Right("g_monob_png.mov", seconds=1.0, frames=25, size="640x360"),
    Right("midgop.ts", beeps=8, says=("first whole picture",)),
    Right("seg4.yaml", source="content/croatia_1080p25_8s.mp4", preset="FILE", seconds=8.0, frames=200, size="640x360"),
    # Subtitles.
    Right(
        "blank_before_text.srt", source="faults/h264_copy.avi", keys={"subtitles": [{"file": "FILE", "language": "en"}]}, seconds=6.0,
        cues=(r"00:01\.000 --> 00:00:02\.000\s+Hello\s", r"00:03\.000 --> 00:00:04\.000\s+World"), says=("empty line",)),
    Right(
        "blank_in_cue.srt", source="faults/h264_copy.avi", keys={"subtitles": [{"file": "FILE", "language": "en"}]}, seconds=6.0,
        cues=(r"00:01\.000 --> 00:00:02\.000\s+Hello\nthere\s", r"00:03\.000 --> 00:00:04\.000\s+World"), says=("empty line",)),
    Right(
        "cp1251.srt", source="faults/h264_copy.avi", keys={"subtitles": [{"file": "FILE", "language": "ru"}]}, seconds=6.0,
        cues=(r"Привет, мир",), says=("windows-1251, which is a guess",)),
    Right(
        "cp1251.srt", name="named", source="faults/h264_copy.avi", seconds=6.0, cues=(r"Привет, мир",), silent=("a guess",),
        keys={"subtitles": [{"file": "FILE", "language": "en", "encoding": "windows-1251"}]}),
    Right("joined2.ts", seconds=6.04, frames=151, says=("the clock jumps at 3",)),
    Right("jump.ts", seconds=6.04, frames=151, says=("the clock jumps at 3",)),
    Right("late1800.mkv", seconds=7200.0),
    Right("gap5400.mkv", seconds=7200.0, says=("gaps of 5370",)),
    Right("m51back.mkv", seconds=6.0, also=lambda package: levels_of_mixdown(package, 0)),
    Right("m51back.mkv", name="3 dB down", keys={"mixdown_gain": -3}, seconds=6.0, also=lambda package: levels_of_mixdown(package, -3)),
    Right("telecine_hard.mpg", keys={"telecine": "undo"}, seconds=4.0, rate="24000/1001"),
]


def rows_of(file):
    return [row for row in ROWS if row.file == file]


def judge(row, media, folder):
    """Runs one row as a batch of its own.

    Returns: "done" or "refused", and "", or what is wrong.
    """
    batch, result = run(row, media, folder)
    said = words(batch, result)
    if result.returncode != row.status:
        if row.or_fails and result.returncode == 1 and re.search(row.or_fails, said):
            return "refused", ""
        return "", f"exit status {result.returncode}, not {row.status}: {reason(result)}"
    wrong = [f"nothing says '{text}'" for text in row.says if not re.search(text, said)]
    wrong += [f"something says '{text}'" for text in row.silent if re.search(text, said)]
    if row.status:
        return "refused", "; ".join(wrong + ([] if not batch.packages() else ["failed, and published all the same"]))
    if "clip" not in batch.packages():
        return "", "exit status 0, and nothing is published"
    return "done", "; ".join(wrong + faults(row, batch.package("clip")))


def run(row, media, folder):
    file = media / "faults" / row.file
    batch = Batch(folder)
    batch.write("presets/whole.yaml", PRESET)
    source = media / row.source if row.source else file
    keys = replaced(row.keys, str(file))
    batch.describe({"clip": {"source": str(source), **keys}}, preset=replaced(row.preset, str(file)) or "whole")
    return batch, programs.reelmill("run", batch.manifest, "--work", batch.work)


def replaced(value, file):
    if isinstance(value, dict):
        return {key: replaced(part, file) for key, part in value.items()}
    if isinstance(value, list):
        return [replaced(part, file) for part in value]
    return file if value == "FILE" else value


def words(batch, result):
    """All that was said to a person: by the run, the plan and the package."""
    plan = programs.reelmill("plan", batch.manifest, "--work", batch.work)
    warnings = [warning for package in batch.packages().values() for warning in package.facts["warnings"]]
    return "\n".join([result.stderr, result.stdout, plan.stderr, plan.stdout, *warnings])


def reason(result):
    lines = [line.strip() for line in result.stderr.splitlines() if line.strip()]
    return next((line for line in lines if re.search("error|fail", line, re.IGNORECASE)), lines[-1] if lines else "not a word")


def faults(row, package):
    """Everything that is wrong with a published package."""
    found = []
    for path in [*package.playlists, package.folder / "manifest.mpd"]:
        complaints, _ = programs.decode(path)
        if complaints:
            found.append(f"{path.relative_to(package.folder)}: {complaints.splitlines()[0]}")
    pictures = [package.folder / rendition["path"] / "media.m3u8" for rendition in package.facts["renditions"]]
    sounds = [package.folder / track["path"] / "media.m3u8" for track in package.facts["audio"]]
    if pictures:
        found += faults_of_picture(row, pictures[0])
    if row.audio is not None and len(sounds) != row.audio:
        found.append(f"{len(sounds)} audio tracks, not {row.audio}")
    if row.seconds:
        for path in [*pictures, *sounds]:
            length = length_of(path)
            if abs(length - row.seconds) > row.within:
                found.append(f"{path.parent.name} lasts {length:.3f} s, not {row.seconds}")
    if row.beeps:
        found += faults_of_sync(row, pictures[0], sounds[0])
    if row.cues:
        text = "\n".join(path.read_text() for path in sorted(package.folder.glob("text/*/*.vtt")))
        found += [f"no subtitle says '{cue}'" for cue in row.cues if not re.search(cue, text)]
    if row.also:
        found += [complaint for complaint in [row.also(package)] if complaint]
    return found


def faults_of_picture(row, path):
    stream = programs.ffprobe(path, "-select_streams", "v", "-show_streams")["streams"][0]
    _, frames = programs.decode(path)
    size = f"{stream['width']}x{stream['height']}"
    checks = [(row.frames, frames, "frames"), (row.size, size, "pixels"), (row.rate, stream["r_frame_rate"], "frames a second")]
    return [f"{found} {what}, not {right}" for right, found, what in checks if right and right != found]


def faults_of_sync(row, picture, sound):
    stream = programs.ffprobe(picture, "-select_streams", "v", "-show_streams")["streams"][0]
    rate = [int(part) for part in stream["r_frame_rate"].split("/")]
    frame = rate[1] / rate[0]
    flashes, beeps = onsets_of_light(picture), onsets_of_sound(sound)
    if len(flashes) < row.beeps or len(beeps) < row.beeps:
        return [f"{len(flashes)} flashes and {len(beeps)} beeps, not {row.beeps}"]
    # Only a flash before the first beep, or one after the last, may have no partner; and the other way round.
    apart = [nearest(flash, beeps) for flash in flashes if beeps[0] - 0.5 < flash < beeps[-1] + 0.5]
    apart += [nearest(beep, flashes) for beep in beeps if flashes[0] - 0.5 < beep < flashes[-1] + 0.5]
    worst = max(apart)
    return [f"flash and beep are up to {1000 * worst:.0f} ms apart"] if worst > frame + RESOLUTION else []


def nearest(time, times):
    return min(abs(time - other) for other in times)


def length_of(path):
    """From the first packet to the end of the last, in seconds."""
    packets = programs.ffprobe(path, "-show_entries", "packet=pts_time,duration_time")["packets"]
    times = [(float(packet["pts_time"]), float(packet.get("duration_time", 0))) for packet in packets if "pts_time" in packet]
    return max(start + length for start, length in times) - min(start for start, _ in times)


def files_in(media):
    folder = pathlib.Path(media) / "faults"
    return sorted(path.name for path in folder.iterdir() if path.is_file() and path.name != "INDEX.md") if folder.is_dir() else []


def levels_of_mixdown(package, decibels):
    """The clip has a tone in each channel of 5.1, a quarter of full scale: its level in left and right, by ITU-R BS.775 and a gain."""
    tones = {350: (0, None), 500: (None, 0), 650: (-3, -3), 800: (None, None), 950: (-3, None), 1100: (None, -3)}
    path = package.folder / package.facts["audio"][0]["path"] / "media.m3u8"
    with tempfile.TemporaryDirectory() as folder:
        raw = pathlib.Path(folder) / "decoded.f32"
        programs.ffmpeg("-i", path, "-ss", "2", "-t", "1", "-ac", "2", "-f", "f32le", raw)
        samples = array.array("f", raw.read_bytes())
    for side, name in enumerate(("left", "right")):
        channel = samples[side::2]
        for tone, right in tones.items():
            wave = [2 * math.pi * tone * place / 48000 for place in range(len(channel))]
            level = 2 / len(channel) * math.hypot(
                sum(value * math.sin(turn) for value, turn in zip(channel, wave)), sum(value * math.cos(turn) for value, turn in zip(channel, wave)))
            found = 20 * math.log10(max(level, 1e-9) / 0.25)
            if (found > -40) if right[side] is None else abs(found - right[side] - decibels) > 0.5:
                return f"{tone} Hz is at {found:.1f} dB in the {name} channel"
    return ""
