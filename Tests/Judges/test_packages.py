"""Every published title of the demonstration, held against programs and parsers that know nothing of ours."""

import hashlib
import json
import re
from fractions import Fraction

import m3u8
import pytest
from mpegdash.parser import MPEGDASHParser

import boxes
import codecs_of
import programs

RATE_TOLERANCE = 0.10  # Apple's authoring specification, 1.26 and 1.27


@pytest.fixture(scope="module")
def packages(demo):
    found = demo.packages()
    assert len(found) >= 5, f"the demonstration has {len(found)} titles"
    return found


def tracks(package):
    return package.facts["renditions"] + package.facts["audio"]


def target_duration(playlist):
    return playlist.target_duration


def test_every_playlist_and_mpd_decodes_without_a_word(packages):
    for title, package in packages.items():
        for path in [*package.playlists, package.folder / "manifest.mpd"]:
            complaints, _ = programs.decode(path)
            assert complaints == "", f"{title}: {path.name} of {path.parent.name}: {complaints}"
        for track in package.facts["text"]:
            # Into nothing ffmpeg writes no text: a file says whether it reads all of it.
            result = programs.run("ffmpeg", "-nostdin", "-v", "error", "-i", package.folder / track["path"] / "media.m3u8", "-map", "0:s", "-f", "webvtt", "-")
            assert result.stderr == "" and result.stdout.count("-->") > 0, f"{title}/{track['name']}: {result.stderr}"


def test_frame_counts_are_the_plan_s(packages, demo):
    plan = demo.plan()
    for title, package in packages.items():
        planned = {rung["name"]: rung["frames"] for rung in plan[title]["renditions"]}
        assert planned.keys() == {rendition["name"] for rendition in package.facts["renditions"]}
        for rendition in package.facts["renditions"]:
            playlist = package.folder / rendition["path"] / "media.m3u8"
            stream = programs.ffprobe(playlist, "-count_packets", "-select_streams", "v:0", "-show_streams")["streams"][0]
            _, decoded = programs.decode(playlist)
            counts = {int(stream["nb_read_packets"]), decoded, rendition["frames"], planned[rendition["name"]]}
            assert len(counts) == 1, f"{title}/{rendition['name']}: {counts}"
            assert (stream["width"], stream["height"]) == (rendition["width"], rendition["height"])
            assert Fraction(stream["r_frame_rate"]) == Fraction(rendition["frame_rate"])
            assert stream.get("sample_aspect_ratio", "1:1") in ("1:1", "N/A")


def test_all_renditions_are_cut_at_the_same_times(packages):
    for title, package in packages.items():
        cuts = []
        for rendition in package.facts["renditions"]:
            scale = boxes.timescale(package.folder / rendition["path"] / "init.mp4")
            shown = boxes.presentation_start(package.folder / rendition["path"] / "init.mp4")
            segments = [boxes.segment(path) for path in package.segments(rendition)]
            assert all(segment.composed == segment.start + shown for segment in segments), f"{title}/{rendition['name']}: not shown in time"
            assert all(segment.starts_with_sync for segment in segments), f"{title}: a segment starts with no key frame"
            assert all("msdh" in segment.brands for segment in segments), f"{title}: styp"
            ends = [Fraction(segment.start + segment.duration, scale) for segment in segments]
            starts = [Fraction(segment.start, scale) for segment in segments]
            assert starts == [0, *ends[:-1]], f"{title}/{rendition['name']}: gaps or overlaps"
            assert sum(segment.samples for segment in segments) == rendition["frames"]
            cuts.append(ends)
        assert all(other == cuts[0] for other in cuts), f"{title}: renditions are cut at different times"
        for track in package.facts["audio"]:
            check_sound_follows(title, package, track, cuts)


