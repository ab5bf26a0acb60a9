"""What lies in a bucket, looked at with boto3."""

import gzip
import hashlib

CACHE = "public, max-age=31536000, immutable"


def keys(server, bucket):
    found = []
    for page in server.client().get_paginator("list_objects_v2").paginate(Bucket=bucket):
        found += [entry["Key"] for entry in page.get("Contents", [])]
    return sorted(found)


def judge(server, bucket, staged, prefix="", encoded=False):
    """Every byte and header of a published version; `encoded`: its playlists are."""
    client = server.client()
    root = f"{prefix}{staged.title}/{staged.version}/"
    assert [key for key in keys(server, bucket) if key.startswith(root)] == sorted(root + path for path in staged.everything)
    marks = set()
    for path, content in staged.everything.items():
        answer = client.get_object(Bucket=bucket, Key=root + path)
        stored = answer["Body"].read()
        if encoded and path.endswith((".m3u8", ".mpd")):
            assert gzip.decompress(stored) == content, path
            assert answer["ContentEncoding"] == "gzip", path
        else:
            assert stored == content, path
            assert "ContentEncoding" not in answer, path
        assert answer["ContentType"] == staged.type_of(path), path
        assert answer["CacheControl"] == CACHE, path
        metadata = dict(answer["Metadata"])
        assert metadata.pop("sha256") == hashlib.sha256(content).hexdigest(), path
        marks.add(metadata.pop("placement", None))
        assert not metadata, path
        assert answer["ContentLength"] == len(stored), path
        for other in ("ContentDisposition", "ContentLanguage", "Expires", "WebsiteRedirectLocation"):
            assert other not in answer, path
    # All were sent with the same storage class, ACL, encryption and tags.
    assert len(marks) == 1, marks


def unfinished(server, bucket):
    return [upload["Key"] for upload in server.client().list_multipart_uploads(Bucket=bucket).get("Uploads", [])]
