"""The first cases of `make fuzz`: flashes and beeps in sources whose clocks are bent come out in step and whole, or it is said."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Fuzz"))

import fuzz  # noqa: E402

# What bends these clocks loses nothing: each title is published, exact.
EXACT = {"plain", "jitter", "drops", "late sound", "late picture", "sound gap", "offset clock", "early clock", "cut copy"}


@pytest.mark.parametrize("seeds", [range(1, 21), range(21, 41), range(41, 61)], ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_bent_clocks_come_out_in_step_and_whole(seeds, tmp_path):
    chosen = [seed for seed in seeds if fuzz.case_of(seed).bend in EXACT]
    verdicts = fuzz.run(chosen, tmp_path)
    wrong = [str(verdict) for verdict in verdicts if verdict.word != "exact"]
    assert not wrong, "\n".join(wrong)