def check_sound_follows(title, package, track, cuts):
    """As many segments as the picture, each ending within one audio frame of the picture's."""
    scale = boxes.timescale(package.folder / track["path"] / "init.mp4")
    shown = boxes.presentation_start(package.folder / track["path"] / "init.mp4")
    segments = [boxes.segment(path) for path in package.segments(track)]
    assert segments[0].start == segments[0].composed == shown, f"{title}/{track['name']}: does not begin at 0"
    ends = [Fraction(segment.start - shown + segment.duration, scale) for segment in segments]
    assert [Fraction(segment.start - shown, scale) for segment in segments][1:] == ends[:-1], f"{title}/{track['name']}: gaps"
    if not cuts:
        return
    frame = Fraction({"aac": 1024, "opus": 960}[track["codec"]], track["sample_rate"])
    assert len(ends) == len(cuts[0]), f"{title}/{track['name']}: {len(ends)} segments beside {len(cuts[0])} of the picture"
    for number, (sound, picture) in enumerate(zip(ends, cuts[0]), 1):
        assert abs(sound - picture) <= frame, f"{title}/{track['name']}: segment {number} ends {float(sound - picture):+.4f} s off"
    assert ends[-1] <= cuts[0][-1] + Fraction(1, scale), f"{title}/{track['name']}: sound goes on after the picture"


def test_segment_facts_are_what_is_written(packages):
    for title, package in packages.items():
        for track in tracks(package):
            init = package.folder / track["path"] / "init.mp4"
            assert boxes.timescale(init) == track["timescale"]
            for fact, path in zip(track["segments"], package.segments(track)):
                segment = boxes.segment(path)
                assert (segment.composed - boxes.presentation_start(init), segment.duration, segment.samples, path.stat().st_size) == (
                    fact["start"], fact["duration"], fact["samples"], fact["bytes"]), f"{title}: {path}"


def test_hls_says_what_the_package_says(packages):
    for title, package in packages.items():
        multivariant = m3u8.load(str(package.folder / "index.m3u8"))
        assert multivariant.is_independent_segments and multivariant.is_variant
        assert int(multivariant.version) >= 7
        facts = {f"{rendition['path']}/media.m3u8": rendition for rendition in package.facts["renditions"]}
        media = {item.uri: item for item in multivariant.media if item.uri}
        # A player that changes from AAC to Opus in mid-play stops: HLS lists one sound codec, DASH all.
        codec = "aac" if any(track["codec"] == "aac" for track in package.facts["audio"]) else "opus"
        listed = [track for track in package.facts["audio"] if track["codec"] == codec]
        for track in listed:
            if package.facts["renditions"]:
                item = media[f"{track['path']}/media.m3u8"]
                assert item.type == "AUDIO" and (item.language or "und") == track["language"] and item.name
        for track in package.facts["text"]:
            item = media[f"{track['path']}/media.m3u8"]
            assert item.type == "SUBTITLES" and item.language == track["language"]
        seen = set()
        for variant in multivariant.playlists:
            info = variant.stream_info
            if variant.uri not in facts:
                continue
            seen.add(variant.uri)
            rendition = facts[variant.uri]
            assert info.resolution == (rendition["width"], rendition["height"])
            assert abs(info.frame_rate - float(Fraction(rendition["frame_rate"]))) < 0.001
            assert rendition["codecs"] in info.codecs.split(",")
            sounds = [track for track in listed if group_of(media, track) == info.audio] if info.audio else []
            most = max((track["bandwidth"] for track in sounds), default=0)
            assert info.bandwidth == rendition["bandwidth"] + most, f"{title}: {variant.uri}"
        assert seen == facts.keys()


def group_of(media, track):
    return media[f"{track['path']}/media.m3u8"].group_id


def test_media_playlists_list_the_written_segments(packages):
    for title, package in packages.items():
        duration = Fraction(package.facts["duration"])
        for track in tracks(package):
            path = package.folder / track["path"] / "media.m3u8"
            playlist = m3u8.load(str(path))
            text = path.read_text()
            assert playlist.is_endlist and playlist.playlist_type == "vod", f"{title}: {path}"
            assert playlist.segment_map and playlist.segment_map[0].uri == "init.mp4"
            assert [segment.uri for segment in playlist.segments] == [file.name for file in package.segments(track)]
            for segment, fact in zip(playlist.segments, track["segments"]):
                assert abs(segment.duration - fact["duration"] / track["timescale"]) < 0.001
                assert round(segment.duration) <= target_duration(playlist)
            frame = 1 / float(Fraction(track["frame_rate"])) if "frame_rate" in track else 1024 / track["sample_rate"]
            assert abs(sum(segment.duration for segment in playlist.segments) - float(duration)) <= frame
            assert not re.search(r"#EXT-X-DISCONTINUITY\b", text)


