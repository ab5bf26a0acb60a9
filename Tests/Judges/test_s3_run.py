"""Whole runs that publish to a real S3 server, and the upkeep of what they published."""

import contextlib
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import sqlite3
import subprocess
import time

import pytest

import programs
from batch import SMALL
from buckets import keys
from faulty_proxy import FaultyProxy
from runs import kill, rows_of_journal, start
from s3_server import SECRET, S3Server
from web import Server


@pytest.fixture(scope="module")
def s3():
    with S3Server() as server:
        yield server


@pytest.fixture
def bucket(s3, request):
    name = "run-" + "".join(character if character.isalnum() else "-" for character in request.node.name.lower())[:50].strip("-")
    s3.client().create_bucket(Bucket=name)
    return name


def publish_to(server, bucket, **more):
    return {"url": f"s3://{bucket}/films", "endpoint": server.endpoint, "region": "us-east-1", "addressing": "path", **more}


def run(batch, server, *options, status=0, timeout=programs.PATIENCE):
    """`reelmill run` with the server's keys in its environment."""
    result = programs.run(
        programs.REELMILL, "run", batch.manifest, "--work", batch.work, *options, env={**os.environ, **server.environment}, timeout=timeout)
    assert status is None or result.returncode == status, f"exit status {result.returncode}, not {status}:\n{result.stderr}"
    return result


def reelmill(server, *arguments):
    return programs.run(programs.REELMILL, *arguments, env={**os.environ, **server.environment})


def objects(server, bucket):
    """Every object's bytes by its key."""
    client, found = server.client(), {}
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for entry in page.get("Contents", []):
            found[entry["Key"]] = client.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()
    return found


def published_in_a_folder(batch):
    """What the same work folder gives a folder store."""
    text = batch.manifest.read_text()
    document = json.loads(text)
    document["publish"], document["catalog"] = "file:./store", "sqlite:./folder.sqlite"
    other = batch.write("folder.json", json.dumps(document))
    programs.demand(programs.REELMILL, "run", other, "--work", batch.work)
    return batch.bytes_of_store()


def test_a_bucket_holds_what_a_folder_would(batch, clip, s3, bucket):
    batch.describe({"one": clip, "other": clip}, publish=publish_to(s3, bucket))
    run(batch, s3)
    found = objects(s3, bucket)
    assert found == {f"films/{path}": content for path, content in published_in_a_folder(batch).items()}
    rows = batch.query("SELECT titles.id, location FROM titles JOIN versions ON version = current_version AND title_id = titles.id ORDER BY 1")
    for title, location in rows:
        assert location.startswith(f"{s3.endpoint}/{bucket}/films/{title}/")
    again = run(batch, s3)
    assert "2 unchanged" in again.stderr
    address = f"s3://{bucket}/films/one/{rows[0][1].rsplit('/', 1)[1]}"
    assert reelmill(s3, "verify", address, "--endpoint", s3.endpoint).returncode == 0
    victim = next(key for key in found if key.startswith("films/one/") and key.endswith("00001.m4s"))
    s3.client().put_object(Bucket=bucket, Key=victim, Body=b"x" * len(found[victim]))
    spoiled = reelmill(s3, "verify", address, "--endpoint", s3.endpoint)
    assert spoiled.returncode == 1 and "00001.m4s" in spoiled.stderr, spoiled.stderr


