"""The source's clock: pictures without times, with pulldown, with jitter and holes, held at the end. Every flash keeps its beep."""

import json

import pytest

import programs
import test_sync
from test_sync import RESOLUTION, make, onsets_of_light, onsets_of_sound

# Frames that a recorder dropped, none of them at a whole second, and a hole of two seconds.
DROPPED = "select='not(eq(mod(n,10),7))*not(between(t,3.2,4.7))'"


def h264_in_avi(folder):
    """No presentation times, pictures in the order of decoding, empty chunks for those that were dropped."""
    make(folder / "coded.mp4", length=8, picture_filter=DROPPED, after=["-fps_mode", "vfr"])
    programs.ffmpeg("-i", folder / "coded.mp4", "-c:v", "copy", "-c:a", "pcm_s16le", folder / "clip.avi")
    return folder / "clip.avi"


def mpeg4_in_avi(folder):
    return make(folder / "clip.avi", length=8, picture_filter=DROPPED, after=[
        "-fps_mode", "vfr", "-c:v", "mpeg4", "-bf", "2", "-qscale:v", "3", "-c:a", "libmp3lame"])


def film_dvd(folder):
    """Soft telecine: 24000/1001 pictures a second, shown for three fields and for two, under a frame rate of 30000/1001."""
    make(folder / "film.m2v", rate="24000/1001", length=8, after=["-an", "-c:v", "mpeg2video", "-qscale:v", "3", "-bf", "2", "-g", "12"])
    (folder / "film.m2v").write_bytes(with_pulldown((folder / "film.m2v").read_bytes()))
    sound = test_sync.SOUND.format(sample_rate=48000, length=8)
    programs.ffmpeg(
        "-f", "mpegvideo", "-i", folder / "film.m2v", "-f", "lavfi", "-i", sound, "-c:v", "copy", "-c:a", "ac3", "-f", "vob", folder / "clip.vob")
    return folder / "clip.vob"


def with_pulldown(stream):
    """Sets the flags of 2:3 pulldown in an MPEG-2 stream (ISO/IEC 13818-2, 6.2.2.3 and 6.2.3.1)."""
    stream = bytearray(stream)
    at = stream.find(b"\x00\x00\x01")
    first_of_group = shown = group = 0
    while at >= 0:
        code = stream[at + 3]
        if code == 0xB3:
            stream[at + 7] = stream[at + 7] & 0xF0 | 4
        elif code == 0xB8:
            first_of_group += group
            group = 0
        elif code == 0x00:
            shown = first_of_group + (stream[at + 4] << 2 | stream[at + 5] >> 6)
            group += 1
        elif code == 0xB5 and stream[at + 4] >> 4 == 1:
            stream[at + 5] &= ~0x08
        elif code == 0xB5 and stream[at + 4] >> 4 == 8:
            top_first, repeat = [(1, 1), (0, 0), (0, 1), (1, 0)][shown % 4]
            stream[at + 7] = stream[at + 7] & ~0x82 | top_first << 7 | repeat << 1
        at = stream.find(b"\x00\x00\x01", at + 3)
    return bytes(stream)


def jitter(folder):
    """A phone's: 30 a second, each up to 2 ms early or late, every 97th missing; its clock begins anywhere."""
    bent = "settb=1/90000,select='mod(n+1,97)',setpts='PTS+(random(1)*4-2)/1000/TB'"
    return make(folder / "clip.mkv", rate="30", length=8, picture_filter=bent, after=["-fps_mode", "passthrough", "-enc_time_base", "1/90000"])


def half_a_frame_late(folder):
    """The picture begins half a frame after the sound, and jitters: rounding alone would lose every third of its pictures."""
    bent = "settb=1/90000,setpts='PTS+(0.22+(random(1)*4-2)/1000)/TB'"
    return make(folder / "clip.mkv", rate="25", length=6, picture_filter=bent, after=["-fps_mode", "passthrough", "-enc_time_base", "1/90000"])


@pytest.mark.parametrize("source, rate, frames, missing", [
    (h264_in_avi, "25", 200, True), (mpeg4_in_avi, "25", 200, True), (film_dvd, "24000/1001", 192, False), (jitter, "30", 240, False)])
def test_pictures_have_their_own_time(source, rate, frames, missing, batch, tmp_path):
    batch.describe({"clip": source(tmp_path)}).run()
    facts = batch.package("clip").facts
    assert facts["renditions"][0]["frame_rate"] == rate
    assert abs(facts["renditions"][0]["frames"] - frames) <= 2
    assert batch.plan()["clip"]["video"]["pictures_not_shown"] == 0
    assert any("where pictures are missing" in warning for warning in facts["warnings"]) == missing, facts["warnings"]
    # ffmpeg only guesses where the pictures of a raw MPEG-2 stream stand when it puts them beside a sound: the flags are what is judged.
    in_step(batch, "clip", beeps=8, frames=1.5 if source is film_dvd else 1)


