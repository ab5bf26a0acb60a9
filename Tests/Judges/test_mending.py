"""What a disk has spoilt is made again: nobody has to find and delete anything by hand."""

import json
import shutil

import pytest

import programs


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


@pytest.mark.parametrize("name, spoil", [("journal.sqlite", cut), ("facts/path-*.json", flip), ("facts/*.index", flip)])
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
