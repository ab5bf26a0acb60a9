"""An upload that is killed in its middle and begun again, judged at any server."""

import random

import s3_job
from buckets import judge, keys, unfinished
from faulty_proxy import FaultyProxy
from staged import Staged


def judge_a_killed_upload(server, bucket, folder, settings):
    """Only what is missing is sent, down to the parts of a large object, and nothing looked finished meanwhile."""
    staged = Staged(folder).typical(segments=40, size=30_000)
    staged.add("video/large.mp4", random.Random(9).randbytes(52 << 20)).seal()
    settings = {**settings, "concurrency": 2}
    root = f"/{bucket}/{staged.title}/{staged.version}"
    with FaultyProxy(server, rate=0.0) as proxy:
        # Parts go first, then whole objects: all but the last part have arrived, and nothing that comes after media was begun.
        middle = proxy.hold(lambda method, target: method == "PUT" and target.startswith(f"{root}/video/360p/0000"))
        job = s3_job.Job(proxy, "publish", bucket=bucket, staged=staged.folder, settings=settings)
        middle.await_request()
        job.kill()
        middle.release()
        proxy.drain()
    there = keys(server, bucket)
    assert there and not any(key.endswith((".m3u8", ".mpd", "package.json")) for key in there)
    assert unfinished(server, bucket) == [f"{staged.title}/{staged.version}/video/large.mp4"]
    with FaultyProxy(server, rate=0.0) as proxy:
        report = s3_job.publish(proxy, staged, bucket=bucket, settings=settings)
        sent = {target.split("?")[0].removeprefix(root + "/") for method, target, length in proxy.requests if method == "PUT" and length}
        parts = sum(length for method, target, length in proxy.requests if method == "PUT" and "partNumber" in target)
    assert "error" not in report, report
    assert report["kept_objects"] == len(there)
    assert sent.isdisjoint(key.removeprefix(f"{staged.title}/{staged.version}/") for key in there)
    assert parts < 30 << 20
    judge(server, bucket, staged)
    assert unfinished(server, bucket) == []
