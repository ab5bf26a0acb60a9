"""Recordings whose clock starts again or leaps: both parts are there, one behind the other, and each beep is with its flash."""

import re

import pytest

import programs
from splices import spliced
from test_sync import RESOLUTION, make, onsets_of_light, onsets_of_sound

LENGTH = 4
# Continuity counters start anew as well; a transport stream may say so, and then it is no damage.
BROADCAST = ["-mpegts_flags", "+initial_discontinuity", "-g", "25"]


def part(folder, name, *after):
    path = folder / name
    if not path.exists():
        make(path, length=LENGTH, after=list(after))
    return path.read_bytes()


def transport(folder, *clocks):
    """Parts of a transport stream, the clock of each beginning where it is told."""
    return b"".join(part(folder, f"{clock}.ts", *BROADCAST, "-output_ts_offset", str(clock)) for clock in clocks)


def starts_again(folder):
    return "clip.ts", transport(folder, 0, 0)


def leaps_an_hour(folder):
    return "clip.ts", transport(folder, 0, 3600 + LENGTH)


def goes_back_an_hour(folder):
    return "clip.ts", transport(folder, 3600, 0)


def leaps_a_day(folder):
    return "clip.ts", transport(folder, 100, 86400)


def goes_back_half_a_second(folder):
    return "clip.ts", transport(folder, 0, LENGTH - 0.5)


def three_parts(folder):
    return "clip.ts", transport(folder, 50, 7000, 50)


def cells(folder):
    """As on a DVD: a program stream whose clock starts again with a cell."""
    whole = part(folder, "part.vob", "-c:v", "mpeg2video", "-g", "12", "-bf", "2", "-c:a", "mp2", "-f", "vob")
    return "clip.vob", whole + whole


def flash_video(folder):
    whole = part(folder, "part.flv", "-ar", "44100")
    return "clip.flv", whole + whole[13:]


def clusters(folder):
    """A recorder that appends to a Matroska file of no stated length."""
    whole = part(folder, "part.mkv", "-live", "1", "-f", "matroska")
    return "clip.mkv", whole + whole[whole.index(bytes.fromhex("1f43b675")):]


def fragments(folder):
    whole = part(folder, "part.mp4", "-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-g", "25")
    first, last = whole.index(b"moof") - 4, whole.rindex(b"mfra") - 4
    return "clip.mp4", whole[:last] + whole[first:last]


JOINED = [
    starts_again, leaps_an_hour, goes_back_an_hour, leaps_a_day, goes_back_half_a_second, three_parts, cells, flash_video, clusters, fragments]


def test_both_parts_are_there_and_in_step(batch, tmp_path):
    clips = {}
    for source in JOINED:
        folder = tmp_path / source.__name__
        folder.mkdir()
        name, content = source(folder)
        clips[source.__name__.replace("_", "-")] = folder / name
        (folder / name).write_bytes(content)
    result = batch.describe(clips).run()
    for title in clips:
        parts = 3 if title == "three-parts" else 2
        package = batch.package(title)
        light = package.folder / package.facts["renditions"][0]["path"] / "media.m3u8"
        sound = package.folder / package.facts["audio"][0]["path"] / "media.m3u8"
        flashes, beeps = onsets_of_light(light), onsets_of_sound(sound)
        # A flash and a beep begin each whole second of a part.
        assert len(flashes) == len(beeps) == parts * LENGTH, f"{title}: {flashes} and {beeps}"
        apart = max(abs(flash - beep) for flash, beep in zip(flashes, beeps))
        assert apart <= 0.04 + RESOLUTION, f"{title}: {1000 * apart:.0f} ms apart"
        assert flashes == sorted(flashes) and abs(flashes[-1] - (parts * LENGTH - 1)) < 0.1 * parts, f"{title}: {flashes}"
        complaints, frames = programs.decode(light)
        assert not complaints and abs(frames - parts * LENGTH * 25) <= 3 * parts, f"{title}: {frames} frames; {complaints}"
        assert re.search(rf"warning {title}: the clock jumps at [34]\.\d+ s", result.stderr), result.stderr


