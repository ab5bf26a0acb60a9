"""Browsers open the server's page and watch titles, as a person would: Chromium with the HLS that it brings; Chromium that is asked for
Media Source; and Firefox, which has nothing else."""

import contextlib
import time
from fractions import Fraction

import pytest

from batch import Batch
from browsers import PATIENCE, Chromium
from runs import wait_until
from web import Server
import programs

# What the player says of itself.
STATE = """
    const video = document.querySelector('video#player');
    const note = document.getElementById('player-note');
    const ranges = video && Array.from(video.buffered, (_, index) => index) || [];
    return video && {
      time: video.currentTime, width: video.videoWidth, height: video.videoHeight, ready: video.readyState, ended: video.ended,
      paused: video.paused, length: video.duration, error: video.error && video.error.message, note: note.hidden ? '' : note.textContent,
      ranges: [...Array(video.buffered.length).keys()].map((index) => [video.buffered.start(index), video.buffered.end(index)]),
    };
"""


class Viewer:
    """Somebody in front of a browser."""

    def __init__(self, browser, query=""):
        self.browser, self.query = browser, query
        self.run, self.press = browser.run, browser.press
        self.has_own_hls = isinstance(browser, Chromium) and not query

    def open(self, server, place=""):
        self.browser.open(f"{server.address}/{self.query}#/{place}")

    def until(self, what, truth):
        """What `truth` gives once it is true."""
        try:
            return wait_until(truth, PATIENCE, 0.1)
        except AssertionError:
            raise AssertionError(f"{what} did not come about; the player says {self.state}") from None

    @property
    def state(self):
        return self.run(STATE)

    def open_title(self, server, title):
        """From the list, as a person does."""
        self.open(server)
        link = f"document.querySelector('[data-title-id=\"{title['id']}\"] a')"
        self.until("the title in the list", lambda: self.run(f"return {link} !== null"))
        self.run(f"{link}.click()")
        self.until("the player", lambda: self.state and self.state["ready"] >= 1)

    def play(self, rate=1):
        self.run("const video = document.querySelector('video#player'); video.muted = true; video.playbackRate = arguments[0];"
                 " await video.play().catch(() => {});", rate)

    def seek(self, time):
        self.run("document.querySelector('video#player').currentTime = arguments[0]", time)

    def watch(self, seconds):
        """Plays on until the clock has advanced by `seconds`, or the end is there."""
        start = self.state["time"]
        self.until(f"{seconds} s of playing", lambda: (now := self.state)["time"] >= start + seconds or now["ended"])
        assert self.state["error"] is None

    def choose(self, select, index):
        self.run("const select = document.getElementById(arguments[0]); select.selectedIndex = arguments[1];"
                 " select.dispatchEvent(new Event('change'));", select, index)

    def fetched(self, part):
        """Paths of the segments that were asked for, in their order."""
        names = self.run("return performance.getEntriesByType('resource').map((entry) => entry.name)")
        return [name for name in names if name.endswith(".m4s") and f"/{part}/" in name]

    @contextlib.contextmanager
    def with_script(self, script):
        """Runs the script before those of every page."""
        self.browser.before_every_page(script)
        try:
            yield
        finally:
            self.browser.forget_scripts()


def viewer_of(request):
    return Viewer(request.getfixturevalue(request.param.split("-")[0]), "?player=mse" if request.param.endswith("-mse") else "")


@pytest.fixture(scope="module", params=["chromium", "chromium-mse", "firefox"])
def viewer(request):
    """Every way in which the page plays."""
    return viewer_of(request)


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def reader(request):
    """Every browser, for what has nothing to do with playing."""
    return viewer_of(request)


@pytest.fixture(scope="module", params=["chromium-mse", "firefox"])
def streamer(request):
    """Those in which our own module does."""
    return viewer_of(request)


