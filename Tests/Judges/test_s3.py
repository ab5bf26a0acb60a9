"""Publishing to a real S3 server, looked at with boto3, which shares no code with ours."""

import hashlib
import random
import ssl
import time

import pytest

import programs
import s3_job
from buckets import judge, keys, unfinished
from faulty_proxy import FaultyProxy
from killed_upload import judge_a_killed_upload
from s3_server import S3Server
from staged import Staged


@pytest.fixture(scope="module")
def server():
    with S3Server() as server:
        yield server


@pytest.fixture
def bucket(server, request):
    name = "judged-" + hashlib.sha256(request.node.name.encode()).hexdigest()[:16]
    server.client().create_bucket(Bucket=name)
    return name


def test_hundreds_of_objects(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=150, size=40_000).seal()
    assert s3_job.run(server, "holds", bucket=bucket, prefix="a/b", title=staged.title, version=staged.version) == {"holds": False}
    report = s3_job.publish(server, staged, bucket=bucket, prefix="a/b")
    assert report == {
        "location": f"{server.endpoint}/{bucket}/a/b/{staged.title}/{staged.version}", "sent_objects": len(staged.everything),
        "sent_bytes": sum(map(len, staged.everything.values())), "copied_objects": 0, "kept_objects": 0}
    judge(server, bucket, staged, "a/b/")
    assert s3_job.run(server, "holds", bucket=bucket, prefix="a/b", title=staged.title, version=staged.version) == {"holds": True}
    again = s3_job.publish(server, staged, bucket=bucket, prefix="a/b")
    assert (again["sent_bytes"], again["kept_objects"]) == (0, len(staged.everything))


@pytest.mark.parametrize("rate", [0.0, 0.1])
def test_a_listing_may_confirm_what_was_sent(server, bucket, tmp_path, rate):
    staged = Staged(tmp_path).typical(segments=150, size=20_000).seal()
    with FaultyProxy(server, rate=rate) as proxy:
        report = s3_job.publish(proxy, staged, bucket=bucket, settings={"confirm": "list", "stall_seconds": 4})
        assert "error" not in report, report
        looks = [path for method, path, _ in proxy.requests if method == "HEAD"]
    judge(server, bucket, staged)
    if not rate:
        # Playlists, the MPD and package.json; of other kinds the first on each of 16 threads at most.
        assert {path.rsplit("/", 1)[-1] for path in looks} >= {"media.m3u8", "index.m3u8", "manifest.mpd", "package.json"}
        assert len(looks) < len(staged.everything) / 4, looks


def test_one_object_of_over_100_mb(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=3, size=9000)
    staged.add("video/1080p/download.mp4", random.Random(7).randbytes((104 << 20) + 12345)).seal()
    report = s3_job.publish(server, staged, bucket=bucket)
    assert report["sent_bytes"] == sum(map(len, staged.everything.values()))
    judge(server, bucket, staged)
    facts = server.client().head_object(Bucket=bucket, Key=f"{staged.title}/{staged.version}/video/1080p/download.mp4")
    assert facts["ETag"].strip('"').endswith("-7")
    assert facts["Metadata"]["sha256"] == hashlib.sha256(staged.files["video/1080p/download.mp4"]).hexdigest()
    assert unfinished(server, bucket) == []


def test_playlists_are_encoded_where_configured(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=200, size=2000).seal()
    words = {"bucket": bucket, "settings": {"gzip": True, "base_url": "https://cdn.example/films/"}}
    assert s3_job.publish(server, staged, **words)["location"] == f"https://cdn.example/films/{staged.title}/{staged.version}"
    judge(server, bucket, staged, encoded=True)
    playlist = f"{staged.title}/{staged.version}/video/360p/media.m3u8"
    stored = server.client().head_object(Bucket=bucket, Key=playlist)["ContentLength"]
    assert stored < len(staged.files["video/360p/media.m3u8"]) / 2
    assert s3_job.run(server, "holds", title=staged.title, version=staged.version, **words) == {"holds": True}
    assert s3_job.publish(server, staged, **words)["sent_objects"] == 0


def test_playlists_that_were_sent_plain_stay_so(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=3, size=2000).seal()
    s3_job.publish(server, staged, bucket=bucket)
    server.client().delete_object(Bucket=bucket, Key=f"{staged.title}/{staged.version}/package.json")
    report = s3_job.publish(server, staged, bucket=bucket, settings={"gzip": True})
    assert report.get("sent_objects") == 1, report
    judge(server, bucket, staged)


