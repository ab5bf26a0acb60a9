"""Known colours through sources of every range and matrix: what comes out, read by its own tags, is what went in."""

import pytest

import programs

PATCHES = [(235, 235, 235), (16, 16, 16), (128, 128, 128), (200, 40, 40), (40, 180, 60), (50, 60, 200), (210, 200, 50), (250, 250, 250)]
SIZE = 80
TOLERANCE = 7
MATRICES = {"bt709": "bt709", "smpte170m": "bt601", "bt470bg": "bt601", "bt2020nc": "bt2020"}


def patches():
    """One frame of coloured squares, rgb24."""
    row = b"".join(bytes(colour) * SIZE for colour in PATCHES)
    return row * SIZE


def source(folder, name, matrix=None, full=False, pixel_format="yuv420p", tags=(), codec=("-c:v", "libx264", "-qp", "1", "-preset", "ultrafast")):
    """Two seconds of the patches in a source that is coded and tagged as asked."""
    raw = folder / "patches.rgb"
    raw.write_bytes(patches())
    chain = "null"
    if matrix:
        chain = f"scale=out_color_matrix={matrix}:out_range={'pc' if full else 'tv'}:flags=accurate_rnd+full_chroma_int,format={pixel_format}"
    programs.ffmpeg(
        "-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{SIZE * len(PATCHES)}x{SIZE}", "-framerate", "25", "-i", raw,
        "-vf", f"loop=loop=49:size=1,{chain}", *codec, *tags, folder / name)
    return folder / name


def tagged(space, primaries, transfer, full=False):
    return ["-colorspace", space, "-color_primaries", primaries, "-color_trc", transfer, "-color_range", "pc" if full else "tv"]


BT709 = ("bt709", "bt709", "bt709")
BT601 = ("smpte170m", "smpte170m", "smpte170m")
SOURCES = {
    "709": lambda f: source(f, "a.mp4", "bt709", tags=tagged(*BT709)),
    "709 full": lambda f: source(f, "a.mp4", "bt709", full=True, tags=tagged(*BT709, full=True)),
    "709 full, old format": lambda f: source(f, "a.mp4", "bt709", full=True, pixel_format="yuvj420p", tags=tagged(*BT709, full=True)),
    "601": lambda f: source(f, "a.mp4", "bt601", tags=tagged(*BT601)),
    "601 full": lambda f: source(f, "a.mp4", "bt601", full=True, tags=tagged(*BT601, full=True)),
    "untagged, of standard size": lambda f: source(f, "a.mp4", "bt601"),
    "709 4:4:4": lambda f: source(f, "a.mp4", "bt709", pixel_format="yuv444p", tags=tagged(*BT709)),
    "709 4:2:2 10 bit": lambda f: source(f, "a.mp4", "bt709", pixel_format="yuv422p10le", tags=tagged(*BT709)),
    "RGB": lambda f: source(f, "a.mov", pixel_format=None, codec=("-c:v", "png")),
    "RGB H.264": lambda f: source(f, "a.mkv", codec=("-c:v", "libx264rgb", "-qp", "1", "-preset", "ultrafast", "-pix_fmt", "rgb24")),
    "Motion JPEG": lambda f: source(f, "a.mov", "bt601", full=True, pixel_format="yuvj422p", codec=("-c:v", "mjpeg", "-q:v", "1")),
}
PRESET = """\
version: 1
video:
  codec: h264
  speed: fast
  crf: 4
  rungs:
    - { name: one, width: 640, height: 360, max_rate: 20000k, buffer_size: 20000k }
audio:
  - { codec: aac, bit_rate: 96k }
images: none
"""


@pytest.mark.parametrize("name", SOURCES)
def test_colours_come_out_as_they_went_in(name, batch, tmp_path):
    clip = SOURCES[name](tmp_path)
    batch.write("presets/fine.yaml", PRESET)
    batch.describe({"patches": clip}, preset="fine").run()
    package = batch.package("patches")
    playlist = package.folder / package.facts["renditions"][0]["path"] / "media.m3u8"
    stream = programs.ffprobe(playlist, "-show_streams")["streams"][0]
    assert stream["pix_fmt"] == "yuv420p"
    assert stream.get("color_range") == "tv", stream
    assert stream.get("color_space") in MATRICES, stream
    assert stream.get("color_primaries", "unknown") != "unknown" and stream.get("color_transfer", "unknown") != "unknown"
    shown = read_back(playlist, tmp_path, MATRICES[stream["color_space"]])
    for wanted, seen in zip(PATCHES, shown):
        assert all(abs(a - b) <= TOLERANCE for a, b in zip(wanted, seen)), f"{name}: {wanted} came out as {seen}"


def read_back(playlist, folder, matrix):
    """The middle of each patch in a frame from inside the title, made RGB by the matrix that the stream declares."""
    raw = folder / "out.rgb"
    programs.ffmpeg(
        "-i", playlist, "-vf", f"select=eq(n\\,10),scale=in_color_matrix={matrix}:in_range=tv:out_range=pc:flags=accurate_rnd+full_chroma_int,format=rgb24",
        "-frames:v", "1", "-f", "rawvideo", raw)
    pixels, width = raw.read_bytes(), SIZE * len(PATCHES)
    assert len(pixels) == width * SIZE * 3
    middle = SIZE // 2
    return [tuple(pixels[3 * (middle * width + number * SIZE + middle):][:3]) for number in range(len(PATCHES))]
