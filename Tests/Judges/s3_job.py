"""Drives the store at a real server: the test bundle's `S3StoreJobTests` does what a JSON file says, in a process of its own."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import programs

# Runs a program and leaves in a file how many bytes it ever held. Whoever makes a process lends it his own peak: this one is small.
MEASURE = """
import os, sys
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
with open(sys.argv[1], "w") as file:
    file.write(str(usage.ru_maxrss * 1024))
sys.exit(status != 0)
"""
BUNDLE = os.environ.get("REELMILL_TESTS", str(programs.BUILD / "reelmillPackageTests.xctest"))


class Job:
    """One call of the store, under way. `measured`: `peak_memory` is known of it afterwards."""

    def __init__(self, server, action, measured=False, **words):
        self.folder = tempfile.TemporaryDirectory(prefix="reelmill-job-")
        folder = pathlib.Path(self.folder.name)
        self.report, self.peak = folder / "report.json", folder / "peak"
        words["settings"] = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in words.get("settings", {}).items()}
        words = {"action": action, "endpoint": server.endpoint, "report": str(self.report), "prefix": "", **words}
        (folder / "job.json").write_text(json.dumps({key: str(value) if isinstance(value, pathlib.Path) else value for key, value in words.items()}))
        environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        through = [sys.executable, "-c", MEASURE, str(self.peak)] if measured else []
        self.process = subprocess.Popen(
            [*through, BUNDLE, "--testing-library", "swift-testing", "--filter", "S3StoreJobTests"], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
            env={**environment, **server.environment, "REELMILL_S3_JOB": str(folder / "job.json")})

    def peak_memory(self):
        """Bytes that it ever held; once its result is there."""
        return int(self.peak.read_text())

    def kill(self):
        self.process.kill()
        self.process.communicate(timeout=programs.PATIENCE)

    def result(self, timeout=programs.PATIENCE):
        """What the job reported: facts, or `error` and `description`."""
        output, _ = self.process.communicate(timeout=timeout)
        assert self.report.exists(), f"the job ended without a report:\n{output}"
        return json.loads(self.report.read_text())


def run(server, action, **words):
    return Job(server, action, **words).result()


def publish(server, staged, **words):
    return run(server, "publish", staged=staged.folder, **words)
