"""Two manifests that name one title on one catalog: the second is refused before any work."""

import json
import shutil

import pytest

import programs
from batch import SMALL


@pytest.fixture
def two(batch, clip):
    """The manifests of two folders, on one catalog and store; the first has been run."""
    shutil.copy(clip, batch.folder / "clip.mp4")
    for name, titles in (("a", ["one", "other"]), ("b", ["other", "third"])):
        batch.write(f"{name}/presets/small.yaml", SMALL)
        batch.write(f"{name}/m.yaml", json.dumps({
            "version": 1, "catalog": "sqlite:../catalog.sqlite", "publish": "file:../store", "defaults": {"preset": "small"},
            "titles": [{"id": title, "source": "../clip.mp4", "trim": {"end": 1}} for title in titles]}, indent=1))
    run(batch, "a")
    return batch


def run(batch, name, *options, status=0):
    result = programs.reelmill("run", batch.folder / name / "m.yaml", *options)
    assert result.returncode == status, f"exit status {result.returncode}, not {status}:\n{result.stderr}"
    return result.stderr


def edit(batch, name, change):
    path = batch.folder / name / "m.yaml"
    keys = json.loads(path.read_text())
    change(keys)
    path.write_text(json.dumps(keys, indent=1))


def test_the_second_is_refused_before_any_work_and_names_the_other(two):
    said = run(two, "b", status=65)
    assert str(two.folder / "a" / "m.yaml") in said and "'other'" in said and "take_over" in said
    plan = programs.reelmill("plan", two.folder / "b" / "m.yaml")
    assert plan.returncode == 65 and str(two.folder / "a" / "m.yaml") in plan.stderr
    assert {title for title, in two.query("SELECT id FROM titles")} == {"one", "other"}
    # Also while the first has not made it yet.
    edit(two, "a", lambda keys: keys["titles"].append({"id": "third", "source": "../lost.mp4"}))
    run(two, "a", status=1)
    assert "'third'" in run(two, "b", "--only", "third", status=65)


@pytest.mark.parametrize("key", ["top", "title"])
def test_take_over_moves_the_title(two, key):
    edit(two, "b", lambda keys: (keys if key == "top" else keys["titles"][0]).update(take_over=True))
    run(two, "b")
    assert str(two.folder / "b" / "m.yaml") in run(two, "a", status=65)
    edit(two, "a", lambda keys: keys["titles"].pop())
    run(two, "a")


def test_a_checkout_may_be_moved(two):
    moved = two.folder.with_name("moved")
    two.folder.rename(moved)
    batch = type(two)(moved)
    run(batch, "a")
    # The manifest's folder alone too, also while a copy of another manifest is there.
    (moved / "a").rename(moved / "c")
    run(batch, "c")
    assert str(moved / "c" / "m.yaml") in run(batch, "b", status=65)


def test_validate_sees_it_without_a_catalog(two):
    (two.folder / "catalog.sqlite").unlink()
    files = [two.folder / "a" / "m.yaml", two.folder / "b" / "m.yaml"]
    result = programs.reelmill("validate", *files)
    assert result.returncode == 65
    assert "'other' is also in" in result.stdout + result.stderr and "a/m.yaml:" in result.stdout + result.stderr
    assert programs.reelmill("validate", files[0], files[0]).returncode == 0
    assert programs.reelmill("validate", files[0]).returncode == 0
    edit(two, "b", lambda keys: keys["titles"][0].update(take_over=True))
    assert programs.reelmill("validate", *files).returncode == 0
    edit(two, "b", lambda keys: keys["titles"][0].update(take_over="maybe"))
    assert programs.reelmill("validate", files[1]).returncode == 65
