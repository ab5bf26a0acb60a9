"""Sound against picture: a flash and a beep at every whole second of the source come out within one frame of each other."""

import pytest

import programs
from flashes import onsets_of_light, onsets_of_sound

LENGTH = 21
# Seconds of sound that are looked at together.
RESOLUTION = 0.005
PICTURE = "color=black:size=320x180:rate={rate}:duration={length}"
# The flash and the beep last 80 ms each.
FLASH = "drawbox=color=white:t=fill:enable='lt(mod(t+0.0005,1),0.08)'"
SOUND = "aevalsrc='if(lt(mod(t,1),0.08),0.8*sin(2*PI*1000*t),0)':sample_rate={sample_rate}:duration={length}"
CODING = ["-c:v", "libx264", "-preset", "veryfast", "-g", "48", "-bf", "3", "-pix_fmt", "yuv420p", "-c:a", "aac"]


def make(path, rate="25", sample_rate=48000, length=LENGTH, picture_filter="", sound_length=None, before_sound=(), after=()):
    """A clip of flashes and beeps; the options bend it."""
    picture = PICTURE.format(rate=rate, length=length)
    sound = SOUND.format(sample_rate=sample_rate, length=sound_length or length)
    programs.ffmpeg(
        "-f", "lavfi", "-i", picture, *before_sound, "-f", "lavfi", "-i", sound,
        "-vf", FLASH + ("," + picture_filter if picture_filter else ""), *CODING, *after, path)
    return path


def plain(folder):
    return make(folder / "clip.mp4")


def ntsc(folder):
    return make(folder / "clip.mp4", rate="30000/1001")


def cd_sound(folder):
    return make(folder / "clip.mov", sample_rate=44100)


def late_sound(folder):
    """Sound starts 3 s after the picture; its beeps still fall on whole seconds."""
    return make(folder / "clip.mkv", before_sound=["-itsoffset", "3"], sound_length=LENGTH - 3)


def early_end(folder):
    return make(folder / "clip.mp4", sound_length=12)


def negative_times(folder):
    """Presentation begins half a second before zero: a transport stream whose clock wraps there."""
    options = ["-muxdelay", "0", "-muxpreload", "0", "-output_ts_offset", "-0.5", "-avoid_negative_ts", "disabled"]
    return make(folder / "clip.ts", after=options)


def edit_list(folder):
    """Cut between key frames without encoding again: what comes before the cut is in the file, and an edit list hides it."""
    whole = make(folder / "whole.mp4")
    programs.ffmpeg("-ss", "2.6", "-i", whole, "-c", "copy", folder / "clip.mp4")
    return folder / "clip.mp4"


def late_clock(folder):
    """A transport stream, whose clock begins anywhere."""
    return make(folder / "clip.ts", after=["-output_ts_offset", "9.7"])


def variable_rate(folder):
    """Every fifth frame and a whole stretch are missing, never one of a flash's beginning."""
    keep = "select='lt(mod(t,1),0.13)+mod(n,5)*(1-between(t,7.2,7.9))'"
    return make(folder / "clip.mp4", picture_filter=keep, after=["-fps_mode", "vfr", "-video_track_timescale", "90000"])


def long(folder):
    """Several chunks, and joins between them."""
    return make(folder / "clip.mp4", rate="24000/1001", length=47)


@pytest.mark.parametrize(
    "source", [plain, ntsc, cd_sound, late_sound, early_end, negative_times, edit_list, late_clock, variable_rate, long])
def test_beeps_stay_with_their_flashes(source, batch, tmp_path):
    clip = source(tmp_path)
    batch.describe({"sync": clip}).run()
    package = batch.package("sync")
    rendition, track = package.facts["renditions"][0], package.facts["audio"][0]
    flashes = onsets_of_light(package.folder / rendition["path"] / "media.m3u8")
    beeps = onsets_of_sound(package.folder / track["path"] / "media.m3u8")
    expected_flashes, expected_beeps = onsets_of_light(clip), onsets_of_sound(clip)
    assert len(flashes) == len(expected_flashes), f"{flashes} of {expected_flashes}"
    assert len(beeps) == len(expected_beeps), f"{beeps} of {expected_beeps}"
    # In the source a flash may already begin up to a frame after its beep: what counts is what was added.
    rate = rendition["frame_rate"].split("/")
    frame = float(rate[1] if len(rate) > 1 else 1) / float(rate[0])
    for beep, expected in zip(beeps, expected_beeps):
        partner = min(range(len(flashes)), key=lambda number: abs(expected_flashes[number] - expected))
        added = (beep - flashes[partner]) - (expected - expected_flashes[partner])
        assert abs(added) <= frame + RESOLUTION, f"the sound is {1000 * added:+.0f} ms late at {beep:.3f} s"