def test_bandwidths_are_measured(packages):
    for title, package in packages.items():
        for track in tracks(package):
            target = m3u8.load(str(package.folder / track["path"] / "media.m3u8")).target_duration
            lengths = [fact["duration"] / track["timescale"] for fact in track["segments"]]
            bits = [8 * path.stat().st_size for path in package.segments(track)]
            average, peak = sum(bits) / sum(lengths), peak_rate(bits, lengths, target)
            assert abs(track["average_bandwidth"] / average - 1) <= RATE_TOLERANCE, f"{title}/{track['name']}: average {average:.0f}"
            assert abs(track["bandwidth"] / peak - 1) <= RATE_TOLERANCE, f"{title}/{track['name']}: peak {peak:.0f}"
            if "max_rate" in track:
                for first, last in windows(lengths, target):
                    held, length = sum(bits[first:last + 1]), sum(lengths[first:last + 1])
                    # A tenth over the cap, or what a buffer half full explains; the container's own bytes aside.
                    frames = sum(fact["samples"] for fact in track["segments"][first:last + 1])
                    boxes_of_frames = 8 * (24 * frames + 600 * (last - first + 1))
                    carried = track["max_rate"] * length
                    allowed = max(1.10 * carried, 1.02 * (carried + track["buffer"]["size"] / 2)) + boxes_of_frames
                    assert held <= allowed, f"{title}/{track['name']}: {held} bits in {length} s under {track['max_rate']}"


def peak_rate(bits, lengths, target):
    """RFC 8216, 4.1: the largest bit rate of any contiguous set of segments that lasts 0.5 to 1.5 target durations."""
    rates = [sum(bits[first:last + 1]) / sum(lengths[first:last + 1]) for first, last in windows(lengths, target)]
    return max(rates, default=sum(bits) / sum(lengths))


def windows(lengths, target):
    """First and last segment of each such set."""
    for first in range(len(lengths)):
        for last in range(first, len(lengths)):
            length = sum(lengths[first:last + 1])
            if length > 1.5 * target:
                break
            if length >= 0.5 * target:
                yield first, last


def test_dash_says_what_the_package_says(packages):
    for title, package in packages.items():
        mpd = MPEGDASHParser.parse(str(package.folder / "manifest.mpd"))
        assert mpd.type == "static" and len(mpd.periods) == 1
        assert abs(iso_seconds(mpd.media_presentation_duration) - float(Fraction(package.facts["duration"]))) < 0.01
        facts = {track["path"]: track for track in tracks(package) + package.facts["text"]}
        seen = set()
        for adaptation in mpd.periods[0].adaptation_sets:
            for representation in adaptation.representations:
                template = (representation.segment_templates or adaptation.segment_templates)[0]
                path = template.media.replace("$RepresentationID$", str(representation.id)).rsplit("/", 1)[0]
                track = facts[path]
                seen.add(path)
                assert int(template.timescale) == track["timescale"]
                assert (representation.codecs or adaptation.codecs) == track.get("codecs", "wvtt")
                assert timeline(template) == [(fact["start"], fact["duration"]) for fact in track["segments"]], f"{title}/{path}"
                if "bandwidth" in track:
                    assert int(representation.bandwidth) == pytest.approx(track["bandwidth"], rel=RATE_TOLERANCE)
                if "width" in track:
                    assert (representation.width or adaptation.width, representation.height or adaptation.height) == (
                        track["width"], track["height"])
        assert seen == facts.keys(), f"{title}: the MPD leaves out {facts.keys() - seen}"


def iso_seconds(text):
    match = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?", text)
    assert match, text
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return 3600 * hours + 60 * minutes + seconds


def timeline(template):
    """SegmentTimeline as (start, duration) of every segment."""
    found, at = [], 0
    for entry in template.segment_timelines[0].Ss:
        at = entry.t if entry.t is not None else at
        for _ in range((entry.r or 0) + 1):
            found.append((at, entry.d))
            at += entry.d
    return found


def test_codecs_are_what_the_streams_are(packages):
    for title, package in packages.items():
        for track in tracks(package):
            playlist = package.folder / track["path"] / "media.m3u8"
            stream = programs.ffprobe(playlist, "-show_streams")["streams"][0]
            expected = codecs_of.expected(stream)
            assert re.fullmatch(expected, track["codecs"]), f"{title}/{track['name']}: {track['codecs']}, not {expected}"


