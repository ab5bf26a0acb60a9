"""What a source is: its main picture, programs, shape, damage. Small clips of each kind, published in one run and judged by ffmpeg."""

import re

import pytest

import programs
from batch import Batch
from test_sync import onsets_of_light, onsets_of_sound

LENGTH = 3
# Flash and beep at every whole second, 80 ms each.
PICTURE = "testsrc2=size={size}:rate=25:duration={length}"
DARK = "color=black:size={size}:rate=25:duration={length},drawbox=color=white:t=fill:enable='lt(mod(t+0.0005,1),0.08)'"
SOUND = "aevalsrc='if(lt(mod(t,1),0.08),0.8*sin(2*PI*1000*t),0)':sample_rate=48000:duration={length}"
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25", "-bf", "2"]


def film(path, size="320x180", length=LENGTH, picture=PICTURE, sound=True, coding=H264, after=(), tone=None):
    """A small film; `tone` in Hz replaces the beeps."""
    audio = f"sine=frequency={tone}:sample_rate=48000:duration={length}" if tone else SOUND.format(length=length)
    programs.ffmpeg(
        "-f", "lavfi", "-i", picture.format(size=size, length=length), *(["-f", "lavfi", "-i", audio, "-c:a", "aac"] if sound else []),
        *coding, *after, path)
    return path


def copy(path, *arguments):
    programs.ffmpeg(*arguments, "-c", "copy", path)
    return path


def joined(path, *parts):
    """One after the other, with one clock and no new encode."""
    listing = path.with_suffix(".txt")
    listing.write_text("".join(f"file '{part}'\n" for part in parts))
    return copy(path, "-f", "concat", "-safe", "0", "-i", listing)


def long_subtitle(folder):
    """A subtitle that is not used lasts longer than the film: the container's length is the subtitle's."""
    words = folder / "words.srt"
    words.write_text("1\n00:00:01,000 --> 00:00:12,000\nLong after.\n")
    programs.ffmpeg("-i", film(folder / "a.mp4"), "-i", words, "-map", "0", "-map", "1", "-c", "copy", "-c:s", "srt", folder / "a.mkv")
    return folder / "a.mkv"


def short_default_picture(folder):
    """The second picture lasts longer than the film, and is not the film."""
    other = film(folder / "b.mp4", size="160x90", length=6, sound=False)
    return copy(
        folder / "b.mkv", "-i", film(folder / "a.mp4"), "-i", other, "-map", "0", "-map", "1",
        "-disposition:v:0", "default", "-disposition:v:1", "0")


def large_still(folder):
    """A photograph larger than the film, as a track of its own that nothing calls a cover."""
    photo = folder / "photo.mp4"
    programs.ffmpeg("-f", "lavfi", "-i", "testsrc2=size=640x480:rate=25", "-frames:v", "1", *H264, photo)
    return copy(folder / "c.mp4", "-i", photo, "-i", film(folder / "a.mp4"), "-map", "0:v", "-map", "1:v", "-map", "1:a")


def two_programs(folder):
    one, two = film(folder / "one.mp4", tone=440), film(folder / "two.mp4", size="160x90", tone=1760)
    return copy(
        folder / "mpts.ts", "-i", two, "-i", one, "-map", "0", "-map", "1",
        "-program", "program_num=7:st=0:st=1", "-program", "program_num=9:st=2:st=3")


def grown(folder):
    """VP8 that grows after a second; the container knows the first size alone."""
    coding = ["-c:v", "libvpx", "-deadline", "realtime", "-g", "25"]
    small = film(folder / "small.webm", size="160x120", length=1, sound=False, coding=coding)
    return joined(folder / "grown.webm", small, film(folder / "large.webm", length=2, sound=False, coding=coding))


def shrunk(folder):
    """H.264 in a transport stream that shrinks for its last second."""
    large = film(folder / "l.ts", length=2, sound=False)
    return joined(folder / "shrunk.ts", large, film(folder / "s.ts", size="160x120", length=1, sound=False))


