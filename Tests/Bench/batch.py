"""A batch for Reelmill in a folder of its own."""

import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import time

from usage import Usage, cpu_of_process, family, measure


class Batch:
    def __init__(self, program, folder, titles, preset):
        self.program, self.folder = program, pathlib.Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        (self.folder / "preset.yaml").write_text(preset)
        entries = "".join(f"  - {{ id: {name}, source: '{source}', preset: ./preset.yaml }}\n" for name, source in titles.items())
        (self.folder / "manifest.yaml").write_text(
            f"version: 1\ncatalog: sqlite:./catalog.sqlite\npublish: file:./store\ntitles:\n{entries}")

    @property
    def command(self):
        return [str(self.program), "run", str(self.folder / "manifest.yaml"), "--work", str(self.folder / "work"), "--quiet"]

    def run(self):
        return measure(self.command, self.folder)

    def run_and_kill(self, seconds):
        """Kills the whole group after some seconds; what it had used by then, workers too."""
        start = time.monotonic()
        process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True)
        time.sleep(seconds)
        spent = sum(cpu_of_process(pid) for pid in family(process.pid))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return Usage(spent, time.monotonic() - start)

    def renditions(self, title):
        """Folders of the published renditions by their names."""
        return {path.parent.name: path.parent for path in sorted(self.folder.glob(f"store/{title}/*/video/*/init.mp4"))}

    def whole(self, rendition, target):
        """One file of a rendition, for whoever measures quality."""
        with open(target, "wb") as out:
            for part in [rendition / "init.mp4", *sorted(rendition.glob("*.m4s"))]:
                out.write(part.read_bytes())
        return target

    @property
    def media_bytes(self):
        return sum(path.stat().st_size for path in self.folder.glob("store/*/*/*/*/*.m4s"))

    def tasks(self):
        """The journal's finished tasks: kind, begin, end, CPU seconds, peak bytes."""
        with sqlite3.connect(f"file:{self.folder}/work/journal.sqlite?mode=ro", uri=True) as db:
            return db.execute(
                "SELECT kind, started_at, ended_at, cpu_seconds, peak_bytes FROM tasks WHERE state = 'done' ORDER BY started_at").fetchall()

    @property
    def peak_of_a_worker(self):
        return max(row[4] for row in self.tasks())

    def forget(self):
        for name in ("store", "work"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        (self.folder / "catalog.sqlite").unlink(missing_ok=True)