@pytest.fixture(scope="module")
def titles(server):
    """Every title of the demonstration with all that the API says of it."""
    return [server.json(f"/api/v1/titles/{entry['id']}") for entry in server.json("/api/v1/titles")["titles"]]


@pytest.fixture(scope="module")
def film(titles):
    """A title with video, subtitles, and a choice of audio and of rungs."""
    return next(title for title in titles if title["text"] and len({track["label"] for track in title["audio"]}) > 1
                and len(title["renditions"]) > 1)


@pytest.fixture(scope="module")
def long_film(tmp_path_factory):
    """Two minutes, at few frames a second so that they are made soon, on a server of their own."""
    batch = Batch(tmp_path_factory.mktemp("long"))
    programs.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=5:duration=120", "-f", "lavfi", "-i", "sine=sample_rate=48000:duration=120",
        "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", batch.folder / "long.mp4")
    batch.describe({"long": "long.mp4"}).run()
    with Server(batch.catalog) as server:
        yield server


# ---- The list


def test_page_lists_every_title_with_its_poster(reader, server, titles):
    reader.open(server)
    reader.until("the list", lambda: reader.run("return document.querySelectorAll('[data-title-id]').length") == len(titles))
    for title in titles:
        card = f"document.querySelector('[data-title-id=\"{title['id']}\"]')"
        assert title["name"] in reader.run(f"return {card}.innerText")
        if title["poster"]:
            reader.run(f"{card}.scrollIntoView()")
            reader.until(f"the poster of {title['id']}", lambda: reader.run(
                f"const image = {card}.querySelector('picture img'); return image.complete && image.naturalWidth > 0"))


# Answers of the API as a larger catalog, or one with longer words, would give them: TITLES copies of what there is.
LARGER = """
    const load = window.fetch;
    window.fetch = async (url, ...rest) => {
      const answer = await load(url, ...rest);
      if (!String(url).startsWith('/api/v1/titles')) return answer;
      const given = await answer.json();
      const word = 'W'.repeat(63);
      const long = { name: word, synopsis: word, genres: [word, word], people: [{ name: word, role: word }],
                     series: { name: word, season: 1, episode: 1 } };
      const copy = (title, n) => ({ ...title, id: `copy-${n}`, name: `Copy ${n}` });
      const copies = (titles) => [...Array(TITLES).keys()].map((n) => copy(titles[n % titles.length], n));
      const changed = given.titles
        ? { ...given, titles: [{ ...given.titles[0], ...long }, ...copies(given.titles)] }
        : { ...given, ...long, audio: given.audio.map((track, n) => ({ ...track, label: word + n })) };
      return new Response(JSON.stringify(changed));
    };
"""


def test_a_thousand_titles_are_a_window_full_of_cards(reader, server):
    count = "return document.querySelectorAll('#titles > li').length"
    with reader.with_script(LARGER.replace("TITLES", "999")):
        reader.open(server)
        reader.until("the list", lambda: reader.run(count) > 0)
        assert reader.run("return document.getElementById('titles').firstElementChild.getAttribute('aria-setsize')") == "1000"
        assert reader.run(count) < 60
        # To the end, and back by a search.
        reader.run("window.scrollTo(0, document.documentElement.scrollHeight)")
        reader.until("the last card", lambda: reader.run("return document.querySelector('[data-title-id=copy-998]') !== null"))
        assert reader.run(count) < 60
        reader.run("document.getElementById('search').focus()")
        reader.press("copy 98")
        names = "return [...document.querySelectorAll('#titles h2')].map((name) => name.textContent)"
        found = [f"Copy {n}" for n in range(999) if "98" in str(n)]
        reader.until("what was searched", lambda: reader.run(names) == found)
        assert reader.run("return document.getElementById('count').textContent") == f"{len(found)} titles"