def other_aspect(folder):
    """MPEG-2 whose pixels change their shape: 16:9, then 4:3 for a second."""
    coding = ["-c:v", "mpeg2video", "-q:v", "3", "-g", "12"]
    wide = film(folder / "w.ts", size="352x288", length=2, sound=False, coding=coding, after=["-aspect", "16:9"])
    narrow = film(folder / "n.ts", size="352x288", length=1, sound=False, coding=coding, after=["-aspect", "4:3"])
    return joined(folder / "aspect.ts", wide, narrow)


def container_aspect(folder):
    return copy(folder / "aspect.mp4", "-i", film(folder / "a.mp4", size="320x256"), "-aspect", "16:9")


def broken_message(folder):
    """A user data message that says it is longer than it is, before every picture."""
    raw = film(folder / "a.h264", sound=False, after=["-bf", "0", "-bsf:v", "h264_metadata=aud=insert"]).read_bytes()
    units = re.split(rb"\x00\x00\x00\x01|\x00\x00\x01", raw)[1:]
    message = b"\x06\x05\xff\x01" + bytes(range(1, 100)) + b"\x80"
    units = [part for unit in units for part in ([unit, message] if unit[0] & 31 == 9 else [unit])]
    (folder / "b.h264").write_bytes(b"".join(b"\x00\x00\x00\x01" + unit for unit in units))
    return copy(folder / "message.mp4", "-r", "25", "-i", folder / "b.h264")


def transport_packets(path):
    data = path.read_bytes()
    return [bytearray(data[at:at + 188]) for at in range(0, len(data), 188)]


def pid(packet):
    return (packet[1] & 31) << 8 | packet[2]


def counter_error(folder):
    """Continuity counters start anew twice, once at a picture's first packet and once within one; not a byte is missing."""
    packets = transport_packets(film(folder / "a.ts"))
    mine = [packet for packet in packets if pid(packet) == 0x100]
    for number, packet in enumerate(mine):
        if number >= len(mine) // 3:
            packet[3] = packet[3] & 0xF0 | (packet[3] + 5) & 15
        if number >= len(mine) // 2:
            packet[3] = packet[3] & 0xF0 | (packet[3] + 7) & 15
    (folder / "counter.ts").write_bytes(b"".join(packets))
    return folder / "counter.ts"


