"""The engine: whatever is killed, crashes, hangs or eats memory, the rest goes on, and the bytes are those of an undisturbed run."""

import collections
import contextlib
import fcntl
import json
import os
import pathlib
import pty
import random
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import termios
import threading
import time

import jsonschema
import pytest

import programs
from runs import catch_worker, count_of_done, forget, halfway, is_alive, lock_held, resume, rows_of_journal, start, wait_until, workers_of

KILLS = 20


def demand_catalog_is_never_ahead(batch):
    """Every current version is in the store with all its files."""
    if not batch.catalog.exists():
        return
    # Not read-only: what a killed transaction left is rolled back by whoever comes next.
    with contextlib.closing(sqlite3.connect(batch.catalog)) as db:
        # A run that was killed while it made the catalog leaves an empty one.
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'titles'").fetchone():
            return
        rows = db.execute("SELECT id, current_version FROM titles").fetchall()
    for title, version in rows:
        folder = batch.store / title / version
        facts = json.loads((folder / "package.json").read_text())
        for file in facts["files"]:
            assert (folder / file["path"]).stat().st_size == file["bytes"], f"{title}: {file['path']}"


def demand_nothing_was_done_twice(batch):
    """By the journal: each rung of each chunk, each sound and each package was finished once. Sources that are equal share results."""
    done = collections.Counter()
    for title, label in rows_of_journal(batch, "SELECT title, label FROM tasks WHERE state = 'done' AND kind <> 'probe'"):
        what, _, rungs = label.partition(", rungs ")
        rungs, _, step = rungs.partition(", ")
        for rung in rungs.split() or [""]:
            done[title, what, rung, step] += 1
    assert done and max(done.values()) == 1, done


@pytest.fixture(scope="session")
def film(tmp_path_factory):
    """Forty seconds: four chunks of the small preset, each of which can be begun where it begins."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    programs.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30:duration=40", "-f", "lavfi", "-i", "sine=duration=40", "-c:v", "libx264",
        "-preset", "ultrafast", "-g", "30", "-pix_fmt", "yuv420p", "-c:a", "aac", path)
    return path


TWO_RUNGS = """\
version: 1
segment_seconds: 4
gop_seconds: 2
chunk_seconds: 10
video:
  codec: h264
  speed: veryfast
  rungs:
    - { name: 360p, width: 640, height: 360, crf: 23, max_rate: 1000k, buffer_size: 1000k }
    - { name: 180p, width: 320, height: 180, bit_rate: 300k, max_rate: 500k, buffer_size: 500k }
audio:
  - { codec: aac, bit_rate: 96k }
