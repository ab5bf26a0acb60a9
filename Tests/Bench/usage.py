"""What a command costs: CPU seconds of it and all its children, wall seconds, and the memory that they held together at most."""

import dataclasses
import os
import pathlib
import subprocess
import threading
import time


@dataclasses.dataclass
class Usage:
    cpu: float = 0.0  # seconds, user and system
    wall: float = 0.0  # seconds
    memory: int = 0  # bytes

    def __add__(self, other):
        """Of two commands run one after the other."""
        return Usage(self.cpu + other.cpu, self.wall + other.wall, max(self.memory, other.memory))


def measure(command, folder, environment=None):
    """Runs a command to its end, which must be a good one. `environment`: all of its variables; the same as here by default."""
    with open(os.path.join(folder, "bench.log"), "w+") as log:
        start = time.monotonic()
        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        memory = MemoryWatch(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = memory.stop()
        if process.returncode:
            log.seek(0)
            raise SystemExit(f"{' '.join(map(str, command))}\nended with {process.returncode}:\n{log.read()}")
    # Children that the command waited for are counted in.
    return Usage(used.ru_utime + used.ru_stime, wall, max(peak, used.ru_maxrss * 1024))


class MemoryWatch(threading.Thread):
    """Adds up the memory of a process and all below it, five times a second. Pages that several share count once (PSS)."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.done = pid, 0, threading.Event()
        self.start()

    def run(self):
        while not self.done.wait(0.2):
            self.peak = max(self.peak, sum(memory_of(pid) for pid in family(self.pid)))

    def stop(self):
        self.done.set()
        self.join()
        return self.peak


def memory_of(pid):
    try:
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass  # It has ended meanwhile.
    return 0


def cpu_of_process(pid):
    """User and system seconds of a process and of the children that it has waited for; 0 when it has ended."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def family(root):
    """A process and all below it."""
    parents = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += parents.get(pid, [])
    return found
