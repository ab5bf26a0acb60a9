"""Publishing to a real S3 server, looked at with boto3, which shares no code with ours."""

import pytest

import s3_job
from s3_server import S3Server
from staged import Staged

CACHE = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def server():
    with S3Server() as server:
        yield server


@pytest.fixture
def bucket(server, request):
    name = request.node.name.split("[")[0].replace("_", "-").lower()[:60].strip("-")
    server.client().create_bucket(Bucket=name)
    return name


def keys(server, bucket):
    found = []
    for page in server.client().get_paginator("list_objects_v2").paginate(Bucket=bucket):
        found += [entry["Key"] for entry in page.get("Contents", [])]
    return sorted(found)


def judge(server, bucket, staged, prefix=""):
    """Every byte and header of a published version."""
    client = server.client()
    root = f"{prefix}{staged.title}/{staged.version}/"
    assert [key for key in keys(server, bucket) if key.startswith(root)] == sorted(root + path for path in staged.everything)
    for path, content in staged.everything.items():
        answer = client.get_object(Bucket=bucket, Key=root + path)
        assert answer["Body"].read() == content, path
        assert answer["ContentType"] == staged.type_of(path), path
        assert answer["CacheControl"] == CACHE, path


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