def test_nothing_is_held_in_memory_whole(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=100, size=300_000)
    staged.add("video/large.mp4", random.Random(8).randbytes(1 << 20) * 500).seal()
    words = {"bucket": bucket, "title": staged.title, "version": staged.version}
    small = s3_job.Job(server, "holds", measured=True, **words)
    assert small.result() == {"holds": False}
    job = s3_job.Job(server, "publish", measured=True, staged=staged.folder, **words)
    assert "error" not in job.result()
    start, peak = small.peak_memory(), job.peak_memory()
    assert 0 < start < peak < start + (150 << 20), (start, peak)


def test_buckets_may_be_hosts(tmp_path):
    staged = Staged(tmp_path).typical(segments=5, size=20_000)
    staged.add("video/large.mp4", random.Random(2).randbytes(11 << 20)).seal()
    settings = {"addressing": "host", "multipart_threshold": 6 << 20, "part_bytes": 5 << 20}
    with S3Server(domain="localhost") as server:
        server.client().create_bucket(Bucket="by-host")
        report = s3_job.publish(server, staged, bucket="by-host", prefix="a b", settings=settings)
        root = f"a%20b/{staged.title}/{staged.version}"
        assert report.get("location") == f"{server.endpoint.replace('//', '//by-host.')}/{root}", report
        judge(server, "by-host", staged, "a b/")


def test_nothing_is_there_before_what_it_names(server, bucket, tmp_path):
    """As a server sees it: a request begins only when all that must be there before it was answered."""
    staged = Staged(tmp_path).typical(segments=60, size=20_000)
    staged.add("video/large.mp4", random.Random(9).randbytes(12 << 20)).seal()
    with FaultyProxy(server, rate=0.05, faults=["busy", "lose_answer"]) as proxy:
        report = s3_job.publish(proxy, staged, bucket=bucket, settings={"multipart_threshold": 6 << 20, "part_bytes": 5 << 20})
    assert "error" not in report, report

    def stage(path):
        if path.endswith("package.json"):
            return 3
        if path.endswith((".m3u8", ".mpd")):
            return 1 if "/video/" in path else 2
        return 0

    root = f"/{bucket}/{staged.title}/{staged.version}/"
    writes = [(kind, path) for kind, method, path in proxy.moments if method in ("PUT", "POST") and path.startswith(root)]
    assert {path for _, path in writes} == {root + path for path in staged.everything}
    for earlier in range(3):
        last = max(place for place, (kind, path) in enumerate(writes) if kind == "ends" and stage(path) == earlier)
        first = min(place for place, (kind, path) in enumerate(writes) if kind == "begins" and stage(path) > earlier)
        assert last < first, writes[first:last + 1]


def test_answers_that_come_wrong_are_asked_for_again(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=60, size=20_000)
    staged.add("video/large.mp4", random.Random(10).randbytes(31 << 20)).seal()
    settings = {"multipart_threshold": 10 << 20, "part_bytes": 5 << 20}
    with FaultyProxy(server, rate=0.2, faults=[FaultyProxy.GARBLE, FaultyProxy.GARBLE, "cut_answer"], most=3) as proxy:
        report = s3_job.publish(proxy, staged, bucket=bucket, settings=settings)
        assert "error" not in report, report
        assert proxy.counts[FaultyProxy.GARBLE] > 15 and proxy.counts["cut_answer"] > 5
    judge(server, bucket, staged)


def test_what_did_not_change_is_copied_inside_the_store(server, bucket, tmp_path):
    old = Staged(tmp_path / "old", version="1" * 16).typical(segments=20, size=20_000)
    old.add("video/large.mp4", random.Random(3).randbytes(12 << 20)).seal()
    new = Staged(tmp_path / "new", version="2" * 16).typical(segments=20, size=20_000)
    new.add("video/large.mp4", old.files["video/large.mp4"]).add("video/360p/00002.m4s", b"another").seal()
    settings = {"multipart_threshold": 6 << 20, "copy_threshold": 6 << 20, "part_bytes": 5 << 20}
    s3_job.publish(server, old, bucket=bucket, settings=settings)
    report = s3_job.publish(server, new, bucket=bucket, previous=old.version, settings=settings)
    assert report.get("sent_objects") == 2, report
    assert report["sent_bytes"] == len(b"another") + len(new.everything["package.json"])
    assert report["copied_objects"] == len(new.everything) - 2
    judge(server, bucket, new)
    judge(server, bucket, old)


def test_what_is_published_never_changes(server, bucket, tmp_path):
    staged = Staged(tmp_path / "one").typical(segments=3, size=5000).seal()
    s3_job.publish(server, staged, bucket=bucket)
    other = Staged(tmp_path / "other").typical(segments=3, size=5000, seed=2).seal()
    report = s3_job.publish(server, other, bucket=bucket)
    assert report["error"] == "conflict"
    for content in (staged.everything["package.json"], other.everything["package.json"]):
        assert hashlib.sha256(content).hexdigest() in report["description"]
    judge(server, bucket, staged)


