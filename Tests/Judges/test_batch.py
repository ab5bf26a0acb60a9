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


@pytest.mark.parametrize("fault", [truncated, random, empty, missing, damaged])
def test_good_titles_survive_a_bad_one(fault, batch, clip, tmp_path):
    batch.describe({"first": clip, "broken": fault(tmp_path, clip), "last": clip})
    result = batch.run(status=1)
    assert batch.packages().keys() == {"first", "last"}
    assert sorted(batch.query("SELECT id FROM titles")) == [("first",), ("last",)]
    reasons = [line for line in result.stderr.splitlines() if "broken" in line and ("error" in line.lower() or "fail" in line.lower())]
    assert reasons, result.stderr
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
    assert "last" in batch.packages()


def test_high_dynamic_range_is_refused_in_words(batch, tmp_path):
    clip = tmp_path / "pq.mp4"
    programs.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=2", "-c:v", "libx265", "-x265-params", "log-level=none", "-preset", "ultrafast",
        "-pix_fmt", "yuv420p10le", "-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc", clip)
    batch.describe({"pq": clip})
    result = batch.run(status=1)
    assert "HDR" in result.stderr or "PQ" in result.stderr, result.stderr