def test_every_file_is_listed_with_its_checksum(packages):
    for title, package in packages.items():
        listed = {file["path"]: file for file in package.facts["files"]}
        there = {str(path.relative_to(package.folder)) for path in package.folder.rglob("*") if path.is_file()}
        assert there == listed.keys() | {"package.json"}, title
        for path, file in listed.items():
            content = (package.folder / path).read_bytes()
            assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"]), f"{title}: {path}"


def test_package_tells_nothing_of_where_and_when(packages, demo):
    for title, package in packages.items():
        text = json.dumps(package.facts)
        assert str(demo.folder) not in text and str(demo.work) not in text, title
        assert not re.search(r'"/(home|root|tmp|work|usr)/', text), title
        assert package.facts["format_version"] == 1


def test_images_show_the_title_to_its_end(packages):
    for title, package in packages.items():
        images = package.facts["images"]
        if not package.facts["renditions"]:
            continue
        assert {"poster", "card", "sprite", "sprite_map"} <= {image["kind"] for image in images}, title
        for image in images:
            if image["kind"] == "sprite_map":
                check_sprite_map(title, package, image)
                continue
            stream = programs.ffprobe(package.folder / image["path"], "-show_streams")["streams"][0]
            assert (stream["width"], stream["height"]) == (image["width"], image["height"]), f"{title}: {image['path']}"


def check_sprite_map(title, package, image):
    text = (package.folder / image["path"]).read_text()
    assert text.startswith("WEBVTT")
    cues = re.findall(r"([\d:.]+) --> ([\d:.]+)\s+(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)", text)
    assert cues, title
    end = 0.0
    sizes = {item["path"]: (item["width"], item["height"]) for item in package.facts["images"]}
    for start, stop, sheet, x, y, width, height in cues:
        assert abs(vtt_seconds(start) - end) < 0.002, f"{title}: a gap before {start}"
        end = vtt_seconds(stop)
        across, down = sizes[f"images/{sheet}"]
        assert int(x) + int(width) <= across and int(y) + int(height) <= down, f"{title}: {sheet} at {start}"
    assert abs(end - float(Fraction(package.facts["duration"]))) < 0.01, f"{title}: the map ends at {end}"


def vtt_seconds(text):
    seconds = 0.0
    for part in text.split(":"):
        seconds = 60 * seconds + float(part)
    return seconds


def test_subtitles_are_whole_in_both_forms(packages):
    found = 0
    for title, package in packages.items():
        for track in package.facts["text"]:
            found += 1
            folder = package.folder / track["path"]
            playlist = m3u8.load(str(folder / "media.m3u8"))
            assert len(playlist.segments) == len(track["segments"]), f"{title}/{track['name']}"
            whole = cues(folder / "text.vtt")
            assert len(whole) == int(programs.ffprobe(folder / "text.vtt", "-count_packets", "-show_streams")["streams"][0]["nb_read_packets"])
            in_segments = set().union(*(cues(folder / segment.uri) for segment in playlist.segments))
            assert in_segments == whole, f"{title}/{track['name']}"
            check_text_fragments(title, folder, track)
    assert found, "no title of the demonstration has subtitles"


def check_text_fragments(title, folder, track):
    """The same cues as `wvtt` samples (ISO/IEC 14496-30), without gaps."""
    scale, end = boxes.timescale(folder / "init.mp4"), 0
    assert scale == track["timescale"]
    for fact in track["segments"]:
        segment = boxes.segment(folder / f"{fact['number']:05d}.m4s")
        assert (segment.start, segment.start + segment.duration) == (end, fact["start"] + fact["duration"]), f"{title}/{track['name']}"
        end = fact["start"] + fact["duration"]


def cues(path):
    """Every cue of a WebVTT file: when it begins and ends, and its first line."""
    text = path.read_text()
    assert text.startswith("WEBVTT"), path
    return {(vtt_seconds(start), vtt_seconds(end), line) for start, end, line in re.findall(r"([\d:.]+) --> ([\d:.]+)[^\n]*\n([^\n]*)", text)}
