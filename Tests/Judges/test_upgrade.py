"""An upgrade never encodes a library again by surprise: what a person changed makes anew, what an upgrade changed does not."""

import shutil

import pytest

import programs
from batch import SMALL
from upgrades import Nights, make_older

ENGINE = "engine:99"
X264 = "library:libx264"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """Three published titles of two seconds, one of them by a preset file of theirs; each judgement has a copy."""
    from batch import Batch

    batch = Batch(tmp_path_factory.mktemp("upgrade") / "batch")
    clips = {}
    for number, name in enumerate(("one", "other", "own")):
        clips[name] = batch.folder / "masters" / f"{name}.mp4"
        clips[name].parent.mkdir(exist_ok=True)
        programs.ffmpeg(
            "-f", "lavfi", "-i", f"testsrc2=size=320x180:rate=25:duration={2 + number}", "-f", "lavfi", "-i",
            f"sine=duration={2 + number}", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", clips[name])
    (batch.folder / "subs").mkdir()
    (batch.folder / "subs" / "one.srt").write_text("1\n00:00:00,500 --> 00:00:01,500\nHello\n")
    batch.write("presets/small.yaml", SMALL)
    describe(batch)
    Nights(batch).run("--workers", 1)
    return batch


def describe(batch, preset="h264-fast", **more):
    titles = {
        "one": {
            "source": "masters/one.mp4",
            "subtitles": [{"file": "subs/one.srt", "language": "en", "role": "subtitle"}]},
        "other": {"source": "masters/other.mp4"},
        "own": {"source": "masters/own.mp4", "preset": "small"},
    }
    batch.describe(titles, preset=preset)
    if more:
        import json
        keys = json.loads(batch.manifest.read_text())
        batch.manifest.write_text(json.dumps({**keys, **more}))


@pytest.fixture
def nights(shelf, tmp_path):
    from batch import Batch

    shutil.copytree(shelf.folder, tmp_path / "batch", symlinks=True)
    shutil.rmtree(tmp_path / "batch" / "built-in")
    nights = Nights(Batch(tmp_path / "batch"))
    # The store has moved: the catalog learns where it is.
    nights.run()
    assert nights.made == []
    return nights


ALL = ["one", "other", "own"]


@pytest.mark.parametrize("lose_work", [False, True])
def test_nothing_is_made_for_other_libraries_presets_or_engines(nights, lose_work):
    before, rows = nights.current, nights.batch.query("SELECT * FROM versions ORDER BY id")
    if lose_work:
        shutil.rmtree(nights.batch.work)
    nights.say(crf=30)
    upgrade = [X264, ENGINE]
    plan = nights.plan(upgrade)
    assert {title["state"] for title in plan.values()} == {"published"}
    assert {name: title["version"] for name, title in plan.items()} == before
    assert plan["one"]["outdated"] == ["libraries", "presets", "engine"] and plan["own"]["outdated"] == ["libraries", "engine"]
    assert any("3 titles could be refreshed (libraries: 3, presets: 2, engine: 3)" in note for note in nights.notes), nights.notes
    assert any("made with libx264" in note for note in nights.notes)
    nights.run(upgrade=upgrade)
    assert nights.made == [] and nights.current == before
    assert set(nights.states.values()) == {"unchanged"}
    assert nights.batch.query("SELECT * FROM versions ORDER BY id") == rows
    status = nights.status()
    assert "3 titles could be refreshed" in status["note"] and "made with libx264" in status["titles"][0]["note"]
    assert [event["event"] for event in nights.events].count("noted") == 1


def test_another_build_of_ffmpeg_reads_no_master_again(nights):
    """Its facts would be others; a published title needs none."""
    nights.run(upgrade=["library:libavformat"])
    assert set(nights.states.values()) == {"unchanged"}
    from runs import rows_of_journal
    assert rows_of_journal(nights.batch, "SELECT count(*) FROM tasks WHERE run = (SELECT max(id) FROM runs)") == [(0,)]


@pytest.mark.parametrize("respect, made", [("libraries", ALL), ("presets", ["one", "other"]), ("engine", ALL), ("all", ALL)])
def test_each_refresh_does_what_it_says(nights, respect, made):
    upgrade = {"libraries": [X264], "presets": [], "engine": [ENGINE], "all": [X264]}[respect]
    nights.say(crf=30 if respect in ("presets", "all") else 23)
    before = nights.current
    # Of another respect nothing is outdated.
    for other in {"libraries", "presets", "engine"} - {respect}:
        if respect != "all":
            nights.run("--refresh", other, upgrade=upgrade)
            assert nights.made == []
    nights.run("--refresh", *([respect] if respect != "all" else []), upgrade=upgrade)
    assert nights.made == made
    assert {name for name, version in nights.current.items() if version != before[name]} == set(made)
    said = [event["message"] for event in nights.events if event["event"] == "remakes"]
    assert len(said) == 1 and said[0].startswith(f"{len(made)} published titles to refresh")
    nights.run("--refresh", "all", upgrade=upgrade)
    assert nights.made == [] and not [event for event in nights.events if event["event"] == "noted"]


def test_a_refresh_in_the_manifest_does_so_always(nights):
    describe(nights.batch, refresh="engine")
    nights.run(upgrade=[X264])
    assert nights.made == []
    nights.run(upgrade=[X264, ENGINE])
    assert nights.made == ALL


def test_a_budget_makes_the_oldest_first_and_fails_nothing(nights):
    """Nothing fits into a second but what is begun in it; titles that have no turn are unchanged, and the night is good."""
    import contextlib
    import sqlite3
    with contextlib.closing(sqlite3.connect(nights.batch.catalog)) as db:
        for age, name in enumerate(("own", "one", "other")):
            db.execute("UPDATE versions SET published_at = ? WHERE title_id = ?", (1000 + age, name))
        db.commit()
    nights.run("--refresh", "engine", "--refresh-budget", "0s", upgrade=[ENGINE])
    assert nights.made == [] and set(nights.states.values()) == {"unchanged"}
    nights.run("--refresh", "engine", "--workers", 1, upgrade=[ENGINE])
    published = [event["title"] for event in nights.events if event["event"] == "published"]
    assert published == ["own", "one", "other"]


def test_a_refresh_comes_after_what_is_due(nights):
    with open(nights.batch.folder / "masters" / "own.mp4", "ab") as master:
        master.write(b"\0\0\0\x10free12345678")
    nights.run("--refresh", "--workers", 1, upgrade=[ENGINE])
    published = [event["title"] for event in nights.events if event["event"] == "published"]
    assert published[0] == "own" and sorted(published) == ALL


def change_source(batch):
    with open(batch.folder / "masters" / "one.mp4", "ab") as master:
        master.write(b"\0\0\0\x10free12345678")


def change_subtitle(batch):
    (batch.folder / "subs" / "one.srt").write_text("1\n00:00:00,500 --> 00:00:01,500\nGoodbye\n")


def change_preset_file(batch):
    path = batch.folder / "presets" / "small.yaml"
    path.write_text(path.read_text().replace("crf: 23", "crf: 30"))


def change_trim(batch):
    path = batch.manifest
    path.write_text(path.read_text().replace('"masters/other.mp4"', '"masters/other.mp4", "trim": {"start": 1}'))


def change_preset_name(batch):
    path = batch.manifest
    path.write_text(path.read_text().replace('"masters/other.mp4"', '"masters/other.mp4", "preset": "small"'))


@pytest.mark.parametrize("change, title, reason", [
    (change_source, "one", "the source has changed"), (change_subtitle, "one", "a subtitle, audio or artwork file has changed"),
    (change_preset_file, "own", "preset small has changed"), (change_trim, "other", "the manifest has changed"),
    (change_preset_name, "other", "preset small instead of h264-fast")])
def test_what_a_person_changed_is_made_anew_after_an_upgrade_too(nights, change, title, reason):
    before = nights.current
    change(nights.batch)
    upgrade = [X264]
    plan = nights.plan(upgrade)
    assert [name for name, facts in plan.items() if facts["state"] != "published"] == [title]
    assert f"1 published title would be made anew: {reason}: 1 title" in nights.notes
    nights.run(upgrade=upgrade)
    assert nights.made == [title]
    assert {name for name, version in nights.current.items() if version != before[name]} == {title}
    assert [event["message"] for event in nights.events if event["event"] == "remakes"] == [
        f"1 published title made anew: {reason}: 1 title"]


def test_a_comment_and_the_order_of_keys_change_nothing(nights):
    path = nights.batch.folder / "presets" / "small.yaml"
    lines = path.read_text().replace("description: One small rung, quick.", "description: Another word.").splitlines()
    path.write_text("\n".join(["# A comment", lines[0], *lines[2:5][::-1], lines[1], *lines[5:]]) + "\n")
    nights.run(upgrade=[X264])
    assert nights.made == []


def test_max_remakes_stops_a_run_before_any_work(nights):
    describe(nights.batch, max_remakes=1)
    change_source(nights.batch)
    change_trim(nights.batch)
    before = nights.current
    nights.run(status=65)
    assert nights.made == [] and nights.current == before
    assert "it would make 2 published titles anew (the manifest has changed: 1 title; the source has changed: 1 title)" in nights.said
    describe(nights.batch, max_remakes=2)
    change_trim(nights.batch)
    nights.run()
    assert nights.made == ["one", "other"]
    # A refresh counts too, unless a budget bounds it.
    nights.run("--refresh", upgrade=[ENGINE], status=65)
    assert nights.made == []
    nights.run("--refresh", "--refresh-budget", "1h", upgrade=[ENGINE])
    assert nights.made == ALL


def test_a_half_made_title_is_finished_with_one_set_of_libraries(batch, clip):
    """What lies half made in the work folder under other libraries is left lying."""
    batch.describe({"one": clip}, preset="h264-fast")
    nights = Nights(batch)
    crash = {"REELMILL_TEST_FAULT": "crash:package:one"}
    import os
    os.environ.update(crash)
    try:
        nights.run(status=1)
    finally:
        del os.environ["REELMILL_TEST_FAULT"]
    nights.run(upgrade=[X264])
    package = batch.package("one").facts
    builds = {library["name"]: library["build_id"] for library in package["provenance"]["libraries"]}
    assert builds["libx264"] == "upgraded"
    from runs import rows_of_journal
    kinds = {kind for kind, in rows_of_journal(batch, "SELECT kind FROM tasks WHERE run = (SELECT max(id) FROM runs)")}
    assert {"encode", "audio", "package"} <= kinds


def test_what_was_taken_back_stays_so_after_an_upgrade(nights):
    change_source(nights.batch)
    nights.run()
    programs.demand(
        programs.REELMILL, "catalog", "rollback", "one", "--catalog", f"sqlite:{nights.batch.catalog}")
    before = nights.current
    nights.run(upgrade=[X264, ENGINE])
    assert nights.made == [] and nights.current == before
    make_older(nights.batch)
    nights.run(upgrade=[X264, ENGINE])
    assert nights.made == [] and nights.current == before
    with open(nights.batch.folder / "masters" / "one.mp4", "ab") as master:
        master.write(b"\0\0\0\x10free87654321")
    nights.run(upgrade=[X264, ENGINE])
    assert nights.made == ["one"]


@pytest.mark.parametrize("lose_work", [False, True])
def test_a_catalog_of_an_older_program_is_adopted(nights, lose_work):
    """The first night after the upgrade to the program that keeps notes encodes nothing either."""
    make_older(nights.batch)
    if lose_work:
        shutil.rmtree(nights.batch.work)
    nights.say(crf=30)
    before, upgrade = nights.current, [X264, ENGINE]
    assert {title["state"] for title in nights.plan(upgrade).values()} == {"published"}
    nights.run(upgrade=upgrade)
    assert nights.made == [] and nights.current == before and set(nights.states.values()) == {"unchanged"}
    assert all(asked for asked, in nights.batch.query("SELECT asked FROM versions"))
    # From now on a change is seen, also one that the older catalog could not have told.
    change_subtitle(nights.batch)
    nights.run(upgrade=upgrade)
    assert nights.made == ["one"]


def test_of_an_older_catalog_a_changed_source_or_preset_is_made_anew(nights):
    make_older(nights.batch)
    change_source(nights.batch)
    change_preset_name(nights.batch)
    path = nights.batch.folder / "presets" / "small.yaml"
    path.write_text(path.read_text().replace("1000k", "900k"))
    nights.run(upgrade=[X264])
    assert nights.made == ALL
