"""What publishing to a bucket costs: Reelmill beside the AWS command line, rclone, and a bare client that sends the same bytes.

All have the same number of requests in flight and cut large objects alike, as Reelmill does by default. They send one after another in
every round, each to a server that was started for it, and begin in turn. The bare client is curl: it makes the same requests, which were
signed and hashed beforehand, but for those that begin an upload in parts and put it together. The plain one does not even make the server
check what comes.
"""

import base64
import dataclasses
import hashlib
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
from operator import add

from usage import cpu_of_process, family, measure

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Tests" / "Judges"))

import ceph_server  # noqa: E402
from s3_server import S3Server  # noqa: E402
from staged import PIECE  # noqa: E402

PREFIX = "films"
SEGMENT = "video/iso.segment"
SERVERS = {"OpenStack Swift": S3Server, "Ceph's RADOS gateway": ceph_server.CephServer}


class Package:
    """A staged package of random bytes, and the pieces that the bare client sends of it."""

    def __init__(self, folder, title, count, size, way):
        self.folder, self.title, self.version = folder / title, title, "0123456789abcdef"
        self.pieces = folder / f"{title}-pieces"
        self.count, self.bytes = count, count * size
        self.in_parts = size >= way.multipart_threshold
        chance = random.Random(title)
        files = []
        for number in range(1, count + 1):
            path = f"video/1080p/{number:05}.m4s"
            files.append({"path": path, "bytes": size, "content_type": SEGMENT, **self._write(path, size, chance)})
        document = {
            "format_version": 1, "id": title, "version": self.version, "duration": "8", "source": {"sha256": "0" * 64, "bytes": 1},
            "renditions": [], "audio": [], "text": [], "images": [], "provenance": {"preset": "0" * 64, "libraries": []}, "warnings": [],
            "files": files,
        }
        (self.folder / "package.json").write_text(json.dumps(document, indent=2) + "\n")
        if self.in_parts:
            self._cut(self.folder / files[0]["path"], way.part_bytes)

    def _write(self, path, size, chance):
        """The file, and its checksums as a packager lists them."""
        digest, pieces, target = hashlib.sha256(), [], self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "wb") as out:
            for start in range(0, size, PIECE):
                piece = chance.randbytes(min(PIECE, size - start))
                digest.update(piece)
                pieces.append(hashlib.sha256(piece).hexdigest())
                out.write(piece)
        sums = {"sha256": digest.hexdigest()}
        return {**sums, "pieces": {"bytes": PIECE, "sha256": pieces}} if len(pieces) > 1 else sums

    def _cut(self, whole, size):
        """curl sends whole files: what others take from the middle of one lies ready for it."""
        self.pieces.mkdir()
        with open(whole, "rb") as source:
            for number, piece in enumerate(iter(lambda: source.read(size), b""), 1):
                (self.pieces / f"{number:05}").write_bytes(piece)


@dataclasses.dataclass(frozen=True)
class Way:
    """How Reelmill sends by default, which the others are told to do too."""

    concurrency: int
    multipart_threshold: int  # bytes
    part_bytes: int

    @staticmethod
    def of(program):
        return Way(**json.loads(subprocess.run([program, "--settings"], check=True, capture_output=True, text=True).stdout))


class Reelmill:
    name = "reelmill"

    def __init__(self, program):
        self.program = program

    def command(self, server, bucket, package):
        return [self.program, package.folder, f"s3://{bucket}/{PREFIX}", server.endpoint], {}

    def holds(self, client, bucket, package):
        """Whether all has arrived: a good exit status is no proof."""
        found = [
            entry["Size"] for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket) for entry in page.get("Contents", [])]
        return len(found) == package.count + 1 and sum(found) == package.bytes + (package.folder / "package.json").stat().st_size


class Listing(Reelmill):
    """With `confirm: list` in the manifest."""

    name = "reelmill, confirm: list"

    def command(self, server, bucket, package):
        command, words = super().command(server, bucket, package)
        return [*command, "list"], words


class Amazon(Reelmill):
    name = "aws"

    def __init__(self, program, way, folder):
        super().__init__(program)
        self.settings = folder / "aws.config"
        self.settings.write_text(
            f"[default]\ns3 =\n  max_concurrent_requests = {way.concurrency}\n  multipart_threshold = {way.multipart_threshold}\n"
            f"  multipart_chunksize = {way.part_bytes}\n  addressing_style = path\n")

    def command(self, server, bucket, package):
        command = [
            self.program, "--endpoint-url", server.endpoint, "s3", "cp", "--recursive", "--only-show-errors", package.folder,
            f"s3://{bucket}/{PREFIX}"]
        return command, {"AWS_CONFIG_FILE": str(self.settings)}


