#!/usr/bin/env python3
"""Reelmill beside one ffmpeg command that makes the same ladder, and beside the floor: the encodes alone.

The floor is each rung encoded by x264 on one thread from raw frames that were scaled beforehand, plus one single-threaded decode of the
source, plus the bare encode of the sound. Nobody can do the same work with less; thumbnails are off in all three. The three run one after
another in every round, so that a ratio compares runs under the same weather; the medians of the rounds are printed.
"""

import argparse
import os
import pathlib
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile

from usage import Usage, measure

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Name, width, height, cap in kb/s; the buffer is one second of the cap.
LADDER = [("1080p", 1920, 1080, 6000), ("720p", 1280, 720, 3000), ("480p", 854, 480, 1400), ("360p", 640, 360, 800)]
SMALLER = [("720p", 1280, 720, 3000), ("540p", 960, 540, 1800), ("432p", 768, 432, 1100), ("360p", 640, 360, 800)]
LEAST_SECONDS = 60
CRF = 23
GOP_SECONDS = 2


class Clip:
    """The source: a piece that is repeated until it lasts long enough, so that raw frames are kept of one round alone."""

    def __init__(self, piece, folder):
        self.piece = piece
        self.frame_rate = probe(piece, "v:0", "stream=r_frame_rate")
        self.height = int(probe(piece, "v:0", "stream=height"))
        length = float(probe(piece, None, "format=duration"))
        self.rounds = max(1, -(-LEAST_SECONDS // length).__int__())
        self.seconds = length * self.rounds
        self.whole = piece
        if self.rounds > 1:
            self.whole = folder / "source.mp4"
            prepare("-stream_loop", self.rounds - 1, "-i", piece, "-map", "0:v:0", "-map", "0:a:0", "-c", "copy", self.whole)

    @property
    def gop(self):
        rate, _, base = self.frame_rate.partition("/")
        return round(GOP_SECONDS * int(rate) / int(base or 1))


def probe(path, stream, entry):
    select = ["-select_streams", stream] if stream else []
    return subprocess.run(
        ["ffprobe", "-v", "error", *select, "-show_entries", entry, "-of", "csv=p=0", str(path)],
        check=True, capture_output=True, text=True).stdout.split()[0].strip(",")


def prepare(*arguments):
    """An ffmpeg command that nobody's account is charged for."""
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True)


def choose_clip(media, named, folder):
    if named:
        return Clip(named, folder)
    real = media / "content" / "bbb_1080p30_13s.mp4"
    if real.is_file():
        return Clip(real, folder)
    print(f"bench: there is no {real}; a clip of moving patterns with noise and cuts is made instead", file=sys.stderr)
    piece = folder / "piece.mp4"
    shots = ["testsrc2=s=1280x720:r=30:d=5", "mandelbrot=s=1280x720:r=30:end_scale=0.001,trim=duration=5", "rgbtestsrc=s=1280x720:r=30:d=5,hue=H=t"]
    chains = "".join(f"{shot},setpts=PTS-STARTPTS,format=yuv420p[s{number}];" for number, shot in enumerate(shots))
    prepare(
        "-f", "lavfi", "-i", "anoisesrc=color=pink:sample_rate=48000:duration=15:seed=1",
        "-filter_complex", chains + "[s0][s1][s2]concat=n=3,noise=alls=12:allf=t:all_seed=1[v]", "-map", "[v]", "-map", "0:a",
        "-c:v", "libx264", "-preset", "fast", "-crf", "18", "-c:a", "aac", "-b:a", "128k", piece)
    return Clip(piece, folder)


def x264(speed, gop, cap):
    """Settings of one rung, the same for all three."""
    params = f"keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0:vbv-init=0.5:stitchable=1"
    return ["-c:v", "libx264", "-preset", speed, "-profile:v", "high", "-crf", CRF, "-maxrate", f"{cap}k", "-bufsize", f"{cap}k", "-x264-params", params]


def preset_text(ladder, speed):
    rungs = "\n".join(
        f"    - {{ name: {name}, width: {width}, height: {height}, max_rate: {cap}k, buffer_size: {cap}k }}" for name, width, height, cap in ladder)
    return (
        f"version: 1\ngop_seconds: {GOP_SECONDS}\nvideo:\n  codec: h264\n  speed: {speed}\n  profile: high\n  crf: {CRF}\n  rungs:\n{rungs}\n"
        "audio:\n  - { codec: aac, bit_rate: 128k }\nimages: none\n")


class Contest:
    def __init__(self, clip, folder, options):
        self.clip, self.folder, self.options = clip, folder, options
        self.ladder = LADDER if clip.height >= 1080 else SMALLER
        self.shown = set()
        self.raw = [folder / f"{name}.yuv" for name, *_ in self.ladder]
        self.sound = folder / "sound.wav"

    def prepare(self):
        for (_, width, height, _), raw in zip(self.ladder, self.raw):
            prepare("-i", self.clip.piece, "-map", "0:v:0", "-vf", f"scale={width}:{height}:flags=lanczos,format=yuv420p", "-f", "rawvideo", raw)
        prepare("-i", self.clip.whole, "-map", "0:a:0", "-ar", "48000", "-ac", "2", self.sound)

    def measured(self, command):
        key = tuple(str(part) for part in command)
        if self.options.verbose and key not in self.shown:
            print(shlex.join(key))
            self.shown.add(key)
        return measure(command, self.folder)

    def reelmill(self):
        batch = self.folder / "batch"
        shutil.rmtree(batch, ignore_errors=True)
        batch.mkdir()
        (batch / "preset.yaml").write_text(preset_text(self.ladder, self.options.speed))
        (batch / "manifest.yaml").write_text(
            "version: 1\ncatalog: sqlite:./catalog.sqlite\npublish: file:./store\n"
            f"titles:\n  - {{ id: clip, source: '{self.clip.whole}', preset: ./preset.yaml }}\n")
        used = self.measured([self.options.reelmill, "run", batch / "manifest.yaml", "--work", batch / "work", "--quiet"])
        made = sorted(batch.glob("store/clip/*/video/*/init.mp4"))
        if len(made) != len(self.ladder):
            raise SystemExit(f"reelmill made {len(made)} renditions, not {len(self.ladder)}")
        return used, size_of(batch.glob("store/clip/*/*/*/*.m4s"))

    def ffmpeg(self):
        out = self.folder / "ffmpeg"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        count = len(self.ladder)
        graph = f"[0:v]split={count}" + "".join(f"[i{number}]" for number in range(count))
        for number, (_, width, height, _) in enumerate(self.ladder):
            graph += f";[i{number}]scale={width}:{height}:flags=lanczos[o{number}]"
        command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", self.clip.whole, "-filter_complex", graph]
        for number, (name, _, _, cap) in enumerate(self.ladder):
            command += ["-map", f"[o{number}]", *x264(self.options.speed, self.clip.gop, cap), out / f"{name}.mp4"]
        command += ["-map", "0:a:0", "-c:a", "aac", "-b:a", "128k", "-ac", "2", out / "sound.mp4"]
        return self.measured(command), size_of(out.iterdir())

    def floor(self):
        loop = ["-stream_loop", self.clip.rounds - 1]
        total, start = Usage(), ["ffmpeg", "-nostdin", "-v", "error", "-y"]
        out = self.folder / "floor.h264"
        size = 0
        for (_, width, height, cap), raw in zip(self.ladder, self.raw):
            source = ["-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", f"{width}x{height}", "-framerate", self.clip.frame_rate]
            encode = [*x264(self.options.speed, self.clip.gop, cap), "-threads", "1", "-f", "h264", out]
            total += self.measured([*start, *source, *loop, "-i", raw, *encode])
            size += out.stat().st_size
        total += self.measured([*start, "-threads", "1", "-i", self.clip.whole, "-map", "0:v:0", "-f", "null", "-"])
        out = self.folder / "floor.mp4"
        total += self.measured([*start, "-i", self.sound, "-c:a", "aac", "-b:a", "128k", out])
        return total, size + out.stat().st_size


def size_of(paths):
    return sum(path.stat().st_size for path in paths)


def report(rounds, clip, ladder, options):
    names = ["reelmill", "ffmpeg", "floor"]
    sizes = " ".join(f"{width}x{height}" for _, width, height, _ in ladder)
    print(f"\n{clip.seconds:.0f} s at {clip.frame_rate} frames/s to {sizes}, x264 {options.speed} CRF {CRF}, AAC; {os.cpu_count()} cores; "
          f"median of {len(rounds)} paired runs\n")
    ratio = {
        "CPU, reelmill / floor (aim: at most 1.10)": [r["reelmill"][0].cpu / r["floor"][0].cpu for r in rounds],
        "CPU, reelmill / ffmpeg": [r["reelmill"][0].cpu / r["ffmpeg"][0].cpu for r in rounds],
        "wall, reelmill / ffmpeg (aim: at most 1.00)": [r["reelmill"][0].wall / r["ffmpeg"][0].wall for r in rounds],
        "peak memory, reelmill / ffmpeg": [r["reelmill"][0].memory / r["ffmpeg"][0].memory for r in rounds],
        "bytes, reelmill / ffmpeg": [r["reelmill"][1] / r["ffmpeg"][1] for r in rounds],
    }
    for name, values in ratio.items():
        print(f"  {name:46}{statistics.median(values):6.3f}   ({min(values):.3f} to {max(values):.3f})")
    print(f"\n  {'':10}{'CPU s':>10}{'wall s':>10}{'peak MB':>10}{'MB made':>10}")
    for name in names:
        used = [r[name][0] for r in rounds]
        made = statistics.median(r[name][1] for r in rounds) / 1e6
        print(f"  {name:10}{statistics.median(u.cpu for u in used):10.1f}{statistics.median(u.wall for u in used):10.1f}"
              f"{statistics.median(u.memory for u in used) / 1e6:10.0f}{made:10.1f}")
    print("\n  The floor's commands run one after another on one thread: its wall time is their sum, its memory the largest of them.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="paired runs (5)")
    parser.add_argument("--media", type=pathlib.Path, default=ROOT.parent / "shared" / "media", help="a folder with content/ of real clips")
    parser.add_argument("--clip", type=pathlib.Path, help="a source of your own, with sound, of 720p or more")
    parser.add_argument("--speed", default="veryfast", help="x264's preset (veryfast, where all but the encoding weighs most)")
    parser.add_argument("--reelmill", type=pathlib.Path, default=ROOT / ".build" / "release" / "reelmill")
    parser.add_argument("--verbose", action="store_true", help="print every command that is measured")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reelmill-bench-") as name:
        folder = pathlib.Path(name)
        clip = choose_clip(options.media, options.clip, folder)
        contest = Contest(clip, folder, options)
        contest.prepare()
        rounds = []
        for number in range(1, options.runs + 1):
            rounds.append({"reelmill": contest.reelmill(), "ffmpeg": contest.ffmpeg(), "floor": contest.floor()})
            used = {name: result[0] for name, result in rounds[-1].items()}
            print(f"run {number}: " + ", ".join(f"{name} {u.cpu:.1f} s CPU, {u.wall:.1f} s wall" for name, u in used.items()), flush=True)
        report(rounds, clip, contest.ladder, options)


if __name__ == "__main__":
    main()