images: { card_widths: [160] }
"""


def test_killed_at_twenty_random_moments(batch, film, clip):
    batch.write("presets/two.yaml", TWO_RUNGS)
    batch.describe({"film": film, "clip": clip, "again": film}, preset="two")
    began = time.monotonic()
    batch.run()
    whole = time.monotonic() - began
    content = batch.bytes_of_store()
    forget(batch)
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    dice = random.Random(seed)
    kills = ends = 0
    while kills < KILLS:
        process = start(batch)
        try:
            # Sometimes in the planning, mostly in the middle, sometimes while it publishes.
            process.wait(timeout=dice.uniform(0.02, max(0.5, whole * 0.4)))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            kills += 1
        process.communicate(timeout=programs.PATIENCE)
        demand_catalog_is_never_ahead(batch)
        if process.returncode == 0:
            ends += 1
            assert batch.bytes_of_store() == content, f"after {kills} kills"
            forget(batch)
        else:
            assert process.returncode == -signal.SIGKILL, process.returncode
    batch.run()
    assert batch.bytes_of_store() == content
    assert not list(batch.work.glob("artefacts/tmp/*")), "something half-made was left"
    demand_nothing_was_done_twice(batch)
    print(f"{kills} kills, {ends + 1} runs to the end")


def test_what_somebody_elsewhere_is_writing_stays(batch, clip):
    """What another machine's worker has begun is not a new run's to remove; what nobody has written to for two days is."""
    batch.describe({"film": clip})
    fresh, old = [batch.work / "artefacts" / "tmp" / f"0123456789abcdef-{number}-1-result" for number in (1, 2)]
    plans = batch.work / "plans" / "0123456789abcdef-1-1"
    for folder in (fresh, old, plans):
        folder.mkdir(parents=True)
        (folder / "init.mp4").write_bytes(b"half")
    for path in (old / "init.mp4", old):
        os.utime(path, (time.time() - 2 * 86400,) * 2)
    batch.run()
    assert (fresh / "init.mp4").exists() and (plans / "init.mp4").exists()
    assert not old.exists()


def hostile(tmp_path, media, clip):
    """Files that no one should be handed; the real ones where they are there."""
    real = media / "corrupt"
    if real.is_dir():
        return {f"bad-{number}": path for number, path in enumerate(sorted(path for path in real.iterdir() if path.is_file()))}
    content = pathlib.Path(clip).read_bytes()
    noise = bytes((number * 7919 >> 3) & 255 for number in range(4096))
    files = {
        "truncated": content[:len(content) * 2 // 3], "zero": b"", "text": b"this is no film\n" * 100,
        "noise": content[:len(content) // 2] + noise + content[len(content) // 2 + len(noise):]}
    for name, data in files.items():
        (tmp_path / f"{name}.mp4").write_bytes(data)
    return {f"bad-{name}": tmp_path / f"{name}.mp4" for name in files}


def test_nobody_hurts_the_good_titles(batch, film, clip, tmp_path):
    """Hostile files, and tasks that crash, hang and allocate without end (builds for tests know how)."""
    titles = {"good-one": clip, **hostile(tmp_path, programs.ROOT.parent / "shared" / "media", clip)}
    titles |= {"evil-crash": clip, "evil-hang": film, "evil-hoard": film, "good-two": film}
    batch.describe(titles)
    faults = "crash:encode:evil-crash,hang:encode:evil-hang,allocate:audio:evil-hoard"
    process = start(batch, "--task-timeout", 12, "--task-memory", "1500M", REELMILL_TEST_FAULT=faults)
    _, errors = process.communicate(timeout=programs.PATIENCE)
    assert process.returncode == 1, errors
    published = batch.packages().keys()
    assert {"good-one", "good-two"} <= published
    assert not {title for title in published if title.startswith("evil")}
    report = batch.status(1)
    for title in report["titles"]:
        if title["title"] in published:
            assert title["state"] == "published", title
        else:
            assert title["state"] == "failed" and title["reason"] and "\n" not in title["reason"], title
    reasons = {title["title"]: title.get("reason") for title in report["titles"]}
    assert "crashed" in reasons["evil-crash"]
    assert "no progress" in reasons["evil-hang"]
    assert "memory" in reasons["evil-hoard"]


def test_the_second_of_two_runs_ends_at_once(batch, film):
    batch.describe({"film": film})
    with halfway(batch, "init.mp4") as (first, _):
        second = programs.reelmill("run", batch.manifest, "--work", batch.work)
        assert second.returncode == 75
        assert str(first.pid) in second.stderr, second.stderr
        assert first.poll() is None, "it waited for the first"
    first.communicate(timeout=programs.PATIENCE)
    assert first.returncode == 0


def test_a_held_lock_comes_before_everything_else(batch, clip):
    """Proving presets and reading sources take their time; whoever is not alone is told at once."""
    batch.describe({"film": clip}, preset="not-there")
    with lock_held(batch, "4711"):
        result = batch.run(status=75)
        assert "process 4711" in result.stderr
    batch.run(status=65)


def test_nice_is_added(batch, film):
    batch.describe({"film": film})
    with halfway(batch, "init.mp4", "--nice", 10, through=["nice", "-n", "5"]) as (process, worker):
        assert os.getpriority(os.PRIO_PROCESS, worker) == min(19, os.nice(0) + 15)
    process.communicate(timeout=programs.PATIENCE)
    assert process.returncode == 0


def test_a_second_night_of_ten_titles_begins_no_task(batch, clip):
    batch.describe({f"title-{number}": {"source": str(clip), "trim": {"start": number / 10}} for number in range(10)})
    batch.run()
    before = batch.bytes_of_store()
    result = batch.run()
    assert "10 unchanged" in result.stderr
    assert rows_of_journal(batch, "SELECT count(*) FROM tasks WHERE run = (SELECT max(id) FROM runs)") == [(0,)]
    assert not list(batch.work.glob("workers/*")), "a worker was started"
    assert batch.bytes_of_store() == before


def watch_on_a_terminal(command, environment, meanwhile=lambda process: None):
    """What a person sees: everything that a program writes to its terminal. `meanwhile` is called while it is read."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment, close_fds=True)
    os.close(slave)
    seen = []
    reader = threading.Thread(target=read_terminal, args=(master, seen), daemon=True)
    reader.start()
    try:
        meanwhile(process)
        status = process.wait(programs.PATIENCE)
        reader.join(programs.PATIENCE)
        assert not reader.is_alive(), "somebody holds the terminal"
    finally:
        process.kill()
    os.close(master)
    return status, b"".join(seen).decode()


