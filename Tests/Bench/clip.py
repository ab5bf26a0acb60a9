"""The source of the benchmark, and the pieces that the bare encodes are fed with."""

import subprocess
import sys

LEAST_SECONDS = 60


def prepare(*arguments):
    """An ffmpeg command that nobody's account is charged for."""
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True)


def probe(path, stream, entry):
    select = ["-select_streams", stream] if stream else []
    return subprocess.run(
        ["ffprobe", "-v", "error", *select, "-show_entries", entry, "-of", "csv=p=0", str(path)],
        check=True, capture_output=True, text=True).stdout.split()[0].strip(",")


class Clip:
    """A piece that is repeated until it lasts long enough, so that raw frames are kept of one round alone."""

    def __init__(self, piece, folder, least=LEAST_SECONDS, name="source"):
        self.piece = piece
        self.frame_rate = probe(piece, "v:0", "stream=r_frame_rate")
        self.height = int(probe(piece, "v:0", "stream=height"))
        length = float(probe(piece, None, "format=duration"))
        self.rounds = max(1, -(-least // length).__int__())
        self.seconds = length * self.rounds
        self.whole = piece
        if self.rounds > 1:
            self.whole = folder / f"{name}.mp4"
            prepare("-stream_loop", self.rounds - 1, "-i", piece, "-map", "0:v:0", "-map", "0:a:0", "-c", "copy", self.whole)

    def gop(self, seconds):
        rate, _, base = self.frame_rate.partition("/")
        return round(seconds * int(rate) / int(base or 1))


def find_piece(media, named, folder):
    """The clip that was named, or a real one where there is one, or one of moving patterns."""
    if named:
        return named
    # A person who speaks to a camera: ordinary work for an encoder.
    real = media / "content" / "talking_head_a_720p30.mp4"
    if real.is_file():
        return real
    print(f"bench: there is no {real}; a clip of moving patterns with noise and cuts is made instead", file=sys.stderr)
    piece = folder / "piece.mp4"
    shots = ["testsrc2=s=1280x720:r=30:d=5", "mandelbrot=s=1280x720:r=30:end_scale=0.001,trim=duration=5", "rgbtestsrc=s=1280x720:r=30:d=5,hue=H=t"]
    chains = "".join(f"{shot},setpts=PTS-STARTPTS,format=yuv420p[s{number}];" for number, shot in enumerate(shots))
    prepare(
        "-f", "lavfi", "-i", "anoisesrc=color=pink:sample_rate=48000:duration=15:seed=1",
        "-filter_complex", chains + "[s0][s1][s2]concat=n=3,noise=alls=12:allf=t:all_seed=1[v]", "-map", "[v]", "-map", "0:a",
        "-c:v", "libx264", "-preset", "fast", "-crf", "18", "-c:a", "aac", "-b:a", "128k", piece)
    return piece
