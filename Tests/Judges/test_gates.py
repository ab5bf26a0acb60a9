"""Gates that had nothing to judge stay shut."""

import os
import pathlib
import sys

import pytest

import acceptance
import faults
import programs

HERE = pathlib.Path(__file__).resolve().parent


@pytest.fixture
def media(tmp_path):
    """A folder with a file for everything that `make acceptance` judges; none of them is a clip."""
    names = ["content/a.mp4", "odd/a.mp4", "corrupt/a.mp4", "faults/INDEX.md"]
    names += [f"faults/{row.file}" for row in faults.ROWS] + [row.source for row in faults.ROWS if row.source]
    for name in names:
        path = tmp_path / "media" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "media"


def accept(media, *options):
    """`make acceptance` without the build: no program is run here, because there is none."""
    return programs.run(
        sys.executable, HERE / "acceptance.py", "--media", media, *options, env={**os.environ, "REELMILL": str(media / "no-program")})


def test_acceptance_without_clips_fails(tmp_path):
    result = accept(tmp_path / "media")
    assert result.returncode == 1 and "there is no folder" in result.stderr and "MEDIA=FOLDER" in result.stderr


def test_acceptance_that_has_everything_lacks_nothing(media):
    assert list(acceptance.missing(media)) == []


@pytest.mark.parametrize("part", ["content", "odd", "corrupt", "faults"])
def test_acceptance_without_one_of_its_folders_fails(part, media):
    for path in (media / part).iterdir():
        path.unlink()
    result = accept(media)
    assert result.returncode == 1 and f"{part} holds no file" in result.stderr, result.stderr


def test_a_row_without_its_file_fails(media):
    (media / "faults" / faults.ROWS[0].file).unlink()
    result = accept(media)
    assert result.returncode == 1 and f"{faults.ROWS[0].file} is not there" in result.stderr, result.stderr


def test_a_file_without_a_row_fails(media):
    (media / "faults" / "new.mp4").touch()
    result = accept(media, "--only", "new.mp4")
    assert result.returncode == 1 and "faults.py says nothing of it" in result.stdout, result.stdout


def test_acceptance_of_a_name_that_nothing_has_fails(media):
    result = accept(media, "--only", "no-such-name")
    assert result.returncode == 1 and "is called 'no-such-name'" in result.stderr


def test_a_fuzz_run_of_no_case_fails():
    result = programs.run(sys.executable, HERE.parent / "Fuzz" / "fuzz.py", "--count", 0)
    assert result.returncode == 1 and "no case to judge" in result.stderr


def test_a_suite_without_tests_fails(tmp_path):
    """Not one judgement, and not one unit test."""
    (tmp_path / "test_none.py").touch()
    assert programs.run(sys.executable, "-m", "pytest", "-c", HERE / "pytest.ini", tmp_path).returncode == 5
    swift = tmp_path / "swift"
    swift.write_text("#!/bin/sh\necho '✔ Test run with 0 tests in 0 suites passed after 0.001 seconds.'\n")
    swift.chmod(0o755)
    tool = programs.ROOT / "Tests" / "Tools" / "unit-tests"
    assert "no unit test" in refused(tool, swift)
    swift.write_text("#!/bin/sh\necho '✔ Test run with 812 tests in 93 suites passed after 1.001 seconds.'\n")
    assert programs.run(tool, swift).returncode == 0
    swift.write_text("#!/bin/sh\necho '✘ Test run with 812 tests in 93 suites failed after 1.001 seconds with 1 issue.'\nexit 1\n")
    refused(tool, swift)


def refused(*command):
    result = programs.run(*command)
    assert result.returncode == 1, result.stdout
    return result.stderr