def test_the_keyboard_reaches_every_card(reader, server):
    focused = "const item = document.activeElement.closest('li'); return item && item.getAttribute('aria-posinset')"
    up, down, left, right, end, home, tab = "\ue013", "\ue015", "\ue012", "\ue014", "\ue010", "\ue011", "\ue004"
    with reader.with_script(LARGER.replace("TITLES", "999")):
        reader.open(server)
        reader.until("the list", lambda: reader.run("return document.querySelector('#titles a') !== null"))
        reader.run("document.querySelector('#titles a').focus()")
        columns = reader.run("return getComputedStyle(document.getElementById('titles')).gridTemplateColumns.split(' ').length")
        reader.press(*[down] * 30, right, up, left, right)
        assert reader.run(focused) == str(29 * columns + 2)
        reader.press(tab)
        assert reader.run(focused) == str(29 * columns + 3)
        reader.press(end)
        assert reader.run(focused) == "1000"
        # Whoever has the focus keeps it while the window is elsewhere.
        reader.run("window.scrollTo(0, 0); await new Promise((done) => setTimeout(done, 300))")
        assert reader.run(focused) == "1000"
        reader.press(home)
        assert reader.run(focused) == "1"
        inside = "const box = document.activeElement.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight"
        assert reader.run(inside)


def test_long_words_break_no_layout(reader, server, film):
    with reader.with_script(LARGER.replace("TITLES", "3")):
        reader.browser.resize(320, 700)
        try:
            wide = "return document.documentElement.scrollWidth"
            reader.open(server)
            reader.until("the list", lambda: reader.run("return document.querySelector('#titles h2') !== null"))
            assert reader.run(wide) <= 320
            reader.open(server, f"title/{film['id']}")
            reader.until("the player", lambda: reader.state and reader.state["ready"] >= 1)
            assert reader.run("return document.getElementById('name').textContent") == "W" * 63
            assert reader.run("document.querySelector('details').open = true; " + wide) <= 320
        finally:
            reader.browser.resize(1280, 1000)


# ---- Watching


def test_every_title_plays_in_its_shape(viewer, server, titles):
    for title in titles:
        if viewer.has_own_hls and all(rendition["codec"] == "hevc" for rendition in title["renditions"]):
            continue  # Chromium is built without it.
        viewer.open_title(server, title)
        viewer.play()
        viewer.watch(0.3)
        seen = viewer.state
        assert (seen["width"], seen["height"]) in {(rung["width"], rung["height"]) for rung in title["renditions"]}, title["id"]
        shape = Fraction(title["renditions"][0]["width"], title["renditions"][0]["height"])
        assert abs(seen["width"] / seen["height"] - float(shape)) < 0.05, f"{title['id']}: {seen}"
        assert abs(seen["length"] - title["duration"]) < 0.1 and seen["note"] == ""


def test_subtitle_is_shown(viewer, server, film):
    viewer.open_title(server, film)
    viewer.play()
    assert viewer.run("return document.getElementById('subtitles').length") == len(film["text"]) + 1
    viewer.choose("subtitles", 1)
    showing = "[...document.querySelector('video#player').textTracks].filter((track) => track.mode === 'showing')"
    viewer.until("cues of a subtitle that is showing", lambda: viewer.run(f"return {showing}.some((track) => track.cues.length > 0)"))
    first = viewer.run(f"return Math.min(...{showing}.flatMap((track) => [...track.cues].map((cue) => cue.startTime)))")
    viewer.seek(first + 0.05)
    viewer.until("an active cue", lambda: viewer.run(f"return {showing}.some((track) => track.activeCues.length > 0)"))


def test_the_end_is_the_last_frame(viewer, server, film):
    viewer.open_title(server, film)
    viewer.play()
    viewer.until("a first picture", lambda: viewer.state["ready"] >= 3)
    viewer.seek(film["duration"] - 1.5)
    viewer.play()
    viewer.until("the end", lambda: viewer.state["ended"])
    seen = viewer.state
    assert seen["error"] is None and abs(seen["time"] - film["duration"]) < 0.05 and abs(seen["length"] - film["duration"]) < 0.05
    # And back to the start.
    viewer.seek(0.5)
    viewer.play()
    viewer.watch(0.5)
    assert viewer.state["time"] < 5