def test_a_bucket_gives_its_pieces_back_and_is_mended(batch, clip, s3, bucket):
    """With an empty work folder each time: what is published is not encoded again, and what is spoilt is put right."""
    def kinds():
        return dict(rows_of_journal(
            batch, "SELECT kind, count(*) FROM tasks WHERE state = 'done' AND run = (SELECT max(id) FROM runs) GROUP BY kind"))

    batch.describe({"one": clip}, publish=publish_to(s3, bucket))
    run(batch, s3)
    before = objects(s3, bucket)
    shutil.rmtree(batch.work)
    subtitle = batch.write("film.en.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello.\n")
    batch.describe(
        {"one": {"source": str(clip), "subtitles": [{"file": str(subtitle), "language": "en"}]}}, publish=publish_to(s3, bucket))
    batch.write("presets/small.yaml", SMALL.replace(
        "audio:\n", "    - { name: 90p, width: 160, height: 90, max_rate: 500k, buffer_size: 500k }\naudio:\n"))
    run(batch, s3)
    assert kinds() == {"probe": 1, "encode": 1, "text": 1, "package": 1}
    assert rows_of_journal(batch, "SELECT label FROM tasks WHERE kind = 'encode'") == [("encode chunk 1, rungs 2",)]
    content = objects(s3, bucket)
    assert before.items() <= content.items(), "what was published has changed"
    current = batch.query("SELECT current_version FROM titles")[0][0]
    old = {path.rsplit("/", 1)[1]: data for path, data in before.items() if "/180p/" in path and path.endswith(".m4s")}
    assert old.items() <= {path.rsplit("/", 1)[1]: data for path, data in content.items() if f"{current}/video/180p/" in path}.items()
    for name in ("video/90p/00001.m4s", "package.json"):
        shutil.rmtree(batch.work)
        key = f"films/one/{current}/{name}"
        spoilt = bytearray(content[key])
        spoilt[len(spoilt) // 2] ^= 1
        s3.client().put_object(Bucket=bucket, Key=key, Body=bytes(spoilt))
        result = run(batch, s3, "--repair")
        assert f"version {current} was not whole in the store" in result.stderr, result.stderr
        assert objects(s3, bucket) == content
    assert "1 unchanged" in run(batch, s3, "--repair").stderr


def test_a_lost_catalog_comes_back_from_a_bucket(batch, clip, s3, bucket):
    """From the bucket and the manifest alone: neither work folder nor catalog are left. Nothing is encoded, nothing is sent."""
    def describe(crf):
        batch.write("presets/small.yaml", SMALL.replace("crf: 23", f"crf: {crf}"))

    def current():
        return dict(batch.query("SELECT id, current_version FROM titles ORDER BY id"))

    def listed():
        return batch.query("SELECT title_id, version, location, duration FROM versions ORDER BY 1, 2")

    def rebuild():
        batch.catalog.unlink()
        shutil.rmtree(batch.work)
        result = reelmill(proxy, "catalog", "rebuild", batch.manifest, "--work", batch.work, "--yes")
        assert result.returncode == 0, result.stderr
        return result

    with FaultyProxy(s3, rate=0) as proxy:
        batch.describe({"one": clip, "two": clip}, publish=publish_to(proxy, bucket))
        run(batch, proxy)
        planned = current()
        describe(30)
        run(batch, proxy, "--only", "one")
        newest = current()["one"]
        describe(23)
        before, rows = objects(s3, bucket), listed()
        proxy.requests.clear()
        # The version that the manifest asks for, though another is newer.
        result = rebuild()
        assert f"one  {planned['one']}  the planned one of 2" in result.stdout
        assert "'catalog rollback'" in result.stderr and "'catalog remove'" in result.stderr
        assert current() == planned
        assert listed() == rows and len(rows) == 3
        assert "2 unchanged" in run(batch, proxy).stderr
        assert {kind for kind, in rows_of_journal(batch, "SELECT kind FROM tasks")} <= {"probe"}
        # Where the manifest asks for none of them, the newest.
        describe(35)
        assert f"one  {newest}  the newest of 2" in rebuild().stdout
        assert current() == {"one": newest, "two": planned["two"]}
        assert {method for method, *_ in proxy.requests} <= {"GET", "HEAD"}
    assert objects(s3, bucket) == before


def test_the_catalog_holds_the_address_that_readers_know(batch, clip, s3, bucket):
    batch.describe({"one": clip}, publish=publish_to(s3, bucket, base_url="https://cdn.example.com/films", gzip="true"))
    run(batch, s3)
    with Server(batch.catalog) as server:
        title = server.json("/api/v1/titles/one")
    version = batch.query("SELECT current_version FROM titles")[0][0]
    assert title["hls"] == f"https://cdn.example.com/films/one/{version}/index.m3u8"
    facts = s3.client().head_object(Bucket=bucket, Key=f"films/one/{version}/index.m3u8")
    assert facts["ContentEncoding"] == "gzip" and facts["ContentType"] == "application/vnd.apple.mpegurl"
    assert "1 unchanged" in run(batch, s3).stderr


def test_killed_in_the_middle_of_an_upload(batch, clip, s3, bucket):
    batch.write("presets/many.yaml", SMALL.replace("segment_seconds: 4", "segment_seconds: 1").replace("gop_seconds: 2", "gop_seconds: 1"))
    with FaultyProxy(s3, rate=0) as proxy:
        batch.describe({"one": clip, "two": clip, "three": clip}, preset="many", publish=publish_to(proxy, bucket))

        def is_halfway(method, target):
            """The fifth of many objects of the second title; two titles are sent at a time."""
            titles = [path.split("/films/")[1].split("/")[0] for kind, path, _ in proxy.requests if kind == "PUT"]
            return method == "PUT" and len(set(titles)) == 2 and titles.count(titles[-1]) == 5

        middle = proxy.hold(is_halfway)
        process = start(batch, **s3.environment)
        middle.await_request()
        kill(process)
        assert process.returncode == -signal.SIGKILL
        middle.release()
        proxy.drain()
        before = set(keys(s3, bucket))
        # Not read-only: what a killed transaction left is rolled back by whoever comes next.
        with contextlib.closing(sqlite3.connect(batch.catalog)) as db:
            rows = db.execute("SELECT id, current_version FROM titles").fetchall()
        assert all(f"films/{title}/{version}/package.json" in before for title, version in rows), "the catalog is ahead of the files"
        assert any(not key.startswith(tuple(f"films/{title}/" for title, _ in rows)) for key in before), "nothing of another had been sent"
        del proxy.requests[:]
        run(batch, s3)
        sent = {path.split("?")[0].split(f"/{bucket}/", 1)[1] for method, path, _ in proxy.requests if method == "PUT"}
        assert not sent & before, "what was there was sent again"
    assert set(objects(s3, bucket)) == before | sent
    assert objects(s3, bucket) == {f"films/{path}": content for path, content in published_in_a_folder(batch).items()}


def test_a_bad_network_is_survived(batch, clip, s3, bucket):
    with FaultyProxy(s3, rate=0.1, stall=2, seed=5) as proxy:
        batch.describe({"one": clip, "two": clip}, publish=publish_to(proxy, bucket))
        run(batch, s3, timeout=2 * programs.PATIENCE)
        assert sum(proxy.counts.values()) > 0
    assert objects(s3, bucket) == {f"films/{path}": content for path, content in published_in_a_folder(batch).items()}


def test_wrong_keys_are_told_and_nothing_is_listed(batch, clip, s3, bucket):
    batch.describe({"one": clip}, publish=publish_to(s3, bucket))
    events = batch.folder / "events.ndjson"
    result = programs.run(
        programs.REELMILL, "run", batch.manifest, "--work", batch.work, "--events", events,
        env={**os.environ, **s3.environment, "AWS_SECRET_ACCESS_KEY": "not-the-secret-of-anybody"})
    # Before anything is made: a store that lets nobody look at it is not reached.
    assert result.returncode == 69
    assert "SignatureDoesNotMatch" in result.stderr or "403" in result.stderr, result.stderr
    assert not objects(s3, bucket)
    run(batch, s3)
    texts = [result.stderr, result.stdout, events.read_text()]
    texts += [path.read_bytes().decode("latin-1") for path in batch.work.rglob("*") if path.is_file() and path.suffix != ".m4s"]
    texts.append(batch.catalog.read_bytes().decode("latin-1"))
    for text in texts:
        assert "not-the-secret-of-anybody" not in text and SECRET not in text


@pytest.mark.parametrize("kind", ["folder", "bucket"])
def test_versions_are_taken_back_and_cleaned_up(kind, batch, clip, s3, bucket):
    publish = "file:./store" if kind == "folder" else publish_to(s3, bucket)
    preset = batch.folder / "presets" / "small.yaml"
    versions = []
    for quality in (23, 28, 33):
        batch.describe({"one": clip}, publish=publish)
        preset.write_text(preset.read_text().replace("crf: 23", f"crf: {quality}"))
        run(batch, s3)
        versions.append(batch.query("SELECT current_version FROM titles")[0][0])
    catalog = f"sqlite:{batch.catalog}"

    def current():
        return batch.query("SELECT current_version FROM titles")[0][0]

    back = reelmill(s3, "catalog", "rollback", "one", "--catalog", catalog)
    if kind == "bucket":
        # This bucket's objects are not for everybody: the address alone cannot be read, but the manifest knows how.
        assert back.returncode != 0 and current() == versions[2]
        back = reelmill(s3, "catalog", "rollback", "one", "--manifest", batch.manifest)
        assert back.returncode == 0, back.stderr
        assert current() == versions[1]
        assert reelmill(s3, "catalog", "rollback", "one", "--manifest", batch.manifest, "--to", versions[2]).returncode == 0
    else:
        assert back.returncode == 0, back.stderr
        assert current() == versions[1]
        # A nightly run leaves it so, and says why.
        assert "taken back" in run(batch, s3).stderr
        assert current() == versions[1]
        # Nor does a second rollback let the first one's version come back.
        assert reelmill(s3, "catalog", "rollback", "one", "--catalog", catalog).returncode == 0
        assert "taken back" in run(batch, s3).stderr
        assert current() == versions[0]
        assert reelmill(s3, "catalog", "rollback", "one", "--to", versions[2], "--catalog", catalog).returncode == 0
        assert current() == versions[2]
        assert reelmill(s3, "catalog", "rollback", "one", "--to", "0" * 16, "--catalog", catalog).returncode == 1

    def there():
        if kind == "folder":
            return {path.name for path in (batch.store / "one").iterdir() if not path.name.startswith(".")}
        return {key.split("/")[2] for key in objects(s3, bucket)}

    document = json.loads(batch.manifest.read_text())
    batch.manifest.write_text(json.dumps({**document, "keep": 2, "keep_days": 0}))
    time.sleep(1.1)
    shown = reelmill(s3, "gc", batch.manifest, "--work", batch.work)
    assert shown.returncode == 0 and versions[0] in shown.stdout and there() == set(versions), shown.stderr
    assert reelmill(s3, "gc", batch.manifest, "--work", batch.work, "--yes").returncode == 0
    assert there() == set(versions[1:])
    assert {row[0] for row in batch.query("SELECT version FROM versions")} == set(versions[1:])
    assert current() == versions[2]


def aged(answer):
    """A list whose objects and uploads are years old."""
    return re.sub(rb"<(LastModified|Initiated)>\d{4}", rb"<\1>2020", answer)


def test_what_runs_have_left_is_found_and_removed(batch, clip, s3, bucket):
    """Only what is old enough: the rest may be another machine's. And nothing that may belong to somebody else."""
    with FaultyProxy(s3, rate=0) as proxy:
        batch.describe({"one": clip}, publish=publish_to(proxy, bucket))
        run(batch, s3)
        published = objects(s3, bucket)
        client = s3.client()
        strays = ["films/one/0000000000000000/video/00001.m4s", "films/one/1111111111111111/package.json"]
        others = ["films/another-catalogs/3333333333333333/package.json", "films/cache/2222222222222222/00001", "films/photos/2023/a.jpg", "elsewhere/x"]
        for key in strays + others:
            client.put_object(Bucket=bucket, Key=key, Body=b"x")
        uploads = ["elsewhere/large.mp4", "films/backup.tar", "films/cache/2222222222222222/large.mp4"]
        for key in ("films/one/0000000000000000/large.mp4", *uploads):
            upload = client.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
            client.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=1, Body=b"part")
        young = reelmill(s3, "gc", batch.manifest, "--work", batch.work)
        assert young.returncode == 0 and not young.stdout, young
        proxy.rewrite = aged
        shown = reelmill(s3, "gc", batch.manifest, "--work", batch.work)
        lines = shown.stdout.splitlines()
        assert [line.split(",")[0] for line in lines[:2]] == ["stray version one 0000000000000000", "stray version one 1111111111111111"]
        assert "half, not in this catalog" in lines[0] and "whole, not in this catalog" in lines[1]
        assert len(lines) == 3 and lines[2].startswith("upload films/one/0000000000000000/large.mp4 ")
        assert set(objects(s3, bucket)) == set(published) | set(strays + others)
        # Whoever has lost the catalog does not lose the films too.
        batch.catalog.rename(batch.folder / "elsewhere")
        blind = reelmill(s3, "gc", batch.manifest, "--work", batch.work, "--yes")
        assert blind.returncode == 69 and "not there" in blind.stderr and not batch.catalog.exists()
        (batch.folder / "elsewhere").rename(batch.catalog)
        removed = reelmill(s3, "gc", batch.manifest, "--work", batch.work, "--yes")
        assert removed.returncode == 0, removed.stderr
    assert set(objects(s3, bucket)) == set(published) | set(others)
    assert sorted(upload["Key"] for upload in s3.client().list_multipart_uploads(Bucket=bucket).get("Uploads", [])) == uploads


