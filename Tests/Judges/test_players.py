"""Flash against beep in players: video and audio start together in FFmpeg, in VLC, and in Chromium by its own HLS and by Media Source."""

import concurrent.futures
import functools
import http.server
import json
import pathlib
import shutil
import threading
from fractions import Fraction

import pytest

import boxes
import programs
import vlc
from batch import Batch
from flashes import onsets_of_light, onsets_of_sound

pytestmark = pytest.mark.alone

RATES = {"23.976": "24000/1001", "25": "25", "29.97": "30000/1001", "50": "50", "60": "60", "8": "8"}
SPEEDS = {"h264": "veryfast", "hevc": "ultrafast", "av1": "12"}
# Seconds that flash and beep may be apart, in any player.
APART = 0.010

PRESET = """\
version: 1
description: One tiny rung with pictures that are decoded before they are shown, where the codec has them.
segment_seconds: 2
gop_seconds: 2
chunk_seconds: 10
video:
  codec: {codec}
  speed: {speed}
  crf: 30
  {options}
  rungs:
    - {{ name: tiny, width: 128, height: 72, max_rate: 1000k, buffer_size: 1000k }}
audio:
  - {{ codec: aac, bit_rate: 96k }}
  - {{ codec: opus, bit_rate: 96k }}
images: none
"""


def make(path, rate, length=3, coding=("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "pcm_s16le")):
    """The picture is white for one frame at each second, or at the first frame after it; the beep begins at the second."""
    one = 1 / float(Fraction(rate))
    programs.ffmpeg(
        "-f", "lavfi", "-i", f"color=black:size=128x72:rate={rate}:duration={length}",
        "-f", "lavfi", "-i", f"aevalsrc='if(lt(mod(t,1),0.08),0.8*sin(2*PI*1000*t),0)':sample_rate=48000:duration={length}",
        "-vf", f"drawbox=color=white:t=fill:enable='lt(mod(t+0.0005,1),{0.999 * one})'", "-pix_fmt", "yuv420p", *coding, path)
    return path


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """Packages by (codec, rate), all of one run."""
    batch = Batch(tmp_path_factory.mktemp("players"))
    for codec, speed in SPEEDS.items():
        # The fastest speed of x265 has no B-frames of its own accord that would prove something.
        options = "options: { x265-params: 'bframes=4:b-adapt=0' }" if codec == "hevc" else ""
        batch.write(f"presets/{codec}.yaml", PRESET.format(codec=codec, speed=speed, options=options))
    titles = {}
    for name, rate in RATES.items():
        clip = make(batch.folder / f"{name}.mkv", rate)
        for codec in SPEEDS:
            titles[f"{codec}-{name.replace('.', '-')}"] = {"source": str(clip), "preset": codec}
    batch.describe(titles, preset="h264").run()
    packages = batch.packages()
    return {(codec, name): packages[f"{codec}-{name.replace('.', '-')}"] for codec in SPEEDS for name in RATES}


def flashes_and_beeps(path):
    return onsets_of_light(path), onsets_of_sound(path, resolution=0.001)


def together(flashes, beeps, what):
    """Every flash has its beep, and no beep is without a flash."""
    assert len(flashes) == len(beeps), f"{what}: flashes {flashes}, beeps {beeps}"
    apart = [flash - beep for flash, beep in zip(flashes, beeps)]
    assert all(abs(difference) <= APART for difference in apart), f"{what}: {[f'{1000 * late:+.0f} ms' for late in apart]}"


@pytest.mark.parametrize("codec", SPEEDS)
@pytest.mark.parametrize("document", ["index.m3u8", "manifest.mpd"])
def test_ffmpeg_shows_the_flash_with_the_beep(codec, document, films):
    paths = [films[codec, name].folder / document for name in RATES]
    streams = programs.ffprobe(paths[1], "-show_entries", "stream=codec_type,start_time")["streams"]
    assert {stream["codec_type"] for stream in streams} == {"video", "audio"}
    assert all(float(stream["start_time"]) == 0 for stream in streams), streams
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, (flashes, beeps) in zip(RATES, pool.map(flashes_and_beeps, paths)):
            assert len(flashes) == 3, f"{codec} {name}: {flashes}"
            together(flashes, beeps, f"{codec} {name} {document}")


@pytest.mark.parametrize("codec", SPEEDS)
@pytest.mark.parametrize("document", ["index.m3u8", "manifest.mpd"])
def test_vlc_shows_the_flash_with_the_beep(codec, document, site, films, tmp_path):
    """VLC 3 knows no edit list of fragments: it shows both late, by the same time."""
    for name in RATES:
        path = tmp_path / f"{codec}-{name}.mkv"
        vlc.record(site.address(films[codec, name].folder / document), path)
        flashes, beeps = flashes_and_beeps(path)
        assert len(flashes) == len(beeps) == 3, f"{codec} {name} {document}: flashes {flashes}, beeps {beeps}"
        # The first beep begins with the title, in an audio frame that lacks the one before it.
        together(flashes[1:], beeps[1:], f"{codec} {name} {document}")


@pytest.mark.parametrize("codec", SPEEDS)
def test_init_and_segments_by_themselves_start_at_zero(codec, films, tmp_path):
    """As a player gets them that knows neither playlist nor MPD; the decode time of the k-th frame is k frames."""
    for name, rate in RATES.items():
        package = films[codec, name]
        rendition = package.facts["renditions"][0]
        init = package.folder / rendition["path"] / "init.mp4"
        whole = tmp_path / f"{codec}-{name}.mp4"
        whole.write_bytes(init.read_bytes() + b"".join(path.read_bytes() for path in package.segments(rendition)))
        packets = programs.ffprobe(whole, "-show_entries", "packet=pts,dts", "-select_streams", "v")["packets"]
        frame = boxes.timescale(init) / Fraction(rate)
        shown = boxes.presentation_start(init)
        assert sorted(packet["pts"] for packet in packets) == [number * frame for number in range(len(packets))]
        assert [packet["dts"] for packet in packets] == [number * frame - shown for number in range(len(packets))]
        # A tenth of a second, or the two frames that x264 and x265 need at most; nothing of AV1 is reordered.
        assert shown == (0 if codec == "av1" else max(boxes.timescale(init) / Fraction(10), 2 * frame)), f"{codec} {name}"
        for track in package.facts["audio"]:
            init_of_audio = package.folder / track["path"] / "init.mp4"
            delay = boxes.presentation_start(init_of_audio)
            assert delay == round(Fraction(shown, boxes.timescale(init)) * boxes.timescale(init_of_audio))
            first = boxes.segment(package.segments(track)[0])
            assert first.start == first.composed == delay


class Site:
    """The films and the page that plays them, on loopback."""

    TYPES = {
        ".m3u8": "application/vnd.apple.mpegurl", ".mpd": "application/dash+xml", ".m4s": "video/iso.segment", ".mp4": "video/mp4",
        ".html": "text/html"}

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

        class Handler(http.server.SimpleHTTPRequestHandler):
            extensions_map = self.TYPES

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=self.folder))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def address(self, path):
        return f"http://127.0.0.1:{self.server.server_port}/{pathlib.Path(path).relative_to(self.folder)}"

    def native(self, package):
        return {"url": self.address(package.folder / "index.m3u8")}

    def media_source(self, package, sound):
        audio = next(track for track in package.facts["audio"] if track["codec"] == sound)
        return {"tracks": [
            {"type": f"{kind}/mp4; codecs=\"{track['codecs']}\"",
             "urls": [self.address(path) for path in [package.folder / track["path"] / "init.mp4", *package.segments(track)]]}
            for kind, track in (("video", package.facts["renditions"][0]), ("audio", audio))]}