def test_audio_choice_keeps_playing(viewer, server, film):
    viewer.open_title(server, film)
    viewer.play()
    viewer.watch(0.5)
    assert viewer.run("return document.getElementById('audio').length") >= 2
    viewer.choose("audio", 1)
    time.sleep(0.2)
    viewer.play()
    viewer.watch(1)
    if not viewer.has_own_hls:
        other = next(track for track in film["audio"] if track["label"] != film["audio"][0]["label"])
        assert viewer.fetched("audio")[-1].rsplit("/", 1)[0].endswith(other["url"].rsplit("/", 1)[0])


def test_a_codec_that_cannot_be_decoded_is_named(viewer, server, film):
    refusal = """
        const can = HTMLMediaElement.prototype.canPlayType;
        HTMLMediaElement.prototype.canPlayType = function (type) { return type.includes('avc1') ? '' : can.call(this, type); };
        const feeds = MediaSource.isTypeSupported;
        MediaSource.isTypeSupported = (type) => !type.includes('avc1') && feeds.call(MediaSource, type);
    """
    with viewer.with_script(refusal):
        viewer.open(server, f"title/{film['id']}")
        viewer.until("a word about the codec", lambda: "cannot decode H.264" in ((viewer.state or {}).get("note") or ""))
        assert "VLC" in viewer.state["note"]


def test_a_browser_that_has_nothing_is_told_what_is_needed(reader, server, film):
    with reader.with_script("HTMLMediaElement.prototype.canPlayType = () => ''; delete window.MediaSource;"):
        reader.open(server, f"title/{film['id']}")
        reader.until("a word about HLS", lambda: "does not play HLS" in ((reader.state or {}).get("note") or ""))
        assert "VLC" in reader.state["note"]
        assert reader.run("return document.getElementById('addresses').textContent.includes('index.m3u8')")


# ---- Our own module


def test_another_codec_is_taken_where_there_is_one(streamer, server, film):
    """The API tells of HEVC before H.264; a browser without HEVC takes the other, one that only says it has HEVC goes on in the other."""
    twice = """
        const load = window.fetch;
        window.fetch = async (url, ...rest) => {
          const answer = await load(url, ...rest);
          if (!String(url).startsWith('/api/v1/titles/')) return answer;
          const title = await answer.json();
          const other = title.renditions.map((rung) => ({ ...rung, codecs: 'hvc1.1.6.L93.B0' }));
          return new Response(JSON.stringify({ ...title, renditions: [...other, ...title.renditions] }));
        };
        const feeds = MediaSource.isTypeSupported;
    """
    has_hevc = "MediaSource.isTypeSupported = (type) => type.includes('hvc1') ? HAS : feeds.call(MediaSource, type);"
    lies = "const add = MediaSource.prototype.addSourceBuffer; MediaSource.prototype.addSourceBuffer = function (type) {" \
        " return add.call(this, type.replace(/hvc1[^\"]*/, 'av01.0.04M.08')); };"
    for script in [has_hevc.replace("HAS", "false"), has_hevc.replace("HAS", "true") + lies]:
        with streamer.with_script(twice + script):
            streamer.open_title(server, film)
            streamer.play()
            streamer.watch(1)
            assert streamer.state["width"] > 0 and streamer.state["note"] == ""


def test_audio_alone_plays(streamer, server, film):
    alone = """
        const load = window.fetch;
        window.fetch = async (url, ...rest) => {
          const answer = await load(url, ...rest);
          return String(url).startsWith('/api/v1/titles/') ? new Response(JSON.stringify({ ...await answer.json(), renditions: [] })) : answer;
        };
    """
    with streamer.with_script(alone):
        streamer.open_title(server, film)
        streamer.play()
        streamer.watch(0.5)
        streamer.choose("audio", 1)
        streamer.watch(0.5)
        assert streamer.state["note"] == "" and streamer.fetched("video") == []