def read_terminal(master, seen):
    # Linux tells that nobody writes any more with an error.
    with contextlib.suppress(OSError):
        while piece := os.read(master, 65536):
            seen.append(piece)


def hold_up(batch, process):
    """Lets a run stand still in an encoding for so long that its speed is known. False: it was over before that."""
    worker = catch_worker(process, batch, "init.mp4", time.monotonic() + programs.PATIENCE)
    if worker is None:
        return False
    time.sleep(1.5)
    resume(worker)
    return True


def test_progress_on_a_terminal(batch, film):
    batch.describe({"film": film})
    command = [programs.REELMILL, "run", str(batch.manifest), "--work", str(batch.work), "--workers", "1"]
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    was_held = []
    while not any(was_held):
        forget(batch)
        status, seen = watch_on_a_terminal(command, environment, lambda process: was_held.append(hold_up(batch, process)))
        assert status == 0 and len(was_held) < 20, seen
    for stage in ("reading", "encoding"):
        assert re.search(rf"film  {stage}", seen), f"{stage} is never shown"
    assert re.search(r"\d+ %  film  encoding  [\d.]+x", seen), "no speed"
    assert re.search(r"\d+ %  all", seen), "no total"
    assert "\x1b[32mpublished" in seen and "\x1b[J" in seen
    lines = [line for line in re.split(r"\r\n|\x1b\[\d*[A-Z]", seen)]
    assert all(len(re.sub(r"\x1b\[[\d;]*m", "", line)) < 100 for line in lines if "film  " in line), "a line wraps"
    forget(batch)
    status, seen = watch_on_a_terminal(command, {**environment, "NO_COLOR": "1"})
    assert status == 0 and "\x1b[32m" not in seen


def test_workers_end_with_their_parent(batch, film):
    batch.describe({"film": film})
    with halfway(batch, "init.mp4") as (process, worker):
        assert os.getpgid(worker) == process.pid, "the worker left the process group"
        os.kill(process.pid, signal.SIGKILL)
        process.wait(programs.PATIENCE)
        assert is_alive(worker), "it was killed too, and proves nothing"
    wait_until(lambda: not is_alive(worker))
    process.communicate(timeout=programs.PATIENCE)
    batch.run()


def test_a_killed_worker_is_replaced(batch, film):
    batch.describe({"film": film})
    with halfway(batch, "init.mp4") as (process, worker):
        os.kill(worker, signal.SIGKILL)
    _, errors = process.communicate(timeout=programs.PATIENCE)
    assert process.returncode == 0, errors
    assert "signal 9" in errors and "once more" in errors


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_stop_cleanly(batch, film, number):
    batch.describe({"film": film})
    with halfway(batch, "*.m4s") as (process, _):
        # To the whole group, as a terminal does.
        os.killpg(process.pid, number)
    process.communicate(timeout=60)
    assert process.returncode == 130
    status = batch.status(130)
    assert status["exit_status"] == 130 and not status["is_running"]
    batch.run()


def test_status_reads_while_a_run_is_going(batch, film):
    batch.describe({"film": film})
    with halfway(batch, "init.mp4") as (process, _):
        status = batch.status(75)
        assert status["is_running"] and status["process"] == process.pid
        assert status["titles"][0]["state"] == "running" and status["titles"][0]["running"], status
    process.communicate(timeout=programs.PATIENCE)
    assert process.returncode == 0


def segments(folder):
    return {path: path.stat().st_ino for path in folder.rglob("video/*/*.m4s")}


