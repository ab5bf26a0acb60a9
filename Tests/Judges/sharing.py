"""How the judgements are shared out among pytest's workers (pytest-xdist), and what the workers make together."""

import contextlib
import fcntl
import os
import pathlib

# Groups that take long begin first, so that none is left when the others have ended. What belongs to no group comes last.
FIRST = ("demo", "browser", "test_s3_run", "test_remote", "test_ceph", "test_s3", "test_upgrade", "test_sources", "test_fuzz")
BROWSERS = {"chromium", "firefox", "viewer", "reader", "streamer"}


def group_of(item):
    """Judgements of one group are done by one worker, one after another; None: by any worker.

    A browser plays in real time, so there are never two of them. What a file makes once for all its judgements is made once only if they
    stay together. Those that need the machine for themselves come last, when the other workers have nothing to do any more.
    """
    if item.get_closest_marker("alone"):
        return "alone"
    if BROWSERS & set(item.fixturenames):
        return "browser"
    if "demo" in item.fixturenames:
        return "demo"
    scopes = {found[-1].scope for found in item._fixtureinfo.name2fixturedefs.values()}
    return item.path.stem if "module" in scopes else None


def rank(item):
    """Where a judgement stands in the order: by its group, and behind those that need not wait for the demonstration."""
    mark = item.get_closest_marker("xdist_group")
    name = mark.args[0] if mark else item.path.stem
    place = FIRST.index(name) if name in FIRST else len(FIRST)
    return place + (name == "alone"), "demo" in item.fixturenames


@contextlib.contextmanager
def turn(tmp_path_factory, is_alone):
    """Judgements go side by side, or one of them alone."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    with open(folder(tmp_path_factory, "turn.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if is_alone else fcntl.LOCK_SH)
        yield


def folder(tmp_path_factory, name):
    """A folder that all workers see."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name


@contextlib.contextmanager
def once(folder):
    """Whether the block is to make what the folder holds: the first worker makes it, the others wait for it. What failed is tried again."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    made = folder.with_name(f"{folder.name}.made")
    with open(folder.with_name(f"{folder.name}.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not made.exists()
        made.touch()
