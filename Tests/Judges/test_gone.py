"""Masters that were archived: what is published stays, with a note; what has to be made says that its source is missing."""

import json
import shutil

import pytest

import programs
from range_server import File, RangeServer
from upgrades import Nights


@pytest.fixture
def nights(batch, clip):
    masters = batch.folder / "masters"
    masters.mkdir(parents=True)
    shutil.copy(clip, masters / "one.mp4")
    programs.ffmpeg("-f", "lavfi", "-i", "sine=duration=6", masters / "dub.wav")
    batch.write("subs/one.srt", "1\n00:00:00,500 --> 00:00:01,500\nHello\n")
    batch.describe({"one": {
        "source": "masters/one.mp4", "audio": [{"track": 0, "language": "en"}, {"file": "masters/dub.wav", "language": "fr", "role": "dub"}],
        "subtitles": [{"file": "subs/one.srt", "language": "en", "role": "subtitle"}]}})
    nights = Nights(batch)
    nights.run()
    return nights


def edit(batch, old, new):
    text = batch.manifest.read_text()
    assert old in text
    batch.manifest.write_text(text.replace(old, new))


@pytest.mark.parametrize("lose_work", [False, True])
@pytest.mark.parametrize("gone", ["one.mp4", "dub.wav", ""])
def test_an_archived_master_leaves_the_title_as_it_is(nights, gone, lose_work):
    """One file, or (empty) all the masters with their folder."""
    batch, masters = nights.batch, nights.batch.folder / "masters"
    shutil.move(masters / gone, batch.folder / "archive")
    if lose_work:
        shutil.rmtree(batch.work)
    before = nights.current
    plan = nights.plan()["one"]
    note = "its source is missing (masters/one.mp4); what was published stays"
    if gone == "dub.wav":
        note = "a file of it is missing (masters/dub.wav); what was published stays"
    assert plan["state"] == "published" and plan["version"] == before["one"] and note in plan["warnings"]
    for upgrade in ([], ["library:libx264", "engine:99"]):
        nights.run("--refresh", upgrade=upgrade)
        assert nights.states == {"one": "unchanged"} and nights.current == before
        assert [event.get("message") for event in nights.events if event["event"] == "up_to_date"] == [note]
        assert nights.status()["titles"][0]["note"] == note
    # What is known of it is not forgotten by that.
    shutil.move(batch.folder / "archive", masters / gone)
    nights.run()
    assert nights.made == [] and nights.states == {"one": "unchanged"}


@pytest.mark.parametrize("old, new", [
    ('"preset": "small"', '"preset": "h264-fast"'), ('"masters/one.mp4"', '"masters/onne.mp4"'),
    ('"role": "subtitle"', '"role": "captions"')])
def test_a_title_that_has_to_be_made_says_what_is_missing(nights, old, new):
    (nights.batch.folder / "masters" / "one.mp4").unlink()
    shutil.rmtree(nights.batch.work)
    edit(nights.batch, old, new)
    assert nights.plan_fails()
    nights.run(status=1)
    assert nights.states == {"one": "failed"} and "its source is missing (masters/on" in nights.said


def test_a_changed_subtitle_is_seen_without_the_master(nights):
    (nights.batch.folder / "masters" / "one.mp4").unlink()
    nights.batch.write("subs/one.srt", "1\n00:00:00,500 --> 00:00:01,500\nGoodbye\n")
    nights.run(status=1)
    assert "its source is missing" in nights.said


def test_a_moved_checkout_knows_what_is_gone(nights):
    batch = nights.batch
    moved = batch.folder.with_name("moved")
    batch.folder.rename(moved)
    (moved / "masters" / "one.mp4").unlink()
    shutil.rmtree(moved / "work")
    there = Nights(type(batch)(moved), is_new=False)
    there.run()
    assert there.made == [] and "its source is missing" in there.said


@pytest.mark.parametrize("lose_work", [False, True])
def test_a_remote_master_that_is_gone(batch, clip, lose_work):
    with RangeServer() as server:
        server.files["/one.mp4"] = File(clip.read_bytes())
        batch.describe({"one": f"{server.url}/one.mp4", "never": f"{server.url}/never.mp4"})
        nights = Nights(batch)
        nights.run(status=1)
        assert nights.states == {"one": "published", "never": "failed"}
        del server.files["/one.mp4"]
        if lose_work:
            shutil.rmtree(batch.work)
        keys = json.loads(batch.manifest.read_text())
        keys["titles"] = keys["titles"][:1]
        batch.manifest.write_text(json.dumps(keys))
        nights.run()
        assert nights.states == {"one": "unchanged"} and "its source is missing" in nights.said
        keys["titles"][0]["trim"] = {"start": 1}
        batch.manifest.write_text(json.dumps(keys))
        nights.run(status=1)
        assert "its source is missing" in nights.said