@pytest.fixture(scope="module")
def site(films):
    folder = next(iter(films.values())).folder.parent.parent.parent
    shutil.copy(pathlib.Path(__file__).with_name("players.html"), folder)
    site = Site(folder)
    yield site
    site.server.shutdown()


@pytest.fixture(scope="module")
def browser(chromium):
    return chromium.driver


def play(browser, site, films):
    """What the page measured of each film: the clocks of picture and sound strayed by less than a buffer, or it is played again."""
    if not browser.current_url.startswith(site.address(site.folder / "players.html")):
        browser.get(site.address(site.folder / "players.html"))
    found = [None] * len(films)
    for _ in range(5):
        missing = [number for number, result in enumerate(found) if result is None]
        for number, result in zip(missing, browser.execute_async_script("run(arguments[0], arguments[1])", [films[n] for n in missing])):
            assert "error" not in result, f"{json.dumps(films[number])[:200]}: {result['error']}"
            steady = [beep["time"] for beep in result["beeps"] if beep["strayed"] < 0.020]
            if len(steady) == 2 and len(result["beeps"]) == 2 and None not in result["flashes"]:
                found[number] = (result["flashes"], steady)
        if all(found):
            return found
    raise AssertionError(f"no steady sound, or no flash within four frames of its second, in five runs: {result}")


@pytest.fixture(scope="module")
def delay(browser, site):
    """Seconds by which this way of listening hears late: of a file without reordering and without priming, whose times are plain."""
    path = make(
        site.folder / "reference.mp4", "25", coding=[
            "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-c:a", "flac", "-strict", "-2", "-g", "25",
            "-movflags", "+frag_keyframe+empty_moov+default_base_moof"])
    starts = programs.ffprobe(path, "-show_entries", "stream=start_time")["streams"]
    assert [float(stream["start_time"]) for stream in starts] == [0, 0]
    reference = {"tracks": [{"type": 'video/mp4; codecs="avc1.42E01E, flac"', "urls": [site.address(path)]}], "rate": 25}
    late = []
    for flashes, beeps in play(browser, site, [reference] * 3):
        assert all(abs(flash - second) < 0.002 for flash, second in zip(flashes, (1, 2))), flashes
        late += [beep - second for beep, second in zip(beeps, (1, 2))]
    # What one measurement is worth.
    assert max(late) - min(late) < 0.005, f"the same file sounds {[f'{1000 * one:.1f} ms' for one in late]} late"
    return sum(late) / len(late)


@pytest.mark.parametrize("way", ["its own HLS", "Media Source, AAC", "Media Source, Opus"])
def test_chromium_shows_the_flash_with_the_beep(way, browser, site, films, delay):
    chosen = [(codec, name) for codec in ("h264", "av1") for name in RATES]
    pages = []
    for key in chosen:
        package = films[key]
        source = site.native(package) if way == "its own HLS" else site.media_source(package, way.split()[-1].lower())
        pages.append(source | {"rate": float(Fraction(RATES[key[1]]))})
    for key, (flashes, beeps) in zip(chosen, play(browser, site, pages)):
        together(flashes, [beep - delay for beep in beeps], f"{' '.join(key)} by {way}")