def test_an_object_of_another_stops_the_title_with_both_values(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=3, size=5000).seal()
    key = f"{staged.title}/{staged.version}/video/360p/00002.m4s"
    server.client().put_object(Bucket=bucket, Key=key, Body=b"somebody else's", Metadata={"sha256": "ab" * 32})
    report = s3_job.publish(server, staged, bucket=bucket)
    assert report["error"] == "conflict"
    ours = hashlib.sha256(staged.files["video/360p/00002.m4s"]).hexdigest()
    assert key in report["description"] and "ab" * 32 in report["description"] and ours in report["description"]
    assert f"{staged.title}/{staged.version}/package.json" not in keys(server, bucket)
    assert not any(key.endswith(".m3u8") for key in keys(server, bucket))


@pytest.mark.parametrize("path", ["video/360p/00003.m4s", "video/large.mp4"])
def test_a_file_that_is_not_what_package_json_says(server, bucket, tmp_path, path):
    staged = Staged(tmp_path).typical(segments=3, size=5000)
    staged.add("video/large.mp4", random.Random(11).randbytes(33 << 20)).seal()
    damaged = staged.folder / path
    damaged.write_bytes(staged.files[path][:-1] + bytes([staged.files[path][-1] ^ 1]))
    report = s3_job.publish(server, staged, bucket=bucket)
    assert report["error"] == "invalid_package"
    assert str(damaged) in report["description"]
    assert f"{staged.title}/{staged.version}/package.json" not in keys(server, bucket)


def test_a_wrong_secret_is_said_in_the_servers_words_and_never_shown(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=1, size=5000).seal()

    class Wrong:
        endpoint = server.endpoint
        environment = {**server.environment, "AWS_SECRET_ACCESS_KEY": "geheim-und-falsch"}

    report = s3_job.publish(Wrong, staged, bucket=bucket)
    assert report["error"] == "refused"
    assert "SignatureDoesNotMatch" in report["description"]
    assert "geheim-und-falsch" not in report["description"]


def test_a_bucket_that_is_not_there(server, tmp_path):
    staged = Staged(tmp_path).typical(segments=1, size=5000).seal()
    report = s3_job.publish(server, staged, bucket="nobody-made-this")
    assert report["error"] == "refused"
    assert "NoSuchBucket" in report["description"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_happens_on_the_way_every_package_arrives_whole(server, bucket, tmp_path, seed):
    staged = Staged(tmp_path).typical(segments=60, size=30_000, seed=seed)
    staged.add("video/large.mp4", random.Random(seed).randbytes(31 << 20)).seal()
    settings = {"multipart_threshold": 10 << 20, "part_bytes": 5 << 20, "stall_seconds": 4}
    with FaultyProxy(server, seed=seed) as proxy:
        report = s3_job.publish(proxy, staged, bucket=bucket, settings=settings)
        assert "error" not in report, report
        assert sum(proxy.counts.values()) > 15, proxy.counts
    judge(server, bucket, staged)


def test_a_damaged_part_is_noticed_and_sent_again(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=2, size=5000)
    staged.add("video/large.mp4", random.Random(5).randbytes(21 << 20)).seal()
    settings = {"multipart_threshold": 10 << 20, "part_bytes": 5 << 20}
    # Every request meets it once.
    with FaultyProxy(server, rate=1.0, faults=["corrupt_request"], most=1) as proxy:
        report = s3_job.publish(proxy, staged, bucket=bucket, settings=settings)
        assert "error" not in report, report
        assert proxy.counts["corrupt_request"] > 2
    judge(server, bucket, staged)


def test_a_server_that_is_down_fails_the_title_and_publishes_nothing(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=10, size=5000).seal()
    with FaultyProxy(server, rate=0.0) as proxy:
        proxy.dies_after = 5
        report = s3_job.publish(proxy, staged, bucket=bucket)
    assert report["error"] == "unreachable"
    assert "status 500" in report["description"]
    assert f"{staged.title}/{staged.version}/package.json" not in keys(server, bucket)


def test_a_killed_upload_goes_on_with_what_is_missing(server, bucket, tmp_path):
    judge_a_killed_upload(server, bucket, tmp_path, {"multipart_threshold": 10 << 20, "part_bytes": 5 << 20})


def test_an_upload_that_was_begun_for_other_bytes_is_not_continued(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=2, size=5000)
    staged.add("video/large.mp4", random.Random(6).randbytes(12 << 20)).seal()
    client, key = server.client(), f"{staged.title}/{staged.version}/video/large.mp4"
    upload = client.create_multipart_upload(Bucket=bucket, Key=key, Metadata={"sha256": "ab" * 32})["UploadId"]
    client.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=1, Body=bytes(5 << 20))
    report = s3_job.publish(server, staged, bucket=bucket, settings={"multipart_threshold": 6 << 20, "part_bytes": 5 << 20})
    assert "error" not in report, report
    judge(server, bucket, staged)
    digest = hashlib.sha256(staged.files["video/large.mp4"]).hexdigest()
    assert client.head_object(Bucket=bucket, Key=key)["Metadata"]["sha256"] == digest