# Answers to requests for segments as a bad link would give them: `link(url, number, load, signal)`; `number` counts the requests for an
# address.
LINK = """
    const load = window.fetch;
    const counts = new Map();
    window.fetch = (url, options) => {
      if (!String(url).endsWith('.m4s')) return load(url, options);
      counts.set(url, (counts.get(url) || 0) + 1);
      return link(String(url), counts.get(url), () => load(url, options), options.signal);
    };
"""


def test_a_link_that_breaks_is_mended_and_said(streamer, server, film):
    broken = "const link = (url, number, load) => !url.includes('00001') && number <= 2 ? Promise.reject(new TypeError('cut')) : load();"
    with streamer.with_script(LINK + broken):
        streamer.open_title(server, film)
        streamer.play(4)
        streamer.until("a word about the link", lambda: "Trying again" in streamer.state["note"])
        streamer.watch(7)
        streamer.until("an end of that word", lambda: streamer.state["note"] == "")


def test_half_an_answer_is_none(streamer, server, film):
    half = """
        const link = async (url, number, load) => {
          const answer = await load();
          const bytes = await answer.arrayBuffer();
          return new Response(number === 1 ? bytes.slice(0, bytes.byteLength / 2) : bytes);
        };
    """
    with streamer.with_script(LINK + half):
        streamer.open_title(server, film)
        streamer.play(4)
        streamer.watch(8)


def test_a_version_that_is_gone_is_said_and_a_server_that_is_away_can_be_asked_again(streamer, server, film):
    gone = "const link = async () => new Response('', { status: 410 });"
    with streamer.with_script(LINK + gone):
        streamer.open(server, f"title/{film['id']}")
        streamer.until("a word about the version", lambda: "no longer there" in ((streamer.state or {}).get("note") or ""))
    refused = "window.isAway = true; const link = async (url, number, load) => window.isAway ? new Response('', { status: 403 }) : load();"
    with streamer.with_script(LINK + refused):
        streamer.open(server, f"title/{film['id']}")
        streamer.until("a word about the server", lambda: "Press play" in ((streamer.state or {}).get("note") or ""))
        streamer.run("window.isAway = false")
        streamer.play()
        streamer.watch(1)
        assert streamer.state["note"] == ""


def test_the_rung_follows_the_link(streamer, server, film):
    """Of the largest rung nothing more comes after the first bytes: its transfer is given up, and the film goes on in a lower one."""
    largest = film["renditions"][0]
    assert largest["width"] == max(rung["width"] for rung in film["renditions"])
    slow = """
        const link = async (url, number, load, signal) => {
          const answer = await load();
          if (!url.includes('/LARGEST/')) return answer;
          const bytes = new Uint8Array(await answer.arrayBuffer());
          let place = 0;
          return new Response(new ReadableStream({
            start(to) { signal.addEventListener('abort', () => to.error(signal.reason)); },
            async pull(to) {
              await new Promise((go) => setTimeout(go, 200));
              if (!signal.aborted) to.enqueue(bytes.slice(place, place += 1000));
            },
          }));
        };
    """.replace("LARGEST", largest["name"])
    with streamer.with_script(LINK + slow):
        streamer.open_title(server, film)
        # Nobody knows the link yet.
        assert streamer.state["width"] < largest["width"]
        streamer.play()
        number = int(streamer.until("the largest rung", lambda: streamer.fetched(largest["name"]))[0].rsplit("/", 1)[1][:5])
        streamer.until("a lower rung in its place", lambda: any(
            f"/{largest['name']}/" not in path and path.endswith(f"{number:05d}.m4s") for path in streamer.fetched("video")))


