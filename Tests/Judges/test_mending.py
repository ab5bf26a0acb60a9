"""What a disk has spoilt is made again: nobody has to find and delete anything by hand."""

import json
import shutil

import pytest

import programs
from batch import SMALL
from runs import rows_of_journal


def flip(path):
    """One byte in its middle, in the file itself: whatever other name it has shows it too."""
    with open(path, "r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 0x10]))


def cut(path):
    with open(path, "r+b") as file:
        file.truncate(path.stat().st_size // 2)


def remove(path):
    path.unlink()


def one(folder, pattern):
    return sorted(folder.glob(pattern))[0]


@pytest.fixture
def published(batch, clip):
    """A title with what it is made of, and its files' bytes."""
    batch.describe({"film": clip}).run()
    return batch, batch.bytes_of_store()


def warnings(batch):
    return [warning["message"] for warning in batch.status(0)["warnings"]]


def demand_mended(batch, content, *options):
    """A run ends well, warns, and everything is as it was; the next one has nothing to do."""
    batch.run("--quiet", *options)
    assert batch.bytes_of_store() == content
    assert warnings(batch), "nobody is told"
    package = batch.package("film").folder
    programs.demand(programs.REELMILL, "verify", package)
    batch.run("--quiet")
    assert not warnings(batch) and batch.bytes_of_store() == content


# By name within a result; the package in the making has hard links to the others.
RESULTS = ["00001.m4s", "init.mp4", "record.json", "package/package.json", "package/index.m3u8", "package/video/*/00001.m4s"]


@pytest.mark.parametrize("name, spoil", [(name, flip) for name in RESULTS] + [
    ("00001.m4s", cut), ("init.mp4", remove), ("record.json", remove), ("package/package.json", remove), ("package/video/*/00001.m4s", cut)])
def test_results_in_the_work_folder(published, name, spoil):
    """The store is lost, so that all is made of the work folder's results, of which one kind is spoilt."""
    batch, content = published
    shutil.rmtree(batch.store)
    for path in sorted(batch.work.glob(f"artefacts/??/*/{name}")):
        spoil(path)
    demand_mended(batch, content)


@pytest.mark.parametrize("name, spoil", [("video/*/00001.m4s", cut), ("index.m3u8", remove), ("package.json", remove), ("package.json", cut)])
def test_published_files_that_a_run_finds(published, name, spoil):
    """One that is shorter is so in the work folder too, where it has another name."""
    batch, content = published
    spoil(one(batch.store, f"film/*/{name}"))
    demand_mended(batch, content)


@pytest.mark.parametrize("name, spoil", [("journal.sqlite", cut), ("stamps/*.json", flip), ("artefacts/??/*/index", flip)])
def test_what_the_work_folder_remembers(published, name, spoil):
    """The next version is made of it, and is right."""
    batch, content = published
    for path in batch.work.glob("journal.sqlite-*"):
        path.unlink()
    for path in sorted(batch.work.glob(name)):
        spoil(path)
    batch.run("--quiet")
    assert batch.bytes_of_store() == content and warnings(batch)
    shutil.rmtree(batch.store)
    batch.run("--quiet")
    assert batch.bytes_of_store() == content


def test_two_passes(batch, clip):
    """Spoilt statistics are not encoded by: an encoder says nothing of them."""
    batch.write("presets/measured.yaml", json.dumps({
        "version": 1, "segment_seconds": 4, "gop_seconds": 2, "chunk_seconds": 10, "images": "none",
        "video": {"codec": "h264", "speed": "ultrafast", "rungs": [
            {"name": "180p", "width": 320, "height": 180, "bit_rate": "300k", "max_rate": "1000k", "buffer_size": "1000k"}]},
        "audio": [{"codec": "aac", "bit_rate": "96k"}]}))
    batch.describe({"film": clip}, preset="measured").run()
    content = batch.bytes_of_store()
    shutil.rmtree(batch.store)
    for path in batch.work.glob("artefacts/??/*/statistics"):
        flip(path)
    for result in [*batch.work.glob("artefacts/??/*/package"), *batch.work.glob("artefacts/??/*/00001.m4s")]:
        shutil.rmtree(result.parent)
    demand_mended(batch, content)


# A published version is looked at by --repair alone, every byte of it.


@pytest.mark.parametrize("name", ["video/*/00001.m4s", "video/*/init.mp4", "audio/*/00001.m4s", "manifest.mpd", "package.json"])
@pytest.mark.parametrize("has_work", [True, False])
def test_repair(published, name, has_work):
    """A byte that is flipped in a published file is flipped in the work folder too, where the file has another name."""
    batch, content = published
    if not has_work:
        shutil.rmtree(batch.work)
    flip(one(batch.store, f"film/*/{name}"))
    assert programs.reelmill("verify", one(batch.store, "film/*/package.json").parent).returncode == 1
    demand_mended(batch, content, "--repair")


def test_repair_breaks_the_link(published):
    """The spoilt copy in the work folder is dropped, and the good one has its place: nothing was written over."""
    batch, content = published
    victim = one(batch.store, "film/*/video/*/00001.m4s")
    inode = victim.stat().st_ino
    others = {path: path.stat().st_ino for path in batch.store.rglob("*.m4s") if path != victim}
    flip(victim)
    batch.run("--repair", "--quiet")
    assert batch.bytes_of_store() == content and victim.stat().st_ino != inode
    assert {path: path.stat().st_ino for path in others} == others, "whole files were replaced"
    assert inode not in {path.stat().st_ino for path in batch.work.rglob("*.m4s")}, "the spoilt file is still in the work folder"


def test_a_version_of_another_preset_is_repaired_from_the_others(batch, clip):
    """What a rollback has made current cannot be made again; its files have copies in the version that was taken back."""
    batch.describe({"film": clip}).run()
    first = batch.query("SELECT current_version FROM titles")[0][0]
    subtitle = batch.write("film.en.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello.\n")
    batch.describe({"film": {"source": str(clip), "subtitles": [{"file": str(subtitle), "language": "en"}]}}).run()
    programs.demand(programs.REELMILL, "catalog", "rollback", "film", "--manifest", batch.manifest, "--work", batch.work)
    assert batch.query("SELECT current_version FROM titles")[0][0] == first
    content = batch.bytes_of_store()
    victim = one(batch.store, f"film/{first}/video/*/00001.m4s")
    # A file of its own, so that its copy is whole.
    copy = victim.with_name("copy")
    shutil.copy(victim, copy)
    copy.replace(victim)
    flip(victim)
    batch.run("--repair", "--quiet")
    assert batch.bytes_of_store() == content and warnings(batch)
    for other in batch.store.glob("film/*/manifest.mpd"):
        flip(other)
    result = batch.run("--repair", status=1)
    assert "manifest.mpd" in result.stderr and "change the title" in result.stderr


# The work folder is cache.

def kinds(batch):
    """How many tasks of each kind the last run has done."""
    return dict(rows_of_journal(
        batch, "SELECT kind, count(*) FROM tasks WHERE state = 'done' AND run = (SELECT max(id) FROM runs) GROUP BY kind"))


def with_rung(preset):
    return preset.replace("audio:\n", "    - { name: 90p, width: 160, height: 90, max_rate: 500k, buffer_size: 500k }\naudio:\n")


def test_a_subtitle_and_a_rung_with_an_empty_work_folder(batch, clip):
    batch.describe({"film": clip}).run()
    old = {path.name: path.stat().st_ino for path in batch.store.glob("film/*/video/180p/*.m4s")}
    shutil.rmtree(batch.work)
    subtitle = batch.write("film.en.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello.\n")
    batch.describe({"film": {"source": str(clip), "subtitles": [{"file": str(subtitle), "language": "en"}]}})
    batch.write("presets/small.yaml", with_rung(SMALL))
    batch.run()
    assert kinds(batch) == {"probe": 1, "encode": 1, "text": 1, "package": 1}
    encoded = rows_of_journal(batch, "SELECT label FROM tasks WHERE kind = 'encode'")
    assert encoded == [("encode chunk 1, rungs 2",)]
    current = batch.store / "film" / batch.query("SELECT current_version FROM titles")[0][0]
    assert {path.name: path.stat().st_ino for path in current.glob("video/180p/*.m4s")} == old, "segments are not links"
    programs.demand(programs.REELMILL, "verify", current)
    pieces = json.loads((current / "package.json").read_text())["renditions"][0]["pieces"]
    assert [set(piece) for piece in pieces] == [{"key", "segments"}]
    # The same as with a work folder.
    content = batch.bytes_of_store()
    shutil.rmtree(batch.store)
    shutil.rmtree(batch.work)
    batch.catalog.unlink()
    batch.run()
    assert {path: data for path, data in content.items() if current.name in path} == batch.bytes_of_store()


def test_two_passes_with_an_empty_work_folder(batch, tmp_path):
    clip = tmp_path / "clip.mp4"
    programs.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=6", "-f", "lavfi", "-i", "sine=duration=6", "-g", "50",
        "-preset", "ultrafast", "-pix_fmt", "yuv420p", clip)
    measured = {
        "version": 1, "segment_seconds": 2, "gop_seconds": 2, "chunk_seconds": 2, "images": {"sprite_interval": 2},
        "video": {"codec": "h264", "speed": "ultrafast", "rungs": [
            {"name": "180p", "width": 320, "height": 180, "bit_rate": "300k", "max_rate": "1000k", "buffer_size": "200k"}]},
        "audio": [{"codec": "aac", "bit_rate": "96k"}]}
    batch.write("presets/measured.yaml", json.dumps(measured))
    batch.describe({"film": clip}, preset="measured").run()
    chunks = kinds(batch)["encode"] // 2
    assert chunks > 1
    shutil.rmtree(batch.work)
    subtitle = batch.write("film.en.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello.\n")
    batch.describe({"film": {"source": str(clip), "subtitles": [{"file": str(subtitle), "language": "en"}]}}, preset="measured").run()
    assert kinds(batch) == {"probe": 1, "text": 1, "package": 1}
    # One chunk is spoilt in the store, and its statistics are nowhere: it alone is measured and encoded again.
    content = batch.bytes_of_store()
    current = batch.query("SELECT current_version FROM titles")[0][0]
    shutil.rmtree(batch.work)
    flip(one(batch.store, f"film/{current}/video/180p/00002.m4s"))
    batch.run("--repair", "--quiet")
    assert kinds(batch)["encode"] == 2
    restored = batch.bytes_of_store()
    assert {path for path in content if content[path] != restored[path]} <= {
        path for path in content if current not in path and path.endswith("180p/00002.m4s")}, "the older version shares the spoilt file"


def test_the_work_folder_is_as_large_as_it_may_be(batch, clip):
    titles = {f"film-{number}": {"source": str(clip), "trim": {"start": number / 25}} for number in range(4)}
    batch.describe(titles).run()
    size = sum(path.stat().st_size for path in batch.work.rglob("*") if path.is_file())
    bound = max(size // 2, 1 << 20)
    assert size > bound, "the titles are too small for this judgement"
    for path in (batch.store, batch.work):
        shutil.rmtree(path)
    batch.catalog.unlink()
    batch.manifest.write_text(json.dumps({**json.loads(batch.manifest.read_text()), "work_size": f"{bound >> 10}K"}))
    batch.run()
    assert len(batch.packages()) == 4
    assert sum(path.stat().st_size for path in batch.work.rglob("*") if path.is_file()) <= bound
    batch.run()
    assert kinds(batch) == {}, "a run with nothing to do has done something"
