"""The first cases of `make fuzz`: flashes and beeps in sources whose clocks are bent come out in step and whole, or it is said."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Fuzz"))

import fuzz  # noqa: E402


@pytest.mark.parametrize("seeds", [range(1, 26), range(26, 51), range(51, 76)], ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_bent_clocks_come_out_in_step_and_whole(seeds, tmp_path):
    verdicts = fuzz.run(seeds, tmp_path)
    wrong = [str(verdict) for verdict in verdicts if verdict.word == "wrong"]
    assert not wrong, "\n".join(wrong)
    # None of these sources lacks anything: a title that fails, or is short and says so, is a night's work for somebody.
    short = [str(verdict) for verdict in verdicts if verdict.word != "exact"]
    assert len(short) <= len(seeds) // 10, "\n".join(short)
