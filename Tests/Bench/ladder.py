"""What is encoded: ladders, and the same settings in the words of ffmpeg and of a preset."""

import dataclasses

GOP_SECONDS = 2
SOUND = "128k"


@dataclasses.dataclass(frozen=True)
class Rung:
    name: str
    width: int
    height: int
    cap: int  # kb/s; the buffer is one second of it


# Sixteen to nine, each a size that a ladder might hold.
SIZES = [(1920, 1080, 6000), (1600, 900, 4500), (1280, 720, 3000), (960, 540, 1800), (854, 480, 1400), (768, 432, 1100), (640, 360, 800), (416, 234, 400)]


def rungs(count, height):
    """The four or eight rungs of a ladder for a source of this height."""
    fitting = [Rung(f"{h}p", w, h, cap) for w, h, cap in SIZES if h <= height]
    if count >= len(fitting):
        return fitting
    wanted = (1080, 720, 480, 360) if height >= 1080 else (720, 540, 432, 360)
    return [rung for rung in fitting if rung.height in wanted]


@dataclasses.dataclass(frozen=True)
class Codec:
    name: str  # as presets name it
    crf: int
    speed: str

    def options(self, gop, cap, pools=False):
        """ffmpeg's options for one rung. `pools`: the bare encode on one thread."""
        rate = ["-preset", self.speed, "-crf", self.crf, "-maxrate", f"{cap}k", "-bufsize", f"{cap}k"]
        if self.name == "h264":
            params = f"keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0:vbv-init=0.5:stitchable=1"
            return ["-c:v", "libx264", *rate, "-profile:v", "high", "-x264-params", params]
        params = f"keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0:vbv-init=0.5:log-level=none"
        return ["-c:v", "libx265", *rate, "-x265-params", params + (":pools=none:frame-threads=1" if pools else "")]

    @property
    def raw_format(self):
        return "h264" if self.name == "h264" else "hevc"

    def preset(self, ladder, chunk_seconds=30):
        lines = "\n".join(
            f"    - {{ name: {rung.name}, width: {rung.width}, height: {rung.height}, max_rate: {rung.cap}k, buffer_size: {rung.cap}k }}"
            for rung in ladder)
        profile = "  profile: high\n" if self.name == "h264" else ""
        return (
            f"version: 1\ngop_seconds: {GOP_SECONDS}\nchunk_seconds: {chunk_seconds}\nvideo:\n  codec: {self.name}\n  speed: {self.speed}\n"
            f"{profile}  crf: {self.crf}\n  rungs:\n{lines}\naudio:\n  - {{ codec: aac, bit_rate: {SOUND} }}\nimages: none\n")
