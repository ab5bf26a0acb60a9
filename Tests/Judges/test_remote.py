"""Sources on other machines, and those who are told what a run did."""

import calendar
import hashlib
import hmac
import json
import os
import signal
import ssl
import struct
import threading
import time

import pytest

import programs
from batch import SMALL
from range_server import File, RangeServer
from runs import forget, kill, lock_held, start, wait_until
from s3_server import SECRET, S3Server

PIECE = 8 << 20
KEY, TOKEN = "the-key-of-the-webhook", "the-token-of-the-cdn"


@pytest.fixture
def server():
    with RangeServer() as server:
        yield server


@pytest.fixture(scope="module")
def s3():
    with S3Server() as server:
        yield server


@pytest.fixture(scope="module")
def large(clip, tmp_path_factory):
    """A film of several pieces: a box that players skip makes it longer."""
    path = tmp_path_factory.mktemp("large") / "large.mp4"
    filler = os.urandom(5 * PIECE)
    path.write_bytes(clip.read_bytes() + struct.pack(">I4s", len(filler) + 8, b"free") + filler)
    return path


def change(batch, **keys):
    """Adds keys to the manifest's top."""
    batch.manifest.write_text(json.dumps({**json.loads(batch.manifest.read_text()), **keys}))


def run(batch, *options, status=0, **environment):
    result = programs.run(
        programs.REELMILL, "run", batch.manifest, "--work", batch.work, *options, env={**os.environ, **environment})
    assert status is None or result.returncode == status, f"exit status {result.returncode}, not {status}:\n{result.stderr}"
    return result


def change_preset(batch, crf):
    """Another version of every title."""
    batch.write("presets/small.yaml", SMALL.replace("crf: 23", f"crf: {crf}"))


