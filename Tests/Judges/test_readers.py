"""Many readers beside runs: neither holds the other up. And titles that are taken off."""

import contextlib
import json
import threading

import pytest

import programs
from large_catalog import fill
from range_server import RangeServer
from runs import wait_until
from web import Server

# So many that a list takes far longer than a small question.
MANY = 3_000


@contextlib.contextmanager
def listing(server, clients):
    """Clients that ask for the whole list again and again; gives the lists that came so far."""
    lists, failures, is_over = [], [], threading.Event()

    def loop():
        while not is_over.is_set():
            try:
                answer = server.request("/api/v1/titles")
                lists.append((answer.status, answer.body))
            except Exception as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=loop) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield lists
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    assert not failures, failures


@pytest.mark.alone
def test_readers_fail_no_run_and_no_run_fails_them(batch, clip):
    titles = {"template": str(clip), "one": str(clip)}
    batch.describe(titles).run()
    fill(batch.catalog, "template", MANY)
    with Server(batch.catalog) as server, listing(server, 4) as lists:
        # Something to write: another name, and a new title.
        keys = {name: {"source": source, "metadata": {"name": "Other", "kind": "clip"}} for name, source in titles.items()}
        batch.describe({**keys, "new": str(clip)}).run()
        # Who asks for a little is not behind those who ask for all.
        before = len(lists)
        for _ in range(10):
            assert server.request("/healthz").status == 200
            assert server.request("/api/v1/titles/copy-000001").status == 200
        # Behind them, each of the twenty would have waited for a list at least.
        assert len(lists) - before < 12
        wait_until(lambda: lists, seconds=300)
        name = json.loads(server.request("/api/v1/titles/one").body)["name"]
        assert name == "Other"
    terminal = programs.demand(programs.REELMILL, "catalog", "list", "--catalog", f"sqlite:{batch.catalog}").splitlines()
    assert len(terminal) == MANY + 3
    for status, body in lists:
        assert status == 200
        ids = [title["id"] for title in json.loads(body)["titles"]]
        assert len(ids) == len(set(ids)) and MANY + 2 <= len(ids) <= MANY + 3


def take_off(batch, *ids, action="remove", status=0, options=()):
    result = programs.reelmill("catalog", action, *ids, *(options or ("--catalog", f"sqlite:{batch.catalog}")))
    assert result.returncode == status, result.stderr
    return result


def test_a_title_that_is_taken_off_is_gone_until_it_is_restored(batch, clip):
    batch.describe({"one": str(clip), "two": str(clip)}).run()
    version = batch.package("one").facts["version"]
    media = f"/media/one/{version}/index.m3u8"
    with Server(batch.catalog) as server:
        assert server.request(media).status == 200
        assert "taken off" in take_off(batch, "one").stdout
        assert server.request("/api/v1/titles/one").status == 410
        wait_until(lambda: server.request(media).status == 410)
        assert [title["id"] for title in server.json("/api/v1/titles")["titles"]] == ["two"]
        # No run brings it back, not even a better one.
        batch.write("presets/small.yaml", (batch.folder / "presets/small.yaml").read_text().replace("crf: 23", "crf: 30"))
        events = batch.folder / "events.ndjson"
        result = batch.run("--events", events)
        assert "one: taken off with 'catalog remove'" in result.stderr
        told = [json.loads(line) for line in events.read_text().splitlines()]
        assert [event["title"] for event in told if event["event"] == "removed"] == ["one"]
        assert told[-1]["counts"]["removed"] == 1 and told[-1]["counts"]["published"] == 1
        status = json.loads(programs.demand(programs.REELMILL, "status", "--work", batch.work, "--json"))
        states = {title["title"]: (title["state"], title.get("reason")) for title in status["titles"]}
        assert states["one"][0] == "removed" and "catalog restore one" in states["one"][1] and states["two"][0] == "published"
        plan = batch.plan()
        assert plan["one"]["state"] == "removed" and "catalog restore one" in plan["one"]["warnings"][0]
        assert plan["two"]["state"] == "published"
        assert server.request("/api/v1/titles/one").status == 410
        assert {path.parent.name for path in batch.store.glob("one/*/package.json")} == {version}
        listed = json.loads(programs.demand(programs.REELMILL, "catalog", "list", "--json", "--catalog", f"sqlite:{batch.catalog}"))
        assert {title["id"]: "removed_at" in title for title in listed["titles"]} == {"one": True, "two": False}
        # What its files are is as before.
        assert version in take_off(batch, "one", action="restore").stdout
        assert server.request("/api/v1/titles/one").status == 200
        wait_until(lambda: server.request(media).status == 200)
    batch.run()
    assert batch.plan()["one"]["version"] != version


def test_gc_takes_its_files_and_a_restored_title_is_made_anew(batch, clip):
    batch.describe({"one": str(clip), "two": str(clip)})
    manifest = json.loads(batch.manifest.read_text())
    batch.manifest.write_text(json.dumps({**manifest, "keep_days": 0}))
    batch.run()
    version = batch.package("one").facts["version"]
    result = take_off(batch, "one", "nobody", status=1)
    assert "nobody: the catalog has no such title" in result.stderr and "one: taken off" in result.stdout

    def clean():
        return programs.demand(programs.REELMILL, "gc", batch.manifest, "--work", batch.work, "--yes")

    wait_until(lambda: clean() is not None and not (batch.store / "one" / version).exists())
    with Server(batch.catalog) as server:
        assert server.request("/api/v1/titles/one").status == 410
        assert server.request(f"/media/one/{version}/index.m3u8").status == 410
    assert batch.query("SELECT count(*) FROM versions WHERE title_id = 'one'") == [(0,)]
    batch.run()
    assert "one" not in batch.packages()
    assert "the next run publishes it anew" in take_off(batch, "one", action="restore").stdout
    batch.run()
    assert batch.package("one").facts["version"] == version


def test_a_cdn_is_told_of_what_is_taken_off_and_of_what_comes_back(batch, clip):
    with RangeServer() as cdn:
        batch.describe({"one": str(clip)})
        manifest = json.loads(batch.manifest.read_text())
        batch.manifest.write_text(json.dumps({**manifest, "purge": {"url": f"{cdn.url}/hook", "body": "{title} {version}"}}))
        batch.run()
        version = batch.package("one").facts["version"]
        options = ("--manifest", batch.manifest, "--work", batch.work)

        def told():
            return [entry[3].decode() for entry in cdn.requests]

        assert told() == [f"one {version}"]
        take_off(batch, "one", options=options)
        assert told() == [f"one {version}"] * 2
        take_off(batch, "one", action="restore", options=options)
        assert told() == [f"one {version}"] * 3
        # One that does not listen is told by the next run.
        cdn.hook_statuses = [501]
        assert "which the next run tries again" in take_off(batch, "one", options=options).stderr
        cdn.hook_statuses = [200]
        before = len(told())
        batch.run()
        assert told()[before:] == [f"one {version}"]
