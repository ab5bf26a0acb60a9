"""The README and the reference, held against the programs: nothing that they claim is made up, and nothing is left out."""

import json
import re
import subprocess

import pytest

import command_lines
import documents
import programs
from documents import article

REFERENCE = documents.reference()
KEYS = {
    "Manifest": {
        "Keys of the manifest": "", "Keys of defaults": "defaults.", "Keys of a title": "titles[].", "Keys of metadata": "titles[].",
        "Keys of audio tracks": "titles[].", "Keys of subtitles": "titles[].", "Keys of publish": "publish.", "Keys of sources": "sources.",
        "Keys of notify": "notify.", "Keys of purge": "purge.",
    },
    "Presets": {
        "Keys of a preset": "", "Keys of video": "video.", "Keys of a rung": "video.rungs[].", "Keys of audio": "audio[].",
        "Keys of images": "images.",
    },
}


def named(pages):
    return pytest.mark.parametrize("page", pages, ids=lambda page: page.name)


@named(REFERENCE)
def test_every_command_line_is_one(page):
    wrong = []
    for language, text in page.blocks:
        lines = text.splitlines() if language == "sh" else [line[2:] for line in text.splitlines() if line.startswith("$ ")]
        wrong += [(line, fault) for line in lines for fault in command_lines.faults(line)]
    for span in page.spans:
        if re.match(r"reelmill(-server)? ", span) and "=" not in span.split()[1]:
            wrong += [(span, fault) for fault in command_lines.faults(span, is_whole=False)]
    assert not wrong


@pytest.mark.parametrize(
    "line", ["reelmill rum a.yaml", "reelmill run a.yaml --fast", "reelmill plan", "reelmill run a.yaml --work", "reelmill probe a b"])
def test_a_line_that_is_no_command_is_noticed(line):
    assert list(command_lines.faults(line))


@named(REFERENCE)
def test_every_make_target_is_one(page):
    targets = set(re.findall(r"^([a-z]+):", (programs.ROOT / "Makefile").read_text(), re.MULTILINE))
    code = page.spans + [line for language, text in page.blocks if language == "sh" for line in text.splitlines()]
    assert {target for line in code for target in re.findall(r"\bmake ([a-z]+)", line)} <= targets


def manifests_and_presets():
    for page in REFERENCE:
        for number, (language, text) in enumerate(page.blocks):
            if language == "yaml":
                yield pytest.param(text, id=f"{page.name}-{number}")


@pytest.mark.parametrize("text", list(manifests_and_presets()))
def test_every_manifest_and_preset_is_valid(text, tmp_path):
    keys = set(re.findall(r"^(\w+):", text, re.MULTILINE))
    name = "presets/preset.yaml" if "video" in keys else "manifest.yaml"
    if name == "manifest.yaml" and "version" not in keys:
        # A part of one: what it leaves out is what has no part in what it shows.
        rest = {
            "version": "1", "catalog": "sqlite:./catalog.sqlite", "publish": "file:./store", "defaults": "{ preset: h264-fast }",
            "titles": "[{ id: a, source: a.mp4 }]"}
        text += "".join(f"{key}: {value}\n" for key, value in rest.items() if key not in keys)
    (tmp_path / "presets").mkdir()
    (tmp_path / name).write_text(text)
    result = programs.reelmill("validate", "--no-files", tmp_path / name)
    assert result.returncode == 0, result.stderr


def schema_keys(schema, prefix=""):
    """Every key that a schema knows, with its own schema."""
    for branch in [schema, *schema.get("oneOf", [])]:
        for name, value in branch.get("properties", {}).items():
            yield prefix + name, value
            yield from schema_keys(value, f"{prefix}{name}.")
        if "items" in branch:
            yield from schema_keys(branch["items"], prefix.removesuffix(".") + "[].")


@pytest.mark.parametrize("name", KEYS)
def test_every_key_is_described(name):
    schema = json.loads(programs.demand(programs.REELMILL, "schema", name.lower().removesuffix("s")))
    known = dict(schema_keys(schema))
    page = article(name)
    described = {prefix + documents.names(row[0])[0]: row for section, prefix in KEYS[name].items() for row in page.table(section)}
    assert set(described) == set(known)
    for key, value in known.items():
        assert str(value.get("default", "")) in " ".join(described[key][1:]), f"{key}: the default is {value['default']}"


def test_every_option_of_every_command_is_described():
    page = article("Commands")
    commands = [leaf for name in command_lines.PROGRAMS for leaf in command_lines.command(name).leaves]
    assert {section for section in page.sections if section.startswith("reelmill")} == {command.name for command in commands}
    for command in commands:
        rows = {documents.names(row[0])[0].split()[0]: row for row in page.table(command.name)}
        assert set(rows) == set(command.options), command.name
        for name, option in command.options.items():
            assert option.get("defaultValue", "") in rows[name][1], f"{name}: the default is {option['defaultValue']}"