def test_only_what_is_new_is_made(batch, film, tmp_path):
    """A subtitle, a sound and a rung are added one after another: each makes a new version, whose other files are links."""
    batch.write("presets/two.yaml", TWO_RUNGS)
    title = {"source": str(film)}
    batch.describe({"film": title}, preset="two")
    batch.run()

    def tasks():
        events = batch.folder / "events.ndjson"
        batch.run("--events", events)
        planned = [json.loads(line) for line in events.read_text().splitlines() if '"planned"' in line]
        return planned[0]["tasks"] if planned else 0

    def current():
        return batch.store / "film" / batch.query("SELECT current_version FROM titles")[0][0]

    assert tasks() == 0
    old = {path.relative_to(current()): inode for path, inode in segments(current()).items()}
    subtitle = batch.write("film.en.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello.\n")
    title["subtitles"] = [{"file": str(subtitle), "language": "en"}]
    batch.describe({"film": title}, preset="two")
    assert tasks() == 2, "the subtitle and the package"
    assert {path.relative_to(current()): inode for path, inode in segments(current()).items()} == old, "segments are not links"
    sound = tmp_path / "dub.wav"
    programs.ffmpeg("-f", "lavfi", "-i", "sine=frequency=300:duration=40", sound)
    title["audio"] = [{"track": 0, "language": "en"}, {"file": str(sound), "language": "fr"}]
    batch.describe({"film": title}, preset="two")
    assert tasks() == 2, "the new sound and the package"
    assert {path.relative_to(current()): inode for path, inode in segments(current()).items()} == old
    batch.write("presets/two.yaml", TWO_RUNGS.replace("crf: 23", "crf: 33"))
    tasks()
    new = {path.relative_to(current()): inode for path, inode in segments(current()).items()}
    assert {path for path in new if new[path] != old[path]} == {path for path in new if path.parts[1] == "360p"}


def test_the_deadline(batch, film):
    batch.describe({"film": film})
    result = batch.run("--deadline", "0m", status=75)
    assert "postponed" in result.stderr
    assert not batch.packages()
    assert batch.run("--quiet", "--deadline", "0m", status=75).stderr == "", "cron mails only failures"
    batch.run("--deadline", "5h")
    assert batch.run("--quiet").stderr == ""
    assert programs.reelmill("run", batch.manifest, "--deadline", "tomorrow").returncode == 64


def test_a_deadline_in_the_middle(batch, film):
    """What is begun ends, nothing else is begun, what is finished is published; the next night does the rest."""
    batch.describe({f"film-{number}": {"source": str(film), "trim": {"start": number / 10}} for number in range(6)})
    began = time.monotonic()
    batch.run()
    whole = time.monotonic() - began
    content = batch.bytes_of_store()
    forget(batch)
    night, runs = max(2, int(whole / 3)), 0
    while True:
        runs += 1
        result = batch.run("--deadline", f"{night}s", status=None)
        demand_catalog_is_never_ahead(batch)
        if result.returncode == 0 and runs > 1:
            break
        if result.returncode == 0:
            # The machine has more time for it than before.
            assert night > 1, "the deadline stopped nothing"
            forget(batch)
            night, runs = night // 2, 0
            continue
        assert result.returncode == 75 and "postponed" in result.stderr, result.stderr
        # Or less: then the nights are too short for anything.
        if not count_of_done(batch):
            night *= 2
        assert night < programs.PATIENCE, "no night gets anything done"
    assert batch.bytes_of_store() == content
    demand_nothing_was_done_twice(batch)


def test_a_run_that_cannot_begin_leaves_no_yesterdays_figures(batch, clip):
    batch.describe({"film": clip})
    metrics, events = batch.folder / "reelmill.prom", batch.folder / "events.ndjson"
    batch.run("--metrics", metrics)
    assert 'last_run_exit_status{manifest="' in metrics.read_text()
    batch.describe({"film": clip}, catalog="sqlite:./nowhere/catalog.sqlite")
    result = batch.run("--metrics", metrics, "--events", events, status=69)
    assert re.search(r"last_run_exit_status\{[^}]*\} 69", metrics.read_text())
    last = json.loads(events.read_text().splitlines()[-1])
    assert last["event"] == "stopped" and last["exit_status"] == 69 and last["message"] in result.stderr
    jsonschema.validate(last, json.loads(programs.demand(programs.REELMILL, "schema", "events")))


def test_gc_hides_no_failure_of_the_night(batch, clip, tmp_path):
    (tmp_path / "bad.mp4").write_text("no film")
    batch.describe({"good": clip, "bad": tmp_path / "bad.mp4"})
    batch.run(status=1)
    before = batch.status(1)
    programs.demand(programs.REELMILL, "gc", batch.manifest, "--work", batch.work, "--yes")
    assert batch.status(1) == before