def events(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def has_told(log, event):
    return log.exists() and f'"event":"{event}"' in log.read_text()


def published(batch, source):
    """What the same source gives as a local file, in the same store's words."""
    other = type(batch)(batch.folder / "local").describe({"one": source})
    other.run()
    return other.bytes_of_store()


def cached(batch):
    folder = batch.work / "remote"
    return [path for path in folder.iterdir() if path.suffix != ".json"] if folder.exists() else []


def test_a_source_is_fetched_by_ranges_and_once(batch, server, large):
    server.files["/masters/film.mp4"] = File(large.read_bytes())
    batch.describe({"one": f"{server.url}/masters/film.mp4?token=not-for-logs"})
    first = run(batch)
    assert batch.bytes_of_store() == published(batch, large)
    ranges = server.asked("/masters/film.mp4")
    assert len(ranges) == len(set(ranges)) == 6 and all(ranges)
    assert [path.read_bytes() for path in cached(batch)] == [large.read_bytes()]
    again = run(batch)
    assert "1 unchanged" in again.stderr and len(server.asked("/masters/film.mp4")) == 6
    assert "not-for-logs" not in first.stderr + again.stderr
    # Another file under the same address is another version.
    server.files["/masters/film.mp4"] = File(large.read_bytes()[:-PIECE] + bytes(PIECE))
    run(batch)
    assert len(list((batch.store / "one").glob("*/package.json"))) == 2


def test_everything_else_of_a_title_may_be_remote_too(batch, server, clip, tmp_path):
    subtitle, sound, picture = tmp_path / "fr.srt", tmp_path / "fr.wav", tmp_path / "poster.jpg"
    subtitle.write_text("1\n00:00:01,000 --> 00:00:02,000\nBonjour\n")
    programs.ffmpeg("-f", "lavfi", "-i", "sine=frequency=300:sample_rate=48000:duration=6", sound)
    programs.ffmpeg("-f", "lavfi", "-i", "testsrc2=size=640x360", "-frames:v", "1", picture)
    for path in (subtitle, sound, picture):
        server.files[f"/{path.name}"] = File(path.read_bytes())
    keys = lambda place: {
        "source": str(clip), "artwork": f"{place}/poster.jpg", "audio": [{"track": 0, "language": "en"}, {"file": f"{place}/fr.wav", "language": "fr"}],
        "subtitles": [{"file": f"{place}/fr.srt", "language": "fr"}]}
    batch.describe({"one": keys(server.url)})
    run(batch)
    content = batch.bytes_of_store()
    assert any("fr" in path and path.endswith(".vtt") for path in content)
    other = type(batch)(batch.folder / "local").describe({"one": keys(tmp_path)})
    other.run()
    assert content == other.bytes_of_store()


@pytest.mark.parametrize("key", ["source", "subtitles", "artwork", "audio"])
def test_what_is_wrong_with_a_remote_file_names_its_address(batch, server, clip, key):
    """Not the copy in the work folder, and not the signature."""
    name = {"source": "film.mp4", "subtitles": "fr.vtt", "artwork": "poster.jpg", "audio": "fr.wav"}[key]
    server.files[f"/{name}"] = File(b"this is no such file\n" * 100)
    address = f"{server.url}/{name}"
    signed = f"{address}?X-Amz-Signature=not-for-logs"
    title = {"source": str(clip), "preset": "pictured"}
    title[key] = {"subtitles": [{"file": signed, "language": "fr"}], "audio": [{"file": signed, "language": "fr"}]}.get(key, signed)
    batch.write("presets/pictured.yaml", SMALL.replace("images: none\n", ""))
    batch.describe({"one": title})
    result = run(batch, status=1)
    told = result.stderr + programs.run(programs.REELMILL, "status", "--work", batch.work).stdout
    told += programs.run(programs.REELMILL, "plan", batch.manifest, "--work", batch.work).stdout
    assert address in result.stderr, told
    assert "/remote/" not in told and "not-for-logs" not in told, told


def test_a_server_without_ranges_is_read_in_one_stream(batch, server, large):
    server.files["/film.mp4"] = File(large.read_bytes(), ranges=False)
    batch.describe({"one": f"{server.url}/film.mp4"})
    run(batch)
    assert len(server.asked("/film.mp4")) == 1
    assert batch.bytes_of_store() == published(batch, large)


def test_a_file_without_a_mark_is_fetched_every_time_and_that_is_told(batch, server, clip):
    server.files["/film.mp4"] = File(clip.read_bytes(), etag=False)
    batch.describe({"one": f"{server.url}/film.mp4"})
    assert "neither ETag nor Last-Modified" in run(batch).stderr
    assert "1 unchanged" in run(batch).stderr
    assert server.asked("/film.mp4") == [None, None]


def test_a_file_that_changes_on_its_way_is_never_mixed(batch, server, large):
    old, new = bytes(len(large.read_bytes())), large.read_bytes()

    def swap(start):
        # The first piece is still of the old one.
        server.files["/film.mp4"].content = new

    server.files["/film.mp4"] = File(old, gate=swap)
    batch.describe({"one": f"{server.url}/film.mp4"})
    run(batch)
    assert [path.read_bytes() for path in cached(batch)] == [new]
    assert batch.bytes_of_store() == published(batch, large)


def ranges_from(first, size):
    return sorted(f"bytes={start}-{min(start + PIECE, size) - 1}" for start in range(first * PIECE, size, PIECE))


@pytest.mark.parametrize("number, status", [
    (signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130), (None, 75)])
def test_broken_off_in_the_middle_of_a_download(batch, server, large, number, status):
    gate, size = threading.Event(), large.stat().st_size
    server.files["/film.mp4"] = File(large.read_bytes(), gate=lambda start: start < 3 * PIECE or gate.wait(programs.PATIENCE))
    batch.describe({"one": f"{server.url}/film.mp4"})

    def done():
        states = [json.loads(path.read_text())["done"] for path in (batch.work / "remote").glob("*.partial.json")]
        return sorted(states[0]) if states and len(states[0]) >= 3 else None

    seconds = 4
    while True:
        process = start(batch, *([] if number else ["--deadline", f"{seconds}s"]))
        wait_until(lambda: done() or process.poll() is not None)
        if done():
            break
        # A slow machine has hardly begun when the deadline comes: it is given a later one.
        _, errors = process.communicate(timeout=programs.PATIENCE)
        assert number is None and process.returncode == 75 and seconds < 200, errors
        forget(batch)
        seconds *= 2
    assert done() == [0, 1, 2]
    if number:
        os.killpg(process.pid, number)
    # The server still says nothing.
    process.communicate(timeout=max(120, 2 * seconds))
    assert process.returncode == status
    gate.set()
    del server.requests[:]
    run(batch)
    assert sorted(server.asked("/film.mp4")) == ranges_from(3, size)
    assert batch.bytes_of_store() == published(batch, large)


def test_the_first_failure_ends_a_run_that_wants_it_so(batch, server, clip):
    gate = threading.Event()
    server.files["/film.mp4"] = File(clip.read_bytes(), gate=lambda start: gate.wait(programs.PATIENCE))
    batch.describe({"slow": f"{server.url}/film.mp4", "lost": f"{server.url}/lost.mp4"})
    process = start(batch, "--fail-fast")
    _, errors = process.communicate(timeout=120)
    gate.set()
    assert process.returncode == 1 and "failed lost" in errors and "1 interrupted" in errors, errors


def test_a_failure_is_told_at_once(batch, server, clip):
    gate = threading.Event()
    server.files["/film.mp4"] = File(clip.read_bytes(), gate=lambda start: gate.wait(programs.PATIENCE))
    batch.describe({"slow": f"{server.url}/film.mp4", "lost": f"{server.url}/lost.mp4"})
    log = batch.folder / "events.ndjson"
    process = start(batch, "--events", log)
    wait_until(lambda: has_told(log, "failed"))
    report = batch.status(75)
    assert [title["state"] for title in report["titles"]] == ["waiting", "failed"] and process.poll() is None
    gate.set()
    process.communicate(timeout=programs.PATIENCE)
    assert process.returncode == 1 and events(log)[-1]["counts"]["published"] == 1


def test_two_titles_with_one_file_fetch_it_once(batch, server, clip):
    server.files["/film.mp4"] = File(clip.read_bytes())
    batch.describe({"one": f"{server.url}/film.mp4?Signature=1", "two": f"{server.url}/film.mp4?Signature=2"})
    run(batch)
    assert len(server.asked("/film.mp4")) == 1 and set(batch.packages()) == {"one", "two"}


def test_a_published_title_needs_no_bytes(batch, server, clip):
    server.files["/film.mp4"] = File(clip.read_bytes())
    batch.describe({"one": f"{server.url}/film.mp4"})
    run(batch)
    # As `keep_work` does.
    cached(batch)[0].unlink()
    del server.requests[:]
    assert batch.plan()["one"]["state"] == "published"
    assert "1 unchanged" in run(batch).stderr
    assert not server.asked("/film.mp4") and not cached(batch)
    # Another preset needs them again, and says so before.
    change_preset(batch, 30)
    assert batch.plan()["one"]["state"] == "partial" and not server.asked("/film.mp4")
    run(batch)
    assert len(server.asked("/film.mp4")) == 1
    versions = [row[0] for row in batch.query("SELECT version FROM versions")]
    assert len(versions) == len(set(versions)) == 2


def test_a_damaged_copy_is_never_published(batch, server, clip):
    content = clip.read_bytes()
    server.files["/film.mp4"] = File(content)
    batch.describe({"one": f"{server.url}/film.mp4"})
    run(batch)
    copy, = cached(batch)
    middle = len(content) // 2
    copy.write_bytes(content[:middle] + bytes(64) + content[middle + 64:])
    again = run(batch)
    assert "1 unchanged" in again.stderr and "not what had come" in again.stderr
    assert len(server.asked("/film.mp4")) == 1 and not cached(batch)
    change_preset(batch, 30)
    run(batch)
    assert [path.read_bytes() for path in cached(batch)] == [content]
    assert {row[0] for row in batch.query("SELECT count(*) FROM versions")} == {2}


def test_a_server_that_is_down_stops_nobody_who_has_a_copy(batch, clip):
    with RangeServer() as server:
        server.files["/film.mp4"] = File(clip.read_bytes())
        batch.describe({"one": f"{server.url}/film.mp4"})
        run(batch)
    change_preset(batch, 30)
    result = run(batch)
    assert "warning one:" in result.stderr and "cannot be asked whether it has changed" in result.stderr
    assert len(list((batch.store / "one").glob("*/package.json"))) == 2


def test_certificates_are_checked(batch, clip, tmp_path):
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    programs.demand(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
        "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with RangeServer(tls=context) as server:
        server.files["/film.mp4"] = File(clip.read_bytes())
        batch.describe({"one": f"{server.url}/film.mp4"})
        refused = run(batch, status=1)
        assert "certificate" in refused.stderr and not server.requests
        change(batch, sources={"ca_bundle": str(certificate)})
        run(batch)
        assert batch.bytes_of_store() == published(batch, clip)


def test_a_file_that_does_not_fit_is_not_begun(batch, server, clip):
    """Debug builds believe a file about what the disk has left."""
    server.files["/film.mp4"] = File(clip.read_bytes())
    batch.describe({"here": clip})
    run(batch)
    batch.describe({"here": clip, "large": f"{server.url}/film.mp4"})
    left = batch.write("left", "1000")
    result = run(batch, status=74, REELMILL_TEST_FREE=str(left))
    failure, = [line for line in result.stderr.splitlines() if line.startswith("failed large:")]
    assert f"{server.url}/film.mp4" in failure and "0 MB left" in failure and "keep_work" in failure
    assert "1 unchanged" in result.stderr and not server.asked("/film.mp4") and not cached(batch)


def test_what_was_published_is_reported_when_the_disk_is_full_later(batch, server, clip):
    gate, left = threading.Event(), batch.folder / "left"
    server.files["/film.mp4"] = File(clip.read_bytes(), gate=lambda start: gate.wait(programs.PATIENCE))
    # Another stretch: nothing of the one is made for the other.
    batch.describe({"slow": {"source": f"{server.url}/film.mp4", "trim": {"start": 1}}, "quick": clip})
    change(batch, notify={"url": f"{server.url}/hook", "secret_env": "HOOK_KEY"})
    log, metrics = batch.folder / "events.ndjson", batch.folder / "metrics.prom"
    process = start(batch, "--events", log, "--metrics", metrics, REELMILL_TEST_FREE=str(left), HOOK_KEY=KEY)
    wait_until(lambda: has_told(log, "published") and server.asked("/film.mp4"))
    left.write_text("0")
    gate.set()
    _, errors = process.communicate(timeout=programs.PATIENCE)
    assert process.returncode == 74, errors
    last = events(log)[-1]
    assert last["event"] == "ended" and last["exit_status"] == 74 and last["counts"]["published"] == last["counts"]["failed"] == 1
    told = json.loads(hooks(server)[0][3])
    assert {title["id"]: title["state"] for title in told["titles"]} == {"slow": "failed", "quick": "published"}
    assert 'state="published"} 1' in metrics.read_text()


def test_a_slow_source_holds_no_other_title_up(batch, server, clip):
    gate = threading.Event()
    server.files["/film.mp4"] = File(clip.read_bytes(), gate=lambda start: gate.wait(programs.PATIENCE))
    batch.describe({"slow": f"{server.url}/film.mp4", "quick": clip})
    log = batch.folder / "events.ndjson"
    process = start(batch, "--events", log)
    # The title whose source is here does not wait.
    wait_until(lambda: has_told(log, "published"))
    gate.set()
    _, errors = process.communicate(timeout=programs.PATIENCE)
    assert process.returncode == 0, errors
    names = [(event["event"], event.get("title")) for event in events(log)]
    assert names.index(("published", "quick")) < names.index(("fetched", "slow")) < names.index(("published", "slow"))


def test_a_plan_fetches_nothing(batch, server, clip):
    server.files["/film.mp4"] = File(clip.read_bytes())
    batch.describe({"one": f"{server.url}/film.mp4?key=1"})
    title = batch.plan()["one"]
    assert title["state"] == "new" and "not here yet" in title["warnings"][0] and not server.requests
    assert title["source"]["path"] == f"{server.url}/film.mp4"
    run(batch)
    asked = len(server.requests)
    title = batch.plan()["one"]
    assert title["state"] == "published" and len(server.requests) == asked


def test_what_cannot_be_had_fails_its_title_alone(batch, server, clip):
    server.files["/forbidden.mp4"] = File(b"", refuse=403)
    batch.describe({
        "missing": f"{server.url}/missing.mp4", "forbidden": f"{server.url}/forbidden.mp4", "dead": "http://127.0.0.1:1/film.mp4",
        "good": clip})
    result = run(batch, status=1)
    for title, words in (("missing", "status 404"), ("forbidden", "status 403"), ("dead", "127.0.0.1")):
        lines = [line for line in result.stderr.splitlines() if line.startswith(f"failed {title}:")]
        assert len(lines) == 1 and words in lines[0], result.stderr
    assert set(batch.packages()) == {"good"}


def test_sources_in_a_bucket(batch, s3, large):
    client = s3.client()
    client.create_bucket(Bucket="masters")
    client.upload_file(str(large), "masters", "a folder/large ä.mp4")
    batch.describe({
        "one": "s3://masters/a folder/large ä.mp4", "lost": "s3://masters/lost.mp4", "nowhere": "s3://no-such-bucket/film.mp4"})
    change(batch, sources={"endpoint": s3.endpoint, "region": "us-east-1", "addressing": "path"})
    result = run(batch, status=1, **s3.environment)
    for title, code in (("lost", "NoSuchKey"), ("nowhere", "NoSuchBucket")):
        lines = [line for line in result.stderr.splitlines() if line.startswith(f"failed {title}:")]
        assert len(lines) == 1 and "status 404" in lines[0] and code in lines[0], result.stderr
    assert batch.bytes_of_store() == published(batch, large)
    wrong = run(batch, status=1, **{**s3.environment, "AWS_SECRET_ACCESS_KEY": "wrong"})
    assert "status 403 SignatureDoesNotMatch" in wrong.stderr and SECRET not in wrong.stderr
    assert "unchanged" in run(batch, status=1, **s3.environment).stderr


def test_addresses_are_checked_for_their_form_alone(batch, clip):
    batch.describe({"one": "https://nobody.invalid/film.mp4", "two": "s3://masters/film.mp4"})
    assert programs.reelmill("validate", batch.manifest).returncode == 0
    batch.describe({"one": "https://me:secret@host/film.mp4", "two": "s3://masters"})
    result = programs.reelmill("validate", batch.manifest)
    assert result.returncode == 65 and "secret" not in result.stderr
    assert "name and password" in result.stderr and "s3://bucket/key" in result.stderr


# Those who are told.


def hooks(server):
    return [entry for entry in server.requests if entry[1].startswith("/hook")]


def test_a_notification_is_signed(batch, server, clip):
    batch.describe({"one": clip, "lost": "nowhere.mp4"})
    change(batch, notify={"url": f"{server.url}/hook", "secret_env": "HOOK_KEY"})
    server.hook_statuses = [503, 200]
    began = time.time()
    run(batch, status=1, HOOK_KEY=KEY)
    first, second = hooks(server)
    method, _, _, body, headers = second
    assert method == "POST" and first[3] == body
    assert headers["X-Reelmill-Signature"] == "sha256=" + hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
    summary = json.loads(body)
    assert summary["format_version"] == 1 and summary["exit_status"] == 1 and summary["manifest"] == str(batch.manifest)
    assert summary["counts"]["published"] == 1 and summary["counts"]["failed"] == 1
    sent = calendar.timegm(time.strptime(summary["sent_at"], "%Y-%m-%dT%H:%M:%SZ"))
    assert began - 1 <= sent <= time.time() + 1
    one, lost = summary["titles"]
    assert one["id"] == "one" and one["state"] == "published" and one["location"].endswith(f"/one/{one['version']}")
    assert lost["state"] == "failed" and "nowhere.mp4" in lost["reason"]
    # A title that needed nothing is told with its address too.
    del server.requests[:]
    run(batch, status=1, HOOK_KEY=KEY)
    assert json.loads(hooks(server)[0][3])["titles"][0] == {**one, "state": "unchanged"}


@pytest.mark.parametrize("url, environment, words", [
    ("http://127.0.0.1:1/hook", {"HOOK_KEY": KEY}, "127.0.0.1"), ("http://127.0.0.1:1/hook", {}, "HOOK_KEY")])
def test_a_dead_webhook_changes_nothing(batch, clip, url, environment, words):
    batch.describe({"one": clip})
    change(batch, notify={"url": url, "secret_env": "HOOK_KEY"})
    events = batch.folder / "events.ndjson"
    result = run(batch, "--events", events, **environment)
    assert "nobody was notified" in result.stderr and words in result.stderr and KEY not in result.stderr
    assert json.loads(events.read_text().splitlines()[-1])["exit_status"] == 0


def everywhere(batch, *results):
    """All that runs left anywhere; the manifest is the person's own."""
    texts = [text for result in results for text in (result.stdout, result.stderr)]
    files = [path for path in batch.folder.rglob("*") if path.is_file() and path != batch.manifest]
    return texts + [str(path) for path in files] + [path.read_bytes().decode("latin-1") for path in files]


def test_a_signature_in_an_address_stays_in_the_manifest(batch, server, clip):
    server.files["/film.mp4"] = File(clip.read_bytes())
    address = f"{server.url}/%s.mp4?X-Amz-Signature={TOKEN}&key={TOKEN}"
    batch.describe({"one": address % "film", "lost": address % "lost", "dead": f"http://127.0.0.1:1/film.mp4?X-Amz-Signature={TOKEN}"})
    results = [run(batch, "--events", batch.folder / "events.ndjson", status=1), run(batch, "--only", "one")]
    results += [
        programs.reelmill(command, *more) for command, *more in (
            ["plan", batch.manifest, "--work", batch.work, "--json"], ["status", "--work", batch.work],
            ["catalog", "show", "one", "--catalog", f"sqlite:{batch.catalog}"],
            ["verify", f"http://127.0.0.1:1/one/{TOKEN[:0]}?X-Amz-Signature={TOKEN}"],
            ["verify", f"{server.url}/one?X-Amz-Signature={TOKEN}"])]
    assert set(batch.packages()) == {"one"}
    for text in everywhere(batch, *results):
        assert TOKEN not in text
    # Another night's signature is the same file.
    batch.describe({"one": f"{server.url}/film.mp4?key={TOKEN}&X-Amz-Signature=another"})
    assert "1 unchanged" in run(batch).stderr and len(server.asked("/film.mp4")) == 1


def test_a_purge_outlives_a_killed_run(batch, server, clip):
    batch.describe({"one": clip})
    change(batch, purge={"url": f"{server.url}/hook/{{title}}/{{version}}"})
    gate = threading.Event()
    server.hook_gate = lambda: gate.wait(programs.PATIENCE)
    process = start(batch)
    wait_until(lambda: hooks(server))
    kill(process)
    gate.set()
    version, = batch.query("SELECT current_version FROM titles")[0]
    del server.requests[:]
    assert "1 unchanged" in run(batch).stderr
    assert [entry[1] for entry in hooks(server)] == [f"/hook/one/{version}"]
    run(batch)
    assert len(hooks(server)) == 1


def test_a_cdn_that_is_down_is_told_by_the_next_run(batch, server, clip):
    titles = {f"title-{number}": clip for number in range(5)}
    batch.describe(titles)
    change(batch, purge={"url": f"{server.url}/hook/{{title}}"})
    # 501: a server that is not well, and not one that is asked again at once.
    server.hook_statuses = [501]
    down = run(batch)
    assert len(hooks(server)) == 3 and down.stderr.count("nothing was purged") == 3
    assert "2 purge requests were not sent; the next run sends them" in down.stderr
    server.hook_statuses = [200]
    del server.requests[:]
    run(batch)
    assert sorted(entry[1] for entry in hooks(server)) == sorted(f"/hook/{title}" for title in titles)


def test_a_rollbacks_purge_is_sent_by_the_next_run(batch, server, clip):
    batch.describe({"one": clip})
    change(batch, purge={"url": f"{server.url}/hook/{{title}}/{{version}}"})
    run(batch)
    old, = batch.query("SELECT current_version FROM titles")[0]
    preset = batch.folder / "presets" / "small.yaml"
    preset.write_text(preset.read_text().replace("crf: 23", "crf: 30"))
    run(batch)
    server.hook_statuses = [501]
    back = programs.run(programs.REELMILL, "catalog", "rollback", "one", "--manifest", batch.manifest, "--work", batch.work)
    assert back.returncode == 0 and "which the next run tries again" in back.stderr, back.stderr
    server.hook_statuses = [200]
    del server.requests[:]
    assert "taken back" in run(batch).stderr
    assert [entry[1] for entry in hooks(server)] == [f"/hook/one/{old}"]
    run(batch)
    assert len(hooks(server)) == 1
    assert programs.reelmill("catalog", "rollback", "one", "--work", batch.work).returncode == 64, "a catalog alone tells no CDN"


def test_a_run_that_cannot_begin_is_told_of(batch, server, clip):
    batch.write("file", "")
    notify = {"notify": {"url": f"{server.url}/hook", "secret_env": "HOOK_KEY"}}
    batch.describe({"one": clip}, catalog="sqlite:./file/catalog.sqlite")
    change(batch, **notify)
    run(batch, status=69, HOOK_KEY=KEY)
    summary = json.loads(hooks(server)[0][3])
    assert summary["exit_status"] == 69 and "catalog" in summary["reason"] and summary["titles"] == []
    # Neither of a manifest that is wrong, nor of one who came while another run was going.
    del server.requests[:]
    batch.describe({"one": clip, "two": {"source": str(clip), "oops": 1}})
    change(batch, **notify)
    run(batch, status=65, HOOK_KEY=KEY)
    batch.describe({"one": clip})
    change(batch, **notify)
    with lock_held(batch):
        run(batch, status=75, HOOK_KEY=KEY)
    assert not hooks(server)


def test_a_purge_has_its_secret_and_nobody_else(batch, server, clip):
    batch.describe({"one": clip})
    change(batch, purge={
        "method": "PURGE", "url": f"{server.url}/hook/{{title}}/${{CDN_ZONE}}?url={{url}}", "headers": {"Authorization": "Bearer ${CDN_TOKEN}"},
        "body": '{ "version": "{version}", "path": "{path}" }'})
    # Nobody listens there, and the whole address is a secret.
    change(batch, notify={"url": "${HOOK_URL}", "secret_env": "CDN_ZONE"})
    environment = {
        "CDN_TOKEN": TOKEN, "CDN_ZONE": "the-zone-of-the-cdn", "HOOK_URL": "http://127.0.0.1:1/the-secret-path/x?and=the-secret-query"}
    first = run(batch, "--events", batch.folder / "events.ndjson", **environment)
    (method, path, _, body, headers), = hooks(server)
    version, location = batch.query("SELECT version, location FROM versions")[0]
    assert method == "PURGE" and headers["Authorization"] == f"Bearer {TOKEN}"
    assert path.startswith("/hook/one/the-zone-of-the-cdn?url=file%3A%2F%2F") and path.endswith(version)
    assert json.loads(body) == {"version": version, "path": location.removeprefix("file://")}
    again = run(batch, **environment)
    assert len(hooks(server)) == 1 and "1 unchanged" in again.stderr
    # A CDN that refuses is a warning.
    server.hook_statuses = [403]
    preset = batch.folder / "presets" / "small.yaml"
    preset.write_text(preset.read_text().replace("crf: 23", "crf: 30"))
    refused = run(batch, "--events", batch.folder / "more.ndjson", **environment)
    assert "nothing was purged" in refused.stderr and "status 403" in refused.stderr
    assert batch.query("SELECT current_version FROM titles")[0][0] != version
    # Whoever takes a version back tells the CDN too.
    del server.requests[:]
    server.hook_statuses = [200]
    back = programs.run(
        programs.REELMILL, "catalog", "rollback", "one", "--manifest", batch.manifest, env={**os.environ, **environment})
    assert back.returncode == 0 and "warning" not in back.stderr, back.stderr
    assert json.loads(hooks(server)[0][3])["version"] == version == batch.query("SELECT current_version FROM titles")[0][0]
    for text in everywhere(batch, first, again, refused, back):
        assert TOKEN not in text and "the-zone-of-the-cdn" not in text and "the-secret" not in text