def test_stray_versions_in_a_folder_are_found(batch, clip):
    batch.describe({"one": clip}).run()
    package = pathlib.Path(batch.package("one").folder)
    stray, young = package.parent / ("0" * 16), package.parent / ("1" * 16)
    shutil.copytree(package, stray)
    shutil.copytree(package, young)
    os.utime(stray, (0, 0))
    os.utime(package, (0, 0))
    shown = programs.reelmill("gc", batch.manifest, "--work", batch.work, "--yes")
    assert shown.returncode == 0 and shown.stdout.startswith(f"stray version one {'0' * 16}, whole"), shown
    assert not stray.exists() and young.exists() and package.exists()


@contextlib.contextmanager
def gc_at_a_terminal(batch):
    """`gc`, once it has asked whether it may."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [programs.REELMILL, "gc", str(batch.manifest), "--work", str(batch.work)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=slave, text=True)
    os.close(slave)
    try:
        seen, end = b"", time.monotonic() + programs.PATIENCE
        while b"[y/N]" not in seen:
            assert select.select([master], [], [], max(0, end - time.monotonic()))[0], seen
            seen += os.read(master, 1000)
        yield process
    finally:
        process.kill()
        process.wait()
        os.close(master)


def test_a_question_that_nobody_answers_keeps_nobody_out(batch, clip):
    preset, versions = batch.folder / "presets" / "small.yaml", []
    for quality in (23, 28):
        batch.describe({"one": clip})
        preset.write_text(preset.read_text().replace("crf: 23", f"crf: {quality}"))
        batch.run()
        versions.append(batch.query("SELECT current_version FROM titles")[0][0])
    batch.manifest.write_text(json.dumps({**json.loads(batch.manifest.read_text()), "keep": 1, "keep_days": 0}))
    with gc_at_a_terminal(batch) as gc:
        batch.run()
        gc.send_signal(signal.SIGINT)
        assert gc.wait(120) == 130
    # What was agreed to is looked at again: it may be current by now.
    with gc_at_a_terminal(batch) as gc:
        programs.demand(programs.REELMILL, "catalog", "rollback", "one", "--catalog", f"sqlite:{batch.catalog}")
        shown, _ = gc.communicate("y\n", timeout=programs.PATIENCE)
        assert gc.returncode == 0 and shown.startswith(f"version one {versions[0]}"), shown
    assert batch.query("SELECT current_version FROM titles") == [(versions[0],)]
    assert all((batch.store / "one" / version / "package.json").exists() for version in versions)


def test_a_store_that_dies_in_the_middle_leaves_what_was_current(batch, clip, s3, bucket):
    preset = batch.write("presets/many.yaml", SMALL.replace("segment_seconds: 4", "segment_seconds: 1").replace("gop_seconds: 2", "gop_seconds: 1"))
    with FaultyProxy(s3, rate=0) as proxy:
        batch.describe({"one": clip}, preset="many", publish=publish_to(proxy, bucket))
        # A first version whose upload dies: the title is not in the catalog at all.
        proxy.dies_after = 5
        first = run(batch, s3, status=None, timeout=2 * programs.PATIENCE)
        assert first.returncode == 69, first.stderr
        assert batch.query("SELECT count(*) FROM titles") == [(0,)]
        proxy.dies_after = None
        run(batch, s3)
        [(old,)] = batch.query("SELECT current_version FROM titles")
        # A second one: the old version stays current, and whole.
        preset.write_text(preset.read_text().replace("crf: 23", "crf: 30"))
        proxy.dies_after = sum(request[0] == "PUT" for request in proxy.requests) + 5
        second = run(batch, s3, status=None, timeout=2 * programs.PATIENCE)
        assert second.returncode == 69, second.stderr
        assert batch.query("SELECT version, version = current_version FROM versions JOIN titles ON titles.id = title_id") == [(old, 1)]
        assert reelmill(s3, "verify", f"s3://{bucket}/films/one/{old}", "--endpoint", s3.endpoint).returncode == 0
        proxy.dies_after = None
        run(batch, s3)
    [(new,)] = batch.query("SELECT current_version FROM titles")
    assert new != old
    assert reelmill(s3, "verify", f"s3://{bucket}/films/one/{new}", "--endpoint", s3.endpoint).returncode == 0


def test_a_published_folder_is_verified(batch, clip):
    batch.describe({"one": clip}).run()
    package = batch.package("one")
    assert programs.reelmill("verify", package.folder).returncode == 0
    file = next(pathlib.Path(package.folder).rglob("00001.m4s"))
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    result = programs.reelmill("verify", package.folder)
    assert result.returncode == 1 and "00001.m4s" in result.stderr
    assert programs.reelmill("verify", package.folder.parent).returncode == 1