def test_documents_say_their_format_first(batch, clip):
    batch.describe({"film": clip})
    events = batch.folder / "events.ndjson"
    batch.run("--events", events)
    documents = events.read_text().splitlines() + [(batch.package("film").folder / "package.json").read_text()]
    for command in (
            ("validate", batch.manifest, "--json"), ("plan", batch.manifest, "--work", batch.work, "--json"), ("probe", clip, "--json"),
            ("status", "--work", batch.work, "--json"), ("catalog", "list", "--catalog", f"sqlite:{batch.catalog}", "--json"),
            ("catalog", "show", "film", "--catalog", f"sqlite:{batch.catalog}", "--json")):
        documents.append(programs.demand(programs.REELMILL, *command))
    for document in documents:
        assert next(iter(json.loads(document))) == "format_version", document[:200]


def test_quiet_prints_failures_alone(batch, clip, tmp_path):
    (tmp_path / "bad.mp4").write_text("no film")
    batch.describe({"good": clip, "bad": tmp_path / "bad.mp4"})
    lines = batch.run("--quiet", status=1).stderr.splitlines()
    assert len(lines) == 1 and "bad" in lines[0], lines


def test_events_keep_to_their_schema(batch, film, tmp_path):
    (tmp_path / "bad.mp4").write_text("no film")
    batch.describe({"film": film, "bad": tmp_path / "bad.mp4"})
    schema = json.loads(programs.demand(programs.REELMILL, "schema", "events"))
    jsonschema.Draft202012Validator.check_schema(schema)
    events = batch.folder / "events.ndjson"
    batch.run("--events", events, status=1)
    lines = [json.loads(line) for line in events.read_text().splitlines()]
    for line in lines:
        jsonschema.validate(line, schema)
    kinds = [line["event"] for line in lines]
    assert kinds[0] == "began" and kinds[-1] == "ended"
    assert {"planned", "progress", "batch_progress", "published", "failed"} <= set(kinds)
    progress = [line for line in lines if line["event"] == "progress" and line["title"] == "film"]
    assert [line["done"] for line in progress] == sorted(line["done"] for line in progress)
    stages = [line["stage"] for line in progress]
    assert stages[0] == "reading" and stages[-1] == "publishing" and {"encoding", "packaging"} <= set(stages), stages


def test_the_events_of_a_run_that_is_going_are_its_own(batch, film):
    batch.describe({"film": film})
    events = batch.write("events.ndjson", "yesterday\n")
    with halfway(batch, "init.mp4", "--events", events) as (first, _):
        batch.run("--events", events, status=75)
    first.communicate(timeout=programs.PATIENCE)
    assert first.returncode == 0
    kinds = [json.loads(line)["event"] for line in events.read_text().splitlines()]
    assert kinds[0] == "began" and kinds[-1] == "ended" and "stopped" not in kinds


def test_events_go_into_a_pipe(batch, clip):
    batch.describe({"film": clip})
    pipe = batch.folder / "pipe"
    os.mkfifo(pipe)
    assert "nobody reads" in batch.run("--events", pipe, status=69).stderr
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True)
    # The reader has to be there before the writer asks, and stay.
    with wait_until(lambda: writer(pipe)):
        batch.run("--events", pipe)
    lines, _ = reader.communicate(timeout=programs.PATIENCE)
    assert json.loads(lines.splitlines()[-1])["event"] == "ended" and pipe.is_fifo()


def writer(pipe):
    """The pipe, opened for writing; None while nobody reads it."""
    try:
        return os.fdopen(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK), "w")
    except OSError:
        return None


def test_figures_that_cannot_be_left_change_no_exit_status(batch, clip):
    batch.describe({"film": clip})
    result = batch.run("--quiet", "--metrics", batch.folder / "nowhere" / "reelmill.prom")
    assert "warning" in result.stderr and "nowhere" in result.stderr
    batch.describe({"film": clip}, catalog="sqlite:./nowhere/catalog.sqlite")
    batch.run("--metrics", batch.folder / "nowhere" / "reelmill.prom", status=69)


