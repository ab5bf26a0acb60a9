"""Wrong manifests and presets: everything is said at once, with its place, and nothing is touched."""

import json
import re

import pytest

import programs

FIVE_FAULTS = """\
version: 1
catalog: sqlite:./catalog.sqlite
publish: file:./store
defaults:
  preset: impossible
titles:
  - id: one
    source: there.mp4
    colour: blue
  - id: two
    source: there.mp4
    metadata:
      year: soon
  - id: three
    source: missing.mp4
  - id: one
    source: there.mp4
"""
PRESET = """\
version: 1
video:
  codec: h264
  crf: 23
  rungs:
    - name: 180p
      width: 320
      height: 180
      max_rate: 1000k
      buffer_size: 1000k
      {setting}
audio:
  - {{ codec: aac, bit_rate: 96k }}
"""
LINE = re.compile(r"^(?P<file>\S.*):(?P<line>\d+):(?P<column>\d+): error: (?P<text>.+)$")


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def errors(text):
    """Every line that reports a fault: (file, line, text)."""
    return [(match["file"], int(match["line"]), match["text"]) for match in map(LINE.match, text.splitlines()) if match]


@pytest.mark.parametrize("options", ['options: { x264-params: "foo=1" }', "options: { nonsense: 7 }", "level: 1.0"])
def test_all_five_faults_at_once(options, batch):
    batch.write("there.mp4", "a file, whatever it holds")
    batch.write("presets/impossible.yaml", PRESET.format(setting=options))
    batch.write("manifest.yaml", FIVE_FAULTS)
    before = tree(batch.folder)
    result = programs.reelmill("validate", batch.manifest)
    assert result.returncode == 65, result.stderr
    found = errors(result.stderr) or errors(result.stdout)
    in_manifest = {line: text for file, line, text in found if file.endswith("manifest.yaml")}
    assert "colour" in in_manifest.pop(9)
    assert "year" in in_manifest.pop(13)
    assert "missing.mp4" in in_manifest.pop(15)
    assert "'one'" in in_manifest.pop(16)
    assert not in_manifest
    in_preset = [text for file, _, text in found if file.endswith("impossible.yaml")]
    assert in_preset, result.stderr
    assert tree(batch.folder) == before


def test_a_near_miss_is_guessed(batch, clip):
    batch.describe({"one": {"source": str(clip), "metadata": {"sinopsis": "text"}}})
    result = programs.reelmill("validate", batch.manifest)
    assert result.returncode == 65
    assert "did you mean 'synopsis'?" in result.stderr + result.stdout


def test_a_run_of_a_wrong_manifest_does_no_work(batch, clip):
    batch.describe({"one": {"source": str(clip), "colour": "blue"}, "two": clip})
    before = tree(batch.folder)
    batch.run(status=65)
    assert tree(batch.folder) == before


@pytest.mark.parametrize("setting", ["bit_rate: 500k\n      speed: nonsense", "profile: nonsense", "bit_depth: 9", 'options: { x264-params: "me=nonsense" }'])
def test_other_impossible_settings(setting, batch, clip):
    batch.write("presets/impossible.yaml", PRESET.format(setting=setting))
    batch.describe({"one": clip}, preset="impossible")
    result = programs.reelmill("validate", batch.manifest)
    assert result.returncode == 65, result.stderr
    assert any(file.endswith("impossible.yaml") for file, _, _ in errors(result.stderr + result.stdout)), result.stderr


def test_a_cap_without_a_buffer_is_an_error(batch, clip):
    batch.write("presets/impossible.yaml", PRESET.replace("      buffer_size: 1000k\n", "").format(setting="speed: fast"))
    batch.describe({"one": clip}, preset="impossible")
    result = programs.reelmill("validate", batch.manifest)
    assert result.returncode == 65
    assert "buffer_size" in result.stderr + result.stdout


def test_a_right_manifest_passes(batch, clip):
    batch.describe({"one": clip})
    before = tree(batch.folder)
    result = programs.reelmill("validate", batch.manifest)
    assert result.returncode == 0, result.stderr
    assert tree(batch.folder) == before


def test_presets_of_the_repository_are_right():
    result = programs.reelmill("validate", programs.ROOT / "presets")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("format", ["manifest", "preset"])
def test_schemas_are_json_schemas(format):
    schema = json.loads(programs.demand(programs.REELMILL, "schema", format))
    assert schema["$schema"].startswith("https://json-schema.org/") and schema["additionalProperties"] is False
    assert "version" in schema["properties"]


def test_unknown_option_is_a_usage_error():
    assert programs.reelmill("run", "--nonsense").returncode == 64
