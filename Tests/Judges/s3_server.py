"""A real S3 server for judgements: OpenStack Swift with its S3 interface, which checks signatures, bodies, checksums and the clock.

Run by itself it starts a server, prints its endpoint, and stops it when its standard input ends.
"""

import contextlib
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

SECRET = "testing-secret"
ACCESS_KEY = "test:tester"
REGION = "us-east-1"

# Swift reads its general configuration from /etc unless it is told elsewhere before anything else is imported.
LAUNCH = """
import sys
import swift.common.utils as utils
utils.SWIFT_CONF_FILE = sys.argv[1]
import importlib
sys.argv = sys.argv[2:]
sys.exit(importlib.import_module(sys.argv[0]).main())
"""
# Bytes: more than any judgement or benchmark sends to one server.
ROOM = 4 << 30
PIPELINE = "catch_errors gatekeeper healthcheck cache bulk s3api tempauth slo dlo versioned_writes proxy-server"


# Seconds that a server or a command of its setup may take.
PATIENCE = 120
# How often a server is begun, whose parts may find a port taken after all.
TRIES = 4


class PartEnded(Exception):
    """A part of a server ended by itself."""


def free_port():
    """One that nobody listens on and that Linux gives to no outgoing connection: it is still free when a daemon comes to take it."""
    low, high = map(int, pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    ports = [*range(max(10_000, low - 12_000), low), *range(high + 1, 65_536)] or range(10_000, 65_536)
    # Not the generator that tests seed: processes that run beside each other shall not meet.
    chance = random.SystemRandom()
    for _ in range(1000):
        port = chance.choice(ports)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port was found to be free")


class LoopbackServer:
    """Daemons that speak S3 together: `with` starts them and gives `endpoint`; their folder is removed when they have ended."""

    ending = signal.SIGTERM

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.choose_ports()
        self.domain = None
        self.processes = []

    def choose_ports(self):
        self.port = free_port()

    @property
    def endpoint(self):
        return f"http://{self.domain or '127.0.0.1'}:{self.port}"

    @property
    def environment(self):
        """What a client needs beside the endpoint."""
        return {
            "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        }

    def client(self, endpoint=None, **config):
        """boto3's, which shares no code with ours."""
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3", endpoint_url=endpoint or self.endpoint, aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET, region_name=REGION,
            config=Config(s3={"addressing_style": "path"}, signature_version="s3v4", retries={"max_attempts": 3}, **config))

    def __enter__(self):
        try:
            for attempt in range(1, TRIES + 1):
                try:
                    self._start()
                    return self
                except PartEnded:
                    if attempt == TRIES:
                        raise
                self._stop()
                for path in self.folder.iterdir():
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
                self.choose_ports()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        self._stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _stop(self):
        for process in reversed(self.processes):
            process.send_signal(self.ending)
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def _start(self):
        raise NotImplementedError

    def _launch(self, command):
        log = open(self.folder / f"{len(self.processes)}.log", "wb")
        self.processes.append(subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONWARNINGS": "ignore"}))

    def _demand_parts(self):
        for number, process in enumerate(self.processes):
            if process.poll() is not None:
                raise PartEnded(f"a part of the S3 server ended:\n{(self.folder / f'{number}.log').read_text()[-4000:]}")

    def _wait(self, health):
        """Until the path `health` is answered and a bucket can be made."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self._demand_parts()
            try:
                with urllib.request.urlopen(self.endpoint + health, timeout=10):
                    self.client().create_bucket(Bucket="ready")
                    return
            except Exception:
                time.sleep(0.1)
        logs = "\n".join(path.read_text()[-1500:] for path in sorted(self.folder.glob("*.log")))
        raise RuntimeError(f"the S3 server did not become ready:\n{logs}")


class S3Server(LoopbackServer):
    """OpenStack Swift, in about a second."""

    def __init__(self, workers=0, domain=None):
        """`domain`: buckets are also reached as hosts below it."""
        # Swift needs a file system with extended attributes, which a folder for temporary files may not have.
        super().__init__(tempfile.mkdtemp(prefix="reelmill-swift-", dir=self._folder_with_attributes()))
        self.workers = workers
        self.domain = domain

    def choose_ports(self):
        super().choose_ports()
        self.cache_port = free_port()

    def _start(self):
        self._configure()
        self._launch(["memcached", "-l", "127.0.0.1", "-p", str(self.cache_port), "-u", "nobody", "-m", "64"])
        for kind, module in (("account", "account"), ("container", "container"), ("object", "obj"), ("proxy", "proxy")):
            self._launch([
                sys.executable, "-W", "ignore", "-c", LAUNCH, self.folder / "swift.conf", f"swift.{module}.server",
                self.folder / f"{kind}-server.conf"])
        self._wait("/healthcheck")

    @staticmethod
    def _folder_with_attributes():
        # In memory where Linux can (6.6): a disk that discards what is freed takes a minute to forget some thousand objects.
        checkout = pathlib.Path(__file__).resolve().parent.parent.parent
        for folder in ("/dev/shm", tempfile.gettempdir(), checkout / ".build", pathlib.Path.home()):
            try:
                if shutil.disk_usage(folder).free < ROOM:
                    continue
                with tempfile.NamedTemporaryFile(dir=folder) as probe:
                    os.setxattr(probe.name, "user.reelmill", b"x" * 1000)
                return folder
            except OSError:
                continue
        raise RuntimeError("no folder with 4 GiB to spare on a file system with extended attributes was found for Swift")

    def _configure(self):
        folder = self.folder
        (folder / "disks" / "one").mkdir(parents=True)
        (folder / "swift.conf").write_text("[swift-hash]\nswift_hash_path_prefix = reel\nswift_hash_path_suffix = mill\n")
        general = f"bind_ip = 127.0.0.1\nswift_dir = {folder}\nlog_name = swift\nlog_level = ERROR\nworkers = {self.workers}\n"
        ports = {}
        for kind in ("account", "container", "object"):
            ports[kind] = free_port()
            (folder / f"{kind}-server.conf").write_text(
                f"[DEFAULT]\n{general}bind_port = {ports[kind]}\ndevices = {folder}/disks\nmount_check = false\n"
                f"[pipeline:main]\npipeline = {kind}-server\n[app:{kind}-server]\nuse = egg:swift#{kind}\n")
        filters = "".join(
            f"[filter:{name}]\nuse = egg:swift#{name}\n" for name in PIPELINE.split() if name not in ("proxy-server", "cache", "s3api", "tempauth"))
        (folder / "proxy-server.conf").write_text(
            f"[DEFAULT]\n{general}bind_port = {self.port}\n[pipeline:main]\npipeline = {PIPELINE}\n"
            "[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\nallow_account_management = true\n"
            f"[filter:cache]\nuse = egg:swift#memcache\nmemcache_servers = 127.0.0.1:{self.cache_port}\n"
            f"[filter:s3api]\nuse = egg:swift#s3api\nlocation = {REGION}\ns3_acl = false\n{f'storage_domain = {self.domain}' if self.domain else ''}\n"
            f"[filter:tempauth]\nuse = egg:swift#tempauth\nuser_test_tester = {SECRET} .admin\n{filters}")
        for kind, port in ports.items():
            self._ring(kind, port)

    def _ring(self, kind, port):
        builder = pathlib.Path(sys.executable).with_name("swift-ring-builder")
        device = ["--region", "1", "--zone", "1", "--ip", "127.0.0.1", "--port", str(port), "--device", "one", "--weight", "1"]
        for command in (["create", "6", "1", "0"], ["add", *device], ["rebalance"]):
            subprocess.run([builder, self.folder / f"{kind}.builder", *command], check=True, capture_output=True)


if __name__ == "__main__":
    with S3Server() as server:
        print(server.endpoint, flush=True)
        sys.stdin.read()
