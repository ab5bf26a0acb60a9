"""Publishing to Ceph's RADOS gateway: what OpenStack Swift does not know, and what Ceph does otherwise. boto3 looks."""

import hashlib
import random
import time
import urllib.error
import urllib.request

import pytest

import ceph_server
import s3_job
from buckets import judge, keys, unfinished
from ceph_server import ENCRYPTION_KEY, CephServer
from faulty_proxy import FaultyProxy
from killed_upload import judge_a_killed_upload
from staged import Staged

pytestmark = pytest.mark.skipif(
    bool(ceph_server.missing()), reason=f"Ceph is not installed (Debian: radosgw ceph-mon ceph-osd): {', '.join(ceph_server.missing())}")

TAGS = {"Show": "night train", "Team": "a+b=c"}
PLACEMENT = {"storage_class": "COLD", "acl": "public-read", "tags": "Show=night train&Team=a+b=c"}
PARTS = {"multipart_threshold": 10 << 20, "part_bytes": 5 << 20}


@pytest.fixture(scope="module")
def server():
    with CephServer(storage_classes=["COLD"]) as server:
        yield server


@pytest.fixture
def bucket(server, request):
    name = "judged-" + hashlib.sha256(request.node.name.encode()).hexdigest()[:16]
    server.client().create_bucket(Bucket=name)
    return name


def judge_placement(server, bucket, staged):
    """Storage class, tags and access of every object of a version that was published with PLACEMENT."""
    client = server.client()
    for path, content in staged.everything.items():
        place = {"Bucket": bucket, "Key": f"{staged.title}/{staged.version}/{path}"}
        assert client.head_object(**place)["StorageClass"] == "COLD", path
        assert {tag["Key"]: tag["Value"] for tag in client.get_object_tagging(**place)["TagSet"]} == TAGS, path
        with urllib.request.urlopen(f"{server.endpoint}/{bucket}/{place['Key']}") as anybody:
            assert anybody.read() == content, path


def test_hundreds_of_objects_with_all_that_they_carry(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=150, size=40_000)
    staged.add("video/large.mp4", random.Random(1).randbytes(12 << 20)).seal()
    words = {"bucket": bucket, "settings": {**PARTS, **PLACEMENT}}
    report = s3_job.publish(server, staged, **words)
    assert report.get("sent_objects") == len(staged.everything), report
    judge(server, bucket, staged)
    judge_placement(server, bucket, staged)
    assert s3_job.run(server, "holds", title=staged.title, version=staged.version, **words) == {"holds": True}
    again = s3_job.publish(server, staged, **words)
    assert (again["sent_bytes"], again["kept_objects"]) == (0, len(staged.everything))


def test_only_the_owner_reads_what_is_not_made_public(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=1, size=5000).seal()
    s3_job.publish(server, staged, bucket=bucket)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server.endpoint}/{bucket}/{staged.title}/{staged.version}/index.m3u8")
    assert refused.value.code == 403


def test_everything_is_encrypted_where_that_is_asked_for(server, bucket, tmp_path):
    old = Staged(tmp_path / "old", version="1" * 16).typical(segments=5, size=20_000)
    old.add("video/large.mp4", random.Random(3).randbytes(12 << 20)).seal()
    new = Staged(tmp_path / "new", version="2" * 16).typical(segments=5, size=20_000)
    new.add("video/large.mp4", old.files["video/large.mp4"]).add("video/360p/00002.m4s", b"another").seal()
    settings = {**PARTS, "encryption": "aws:kms", "encryption_key": ENCRYPTION_KEY, "copy_threshold": 6 << 20}
    for staged, previous in ((old, None), (new, old.version)):
        report = s3_job.publish(server, staged, bucket=bucket, previous=previous, settings=settings)
        assert "error" not in report, report
        judge(server, bucket, staged)
        for path in staged.everything:
            facts = server.client().head_object(Bucket=bucket, Key=f"{staged.title}/{staged.version}/{path}")
            assert (facts["ServerSideEncryption"], facts["SSEKMSKeyId"]) == ("aws:kms", ENCRYPTION_KEY), path


def test_a_wish_for_encryption_that_the_server_ignores_stops_the_title(server, bucket, tmp_path):
    """This gateway knows no AES256 with keys of its own: it says yes and stores the bytes as they are."""
    staged = Staged(tmp_path).typical(segments=2, size=5000).seal()
    report = s3_job.publish(server, staged, bucket=bucket, settings={"encryption": "AES256"})
    assert report["error"] == "refused"
    assert "was to be encrypted with AES256, but the server says that it is not" in report["description"]
    assert f"{staged.title}/{staged.version}/package.json" not in keys(server, bucket)