def test_half_a_result_is_no_success(batch, clip):
    batch.describe({"film": clip})
    for command in (["schema", "manifest"], ["plan", batch.manifest, "--work", batch.work, "--json"], ["probe", clip]):
        with open("/dev/full", "w") as full:
            result = subprocess.run(
                [programs.REELMILL, *map(str, command)], stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE, text=True,
                timeout=programs.PATIENCE)
        assert result.returncode == 74 and "No space left" in result.stderr, command


def test_a_plan_that_is_stopped_is_none(batch, clip):
    batch.describe({"film": clip})
    process = subprocess.Popen(
        [programs.REELMILL, "plan", str(batch.manifest), "--work", str(batch.work)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env={**os.environ, "REELMILL_TEST_FAULT": f"hang:probe:{pathlib.Path(clip).name}"})
    wait_until(lambda: workers_of(process))
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=programs.PATIENCE)
    assert process.returncode == 130 and not output, errors


def test_one_that_is_too_large_for_the_disk_stops_no_other(batch, film, clip):
    """Builds for tests believe a file about what the disk has left."""
    batch.describe({"large": film, "small": clip})
    needs = {name: title["predicted"]["bytes"] for name, title in batch.plan().items()}
    assert needs["large"] > needs["small"] + 1000
    left = batch.write("left", str(needs["small"] + 1000))
    process = start(batch, REELMILL_TEST_FREE=str(left))
    _, errors = process.communicate(timeout=programs.PATIENCE)
    assert process.returncode == 74 and batch.packages().keys() == {"small"}, errors
    assert re.search(r"failed large: .*should write about \d+ MB", errors), errors


def test_room_is_not_made_of_what_is_needed(batch, film, clip):
    """Pieces that no journal knows of and that may go at once, but for their title, which is about to be made of them."""
    batch.describe({"small": clip}).run()

    def records():
        return {path: path.stat().st_ino for path in batch.work.glob("artefacts/??/*/record.json")}

    before = records()
    shutil.rmtree(batch.store)
    for path in [batch.catalog, *batch.work.glob("journal.sqlite*")]:
        path.unlink()
    batch.describe({"large": film, "small": clip})
    batch.manifest.write_text(json.dumps({**json.loads(batch.manifest.read_text()), "keep_work": 0}))
    process = start(batch, REELMILL_TEST_FREE=str(batch.write("left", "1000")))
    _, errors = process.communicate(timeout=programs.PATIENCE)
    assert process.returncode == 74 and batch.packages().keys() == {"small"}, errors
    # What is found of the other title's source comes to it.
    assert before.items() <= records().items()


def test_metrics_are_what_prometheus_reads(batch, clip, tmp_path):
    (tmp_path / "bad.mp4").write_text("no film")
    batch.describe({"good": clip, "bad": tmp_path / "bad.mp4"})
    metrics = batch.folder / "reelmill.prom"
    batch.run("--metrics", metrics, status=1)
    from prometheus_client.parser import text_string_to_metric_families

    samples = {(sample.name, sample.labels.get("state")): sample.value
               for family in text_string_to_metric_families(metrics.read_text()) for sample in family.samples}
    assert samples["reelmill_last_run_exit_status", None] == 1
    assert samples["reelmill_last_run_titles", "published"] == 1
    assert samples["reelmill_last_run_titles", "failed"] == 1
    assert samples["reelmill_last_run_cpu_seconds", None] > 0
    assert abs(samples["reelmill_last_run_timestamp_seconds", None] - time.time()) < 600


def test_a_small_disk_is_told_before_anything_begins(batch, film, tmp_path):
    """A file system of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("mounting needs rights that this user does not have")
    try:
        batch.work = disk / "work"
        batch.describe({"film": film})
        result = batch.run(status=74)
        assert re.search(r"should write about \d+ MB", result.stderr), result.stderr
        assert not batch.packages()
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_a_disk_that_fills_up_is_survived(batch, film, tmp_path):
    """Noise costs more than any plan foretells: the disk is full in the middle, and after space was made the run goes on."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=9m", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("mounting needs rights that this user does not have")
    try:
        batch.work = disk / "work"
        ballast = disk / "ballast"
        batch.describe({"film": film})
        with halfway(batch, "init.mp4") as (process, _):
            # Somebody else takes all the space.
            with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * 4096)
        _, errors = process.communicate(timeout=programs.PATIENCE)
        assert process.returncode == 74, errors
        assert not batch.packages()
        ballast.unlink()
        batch.run()
        assert batch.packages().keys() == {"film"}
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