def test_a_splice_that_the_stream_announces_is_no_pause(batch, tmp_path):
    """Counters start anew and the clock leaps by little or much: where the stream says so, the parts follow one another."""
    whole = make(tmp_path / "whole.ts", length=6, after=[*BROADCAST, "-keyint_min", "25", "-bf", "2", "-output_ts_offset", "50"])
    clips = {}
    for leap in (0, 0.5, 3, 30, -0.5, -3, -30):
        for announced in (True, False):
            name = f"{'announced' if announced else 'silent'}-{abs(leap)}-{'back' if leap < 0 else 'ahead'}".replace(".", "-")
            clips[name] = tmp_path / f"{name}.ts"
            clips[name].write_bytes(spliced(whole, 75, leap, announced))
    result = batch.describe(clips).run()
    for title in clips:
        package = batch.package(title)
        light = package.folder / package.facts["renditions"][0]["path"] / "media.m3u8"
        flashes = onsets_of_light(light)
        beeps = onsets_of_sound(package.folder / package.facts["audio"][0]["path"] / "media.m3u8")
        # A pause that nobody announced is one: a recorder may have lost its signal for that long.
        pause = {"silent-0-5-ahead": 0.5, "silent-3-ahead": 3}.get(title, 0)
        wanted = [second + (pause if second >= 3 else 0) for second in range(6)]
        assert len(flashes) == len(beeps) == 6, f"{title}: {flashes} and {beeps}"
        for flash, beep, second in zip(flashes, beeps, wanted):
            assert abs(flash - beep) <= 0.04 + RESOLUTION and abs(flash - second) < 0.1, f"{title}: {flashes} and {beeps}, not {wanted}"
        complaints, _ = programs.decode(light)
        assert not complaints, f"{title}: {complaints}"
        jumps = re.search(rf"warning {title}: the clock jumps at [23]\.\d+ s", result.stderr)
        assert bool(jumps) == (not pause and "-0-ahead" not in title), f"{title}: {result.stderr}"


@pytest.mark.parametrize("apart", [3600, -40])
def test_audio_of_another_time_is_refused_by_name(apart, batch, tmp_path):
    video = make(tmp_path / "film.mkv", length=LENGTH)
    clip = tmp_path / "clip.mkv"
    first, second = (0, apart) if apart > 0 else (-apart, 0)
    programs.ffmpeg(
        "-itsoffset", str(first), "-i", video, "-itsoffset", str(second), "-i", video, "-map", "0", "-map", "1:a", "-c", "copy",
        "-metadata:s:a:1", "language=fre", clip)
    result = batch.describe({"clip": clip}).run(status=1)
    assert re.search(r"audio track 1 \(stream 2, fre\) lasts from .* has nothing to do with the video's; leave it out", result.stderr)
    batch.describe({"clip": {"source": str(clip), "audio": [{"track": 0}]}}).run()
    assert len(batch.package("clip").facts["audio"]) == 1


def test_audio_that_begins_late_and_pauses_is_in_its_place(batch, tmp_path):
    """Silence of any length is made a little at a time."""
    video = make(tmp_path / "film.mkv", length=60)
    clip = tmp_path / "clip.mkv"
    programs.ffmpeg("-i", video, "-i", video, "-map", "0:v", "-map", "1:a", "-af", "aselect='between(t,20,25)+between(t,50,55)'",
                    "-c:v", "copy", "-c:a", "flac", clip)
    result = batch.describe({"clip": clip}).run()
    package = batch.package("clip")
    beeps = onsets_of_sound(package.folder / package.facts["audio"][0]["path"] / "media.m3u8")
    assert [round(beep) for beep in beeps] == [20, 21, 22, 23, 24, 50, 51, 52, 53, 54]
    assert max(abs(beep - round(beep)) for beep in beeps) < 0.03
    assert "has gaps of 25" in result.stderr
