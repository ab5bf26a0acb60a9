"""A catalog of a hundred thousand titles that many read without pause, while a run writes to it."""

import contextlib
import http.client
import itertools
import json
import os
import pathlib
import subprocess
import threading

import pytest

import programs
from large_catalog import fill
from web import Server

MANY = 100_000
# Whoever waits so long for a small answer waits for somebody's whole list.
PATIENCE_WITH_SMALL_ANSWERS = 120


def small_answer(server, path):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_WITH_SMALL_ANSWERS)
    with contextlib.closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


def count_of_listed(server, is_over):
    """How many titles a whole list holds, counted as they come; None: it was not waited for until its end."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=programs.PATIENCE)
    with contextlib.closing(connection):
        connection.request("GET", "/api/v1/titles")
        answer = connection.getresponse()
        assert answer.status == 200
        count, mark, rest = 0, b'"published_at":', b""
        while piece := answer.read(1 << 16):
            if is_over.is_set():
                return None
            piece = rest + piece
            count += piece.count(mark)
            # A mark that lies across two pieces is found with the second.
            rest = piece[1 - len(mark):]
        return count


@contextlib.contextmanager
def without_pause(*questions):
    """Asks each question again and again, side by side, while the block lasts; the first failure of one is the judge's."""
    failures, is_over = [], threading.Event()

    def loop(question):
        try:
            while not is_over.is_set():
                question(is_over)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=loop, args=(question,)) for question in questions]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    assert not failures, failures


@pytest.mark.alone
def test_a_run_and_its_readers_do_not_hold_each_other_up(batch, clip):
    titles = {name: {"source": str(clip), "metadata": {"name": name, "kind": "clip"}} for name in ("template", "one", "two")}
    batch.describe(titles).run()
    fill(batch.catalog, "template", MANY)
    numbers, health, lists = itertools.count(1), [], []
    with Server(batch.catalog) as server:

        def ask_for_all(is_over):
            lists.append(count_of_listed(server, is_over))

        def ask_for_little(_):
            health.append(small_answer(server, "/healthz")[0])
            number = next(numbers) * 997 % MANY + 1
            status, body = small_answer(server, f"/api/v1/titles/copy-{number:06d}")
            assert status == 200 and json.loads(body)["id"] == f"copy-{number:06d}"
            assert small_answer(server, "/")[0] == 200

        with without_pause(*[ask_for_all] * 4, ask_for_little):
            # Two with other names, and some that are new.
            for name in ("one", "two"):
                titles[name]["metadata"]["name"] = f"{name} again"
            fresh = {f"new-{number}": {"source": str(clip), "trim": {"end": 1 + number}} for number in range(3)}
            batch.describe({**titles, **fresh}).run("--workers", 1)
            asked = len(health)
            names = {name: json.loads(small_answer(server, f"/api/v1/titles/{name}")[1])["name"] for name in (*titles, *fresh)}
        # While it went on and afterwards, nobody was turned away.
        assert asked > 1 and set(health) == {200}
        assert names["one"] == "one again" and names["two"] == "two again" and set(fresh) <= set(names)
        assert all(MANY + 3 <= count <= MANY + 6 for count in lists if count is not None)
        # Nobody reads any more: the list is whole.
        assert count_of_listed(server, threading.Event()) == MANY + 6


def bytes_read(*command):
    """How much a program reads, of files and sockets, with whatever its threads do; its children count for themselves."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # Looked at when it has ended, and before it is forgotten.
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    facts = dict(line.split(": ") for line in pathlib.Path(f"/proc/{process.pid}/io").read_text().splitlines())
    assert process.wait() == 0
    return int(facts["rchar"])


def test_a_run_reads_no_more_of_a_large_catalog_than_of_a_small_one(batch, clip):
    """Titles that get another name, titles that are as they should be, and a plan."""
    def describe(word):
        return batch.describe({f"film-{number}": {
            "source": str(clip), "trim": {"end": 1 + number / 10}, "metadata": {"name": f"{word} {number}", "kind": "clip"}} for number in range(4)})

    def costs(word):
        describe(word)
        commands = [("run", "--workers", 1), ("run", "--workers", 1), ("plan",)]
        return [bytes_read(programs.REELMILL, command, batch.manifest, "--work", batch.work, *options) for command, *options in commands]

    describe("first").run()
    small = costs("second")
    fill(batch.catalog, "film-0", MANY)
    large = costs("third")
    # The way down a large index is a little longer.
    assert all(after < 1.25 * before for before, after in zip(small, large)), (small, large)
