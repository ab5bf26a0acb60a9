"""A second real S3 server for judgements: Ceph's RADOS gateway over a monitor and one storage daemon that keeps everything in memory.

It checks signatures, bodies and the clock as Swift does, knows tags, storage classes and encryption, ignores `x-amz-checksum-…` and the
condition on CompleteMultipartUpload, and is written in C++: much of what is measured against it is the client.
"""

import base64
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

from s3_server import ACCESS_KEY, PATIENCE, SECRET, LoopbackServer, free_port

PROGRAMS = ("ceph", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
# The gateway's own test vault: a key by name, for `aws:kms`.
ENCRYPTION_KEY = "judges-key"

def missing():
    """The programs that are not installed; Debian has them in `radosgw ceph-mon ceph-osd`."""
    return [name for name in PROGRAMS if not shutil.which(name)]


class CephServer(LoopbackServer):
    """Ready after some seconds. Needs no rights: every path lies in a folder for temporary files."""

    # Nothing is kept, and the gateway takes five seconds to end in peace.
    ending = signal.SIGKILL

    def __init__(self, storage_classes=()):
        super().__init__(tempfile.mkdtemp(prefix="reelmill-ceph-"))
        self.storage_classes = storage_classes
        self.disk = str(uuid.uuid4())

    def choose_ports(self):
        super().choose_ports()
        self.monitor_port = free_port()

    @property
    def _configuration(self):
        return self.folder / "ceph.conf"

    def _start(self):
        self._configure()
        self._monitor()
        self._storage()
        self._gateway()

    def _configure(self):
        folder = self.folder
        (folder / "osd").mkdir()
        vault = base64.b64encode(bytes(range(32))).decode()
        self._configuration.write_text(f"""[global]
fsid = {uuid.uuid4()}
run dir = {folder}
crash dir = {folder}
log file = {folder}/$name.ceph-log
mon cluster log file = {folder}/cluster.ceph-log
pid file =
admin socket =
auth cluster required = none
auth service required = none
auth client required = none
ms bind msgr2 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
mon host = [v1:127.0.0.1:{self.monitor_port}]
mon data = {folder}/mon
mon allow pool size one = true
paxos propose interval = 0.05
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 64G
osd crush chooseleaf type = 0
osd crush update on start = false
osd class update on start = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
rgw data = {folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:{self.port} tcp_nodelay=1
rgw dynamic resharding = false
rgw crypt require ssl = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = {ENCRYPTION_KEY}={vault}
""")

    def _monitor(self):
        map_file = self.folder / "monmap"
        self._do("monmaptool", "--create", "--addv", "a", f"[v1:127.0.0.1:{self.monitor_port}]", map_file)
        self._do("ceph-mon", "--mkfs", "-i", "a", "--monmap", map_file)
        self._launch(["ceph-mon", "-f", "-i", "a", "-c", self._configuration])

    def _storage(self):
        self._do("ceph", "osd", "new", self.disk)
        self._do("ceph", "osd", "crush", "add", "osd.0", "1.0", "root=default")
        self._do("ceph-osd", "--mkfs", "-i", "0", "--osd-uuid", self.disk)
        self._launch(["ceph-osd", "-f", "-i", "0", "-c", self._configuration])

    def _gateway(self):
        keys = [f"--access-key={ACCESS_KEY}", f"--secret-key={SECRET}"]
        self._do("radosgw-admin", "user", "create", "--uid=judge", "--display-name=Judge", *keys)
        for name in self.storage_classes:
            place = ["--placement-id", "default-placement", "--storage-class", name]
            self._do("radosgw-admin", "zonegroup", "placement", "add", "--rgw-zonegroup", "default", *place)
            self._do("radosgw-admin", "zone", "placement", "add", "--rgw-zone", "default", *place, "--data-pool", f"{name.lower()}.data")
        self._launch(["radosgw", "-f", "-n", "client.rgw", "-c", self._configuration])
        self._wait("/")

    def _do(self, program, *arguments):
        """One command of the setup, which must succeed."""
        configured = [] if program == "monmaptool" else ["-c", self._configuration]
        words, log = f"{program} {' '.join(map(str, arguments))}", self.folder / "setup.log"
        with open(log, "wb") as errors:
            process = subprocess.Popen(
                [program, *configured, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
        end = time.monotonic() + PATIENCE
        try:
            while process.poll() is None:
                # It would wait for a monitor that is not there any more.
                self._demand_parts()
                if time.monotonic() >= end:
                    raise RuntimeError(f"{words} did not end in {PATIENCE} s")
                time.sleep(0.01)
        finally:
            process.kill()
            process.wait()
        if process.returncode:
            self._demand_parts()
            raise RuntimeError(f"{words} ended with {process.returncode}:\n{log.read_text()[-2000:]}")


if __name__ == "__main__":
    with CephServer() as server:
        print(server.endpoint, flush=True)
        sys.stdin.read()
