"""What a second run does: only what is missing."""

import json
import shutil
import signal

import programs
from runs import halfway, kill, start


def stamps(folder):
    """Every file with its inode and time of change."""
    return {str(path.relative_to(folder)): (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def published_at(batch):
    return batch.query("SELECT title_id, version, published_at FROM versions ORDER BY id")


def test_second_run_touches_nothing(batch, clip):
    batch.describe({"one": clip, "other": clip}).run()
    store, rows = stamps(batch.store), published_at(batch)
    batch.run()
    assert stamps(batch.store) == store
    assert published_at(batch) == rows
    assert {title["state"] for title in batch.plan().values()} == {"published"}


def test_lost_store_is_published_again_without_encoding(batch, clip):
    batch.describe({"one": clip}).run()
    content = batch.bytes_of_store()
    artefacts = stamps(batch.work)
    shutil.rmtree(batch.store)
    batch.run()
    assert batch.bytes_of_store() == content
    segments = {path: stamp for path, stamp in artefacts.items() if path.endswith(".m4s")}
    assert segments and segments.items() <= stamps(batch.work).items(), "segments were encoded again"


def test_lost_file_is_put_back(batch, clip):
    batch.describe({"one": clip}).run()
    content = batch.bytes_of_store()
    (batch.package("one").folder / "index.m3u8").unlink()
    batch.run()
    assert batch.bytes_of_store() == content


def test_lost_work_folder_is_no_loss(batch, clip):
    batch.describe({"one": clip}).run()
    store = stamps(batch.store)
    shutil.rmtree(batch.work)
    batch.run()
    assert stamps(batch.store) == store


def test_metadata_alone_changes_the_catalog_alone(batch, clip):
    batch.describe({"one": {"source": str(clip), "metadata": {"name": "Before", "genres": ["drama"]}}}).run()
    store, version = stamps(batch.store), batch.query("SELECT current_version FROM titles")
    batch.describe({"one": {"source": str(clip), "metadata": {"name": "After", "genres": ["comedy"], "year": 1917}}}).run()
    assert stamps(batch.store) == store
    assert batch.query("SELECT current_version FROM titles") == version
    assert batch.query("SELECT name, year FROM titles") == [("After", 1917)]
    genres = batch.query("SELECT name FROM genres JOIN title_genres ON genre_id = genres.id")
    assert genres == [("comedy",)]


def test_another_preset_makes_a_new_version_beside_the_old(batch, clip):
    batch.describe({"one": clip}).run()
    old = batch.query("SELECT current_version FROM titles")[0][0]
    preset = batch.folder / "presets" / "small.yaml"
    preset.write_text(preset.read_text().replace("crf: 23", "crf: 30"))
    batch.run()
    new = batch.query("SELECT current_version FROM titles")[0][0]
    assert new != old
    assert {path.name for path in (batch.store / "one").iterdir() if not path.name.startswith(".")} == {old, new}
    sound = "audio/*/00001.m4s"
    assert [path.read_bytes() for path in (batch.store / "one" / old).glob(sound)] == [
        path.read_bytes() for path in (batch.store / "one" / new).glob(sound)]


def test_killed_run_goes_on_to_the_same_bytes(batch, tmp_path):
    clip = tmp_path / "clip.mp4"
    programs.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30:duration=40", "-f", "lavfi", "-i", "sine=duration=40", "-c:v", "libx264",
        "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", clip)
    batch.describe({"one": clip})
    with halfway(batch, "*.m4s") as (process, _):
        kill(process)
    assert process.returncode == -signal.SIGKILL
    assert not batch.packages()
    batch.run()
    content = batch.bytes_of_store()
    shutil.rmtree(batch.store)
    shutil.rmtree(batch.work)
    batch.catalog.unlink()
    batch.run()
    assert batch.bytes_of_store() == content


def test_events_are_json_lines(batch, clip):
    batch.describe({"one": clip})
    events = batch.folder / "events.ndjson"
    batch.run("--events", events)
    lines = [json.loads(line) for line in events.read_text().splitlines()]
    assert lines and all(isinstance(line, dict) for line in lines)
    assert any("one" in line.values() for line in lines)


def test_two_runs_never_collide(batch, clip):
    batch.describe({"one": clip})
    both = [start(batch) for _ in range(2)]
    ends = sorted((process.communicate(timeout=programs.PATIENCE), process.returncode)[1] for process in both)
    assert ends in ([0, 75], [0, 0]), ends  # The second may come when the first has ended.
    assert len(batch.query("SELECT id FROM versions")) == 1
