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


# Sixteen to nine, each a size that a ladder might hold: height, width, kb/s.
SIZES = {
    1080: (1920, 6000), 900: (1600, 4500), 720: (1280, 3000), 576: (1024, 2200), 540: (960, 1800), 480: (854, 1400), 432: (768, 1100),
    360: (640, 800), 288: (512, 600), 234: (416, 400),
}
# By the least height of the source and the count of rungs.
LADDERS = {
    1080: {4: (1080, 720, 480, 360), 8: (1080, 900, 720, 540, 480, 432, 360, 234)},
    720: {4: (720, 540, 432, 360), 8: (720, 576, 540, 480, 432, 360, 288, 234)},
}


def rungs(count, height):
    """The four or eight rungs of a ladder for a source of this height."""
    heights = LADDERS[max(least for least in LADDERS if least <= height)][count]
    return [Rung(f"{height}p", SIZES[height][0], height, SIZES[height][1]) for height in heights]


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
