"""Nights that nobody watches: what is finished first, what is left to read in the morning, and what scripts are told."""

import json
import re
import signal
import struct

import programs
from runs import rows_of_journal, start, wait_until

TITLES, WORKERS = 12, 2


def encodes(batch):
    return rows_of_journal(batch, "SELECT count(*) FROM tasks WHERE kind = 'encode' AND state = 'done'")[0][0]


def test_half_of_a_night_has_finished_half_of_the_titles(batch, clip):
    """Twelve equal titles of one chunk each, stopped when half of their pictures are encoded."""
    batch.describe({f"film-{number:02d}": {"source": str(clip), "trim": {"start": number / 25}} for number in range(TITLES)})
    log = batch.folder / "events.ndjson"
    process = start(batch, "--workers", WORKERS, "--events", log)
    wait_until(lambda: log.exists() and log.read_text())
    wait_until(lambda: process.poll() is not None or encodes(batch) >= TITLES // 2)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=programs.PATIENCE)
    assert process.returncode == 130, errors
    published = [title["title"] for title in batch.status(130)["titles"] if title["state"] == "published"]
    assert len(published) >= TITLES // 2 - WORKERS, published
    # Who stands first is finished first.
    assert published[:TITLES // 2 - WORKERS] == [f"film-{number:02d}" for number in range(TITLES // 2 - WORKERS)]
    batch.run()
    assert len(batch.packages()) == TITLES


def test_a_quiet_night_leaves_its_warnings(batch, clip, tmp_path):
    programs.ffmpeg("-f", "lavfi", "-i", "color=red:size=320x180", "-frames:v", "1", tmp_path / "art.png")
    batch.describe({"film": {"source": str(clip), "artwork": str(tmp_path / "art.png")}, "other": clip})
    figures, log = batch.folder / "night.prom", batch.folder / "events.ndjson"
    assert batch.run("--quiet", "--metrics", figures, "--events", log).stderr == ""
    warnings = batch.status(0)["warnings"]
    assert [warning["title"] for warning in warnings] == ["film"] and "artwork" in warnings[0]["message"]
    assert f"warning: film: {warnings[0]['message']}" in programs.demand(programs.REELMILL, "status", "--work", batch.work)
    assert f'reelmill_warnings{{manifest="{batch.manifest}"}} 1\n' in figures.read_text()
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [event["message"] for event in events if event["event"] == "warned"] == [warnings[0]["message"]]
    assert events[-1]["warnings"] == 1
    # They are the last run's: this one has nothing to say.
    batch.run("--quiet")
    assert batch.status(0)["warnings"] == []


def test_what_scripts_are_told(batch, clip, tmp_path):
    result = programs.reelmill("status", "--work", batch.work)
    assert result.returncode == 69 and "--work" in result.stderr, result.stderr
    batch.describe({"film": clip})
    batch.run("--deadline", "0m", status=75)
    assert not batch.status(75)["is_running"]
    batch.run()
    batch.status(0)
    (tmp_path / "bad.mp4").write_text("no film")
    batch.describe({"film": clip, "bad": tmp_path / "bad.mp4"})
    batch.run(status=1)
    batch.status(1)


def test_what_a_failed_task_has_cost_counts(batch, clip):
    """A worker that crashes at once has taken the time of its start; builds for tests know how to crash."""
    batch.describe({"film": clip})
    figures = batch.folder / "night.prom"
    process = start(batch, "--metrics", figures, REELMILL_TEST_FAULT="crash:encode:film")
    process.communicate(timeout=programs.PATIENCE)
    assert process.returncode == 1
    costs = rows_of_journal(batch, "SELECT state, cpu_seconds FROM tasks WHERE kind = 'encode' ORDER BY id")
    assert [state for state, _ in costs] == ["lost", "failed"] and all(cost > 0 for _, cost in costs), costs
    title = batch.status(1)["titles"][0]
    assert title["cpu_seconds"] >= sum(cost for _, cost in costs) > 0
    figure = next(line for line in figures.read_text().splitlines() if line.startswith("reelmill_last_run_cpu_seconds{"))
    assert float(figure.split()[-1]) > 0
    batch.run()
    known = batch.query("SELECT cpu_seconds FROM versions")[0][0]
    assert known >= sum(cost for _, cost in costs), "the catalog does not know what the night before has cost"


def hours_of_wave(path, hours):
    """Silence that takes no room on a disk, and ten seconds of a tone behind it."""
    programs.ffmpeg("-f", "lavfi", "-i", "sine=sample_rate=48000:duration=10", "-ac", "2", "-c:a", "pcm_s16le", "-bitexact", path)
    whole = path.read_bytes()
    start = whole.index(b"data") + 8
    tone = whole[start:]
    size = hours * 3600 * 48000 * 4
    path.write_bytes(whole[:4] + struct.pack("<I", start - 8 + size) + whole[8:start - 4] + struct.pack("<I", size))
    with path.open("r+b") as file:
        file.seek(start + size - len(tone))
        file.write(tone)
    return path


def hours_of_matroska(path, hours):
    """The same where no seek is exact: whoever wants the end reads all of it."""
    programs.ffmpeg(
        "-f", "lavfi", "-i", f"aevalsrc='if(gt(t,{hours * 3600 - 10}),0.5*sin(880*t),0)':sample_rate=8000:duration={hours * 3600}:nb_samples=8000",
        "-c:a", "pcm_u8", path)
    return path


def test_whoever_skips_for_long_is_not_taken_for_hung(batch):
    """The end of four hours of audio, with a watchdog that waits for less than the way there takes."""
    hours = 4
    trim = {"start": f"{hours - 1:02d}:59:52"}
    batch.describe({
        "wave": {"source": str(hours_of_wave(batch.folder / "long.wav", hours)), "trim": trim},
        "matroska": {"source": str(hours_of_matroska(batch.folder / "long.mka", hours)), "trim": trim}})
    batch.run("--task-timeout", 3)
    for title in ("wave", "matroska"):
        package = batch.package(title)
        assert package.facts["duration"] == "8"
        # It is the end that was reached: the tone sounds from the first moment to the last.
        sound = package.folder / package.facts["audio"][0]["path"] / "media.m3u8"
        result = programs.run("ffmpeg", "-nostdin", "-i", sound, "-af", "silencedetect=noise=-40dB:duration=0.2,volumedetect", "-f", "null", "-")
        assert "silence_start" not in result.stderr and float(re.search(r"mean_volume: (\S+) dB", result.stderr)[1]) > -30, result.stderr