def test_what_did_not_change_is_copied_inside_the_store(server, bucket, tmp_path):
    old = Staged(tmp_path / "old", version="1" * 16).typical(segments=20, size=20_000)
    old.add("video/large.mp4", random.Random(3).randbytes(12 << 20)).seal()
    new = Staged(tmp_path / "new", version="2" * 16).typical(segments=20, size=20_000)
    new.add("video/large.mp4", old.files["video/large.mp4"]).add("video/360p/00002.m4s", b"another").seal()
    settings = {**PARTS, "multipart_threshold": 6 << 20, "copy_threshold": 6 << 20}
    s3_job.publish(server, old, bucket=bucket, settings=settings)
    report = s3_job.publish(server, new, bucket=bucket, previous=old.version, settings={**settings, **PLACEMENT})
    assert report.get("sent_objects") == 2, report
    assert report["sent_bytes"] == len(b"another") + len(new.everything["package.json"])
    assert report["copied_objects"] == len(new.everything) - 2
    judge(server, bucket, old)
    judge(server, bucket, new)
    judge_placement(server, bucket, new)


def test_what_is_published_never_changes(server, bucket, tmp_path):
    staged = Staged(tmp_path / "one").typical(segments=3, size=5000).seal()
    s3_job.publish(server, staged, bucket=bucket)
    other = Staged(tmp_path / "other").typical(segments=3, size=5000, seed=2).seal()
    assert s3_job.publish(server, other, bucket=bucket)["error"] == "conflict"
    judge(server, bucket, staged)


def test_an_object_that_appears_while_ours_is_sent_stays(server, bucket, tmp_path):
    """Of one request the server itself refuses to overwrite it; of one that is put together from parts only our own look does."""
    staged = Staged(tmp_path).typical(segments=3, size=5000)
    staged.add("video/large.mp4", random.Random(4).randbytes(26 << 20)).seal()
    key = f"{staged.title}/{staged.version}/video/large.mp4"
    with FaultyProxy(server, rate=0.0) as proxy:
        part = proxy.hold(lambda method, target: method == "PUT" and "partNumber" in target)
        job = s3_job.Job(proxy, "publish", bucket=bucket, staged=staged.folder, settings={**PARTS, "concurrency": 1})
        part.await_request()
        server.client().put_object(Bucket=bucket, Key=key, Body=b"somebody else's", Metadata={"sha256": "ab" * 32})
        part.release()
        report = job.result()
    assert report["error"] == "conflict", report
    assert "ab" * 32 in report["description"]
    assert server.client().get_object(Bucket=bucket, Key=key)["Body"].read() == b"somebody else's"
    assert not any(key.endswith((".m3u8", ".mpd", "package.json")) for key in keys(server, bucket))
    assert unfinished(server, bucket) == []


def test_two_runs_at_the_same_time_agree(server, bucket, tmp_path):
    staged = Staged(tmp_path).typical(segments=40, size=20_000)
    staged.add("video/large.mp4", random.Random(4).randbytes(16 << 20)).seal()
    jobs = [s3_job.Job(server, "publish", bucket=bucket, staged=staged.folder, settings=PARTS) for _ in range(2)]
    reports = [job.result() for job in jobs]
    assert all("error" not in report for report in reports), reports
    judge(server, bucket, staged)
    assert unfinished(server, bucket) == []


def test_a_killed_upload_goes_on_with_what_is_missing(server, bucket, tmp_path):
    judge_a_killed_upload(server, bucket, tmp_path, PARTS)


@pytest.mark.parametrize("checksum", ["sha256", "md5"])
def test_whatever_happens_on_the_way_every_package_arrives_whole(server, bucket, tmp_path, checksum):
    """A server that ignores `x-amz-checksum-…` still knows the signature's own hash of a body, and Content-MD5."""
    staged = Staged(tmp_path).typical(segments=40, size=30_000)
    staged.add("video/large.mp4", random.Random(5).randbytes(31 << 20)).seal()
    faults = {"rate": 0.15, "faults": [*FaultyProxy.FAULTS, *["corrupt_request"] * 8]}
    with FaultyProxy(server, **faults) as proxy:
        report = s3_job.publish(proxy, staged, bucket=bucket, settings={**PARTS, "checksum": checksum, "stall_seconds": 4})
        assert "error" not in report, report
        assert proxy.counts["corrupt_request"] > 2, proxy.counts
    judge(server, bucket, staged)


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


def test_versions_and_abandoned_uploads_are_removed(server, bucket, tmp_path):
    many = Staged(tmp_path / "old", version="1" * 16).typical(segments=520, size=20).seal()
    kept = Staged(tmp_path / "new", version="2" * 16).typical(segments=2, size=2000).seal()
    for staged in (many, kept):
        assert "error" not in s3_job.publish(server, staged, bucket=bucket)
    upload = server.client().create_multipart_upload(Bucket=bucket, Key=f"{kept.title}/{kept.version}/video/large.mp4")
    words = {"bucket": bucket, "title": "night-train"}
    assert s3_job.run(server, "versions", **words)["versions"] == [many.version, kept.version]
    assert s3_job.run(server, "delete", version=many.version, **words) == {"objects": len(many.everything)}
    time.sleep(1.5)
    assert s3_job.run(server, "abort", **words) == {"aborted": [upload["Key"]]}
    assert unfinished(server, bucket) == []
    judge(server, bucket, kept)
