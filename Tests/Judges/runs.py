"""Runs under way: started, looked at while they work, and held still where a judgement needs them."""

import contextlib
import fcntl
import fnmatch
import os
import pathlib
import shutil
import signal
import sqlite3
import struct
import subprocess
import time

import programs


def start(batch, *options, through=(), **environment):
    """A run in a process group of its own; `through`: a program that becomes it."""
    command = [*through, programs.REELMILL, "run", batch.manifest, "--work", batch.work, *options]
    return subprocess.Popen(
        [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=True, env={**os.environ, **environment})


def kill(process):
    """Ends a run with all its workers, and waits for it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=programs.PATIENCE)


def forget(batch):
    """Leaves of all its runs nothing."""
    shutil.rmtree(batch.store, ignore_errors=True)
    shutil.rmtree(batch.work, ignore_errors=True)
    batch.catalog.unlink(missing_ok=True)
    pathlib.Path(f"{batch.catalog}-journal").unlink(missing_ok=True)


def wait_until(truth, seconds=120, pause=0.02):
    """What `truth` gives once it is true."""
    end = time.monotonic() + seconds
    while True:
        # Looked at once more after the end: this process may have had no turn for long.
        is_over = time.monotonic() >= end
        if value := truth():
            return value
        assert not is_over, f"it did not come about in {seconds} s"
        time.sleep(pause)


# What a run has left so far.


def files(folder):
    """Every file below a folder that somebody works in: what goes away meanwhile is passed over, where `rglob` would raise."""
    for place, _, names in os.walk(folder):
        yield from (pathlib.Path(place, name) for name in names)


def count_of_done(batch):
    """Tasks that the last run has finished, but for those that only read."""
    return rows_of_journal(
        batch, "SELECT count(*) FROM tasks WHERE state = 'done' AND kind <> 'probe' AND run = (SELECT max(id) FROM runs)")[0][0]


def rows_of_journal(batch, sql):
    with contextlib.closing(sqlite3.connect(f"file:{batch.work}/journal.sqlite?mode=ro", uri=True)) as db:
        return db.execute(sql).fetchall()


# Processes, any of which may be gone before the next line.


def facts_of(process, thread=""):
    """What /proc/…/stat says after the name, the state first; None: there is no such process."""
    try:
        return pathlib.Path(f"/proc/{process}{thread}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None


def is_alive(process):
    facts = facts_of(process)
    return facts is not None and facts[0] not in "ZX"


def workers_of(process):
    """Process ids of a run's workers."""
    facts = {int(name): facts_of(name) for name in os.listdir("/proc") if name.isdigit()}
    return [number for number, words in facts.items() if words and int(words[1]) == process.pid and words[0] not in "ZX"]


def stop(process):
    """Returns when none of its threads does anything any more."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGSTOP)
        wait_until(lambda: stands_still(process), pause=0.001)


def stands_still(process):
    try:
        threads = os.listdir(f"/proc/{process}/task")
    except OSError:
        return True
    return all(facts is None or facts[0] in "TtZX" for facts in (facts_of(process, f"/task/{thread}") for thread in threads))


def resume(process):
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGCONT)


@contextlib.contextmanager
def halfway(batch, pattern, *options, **more):
    """A run whose only worker stands still in the middle of an encoding, of which there is a file that fits `pattern`: the process and the
    worker's id. For as long as the block lasts, so long the run cannot end; afterwards the worker goes on, if it still is."""
    process, worker = catch(batch, pattern, *options, **more)
    try:
        yield process, worker
    except BaseException:
        kill(process)
        raise
    finally:
        resume(worker)


def catch(batch, pattern, *options, **more):
    """Workers are stopped for each look, so that what is seen still holds afterwards. A run that was over before it was caught, because
    this process had no turn, is begun again."""
    end = time.monotonic() + programs.PATIENCE
    while True:
        process = start(batch, "--workers", 1, *options, **more)
        try:
            if worker := catch_worker(process, batch, pattern, end):
                return process, worker
        except BaseException:
            kill(process)
            raise
        _, errors = process.communicate(timeout=programs.PATIENCE)
        assert process.returncode == 0, errors
        forget(batch)


def catch_worker(process, batch, pattern, end):
    """The id of a run's worker, which stands still in the middle of an encoding; None: the run is over."""
    while process.poll() is None:
        assert time.monotonic() < end, "no run was caught in the middle of an encoding"
        workers = workers_of(process)
        for worker in workers:
            stop(worker)
        if len(workers) == 1 and is_encoding(batch, pattern) and is_alive(workers[0]):
            return workers[0]
        for worker in workers:
            resume(worker)
        time.sleep(0.005)
    return None


def is_encoding(batch, pattern):
    """Whether the one task under way is an encoding, and has begun to write. Others write files of the same names."""
    if not any(fnmatch.fnmatch(path.name, pattern) for path in files(batch.work / "artefacts" / "tmp")):
        return False
    return rows_of_journal(batch, "SELECT DISTINCT kind FROM tasks WHERE state = 'running' AND run = (SELECT max(id) FROM runs)") == [("encode",)]


@contextlib.contextmanager
def lock_held(batch, holder=""):
    """The work folder's lock, taken as runs take it: on the whole file, by an open file description."""
    batch.work.mkdir(exist_ok=True)
    with open(batch.work / "lock", "w") as lock:
        lock.write(holder)
        lock.flush()
        # Linux's `struct flock` of 64 bits: type, whence, start, length (0: to the end), process (0, as locks of this kind want it).
        fcntl.fcntl(lock, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))
        yield
