"""A headless Chromium opens the server's page and watches a title, as a person would."""

import shutil
import tempfile
import time
from fractions import Fraction

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

PATIENCE = 180
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required",
    "--proxy-server=direct://", "--mute-audio", "--window-size=1280,1000",
]


@pytest.fixture(scope="module")
def browser():
    options = webdriver.ChromeOptions()
    profile = tempfile.mkdtemp(prefix="reelmill-browser-")
    for flag in [*FLAGS, f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program and driver:
        options.binary_location = program
        chrome = webdriver.Chrome(options=options, service=Service(driver))
    else:
        # Where the distribution has none that runs everywhere, selenium brings its own.
        chrome = webdriver.Chrome(options=options)
    chrome.set_page_load_timeout(PATIENCE)
    chrome.set_script_timeout(PATIENCE)
    yield chrome
    chrome.quit()
    shutil.rmtree(profile, ignore_errors=True)


@pytest.fixture(scope="module")
def film(server):
    """A title with a picture, sound and subtitles."""
    for entry in server.json("/api/v1/titles")["titles"]:
        title = server.json(f"/api/v1/titles/{entry['id']}")
        if title["text"] and title["audio"] and title["renditions"]:
            return title
    raise AssertionError("no title of the demonstration has picture, sound and subtitles")


def until(browser, what, condition):
    return WebDriverWait(browser, PATIENCE, poll_frequency=0.1).until(lambda _: condition(), message=what)


def state(browser):
    """What the player says of itself."""
    return browser.execute_script(
        "const v = document.querySelector('video#player'); return v && {time: v.currentTime, width: v.videoWidth, height: v.videoHeight,"
        " ready: v.readyState, ended: v.ended, length: v.duration, error: v.error && v.error.message,"
        " note: document.getElementById('player-note')?.textContent}")


def open_title(browser, server, title):
    browser.get(server.address + "/")
    # The list is drawn when the API has answered.
    until(browser, "the title in the list", lambda: browser.find_elements(By.CSS_SELECTOR, f'[data-title-id="{title["id"]}"]'))
    entry = browser.find_element(By.CSS_SELECTOR, f'[data-title-id="{title["id"]}"]')
    (entry.find_elements(By.TAG_NAME, "a") or [entry])[0].click()
    until(browser, "the player", lambda: (state(browser) or {}).get("ready", 0) >= 1)


def play(browser):
    browser.execute_async_script(
        "const done = arguments[0]; const v = document.querySelector('video#player'); v.muted = true; v.play().then(() => done(), () => done());")


def watch(browser, seconds):
    """Plays on until the clock has advanced by `seconds`, or the end is there."""
    start = state(browser)["time"]
    until(browser, f"{seconds} s of playing; the player says {state(browser)}",
          lambda: state(browser)["time"] >= start + seconds or state(browser)["ended"])
    assert state(browser)["error"] is None


def test_page_lists_every_title_with_its_poster(browser, server):
    browser.get(server.address + "/")
    titles = server.json("/api/v1/titles")["titles"]
    until(browser, "the list", lambda: len(browser.find_elements(By.CSS_SELECTOR, "[data-title-id]")) == len(titles))
    for title in titles:
        entry = browser.find_element(By.CSS_SELECTOR, f'[data-title-id="{title["id"]}"]')
        assert title["name"] in entry.text
        if title["poster"]:
            browser.execute_script("arguments[0].scrollIntoView()", entry)
            image = entry.find_element(By.TAG_NAME, "img")
            until(browser, f"the poster of {title['id']}",
                  lambda: browser.execute_script("return arguments[0].complete && arguments[0].naturalWidth > 0", image))


def test_title_plays_with_the_right_size(browser, server, film):
    open_title(browser, server, film)
    play(browser)
    watch(browser, 3)
    seen = state(browser)
    sizes = {(rendition["width"], rendition["height"]) for rendition in film["renditions"]}
    assert (seen["width"], seen["height"]) in sizes, seen
    assert abs(seen["length"] - film["duration"]) < 0.1


def test_subtitle_is_shown(browser, server, film):
    open_title(browser, server, film)
    play(browser)
    select = Select(browser.find_element(By.CSS_SELECTOR, "select#subtitles"))
    choices = [option.get_attribute("value") for option in select.options]
    assert len(choices) == len(film["text"]) + 1, choices
    select.select_by_value(next(value for value in choices if value not in ("", "off", "none")))
    showing = ("return [...document.querySelector('video#player').textTracks].filter(t => t.mode === 'showing')"
               ".reduce((sum, t) => sum + (t.cues ? t.cues.length : 0), 0)")
    until(browser, "cues of a subtitle that is showing", lambda: browser.execute_script(showing) > 0)
    active = ("return [...document.querySelector('video#player').textTracks].filter(t => t.mode === 'showing')"
              ".some(t => t.activeCues && t.activeCues.length > 0)")
    first = browser.execute_script(
        "return Math.min(...[...document.querySelector('video#player').textTracks].filter(t => t.mode === 'showing')"
        ".flatMap(t => [...t.cues].map(c => c.startTime)))")
    browser.execute_script("document.querySelector('video#player').currentTime = arguments[0]", first + 0.05)
    until(browser, "an active cue", lambda: browser.execute_script(active))


def test_last_tenth_plays_to_the_end(browser, server, film):
    open_title(browser, server, film)
    play(browser)
    until(browser, "a first picture", lambda: state(browser)["ready"] >= 3)
    browser.execute_script("const v = document.querySelector('video#player'); v.currentTime = v.duration * 0.92")
    until(browser, "the seek", lambda: state(browser)["time"] >= 0.9 * film["duration"] and state(browser)["ready"] >= 2)
    play(browser)
    watch(browser, 1.5)


def test_every_title_shows_a_picture(browser, server):
    for entry in server.json("/api/v1/titles")["titles"]:
        title = server.json(f"/api/v1/titles/{entry['id']}")
        playable = any(rendition["codec"] != "hevc" for rendition in title["renditions"])
        if not playable:
            continue  # Chromium is built without it.
        open_title(browser, server, title)
        play(browser)
        watch(browser, 1)
        seen = state(browser)
        shape = Fraction(title["renditions"][0]["width"], title["renditions"][0]["height"])
        assert abs(seen["width"] / seen["height"] - float(shape)) < 0.05, f"{title['id']}: {seen}"


def test_audio_choice_keeps_playing(browser, server):
    for entry in server.json("/api/v1/titles")["titles"]:
        title = server.json(f"/api/v1/titles/{entry['id']}")
        if len({track["label"] for track in title["audio"]}) > 1:
            break
    else:
        pytest.skip("no title of the demonstration has two sounds")
    open_title(browser, server, title)
    play(browser)
    watch(browser, 1)
    select = Select(browser.find_element(By.CSS_SELECTOR, "select#audio"))
    assert len(select.options) >= 2
    select.select_by_index(1)
    time.sleep(0.2)
    play(browser)
    watch(browser, 2)


def test_a_browser_without_hls_is_told_what_is_needed(browser, server, film):
    """One that cannot play says so, names what can, and offers the addresses for other players."""
    script = browser.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": "HTMLMediaElement.prototype.canPlayType = () => '';"})
    try:
        browser.get(server.address + "/")
        until(browser, "the title in the list", lambda: browser.find_elements(By.CSS_SELECTOR, f'[data-title-id="{film["id"]}"]'))
        entry = browser.find_element(By.CSS_SELECTOR, f'[data-title-id="{film["id"]}"]')
        (entry.find_elements(By.TAG_NAME, "a") or [entry])[0].click()
        until(browser, "a word about HLS", lambda: "does not play HLS" in ((state(browser) or {}).get("note") or ""))
        assert "VLC" in state(browser)["note"]
        assert any(path in browser.page_source for path in ("index.m3u8", "manifest.mpd"))
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": script["identifier"]})