class Rclone(Reelmill):
    name = "rclone"

    def __init__(self, program, way):
        super().__init__(program)
        self.way = way

    def command(self, server, bucket, package):
        way = self.way
        command = [
            self.program, "copy", "--transfers", way.concurrency, "--checkers", way.concurrency, "--s3-upload-concurrency", way.concurrency,
            "--s3-upload-cutoff", f"{way.multipart_threshold}B", "--s3-chunk-size", f"{way.part_bytes}B", "--s3-no-check-bucket",
            package.folder, f"bench:{bucket}/{PREFIX}"]
        remote = {"type": "s3", "provider": "Other", "env_auth": "true", "endpoint": server.endpoint, "force_path_style": "true"}
        settings = {f"RCLONE_CONFIG_BENCH_{name.upper()}": value for name, value in remote.items()}
        return command, {"RCLONE_CONFIG": "/dev/null", **settings}


class Plain(Reelmill):
    """curl with addresses signed beforehand: nothing is hashed or checked by anybody, nothing conditional, nothing looked at afterwards."""

    name = "plain"

    def __init__(self, program, way, folder):
        super().__init__(program)
        self.way, self.folder = way, folder

    def command(self, server, bucket, package):
        script = self.folder / "curl.config"
        with open(script, "w") as out:
            out.write(f"parallel\nparallel-max = {self.way.concurrency}\n")
            for number, lines in enumerate(self._requests(server, bucket, package)):
                if number:
                    out.write("next\n")
                out.writelines(f"{line}\n" for line in ("silent", "show-error", "fail", 'header = "Expect:"', 'output = "/dev/null"', *lines))
        return [self.program, "--config", script], {}

    def _requests(self, server, bucket, package):
        client = server.client(request_checksum_calculation="when_required")
        for call, place, file in self._targets(client, bucket, package):
            yield f'url = "{client.generate_presigned_url(call, Params=place)}"', f'upload-file = "{file}"'

    def _targets(self, client, bucket, package):
        """Call, its parameters, and the file that is sent."""
        if package.in_parts:
            key = f"{PREFIX}/large"
            upload = client.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
            for file in sorted(package.pieces.iterdir()):
                yield "upload_part", {"Bucket": bucket, "Key": key, "UploadId": upload, "PartNumber": int(file.name)}, file
        else:
            for file in sorted(path for path in package.folder.rglob("*") if path.is_file()):
                yield "put_object", {"Bucket": bucket, "Key": f"{PREFIX}/{file.relative_to(package.folder)}"}, file

    def holds(self, client, bucket, package):
        if not package.in_parts:
            return super().holds(client, bucket, package)
        upload = client.list_multipart_uploads(Bucket=bucket)["Uploads"][0]
        parts = client.list_parts(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])["Parts"]
        return sum(part["Size"] for part in parts) == package.bytes


class Bare(Plain):
    """curl with the requests that Reelmill makes, headers and all, made beforehand: the server hashes and checks the same, and is asked the
    same afterwards."""

    name = "bare"

    def _requests(self, server, bucket, package):
        client = server.client()
        looks = []
        for call, place, file in self._targets(client, bucket, package):
            url = f"{server.endpoint}/{bucket}/{place['Key']}"
            digest = hashlib.sha256(file.read_bytes())
            headers = {"x-amz-checksum-sha256": base64.b64encode(digest.digest()).decode()}
            if call == "upload_part":
                url += f"?partNumber={place['PartNumber']}&uploadId={place['UploadId']}"
            else:
                headers |= {
                    "content-type": SEGMENT, "cache-control": "public, max-age=31536000, immutable", "if-none-match": "*",
                    "x-amz-meta-sha256": digest.hexdigest()}
                looks.append(self._signed(client, "HEAD", url, {"x-amz-checksum-mode": "ENABLED"}, hashlib.sha256().hexdigest()) + ("head",))
            yield self._signed(client, "PUT", url, headers, digest.hexdigest()) + (f'upload-file = "{file}"',)
        # Each is there by then: those before it are many more than are in flight.
        yield from looks

    @staticmethod
    def _signed(client, method, url, headers, body):
        """By botocore, which would read the body to hash it."""
        from botocore.auth import S3SigV4Auth
        from botocore.awsrequest import AWSRequest

        class Signer(S3SigV4Auth):
            def payload(self, request):
                return body

        request = AWSRequest(method, url, headers)
        Signer(client._request_signer._credentials, "s3", client.meta.region_name).add_auth(request)
        return f'url = "{url}"', *(f'header = "{name}: {value}"' for name, value in request.headers.items())