def test_every_exit_status_is_described():
    told = programs.demand(programs.REELMILL, "--help").split("Exit status: ")[1].split("USAGE")[0]
    statuses = {int(number) for number in re.findall(r"(?:^|,\s+)(\d+)\s", told)}
    assert len(statuses) == 9
    assert {int(row[0]) for row in article("ExitStatuses").table("Overview")} == statuses


def test_every_event_is_described():
    schema = json.loads(programs.demand(programs.REELMILL, "schema", "events"))
    events = {branch["properties"]["event"]["const"] for branch in schema["oneOf"]}
    assert {documents.names(row[0])[0] for row in article("Events").table("Events")} == events


def test_every_metric_is_described(batch, tmp_path):
    batch.describe({"one": "missing.mp4"}, preset="h264-fast")
    assert programs.reelmill("run", batch.manifest, "--quiet", "--metrics", tmp_path / "figures").returncode == 1
    metrics = set(re.findall(r"^# TYPE (\w+)", (tmp_path / "figures").read_text(), re.MULTILINE))
    assert {documents.names(row[0])[0] for row in article("Events").table("Metrics")} == metrics


@named(REFERENCE)
def test_every_file_and_variable_is_there(page):
    files = [span for span in page.spans if re.fullmatch(r"(Sources|Tests|presets|samples|\.ci)/[\w./-]+", span)]
    assert [name for name in files if not (programs.ROOT / name).exists()] == []
    sources = "".join(path.read_text() for path in [programs.ROOT / "Package.swift", *(programs.ROOT / "Sources").rglob("*.swift")])
    variables = {name for span in page.spans for name in re.findall(r"^[A-Z]+_[A-Z0-9_]+", span)}
    # AWS_ENDPOINT_URL_S3 is put together of a service's name.
    assert {name for name in variables if f'"{name.removesuffix("S3")}' not in sources} == set()


@named(documents.pages())
def test_every_link_leads_somewhere(page):
    lost = []
    for target in page.links:
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.path.parent / path).resolve() if path else page.path
        if not there.exists():
            lost.append(target)
        elif anchor and anchor not in documents.Page(there).anchors:
            lost.append(target)
    assert not lost


def test_every_article_is_listed_once():
    listed = [target for target in article("Documentation").links if target.endswith(".md") and "/" not in target]
    assert sorted(listed) == sorted(path.name for path in documents.ARTICLES.glob("*.md") if path.name != "Documentation.md")


def test_docc_builds_the_articles_without_a_warning(tmp_path):
    result = subprocess.run(
        [programs.ROOT / ".ci/with-swift", "python3", programs.ROOT / ".ci/docs.py", tmp_path / "pages"], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    made = list((tmp_path / "pages/data/documentation").rglob("*.json"))
    assert len(made) == len(list(documents.ARTICLES.glob("*.md")))


def test_the_readme_takes_ten_minutes():
    page = documents.Page(documents.README)
    assert len(re.sub(r"\]\([^)]+\)", "]", page.text).split()) <= 2000


def test_the_first_manifest_runs(batch, clip):
    first = next(text for language, text in documents.Page(documents.README).blocks if language == "yaml")
    assert len(first.splitlines()) == 6
    (batch.folder / "night-train.mov").write_bytes(clip.read_bytes())
    batch.write("manifest.yaml", first)
    for command in ("validate", "plan", "run"):
        programs.demand(programs.REELMILL, command, "manifest.yaml", cwd=batch.folder)
    programs.demand(programs.REELMILL, "status", cwd=batch.folder)
    assert list(batch.store.glob("night-train/*/package.json"))


def test_the_long_manifest_is_the_same_in_both_places():
    shown = [[text for language, text in page.blocks if language == "yaml"][1] for page in (documents.Page(documents.README), article("Manifest"))]
    readme, reference = [[bare for line in text.splitlines() if (bare := line.partition("#")[0].rstrip())] for text in shown]
    assert readme == reference


def test_what_is_said_of_misspelt_words_is_said(tmp_path):
    page = article("Manifest")
    text = [text for language, text in page.blocks if language == "yaml"][1]
    said = next(text for language, text in page.blocks if language == "console").splitlines()
    (tmp_path / "manifest.yaml").write_text(text.replace("h264-standard", "h264-standart").replace("synopsis", "sinopsis"))
    result = programs.reelmill(*said[0].removeprefix("$ reelmill ").split(), cwd=tmp_path)
    assert result.returncode == 65 and result.stderr.splitlines()[:len(said) - 1] == said[1:]
