"""A catalog that was lost is written again from the store and the manifest; a work folder that was lost is not missed."""

import json
import os
import shutil

import programs
from batch import SMALL
from range_server import File, RangeServer
from runs import rows_of_journal


def rebuild(batch, *options, status=0):
    result = programs.reelmill("catalog", "rebuild", batch.manifest, "--work", batch.work, *options)
    assert result.returncode == status, result.stderr
    return result


def states(batch):
    titles = json.loads(programs.demand(programs.REELMILL, "status", "--work", batch.work, "--json"))["titles"]
    return {title["title"]: title["state"] for title in titles}


def rows(batch):
    """All that readers see, but for when it was published and at what cost."""
    return {table: batch.query(f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("titles", "title_people", "title_genres", "series")} | {
        "versions": batch.query("SELECT title_id, version, location, duration, source_sha256, preset FROM versions ORDER BY 1, 2"),
        "renditions": batch.query(
            "SELECT title_id, version, name, codecs, width, bandwidth, path FROM renditions JOIN versions ON versions.id = version_id ORDER BY 1, 2")}


def test_a_lost_catalog_comes_back_without_an_encode(batch, clip):
    metadata = {"name": "One", "kind": "episode", "genres": ["drama"], "people": [{"name": "A", "role": "cast"}],
                "series": {"id": "s", "name": "S", "season": 1, "episode": 2}}
    batch.describe({"one": {"source": str(clip), "metadata": metadata}, "two": str(clip)}).run()
    first = batch.query("SELECT current_version FROM titles WHERE id = 'one'")[0][0]
    batch.write("presets/small.yaml", SMALL.replace("crf: 23", "crf: 30"))
    batch.run("--only", "one")
    second = batch.query("SELECT current_version FROM titles WHERE id = 'one'")[0][0]
    # The older one is what the manifest asks for: it is current, though the other is newer.
    batch.write("presets/small.yaml", SMALL)
    batch.run()
    before = rows(batch)
    store = batch.bytes_of_store()
    assert "--overwrite" in rebuild(batch, "--yes", status=1).stderr and rows(batch) == before
    batch.catalog.unlink()
    # The order of publication is what the store's times tell.
    os.utime(batch.store / "one" / first, (1_000_000_000, 1_000_000_000))
    shown = rebuild(batch)
    assert f"one  {first}  the planned one of 2" in shown.stdout and "two  " in shown.stdout and "--yes" in shown.stderr
    assert not batch.catalog.exists()
    rebuild(batch, "--yes")
    assert rows(batch) == before
    assert batch.query("SELECT published_at FROM versions WHERE title_id = 'one' AND version = ?", first) == [(1_000_000_000,)]
    shutil.rmtree(batch.work)
    batch.run()
    assert states(batch) == {"one": "unchanged", "two": "unchanged"}
    assert batch.bytes_of_store() == store
    # Where nothing says which of two is wanted, the newest is; what is not whole is not listed.
    batch.catalog.unlink()
    shutil.rmtree(batch.work)
    (batch.package("two").folder / "index.m3u8").unlink()
    batch.write("presets/small.yaml", SMALL.replace("crf: 23", "crf: 35"))
    result = rebuild(batch, "--yes")
    assert f"one  {second}  the newest of 2" in result.stdout
    assert "two: the store has no whole version" in result.stderr and "not here to plan with" not in result.stderr
    assert batch.query("SELECT id, current_version FROM titles") == [("one", second)]
    # Nor does a title that cannot be planned, because its master was archived.
    batch.write("presets/small.yaml", SMALL)
    batch.catalog.unlink()
    batch.describe({"one": {"source": str(batch.folder / "archived.mp4"), "metadata": metadata}})
    result = rebuild(batch, "--yes")
    assert f"one  {second}  the newest of 2" in result.stdout and "one: its source is not here to plan with" in result.stderr


def test_an_empty_work_folder_downloads_no_master_to_find_nothing_to_do(batch, clip):
    with RangeServer() as server:
        server.files = {"/one.mp4": File(clip.read_bytes()), "/sub.srt": File(b"1\n00:00:01,000 --> 00:00:02,000\nHello\n")}
        batch.describe({"one": {
            "source": f"{server.url}/one.mp4?token=hush", "subtitles": [{"file": f"{server.url}/sub.srt", "language": "en"}]}}).run()
        files = batch.query("SELECT address, etag, bytes FROM remote_files ORDER BY address")
        assert files == [
            (f"{server.url}/one.mp4", server.files["/one.mp4"].etag, len(clip.read_bytes())),
            (f"{server.url}/sub.srt", server.files["/sub.srt"].etag, len(server.files["/sub.srt"].content))]
        assert b"hush" not in b"".join(
            str(batch.query(f"SELECT * FROM {table}")).encode() for table in ("remote_files", "titles"))
        shutil.rmtree(batch.work)
        fetched = len(server.asked("/one.mp4"))
        batch.run()
        assert states(batch) == {"one": "unchanged"}
        assert len(server.asked("/one.mp4")) == fetched and server.asked("/one.mp4", "HEAD")
        # Another file in its place is fetched.
        server.files["/one.mp4"] = File(clip.read_bytes() + b"\0\0\0\x08free")
        shutil.rmtree(batch.work)
        batch.run()
        assert states(batch) == {"one": "published"}
        assert len(server.asked("/one.mp4")) > fetched


def test_a_plan_says_what_is_taken_over_from_the_store(batch, clip):
    """With an empty work folder a changed title is not begun anew: what the store holds of it is told, and not made again."""
    batch.describe({"one": str(clip)}).run()
    assert batch.plan()["one"]["state"] == "published"
    shutil.rmtree(batch.work)
    subtitle = batch.write("film.en.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello.\n")
    batch.describe({"one": {"source": str(clip), "subtitles": [{"file": str(subtitle), "language": "en"}]}, "two": str(clip)})
    planned = batch.plan()
    assert (planned["one"]["state"], planned["two"]["state"]) == ("partial", "new")
    words = "2 of its 3 results are taken over from what is published"
    assert words in " ".join(programs.reelmill("plan", batch.manifest, "--work", batch.work).stdout.split())
    batch.run()
    made = rows_of_journal(batch, "SELECT kind FROM tasks WHERE state = 'done' AND kind NOT IN ('study', 'probe') AND title = 'one' ORDER BY kind")
    assert made == [("package",), ("text",)]
    assert batch.plan()["one"]["state"] == "published"


def test_a_catalog_that_is_rebuilt_after_an_upgrade_has_nothing_made_anew(batch, clip):
    """Nobody asked for it: that a refresh could make them anew is told."""
    environment = {**os.environ, "REELMILL_TEST_UPGRADE": "library:libx264"}

    def reelmill(*arguments):
        return programs.demand(programs.REELMILL, *arguments, "--work", batch.work, env=environment)

    batch.describe({"one": str(clip), "two": {"source": str(clip), "trim": {"start": 1}}}).run()
    store = batch.bytes_of_store()
    batch.catalog.unlink()
    shutil.rmtree(batch.work)
    reelmill("catalog", "rebuild", batch.manifest, "--yes")
    reelmill("run", batch.manifest)
    assert states(batch) == {"one": "unchanged", "two": "unchanged"} and batch.bytes_of_store() == store
    planned = json.loads(reelmill("plan", batch.manifest, "--json"))["titles"]
    assert all(title["state"] == "published" and "libraries" in title["outdated"] for title in planned)