def test_two_runs_at_the_same_time_agree(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=40, size=20_000)
    staged.add("video/large.mp4", random.Random(4).randbytes(16 << 20)).seal()
    settings = {"multipart_threshold": 10 << 20, "part_bytes": 5 << 20}
    jobs = [s3_job.Job(server, "publish", bucket=bucket, staged=staged.folder, settings=settings) for _ in range(2)]
    reports = [job.result() for job in jobs]
    assert all("error" not in report for report in reports), reports
    judge(server, bucket, staged)


def test_versions_are_listed_and_removed(server, bucket, tmp_path):
    many = Staged(tmp_path / "old", version="1" * 16).typical(segments=600, size=20).seal()
    kept = Staged(tmp_path / "new", version="2" * 16).typical(segments=2, size=2000).seal()
    other = Staged(tmp_path / "other", title="night-train-2").typical(segments=2, size=2000).seal()
    for staged in (many, kept, other):
        assert "error" not in s3_job.publish(server, staged, bucket=bucket, prefix="a")
    words = {"bucket": bucket, "prefix": "a", "title": "night-train"}
    assert s3_job.run(server, "versions", **words) == {"titles": ["night-train", "night-train-2"], "versions": [many.version, kept.version]}
    assert s3_job.run(server, "delete", version=many.version, **words) == {"objects": len(many.everything)}
    assert s3_job.run(server, "versions", **words)["versions"] == [kept.version]
    judge(server, bucket, kept, "a/")
    judge(server, bucket, other, "a/")


def test_abandoned_uploads_are_aborted(server, bucket):
    client = server.client()
    ours, others = f"a/night-train/{'1' * 16}/video/large.mp4", ["a/backup.tar", f"a/cache/{'2' * 16}/x", "a/night-train/1/large.mp4", "b/x"]
    for key in (ours, *others):
        upload = client.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
        client.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=1, Body=b"part")
    time.sleep(1.5)
    assert s3_job.run(server, "abort", bucket=bucket, prefix="a", title="night-train") == {"aborted": [ours]}
    assert sorted(unfinished(server, bucket)) == others


def test_a_published_package_is_verified(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=5, size=20_000).seal()
    words = {"bucket": bucket, "settings": {"gzip": True}}
    s3_job.publish(server, staged, **words)
    words |= {"title": staged.title, "version": staged.version}
    assert s3_job.run(server, "verify", **words) == {"files": len(staged.files), "faults": []}
    root = f"{staged.title}/{staged.version}"
    spoiled = bytearray(staged.files["video/360p/00002.m4s"])
    spoiled[100] ^= 1
    server.client().put_object(Bucket=bucket, Key=f"{root}/video/360p/00002.m4s", Body=bytes(spoiled))
    server.client().delete_object(Bucket=bucket, Key=f"{root}/images/poster.jpg")
    faults = s3_job.run(server, "verify", **words)["faults"]
    assert faults[0] == "images/poster.jpg: is not there"
    assert faults[1].startswith("video/360p/00002.m4s: has SHA-256 ") and len(faults) == 2


def test_the_bytes_are_the_same_where_only_md5_is_known(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=3, size=5000)
    staged.add("video/large.mp4", random.Random(2).randbytes(11 << 20)).seal()
    settings = {"checksum": "md5", "multipart_threshold": 6 << 20, "part_bytes": 5 << 20}
    assert "error" not in s3_job.publish(server, staged, bucket=bucket, settings=settings)
    judge(server, bucket, staged)


def test_certificates_are_checked_and_a_bundle_can_be_named(server, bucket, tmp_path):
    staged = Staged(tmp_path / "staged").typical(segments=5, size=20_000).seal()
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    programs.demand(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
        "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with FaultyProxy(server, rate=0.0, tls=context) as proxy:
        refused = s3_job.publish(proxy, staged, bucket=bucket)
        assert refused["error"] == "unreachable" and "certificate" in refused["description"]
        assert proxy.requests == []
        report = s3_job.publish(proxy, staged, bucket=bucket, settings={"ca_bundle": certificate})
        assert "error" not in report, report
        assert report["location"].startswith("https://localhost:")
    judge(server, bucket, staged)