def test_no_picture_is_lost_between_two_ticks(batch, tmp_path):
    clip = half_a_frame_late(tmp_path)
    batch.describe({"clip": clip}).run()
    assert batch.plan()["clip"]["video"]["pictures_not_shown"] == 0
    assert batch.package("clip").facts["renditions"][0]["frame_rate"] == "25"
    package = batch.package("clip")
    added = [flash - beep for flash, beep in zip(lights(package)[1:], beeps(package)[1:])]
    # The source's flashes are that late too, but for the jitter and the first, which is cut.
    assert all(abs(late - 0.22) <= 0.04 + RESOLUTION for late in added), added


def test_pictures_that_come_too_fast_are_counted(batch, tmp_path):
    clip = make(tmp_path / "clip.mp4", rate="120", length=2)
    plan = batch.describe({"clip": clip}).plan()["clip"]
    assert plan["video"]["frame_rate"] == "60" and plan["video"]["pictures_not_shown"] == 120
    assert "120 of 240 pictures not shown" in programs.demand(programs.REELMILL, "plan", batch.manifest, "--work", batch.work)


def test_the_last_picture_is_held(batch, tmp_path):
    """As its file declares, or while the audio goes on; never is audio cut unless the manifest says so."""
    held = "setts=duration='if(eq(N,49),6/TB,DURATION)'"
    plain = make(tmp_path / "plain.mp4", rate="10", length=5, sound_length=11, after=["-bf", "0"])
    programs.ffmpeg("-i", plain, "-c", "copy", "-bsf:v", held, tmp_path / "declared.mp4")
    make(tmp_path / "talk.mkv", rate="10", length=5, sound_length=12)
    batch.describe({
        "declared": tmp_path / "declared.mp4", "talk": tmp_path / "talk.mkv",
        "cut": {"source": str(tmp_path / "talk.mkv"), "tail": "cut"}}).run()
    plan = batch.plan()
    for title, frames, beeps, words in [
            ("declared", 109, 11, "as the file declares"), ("talk", 120, 12, "while the audio goes on"), ("cut", 50, 5, "'tail: cut'")]:
        facts = batch.package(title).facts
        assert facts["renditions"][0]["frames"] == frames, title
        assert len(onsets_of_sound(sound(batch.package(title)))) == beeps, title
        assert any(words in warning for warning in facts["warnings"]), facts["warnings"]
        assert ("last_picture_held" in plan[title]["video"]) == (title != "cut")


def test_a_hold_without_end_needs_a_word(batch, tmp_path):
    clip = tmp_path / "clip.mkv"
    make(clip, rate="10", length=2, sound_length=620, after=["-c:a", "aac", "-b:a", "32k"])
    titles = {"unasked": clip, "hold": {"source": str(clip), "tail": "hold"}, "cut": {"source": str(clip), "tail": "cut"}}
    output = programs.reelmill("plan", batch.describe(titles).manifest, "--work", batch.work, "--json")
    assert output.returncode == 1
    plan = {title["id"]: title for title in json.loads(output.stdout)["titles"]}
    for word in ("10:18", "tail: hold", "tail: cut", "trim.end"):
        assert word in plan["unasked"]["error"]
    assert plan["hold"]["video"]["frames"] == 6200
    assert plan["cut"]["video"]["frames"] == 20


def test_slow_slides_are_shown_every_second(batch, tmp_path):
    clip = make(tmp_path / "clip.mp4", rate="1/4", length=12)
    batch.describe({"clip": clip}).run()
    rendition = batch.package("clip").facts["renditions"][0]
    assert (rendition["frame_rate"], rendition["frames"]) == ("1", 12)


def test_what_has_no_times_is_numbered_and_said(batch, tmp_path):
    clip = make(tmp_path / "clip.h264", rate="25", length=2, after=["-an"])
    batch.describe({"clip": clip}).run()
    facts = batch.package("clip").facts
    assert facts["renditions"][0]["frames"] == 50
    assert any("no times" in warning and "25 fps" in warning for warning in facts["warnings"]), facts["warnings"]


def sound(package):
    return package.folder / package.facts["audio"][0]["path"] / "media.m3u8"


def lights(package):
    return onsets_of_light(package.folder / package.facts["renditions"][0]["path"] / "media.m3u8")


def beeps(package):
    return onsets_of_sound(sound(package))


def in_step(batch, title, beeps, frames=1):
    """Each flash has a beep, at most so many frames away."""
    package = batch.package(title)
    rate = package.facts["renditions"][0]["frame_rate"].split("/")
    frame = float(rate[1] if len(rate) > 1 else 1) / float(rate[0])
    flashes, sounds = lights(package), onsets_of_sound(sound(package))
    assert len(sounds) == beeps and len(flashes) >= beeps - 2, f"{flashes} of {sounds}"
    for flash in flashes:
        assert min(abs(flash - beep) for beep in sounds) <= frames * frame + RESOLUTION, f"{flashes} of {sounds}"
