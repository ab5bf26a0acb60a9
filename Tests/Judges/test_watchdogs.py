"""The watch over workers, for every kind of task: one that says nothing for too long is ended, one that goes on however slowly is not."""

import shutil
import struct

import pytest

import programs
from batch import SMALL
from runs import rows_of_journal, start

# What the run does itself, without a worker.
OWN = {"publish", "restore"}
# Two passes, images, and all else that a title can have.
PRESET = SMALL.replace("  crf: 23\n", "").replace("max_rate:", "bit_rate: 300k, max_rate:").replace("images: none", "images: { card_widths: [160] }")
# How long a task may be silent, in seconds. A slow one is held up for 3 s at each sign of its progress, until it has taken longer than this.
SILENCE = 5


@pytest.fixture
def titles(batch, clip):
    """Gives a batch one title for each name: with a source of its own, outside audio, a subtitle and artwork."""
    programs.ffmpeg("-f", "lavfi", "-i", "sine=frequency=300:duration=6", batch.folder / "dub.wav")
    programs.ffmpeg("-f", "lavfi", "-i", "color=red:size=320x180", "-frames:v", "1", batch.folder / "art.png")
    batch.write("one.srt", "1\n00:00:00,500 --> 00:00:01,500\nHello\n")

    numbers = {}

    def describe(*names):
        described = {}
        for name in names:
            # Nothing that one title has made is another's.
            number = numbers.setdefault(name, len(numbers))
            source = batch.folder / f"{name}.mp4"
            shutil.copy(clip, source)
            with open(source, "ab") as file:
                # A box that players skip makes it another source.
                file.write(struct.pack(">I4sI", 12, b"free", number))
            described[name] = {
                "source": source.name, "audio": [{"track": 0, "language": "en"}, {"file": "dub.wav", "language": "fr"}], "artwork": "art.png",
                "subtitles": [{"file": "one.srt", "language": "en"}], "trim": {"start": number / 25}}
        batch.write("presets/all.yaml", PRESET)
        batch.describe(described, preset="all")

    return describe


def run(batch, faults, status):
    """A run whose tasks misbehave: what the journal says of each of them afterwards."""
    process = start(batch, "--workers", 4, "--task-timeout", SILENCE, REELMILL_TEST_FAULT=",".join(faults))
    _, errors = process.communicate(timeout=programs.PATIENCE)
    assert process.returncode == status, errors
    return rows_of_journal(
        batch, "SELECT title, kind, state, coalesce(reason, ''), wall_seconds FROM tasks WHERE run = (SELECT max(id) FROM runs)")


def kinds_of(batch):
    """Every kind of task that a worker does, by the journal of a title that has all of them."""
    found = {kind for kind, in rows_of_journal(batch, "SELECT DISTINCT kind FROM tasks")} - OWN
    assert len(found) >= 6, found
    return sorted(found)


def test_every_kind_of_task_that_is_silent_is_ended(batch, titles):
    titles("whole")
    batch.run()
    kinds = kinds_of(batch)
    titles(*(f"hung-{kind}" for kind in kinds))
    ended = {}
    for title, kind, state, reason, _ in run(batch, [f"hang:{kind}:hung-{kind}" for kind in kinds], status=1):
        if state != "done":
            assert f"no progress for {SILENCE} s" in reason, (title, kind, reason)
            ended.setdefault(title, set()).add(kind)
    assert ended == {f"hung-{kind}": {kind} for kind in kinds}


def test_no_kind_of_task_that_goes_on_is_ended(batch, titles):
    titles("whole")
    batch.run()
    kinds = kinds_of(batch)
    titles("whole", "slow")
    took = {kind: [] for kind in kinds}
    for title, kind, state, reason, seconds in run(batch, [f"slow:{kind}:slow" for kind in kinds], status=0):
        assert state == "done", (title, kind, reason)
        if title == "slow" and kind in took:
            took[kind].append(seconds)
    # Otherwise nothing was proven: what tells of no progress was not held up.
    assert all(times and min(times) > SILENCE for times in took.values()), took