def lost_packets(folder):
    """A tenth of a second of the picture's packets never arrived."""
    packets = transport_packets(film(folder / "a.ts", length=4))
    mine = [number for number, packet in enumerate(packets) if pid(packet) == 0x100]
    lost = set(mine[len(mine) // 2:len(mine) // 2 + 6])
    (folder / "lost.ts").write_bytes(b"".join(packet for number, packet in enumerate(packets) if number not in lost))
    return folder / "lost.ts"


HEVC = ["-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-x265-params", "keyint=25:log-level=none:pools=1"]


def hevc_joined(folder):
    """HEVC whose counters start anew between two pictures, as those of segments that were joined do."""
    packets = transport_packets(film(folder / "a.ts", sound=False, coding=HEVC))
    mine = [packet for packet in packets if pid(packet) == 0x100]
    start = [number for number, packet in enumerate(mine) if packet[1] & 0x40][40]
    for packet in mine[start:]:
        packet[3] = packet[3] & 0xF0 | (packet[3] + 6) & 15
    (folder / "joined.ts").write_bytes(b"".join(packets))
    return folder / "joined.ts"


def hevc_lost(folder):
    """One packet within a picture of HEVC never arrived, which its decoder does not notice."""
    packets = transport_packets(film(folder / "a.ts", sound=False, coding=HEVC))
    mine = [number for number, packet in enumerate(packets) if pid(packet) == 0x100]
    lost = next(number for number in mine[len(mine) // 2:] if not packets[number][1] & 0x40)
    (folder / "lost.ts").write_bytes(b"".join(packets[:lost] + packets[lost + 1:]))
    return folder / "lost.ts"


def within_a_group(folder):
    """A recording that begins half a second after a key picture."""
    packets = transport_packets(film(folder / "a.ts", length=6, picture=DARK, after=["-g", "50"]))
    tables = packets[:3]
    start = next(
        number for number, packet in enumerate(packets)
        if number > len(packets) // 5 and pid(packet) == 0x100 and packet[1] & 0x40)
    (folder / "within.ts").write_bytes(b"".join(tables + packets[start:]))
    return folder / "within.ts"


def from_picture(path, first, without=()):
    """A recording as it would be that had begun at its picture `first`, counted from 0; pictures `without` never arrived."""
    packets, picture, kept = transport_packets(path), -1, []
    for packet in packets[3:]:
        if pid(packet) == 0x100 and packet[1] & 0x40:
            picture += 1
        if picture >= first and not (pid(packet) == 0x100 and picture in without):
            kept.append(packet)
    path.with_name("from.ts").write_bytes(b"".join(packets[:3] + kept))
    return path.with_name("from.ts")


def within_a_long_group(folder):
    """A recording that begins 1.6 s before its first key picture, in groups of two seconds."""
    return from_picture(film(folder / "a.ts", length=6, picture=DARK, after=["-g", "50", "-keyint_min", "50"]), 10)


def later_than_a_group(folder):
    """A recording in groups of a second, whose first key picture was lost, so that the first whole picture comes 1.3 s late."""
    return from_picture(film(folder / "a.ts", length=6, after=["-keyint_min", "25"]), 18, without={25})


def late_key(folder):
    """Nothing of its first two seconds decodes."""
    packets = transport_packets(film(folder / "a.ts", length=6, after=["-g", "75", "-keyint_min", "75"]))
    (folder / "late.ts").write_bytes(b"".join(packets[:3] + packets[len(packets) // 6:]))
    return folder / "late.ts"


def one_bit(folder):
    return film(folder / "bits.mov", sound=False, coding=["-c:v", "png", "-pix_fmt", "monob"])


def still(folder):
    programs.ffmpeg("-f", "lavfi", "-i", "testsrc2=size=320x180", "-frames:v", "1", folder / "still.png")
    return folder / "still.png"


def telecined(folder):
    """Film on interlaced video: two fields of one picture, three of the next."""
    path = folder / "film.mpg"
    programs.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=352x240:rate=24000/1001:duration=3.003", "-vf", "telecine=pattern=23,setfield=tff",
        "-c:v", "mpeg2video", "-q:v", "2", "-flags", "+ildct+ilme", "-top", "1", path)
    return path


KINDS = [
    long_subtitle, short_default_picture, large_still, two_programs, grown, shrunk, other_aspect, container_aspect, broken_message,
    counter_error, lost_packets, hevc_joined, hevc_lost, within_a_group, within_a_long_group, later_than_a_group,
    late_key, one_bit, still, telecined]
MORE = {
    "chosen-program": (two_programs, {"program": 7}),
    "no-such-program": (two_programs, {"program": 8}),
    "accepted-late": (later_than_a_group, {"damage": "accept"}),
    "undone": (telecined, {"telecine": "undo"}),
    "shown-still": (still, {"duration": 2}),
    "film-with-duration": (one_bit, {"duration": 2}),
}

# One rung that takes all of them at their own size.
PRESET = """\
version: 1
segment_seconds: 2
gop_seconds: 1
chunk_seconds: 20
video:
  codec: h264
  speed: ultrafast
  crf: 20
  rungs:
    - { name: whole, width: 1280, height: 720, max_rate: 9000k, buffer_size: 9000k }
audio:
  - { codec: aac, bit_rate: 96k }
images: none
"""


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """All of them in one manifest, run once."""
    folder = tmp_path_factory.mktemp("sources")
    clips = {}
    for kind in KINDS:
        place = folder / kind.__name__
        place.mkdir()
        clips[kind] = kind(place)
    batch = Batch(folder / "batch")
    batch.write("presets/whole.yaml", PRESET)
    titles = {kind.__name__.replace("_", "-"): clip for kind, clip in clips.items()}
    titles |= {name: {"source": str(clips[kind]), **keys} for name, (kind, keys) in MORE.items()}
    batch.describe(titles, preset="whole")
    batch.failures = dict(re.findall(r"^failed (\S+?): (.*)$", batch.run(status=1).stderr, re.MULTILINE))
    return batch


def facts(package):
    """What ffmpeg finds in a package: pixels, frames, seconds of picture, frequency of the sound; it must decode without a word."""
    found = {}
    for rendition in package.facts["renditions"]:
        path = package.folder / rendition["path"] / "media.m3u8"
        complaints, found["frames"] = programs.decode(path)
        assert not complaints
        stream = programs.ffprobe(path, "-show_streams")["streams"][0]
        found["size"] = f"{stream['width']}x{stream['height']}"
    return found


def test_film_on_video_is_film_again(night):
    """Its own rate, and no picture twice: neighbours always differ."""
    assert "undone" not in night.failures, night.failures["undone"]
    path = night.package("undone").folder / night.package("undone").facts["renditions"][0]["path"] / "media.m3u8"
    stream = programs.ffprobe(path, "-count_frames", "-show_streams")["streams"][0]
    assert (stream["r_frame_rate"], stream["nb_read_frames"]) == ("24000/1001", "72")
    result = programs.run("ffmpeg", "-nostdin", "-i", path, "-vf", "mpdecimate=hi=200:lo=100:frac=1", "-fps_mode", "vfr", "-f", "null", "-")
    assert int(re.findall(r"frame=\s*(\d+)", result.stderr)[-1]) == 72


@pytest.mark.parametrize(
    ("title", "size", "frames"), [
        ("long-subtitle", "320x180", 75), ("short-default-picture", "320x180", 75), ("large-still", "320x180", 75),
        ("two-programs", "320x180", 75), ("chosen-program", "160x90", 75), ("grown", "320x180", 75), ("shrunk", "320x180", 75),
        ("other-aspect", "512x288", 75), ("container-aspect", "456x256", 75), ("broken-message", "320x180", 75),
        ("counter-error", "320x180", 75), ("hevc-joined", "320x180", 75), ("one-bit", "320x180", 75), ("shown-still", "320x180", 50)])
def test_what_is_whole_is_published(night, title, size, frames):
    assert title not in night.failures, night.failures[title]
    assert facts(night.package(title)) == {"size": size, "frames": frames}


@pytest.mark.parametrize(
    ("title", "reason"), [
        ("lost-packets", r"stream 0: \d+ pictures? (at|from) [12]\.\d+ s( on)? cannot be decoded whole"),
        ("hevc-lost", r"stream 0: 1 picture at \d\.\d+ s cannot be decoded whole .*packets are missing"),
        ("later-than-a-group", r"begins in the middle of a group of pictures: \d+ of them \(1\.[23]\d* s\)"),
        ("late-key", r"begins in the middle of a group of pictures: \d+ of them \(2\.\d+ s\)"),
        ("still", "is a still picture.*duration: 10"),
        ("film-with-duration", "'duration' is for still pictures"),
        ("no-such-program", "no program 8; write one of 7, 9")])
def test_what_is_not_is_refused_in_words(night, title, reason):
    assert re.search(reason, night.failures.get(title, "published"))
    assert title not in night.packages()


@pytest.mark.parametrize(
    ("title", "words"), [
        ("grown", r"1\.0 s of the picture are 160x120, not 320x180"), ("shrunk", "160x120, not 320x180"),
        ("two-programs", r"program 9 is used; not used: program 7 \(a picture, 1 audio track\)"),
        ("chosen-program", "program 7 is used; not used: program 9"),
        ("within-a-group", "begins in the middle of a group of pictures"),
        ("within-a-long-group", r"begins in the middle of a group of pictures: \d+ of them \(1\.6\d* s\)"),
        ("accepted-late", "begins in the middle of a group of pictures")])
def test_the_plan_says_what_was_decided(night, title, words):
    assert any(re.search(words, warning) for warning in night.package(title).facts["warnings"])
    planned = programs.reelmill("plan", night.manifest, "--work", night.work).stdout
    assert re.search(words, " ".join(planned.split()))


@pytest.mark.parametrize("title", [
    "long-subtitle", "short-default-picture", "large-still", "container-aspect", "broken-message", "counter-error", "hevc-joined"])
def test_nothing_is_said_where_nothing_is_wrong(night, title):
    assert night.package(title).facts["warnings"] == []


def test_a_programs_sound_is_its_own(night):
    for title, tone in (("two-programs", 440), ("chosen-program", 1760)):
        package = night.package(title)
        assert len(package.facts["audio"]) == 1
        band = f"bandpass=frequency={tone}:width_type=h:width=100,volumedetect"
        result = programs.run(
            "ffmpeg", "-nostdin", "-i", package.folder / package.facts["audio"][0]["path"] / "media.m3u8", "-af", band, "-f", "null", "-")
        assert float(re.search(r"mean_volume: (\S+) dB", result.stderr)[1]) > -30


def luma(path, time, box):
    """Mean luma of a part of the picture at a time."""
    printed = programs.demand(
        "ffmpeg", "-nostdin", "-v", "error", "-i", path,
        "-vf", f"select='between(t,{time},{time}+0.04)',crop={box},signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-",
        "-f", "null", "-")
    return float(re.search(r"YAVG=(\S+)", printed)[1])


@pytest.mark.parametrize(("title", "time"), [("grown", 0.5), ("shrunk", 2.5), ("other-aspect", 2.5)])
def test_another_shape_stands_between_bars(night, title, time):
    """4:3 in 16:9: an eighth of the width is black at each side, and the picture reaches up to it."""
    rendition = night.package(title).facts["renditions"][0]
    path = night.package(title).folder / rendition["path"] / "media.m3u8"
    width, height = rendition["width"], rendition["height"]
    bar = width // 8 - 4
    assert luma(path, time, f"{bar}:{height}:0:0") < 20
    assert luma(path, time, f"{bar}:{height}:{width - bar}:0") < 20
    assert luma(path, time, f"{bar}:{height}:{bar + 8}:0") > 40
    # The rest of the film fills the frame.
    assert luma(path, 1.5, f"{bar}:{height}:0:0") > 40


@pytest.mark.parametrize("title", ["within-a-group", "within-a-long-group"])
def test_sound_is_in_step_where_the_beginning_is_left_out(night, title):
    package = night.package(title)
    flashes = onsets_of_light(package.folder / package.facts["renditions"][0]["path"] / "media.m3u8")
    beeps = onsets_of_sound(package.folder / package.facts["audio"][0]["path"] / "media.m3u8")
    assert len(beeps) >= 3
    for flash in flashes:
        assert min(abs(flash - beep) for beep in beeps) <= 0.045 or flash < 0.08


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("part.mp4", ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"]),
        ("part.mov", ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "faststart"]),
        ("part.m4v", ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov", "-f", "mp4"]),
        ("part.flv", ["-c:v", "flv", "-c:a", "libmp3lame"]), ("part.asf", ["-c:v", "mpeg4", "-c:a", "mp2"]),
        ("part.avi", ["-c:v", "mpeg4", "-c:a", "mp2"]), ("part.wav", ["-vn", "-c:a", "pcm_s16le"]),
    ])
def test_two_recordings_joined_byte_by_byte_are_never_half_a_film(name, options, batch):
    """`cat a b > c`, of formats with one header: ffmpeg reads the first part, or one of them, and says nothing."""
    part = batch.folder / name
    programs.ffmpeg(
        "-f", "lavfi", "-i", "testsrc=size=320x180:rate=25:duration=3", "-f", "lavfi", "-i", "sine=sample_rate=44100:duration=3", *options, part)
    whole = batch.folder / f"whole{part.suffix}"
    whole.write_bytes(part.read_bytes() * 2)
    batch.describe({"alone": part.name, "joined": whole.name})
    result = batch.run(status=None)
    packages = batch.packages()
    assert "alone" in packages, result.stderr
    if "joined" in packages:
        assert float(programs.demand(
            "ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", packages["joined"].folder / "index.m3u8")) > 5.9
    else:
        assert result.returncode == 1 and "another recording begins at byte" in result.stderr, result.stderr
