"""What is said to a person who made a slip: the place, what was meant, and nothing that moves the terminal."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios

import pytest

import programs
from batch import SMALL


def refused(*arguments, status, **options):
    """What a program says that ends with a status."""
    result = programs.reelmill(*arguments, **options)
    assert result.returncode == status, f"{result.returncode}: {result.stderr}"
    return result.stderr


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["titles:", '  - id: "one', "    source: a.mp4"], "8:9"),
        (["titles:", "  - id: one", "    metadata: { name: 'Night Train, year: 2001 }", "    source: a.mp4"], "9:23"),
        (["titles:", "  - id: one", '    metadata: { name: "Night Train', '      synopsis: "Text." }', "    source: a.mp4"], "9:23"),
    ])
def test_an_unclosed_quote_is_reported_where_it_opens(lines, place, batch):
    head = ["version: 1", "# It's a comment with a quote", "catalog: sqlite:./c.sqlite", "publish: file:./store", "defaults: { preset: 'h264-fast' }", ""]
    batch.write("manifest.yaml", "\n".join(head + lines) + "\n")
    said = refused("validate", "--no-files", batch.manifest, status=65)
    assert f"manifest.yaml:{place}: error: YAML syntax: the quote that opens here" in said


def test_control_characters_of_a_manifest_reach_no_terminal(batch, clip):
    batch.write("manifest.yaml", json.dumps({
        "version": 1, "catalog": "sqlite:./c.sqlite", "publish": "file:./store",
        "titles": [{"id": "\u001b[31mred\u001b]0;title\u0007", "source": "\u001b[2Jno\u009b1m.mp4", "colo\u001br": 1, "preset": "\u001b[1mx"}]}))
    for command in (["validate"], ["plan"], ["run"]):
        said = refused(*command, batch.manifest, status=65)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u0080-\u009f]", said), said


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["validate", "film.mp4"], 65, "'film.mp4'|film.mp4: error: is a media file by its name; a manifest or a preset is wanted here"),
        (["rum", "manifest.yaml"], 64, "there is no command 'rum'; did you mean 'run'\\?"),
        (["catalog", "shwo", "one"], 64, "there is no command 'catalog shwo'; did you mean 'show'\\?"),
        (["frobnicate"], 64, "there is no command 'frobnicate'; there are validate, "),
        (["run", "manifest.yaml", "--task-memory", "10"], 64, "'10' is 10 bytes, less than any task takes; write at least 64M, such as 4G"),
    ])
def test_slips_on_the_command_line_get_words_that_help(arguments, status, words, batch, clip):
    batch.write("film.mp4", "not a film, but called one")
    batch.describe({"one": clip})
    assert re.search(words, refused(*arguments, status=status, cwd=batch.folder))


@pytest.mark.parametrize(("name", "meant"), [("small.yaml", "small"), ("h264-fast.yaml", "h264-fast")])
def test_a_preset_by_a_name_with_an_ending_is_explained(name, meant, batch, clip):
    batch.write("presets/small.yaml", SMALL)
    batch.describe({"one": clip}, preset=name)
    said = refused("validate", batch.manifest, status=65)
    assert "relative to the manifest" in said and f"(did you mean '{meant}'?)" in said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("English", "'English' is no registered language (BCP 47) (did you mean 'en'?)"), ("eng", "(did you mean 'en'?)"),
        ("en-UK", "'uk' is no registered region"), ("xx", "'xx' is no registered language"),
    ])
def test_languages_are_checked(language, words, batch, clip):
    batch.describe({"one": {"source": str(clip), "metadata": {"language": language}}})
    assert words in refused("validate", batch.manifest, status=65)


def test_a_default_language_names_tracks_that_say_nothing(batch):
    for name, language in (("silent", "und"), ("french", "fra")):
        programs.ffmpeg(
            "-f", "lavfi", "-i", "color=size=64x36:rate=25", "-f", "lavfi", "-i", "sine", "-t", "1", "-metadata:s:a:0", f"language={language}",
            "-c:v", "libx264", "-c:a", "aac", batch.folder / f"{name}.mp4")
    batch.describe({"one": "silent.mp4", "two": "french.mp4"})
    manifest = json.loads(batch.manifest.read_text())
    manifest["defaults"]["metadata"] = {"language": "de"}
    batch.manifest.write_text(json.dumps(manifest))
    batch.run()
    languages = {name: package.facts["audio"][0]["language"] for name, package in batch.packages().items()}
    assert languages == {"one": "de", "two": "fr"}


@pytest.mark.parametrize(("transfer", "words"), [("smpte2084", "HDR (PQ)"), ("arib-std-b67", "HDR (HLG)"), ("bt709", None)])
def test_probe_names_hdr(transfer, words, tmp_path):
    programs.ffmpeg(
        "-f", "lavfi", "-i", "color=size=64x36:rate=25:duration=0.2", "-vf", "format=yuv420p10le", "-c:v", "libx265", "-x265-params",
        "log-level=none", "-color_primaries", "bt2020", "-color_trc", transfer, "-colorspace", "bt2020nc", tmp_path / "a.mp4")
    said = programs.demand(programs.REELMILL, "probe", tmp_path / "a.mp4")
    assert words in said if words else "HDR" not in said


class Screen:
    """A terminal that breaks long lines anew when it is made narrower, as most do: what a person sees in the end."""

    def __init__(self, columns):
        self.columns, self.lines, self.row, self.column = columns, [""], 0, 0

    def narrow(self, columns):
        """The cursor stays with the letter that it stands on."""
        lines, place = [], (0, 0)
        for number, line in enumerate(self.lines):
            pieces = [line[start:start + columns] for start in range(0, max(1, len(line)), columns)]
            if number == self.row:
                place = (len(lines) + self.column // columns, self.column % columns)
            lines += pieces
        self.columns, self.lines, (self.row, self.column) = columns, lines, place

    def show(self, text):
        for sequence, letter in re.findall(r"(\x1b\[\d*[A-Za-z]|\x1b\[[\d;]*m)|(.)", text, re.DOTALL):
            if sequence.endswith("A"):
                self.row -= int(sequence[2:-1] or 1)
            elif sequence.endswith("J"):
                del self.lines[self.row + 1:]
                self.lines[self.row] = self.lines[self.row][:self.column]
            elif letter == "\r":
                self.column = 0
            elif letter == "\n":
                self.row += 1
                if self.row == len(self.lines):
                    self.lines.append("")
            elif letter:
                if self.column == self.columns:
                    self.row, self.column = self.row + 1, 0
                    self.lines.insert(self.row, "")
                line = self.lines[self.row].ljust(self.column)
                self.lines[self.row] = line[:self.column] + letter + line[self.column + 1:]
                self.column += 1


def test_a_narrowed_terminal_is_left_clean(batch, clip):
    batch.describe({"a-title-with-a-long-name-of-its-own": clip, "another-title-with-a-long-name": clip})
    master, slave = pty.openpty()
    size = lambda columns: fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    size(100)
    screen = Screen(100)
    command = [programs.REELMILL, "run", str(batch.manifest), "--work", str(batch.work)]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, close_fds=True)
    seen = ""
    try:
        while True:
            # What it writes after it has ended is all there; nobody else holds the terminal's other end then but this test.
            if process.poll() is not None:
                os.set_blocking(master, False)
            try:
                piece = os.read(master, 65536).decode(errors="replace")
            except (BlockingIOError, OSError):
                break
            seen += piece
            screen.show(piece)
            if "█" in "".join(screen.lines) and screen.columns == 100 and piece.endswith("A"):
                size(30)
                screen.narrow(30)
            if "published" in piece and " in " in piece and process.poll() is None:
                process.wait(programs.PATIENCE)
    finally:
        process.kill()
    assert process.returncode == 0, seen
    assert not [line for line in screen.lines if "█" in line or "░" in line], "\n".join(screen.lines)


def test_a_plan_after_a_rollback_shows_what_is_current(batch, clip):
    batch.describe({"one": clip})
    batch.run()
    first = batch.plan()["one"]
    batch.write("presets/small.yaml", SMALL.replace("name: 180p, width: 320, height: 180", "name: 90p, width: 160, height: 90"))
    batch.run()
    assert programs.reelmill("catalog", "rollback", "one", "--catalog", f"sqlite:{batch.catalog}").returncode == 0
    plan = batch.plan()["one"]
    assert plan["state"] == "published" and plan["version"] == first["version"]
    assert [rendition["name"] for rendition in plan["renditions"]] == ["180p"]
    assert any("was taken back" in warning for warning in plan["warnings"])
    text = programs.demand(programs.REELMILL, "plan", batch.manifest, "--work", batch.work)
    assert "180p" in text and "90p" not in text