class Uploads:
    """The clients that are there, and what they sent."""

    def __init__(self, program, folder):
        self.folder, self.way = folder, Way.of(program)
        self.clients = [Reelmill(program), Listing(program)]
        found = {name: self._find(name) for name in ("aws", "rclone", "curl")}
        if found["aws"]:
            self.clients.append(Amazon(found["aws"], self.way, folder))
        if found["rclone"]:
            self.clients.append(Rclone(found["rclone"], self.way))
        if found["curl"]:
            self.clients += [Bare(found["curl"], self.way, folder), Plain(found["curl"], self.way, folder)]
        self.missing = [name for name, path in found.items() if not path]
        self.versions = [self._version(path) for path in found.values() if path]

    @staticmethod
    def _find(name):
        # The one that `make bench` installs, so that all measure the same.
        own = ROOT / ".venv" / "bench" / "bin" / name
        return str(own) if own.exists() else shutil.which(name)

    @staticmethod
    def _version(program):
        text = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        return " ".join(text.split()[:2])

    def round(self, start, package, number):
        """Every client once: its use, and the server's CPU seconds meanwhile."""
        turn = number % len(self.clients)
        return {client.name: self.measured(client, start, package) for client in self.clients[turn:] + self.clients[:turn]}

    def measured(self, client, start, package):
        """At a server of its own: what one holds already costs it."""
        with start() as server:
            self._warm(server)
            return self._sent(client, server, package)

    def _sent(self, client, server, package):
        bucket = "contest"
        server.client().create_bucket(Bucket=bucket)
        command, words = client.command(server, bucket, package)
        plain = {name: value for name, value in os.environ.items() if not name.startswith("AWS_") and not name.lower().endswith("_proxy")}
        before = self._cpu(server)
        used = measure(command, self.folder, {**plain, **server.environment, **words})
        spent = self._cpu(server) - before
        if not client.holds(server.client(), bucket, package):
            raise SystemExit(f"{client.name} ended well, but not all of {package.title} is at the server")
        return used, spent

    @staticmethod
    def _cpu(server):
        return sum(cpu_of_process(pid) for process in server.processes for pid in family(process.pid))

    @staticmethod
    def _warm(server):
        """The first requests of a new server pay for its caches, whoever sends them."""
        client = server.client()
        for number in range(32):
            client.put_object(Bucket="ready", Key=f"warm/{number}", Body=bytes(300_000))
        place = {"Bucket": "ready", "Key": "warm/parts"}
        client.abort_multipart_upload(UploadId=client.create_multipart_upload(**place)["UploadId"], **place)


def rows(table, title, program, runs, folder, cores):
    """Both packages to each server that is installed."""
    if not program.exists():
        raise SystemExit(f"{program} is not there: run 'make bench', or 'swift build -c release'")
    folder = folder / "upload"
    folder.mkdir()
    uploads = Uploads(program, folder)
    way = uploads.way
    packages = {
        "2,000 objects of 300 KB": Package(folder, "many", 2000, 300_000, way),
        "one object of 500 MB": Package(folder, "one", 1, 500_000_000, way),
    }
    title(f"uploads by every client with {way.concurrency} requests in flight, from {way.multipart_threshold >> 20} MiB on in parts of "
          f"{way.part_bytes >> 20} MiB; {', '.join(uploads.versions)}")
    for name in uploads.missing:
        print(f"  {name} is not installed: nothing is compared with it")
    for server, start in SERVERS.items():
        if start is ceph_server.CephServer and ceph_server.missing():
            title(f"{server} is not installed (Debian: radosgw ceph-mon ceph-osd) and not measured: {', '.join(ceph_server.missing())}")
            continue
        both = [contest(uploads, title, f"{words} to {server} on loopback; {cores} cores", table, start, package, runs)
                for words, package in packages.items()]
        title(f"both to {server}")
        sums = [{name: tuple(map(add, many[name], one[name])) for name in many} for many, one in zip(*both)]
        for ours in (Reelmill.name, Listing.name):
            ratios(table, uploads, sums, ours)


def contest(uploads, title, words, table, start, package, runs):
    """Rounds of all clients with one package: for each client's name its use, and the server's CPU seconds."""
    title(words)
    rounds = []
    # Not counted: the first run of all pays for memory that this machine had not touched.
    uploads.measured(uploads.clients[0], start, package)
    for number in range(runs):
        rounds.append(uploads.round(start, package, number))
        print(f"  run {number + 1}: " + ", ".join(
            f"{client.name} {rounds[-1][client.name][0].wall:.2f} s wall, {rounds[-1][client.name][0].cpu:.2f} s CPU"
            for client in uploads.clients), flush=True)
    ratios(table, uploads, rounds)
    return rounds


def ratios(table, uploads, rounds, ours=Reelmill.name):
    def ratio(to, what):
        return [what(found[ours][0]) / what(found[to][0]) for found in rounds]

    aims = {"aws": ("aim: at most 0.5", "aim: at most 0.8"), "rclone": ("", "aim: at most 1.0"), "bare": ("", "aim: at most 1.10"), "plain": ("", "")}
    for name, (cpu, wall) in aims.items():
        if name in rounds[0]:
            table.rows(f"CPU, {ours} / {name}", ratio(name, lambda used: used.cpu), cpu)
            table.rows(f"wall, {ours} / {name}", ratio(name, lambda used: used.wall), wall)
    print("  the server's own CPU: " + ", ".join(
        f"{client.name} {statistics.median(found[client.name][1] for found in rounds):.2f} s" for client in uploads.clients))
