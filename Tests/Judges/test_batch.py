"""One bad source in a batch: the others are done, and everybody is told the truth."""

import pathlib

import pytest

import programs


def truncated(folder, clip):
    content = pathlib.Path(clip).read_bytes()
    path = folder / "truncated.mp4"
    path.write_bytes(content[:len(content) * 2 // 3])
    return path


def random(folder, clip):
    path = folder / "random.mp4"
    path.write_bytes(bytes((number * 7919 >> 3) & 255 for number in range(65536)))
    return path


def empty(folder, clip):
    path = folder / "empty.mp4"
    path.touch()
    return path


def missing(folder, clip):
    return folder / "missing.mp4"


def damaged(folder, clip):
    """Whole by its boxes, but the picture's data is overwritten in places."""
    content = bytearray(pathlib.Path(clip).read_bytes())
    start = content.index(b"mdat") + 4096
    for at in range(start, min(start + 60_000, len(content) - 4096), 997):
        content[at] ^= 0xFF
    path = folder / "damaged.mp4"
    path.write_bytes(content)
    return path


TWO_PASS = """\
version: 1
segment_seconds: 4
gop_seconds: 2
chunk_seconds: 12
video:
  codec: h264
  speed: veryfast
  rungs:
    - { name: 360p, width: 640, height: 360, bit_rate: 600k, max_rate: 1200k, buffer_size: 1200k }
audio:
  - { codec: aac, bit_rate: 96k }
images: none
"""


@pytest.mark.parametrize("fault", [truncated, random, empty, missing, damaged])
def test_good_titles_survive_a_bad_one(fault, batch, clip, tmp_path):
    batch.describe({"first": clip, "broken": fault(tmp_path, clip), "last": clip})
    result = batch.run(status=1)
    assert batch.packages().keys() == {"first", "last"}
    assert sorted(batch.query("SELECT id FROM titles")) == [("first",), ("last",)]
    reasons = [line for line in result.stderr.splitlines() if line.startswith("failed broken: ")]
    assert len(reasons) == 1 and len(reasons[0]) > len("failed broken: cannot"), result.stderr
    assert not list(batch.store.glob("broken/*/*")), "something of the broken title is in the store"


def test_damage_can_be_accepted(batch, clip, tmp_path):
    batch.describe({"broken": {"source": str(damaged(tmp_path, clip)), "damage": "accept"}})
    batch.run()
    assert batch.package("broken").facts["warnings"]


def test_a_failed_run_leaves_the_old_version_current(batch, clip, tmp_path):
    source = tmp_path / "source.mp4"
    source.write_bytes(pathlib.Path(clip).read_bytes())
    batch.describe({"film": source}).run()
    before, rows = batch.bytes_of_store(), batch.query("SELECT id, current_version FROM titles")
    source.write_bytes(truncated(tmp_path, clip).read_bytes())
    batch.run(status=1)
    assert batch.bytes_of_store() == before
    assert batch.query("SELECT id, current_version FROM titles") == rows


def test_fail_fast_and_only(batch, clip, tmp_path):
    batch.describe({"broken": random(tmp_path, clip), "first": clip, "last": clip})
    batch.run("--only", "last")
    assert batch.packages().keys() == {"last"}
    batch.run("--fail-fast", "--workers", "1", status=1)
    assert batch.packages().keys() == {"last"}, "what came after the broken title was made all the same"
    batch.run("--workers", "1", status=1)
    assert batch.packages().keys() == {"first", "last"}


def test_a_wrong_name_is_told_before_anything_is_touched(batch, clip):
    batch.describe({"film": clip})
    batch.run("--only", "flim", status=65)
    assert not batch.catalog.exists() and not batch.work.exists()


def test_the_average_of_two_passes_is_what_was_asked_for(batch, tmp_path):
    """Over all chunks of a title, of which one is far dearer than the others."""
    clip = tmp_path / "clip.mp4"
    programs.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=24", "-f", "lavfi", "-i", "mandelbrot=size=640x360:rate=25:end_scale=0.001",
        "-filter_complex", "[1:v]trim=duration=12,format=yuv420p,noise=alls=12:allf=t:all_seed=1[b];[0:v]format=yuv420p[a];[a][b]concat", "-c:v", "libx264",
        "-preset", "ultrafast", "-g", "25", "-crf", "12", clip)
    asked = 600_000
    batch.write("presets/two.yaml", TWO_PASS)
    batch.describe({"film": clip}, preset="two").run()
    package = batch.package("film")
    rendition, = package.facts["renditions"]
    bits = [8 * path.stat().st_size for path in package.segments(rendition)]
    lengths = [fact["duration"] / rendition["timescale"] for fact in rendition["segments"]]
    assert rendition["bit_rate"] == asked
    assert abs(sum(bits) / sum(lengths) / asked - 1) < 0.10, sum(bits) / sum(lengths)
    # The bits went where they were needed.
    assert bits[-1] / lengths[-1] > 1.3 * bits[0] / lengths[0], bits


@pytest.mark.parametrize("preset", ["h264-standard", "h264-fast", "hevc-premium", "av1-web"])
def test_built_in_presets_run_as_they_are(preset, batch, clip):
    batch.describe({"film": {"source": str(clip), "trim": {"end": 3}}}, preset=preset).run()
    package = batch.package("film")
    for path in [*package.playlists, package.folder / "manifest.mpd"]:
        assert programs.decode(path)[0] == "", path


def test_bars_are_cut_off(batch, tmp_path):
    """Letterboxed white: nothing of the bars is in any picture, and the ladder fits what is left."""
    clip = tmp_path / "bars.mp4"
    programs.ffmpeg(
        "-f", "lavfi", "-i", "color=white:size=320x120:rate=25:duration=4,pad=320:180:0:30:black", "-c:v", "libx264", "-pix_fmt", "yuv420p",
        "-crf", "10", clip)
    batch.describe({"film": {"source": str(clip), "crop": {"top": 30, "bottom": 30}}}).run()
    rendition, = batch.package("film").facts["renditions"]
    assert (rendition["width"], rendition["height"]) == (320, 120)
    playlist = batch.package("film").folder / rendition["path"] / "media.m3u8"
    shown = programs.demand("ffmpeg", "-v", "info", "-i", playlist, "-vf", "signalstats,metadata=print:key=lavfi.signalstats.YMIN:file=-", "-f", "null", "-")
    darkest = [float(line.split("=")[1]) for line in shown.splitlines() if "YMIN" in line]
    assert len(darkest) == 100 and min(darkest) > 225, min(darkest)


def test_high_dynamic_range_is_refused_in_words(batch, tmp_path):
    clip = tmp_path / "pq.mp4"
    programs.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=2", "-c:v", "libx265", "-x265-params", "log-level=none", "-preset", "ultrafast",
        "-pix_fmt", "yuv420p10le", "-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc", clip)
    batch.describe({"pq": clip})
    result = batch.run(status=1)
    assert "HDR" in result.stderr or "PQ" in result.stderr, result.stderr