def test_what_is_buffered_is_bounded(streamer, long_film):
    """Before play, one segment; paused, half a minute; and what was watched long ago goes."""
    streamer.open_title(long_film, {"id": "long"})
    streamer.until("a first picture", lambda: streamer.state["ready"] >= 2)
    time.sleep(0.5)
    assert {len(streamer.fetched("video")), len(streamer.fetched("audio"))} == {1}
    streamer.play()
    streamer.watch(0.5)
    streamer.run("document.querySelector('video#player').pause()")
    streamer.until("what is held ahead", lambda: streamer.state["ranges"][0][1] >= 30)
    time.sleep(0.5)
    assert streamer.state["ranges"][0][1] < 30 + 2 * 4 and len(streamer.fetched("video")) <= 10
    # Far beyond: what lies between is not fetched.
    streamer.seek(101)
    streamer.play()
    streamer.watch(0.5)
    assert not any("00015.m4s" in path for path in streamer.fetched("video"))
    assert streamer.state["ranges"][0][0] > 60
    streamer.run("document.querySelector('a.back').click()")
    streamer.until("the list", lambda: streamer.run("return document.querySelector('video') === null"))


def test_a_browser_with_little_room_plays_on(streamer, long_film):
    """The browser takes nothing more where it holds 12 s."""
    little = """
        const append = SourceBuffer.prototype.appendBuffer;
        SourceBuffer.prototype.appendBuffer = function (bytes) {
          const held = [...Array(this.buffered.length).keys()].map((n) => this.buffered.end(n) - this.buffered.start(n));
          if (held.reduce((sum, length) => sum + length, 0) > 12) {
            window.wasFull = true;
            throw new DOMException('full', 'QuotaExceededError');
          }
          append.call(this, bytes);
        };
    """
    with streamer.with_script(little):
        streamer.open_title(long_film, {"id": "long"})
        streamer.play(4)
        streamer.watch(24)
        assert streamer.run("return window.wasFull") and streamer.state["note"] == ""


def test_what_the_rung_depends_on(streamer, server):
    streamer.open(server)
    rungs = [{"bandwidth": bandwidth, "width": width, "height": width * 9 // 16}
             for bandwidth, width in [(500_000, 416), (1_000_000, 640), (3_000_000, 1280), (6_000_000, 1920)]]
    for current, link, wanted in [
        # The start: what the assumed link carries.
        (None, {"bitsPerSecond": 1_000_000, "ahead": 0}, 0), (None, {"bitsPerSecond": 100_000, "ahead": 0}, 0),
        (None, {"bitsPerSecond": 5_000_000, "ahead": 0}, 2),
        # Up only where something is buffered, and where the link is much faster.
        (0, {"bitsPerSecond": 50_000_000, "ahead": 2}, 0), (0, {"bitsPerSecond": 50_000_000, "ahead": 10}, 3),
        (1, {"bitsPerSecond": 3_100_000, "ahead": 20}, 1),
        # Down where it is slower and little is buffered.
        (2, {"bitsPerSecond": 3_400_000, "ahead": 5}, 2), (2, {"bitsPerSecond": 3_200_000, "ahead": 5}, 1),
        (2, {"bitsPerSecond": 1_000_000, "ahead": 25}, 2), (3, {"bitsPerSecond": 600_000, "ahead": 3}, 0),
        # No more than the screen shows.
        (None, {"bitsPerSecond": 50_000_000, "ahead": 0, "width": 600, "height": 400}, 1),
        (3, {"bitsPerSecond": 50_000_000, "ahead": 20, "width": 1000, "height": 600}, 2),
    ]:
        chosen = streamer.run(
            "const { chooseRung } = await import('/adaptation.js'); const [rungs, current, link] = arguments;"
            " return rungs.indexOf(chooseRung(rungs, rungs[current], link));",
            rungs, current, {"width": 1920, "height": 1080, **link})
        assert chosen == wanted, (current, link)
