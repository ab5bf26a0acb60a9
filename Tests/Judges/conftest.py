"""What the judgements share: the samples, made once, and the demonstration's store, published once."""

import os
import pathlib
import platform

import pytest

import programs
import sharing
from batch import Batch
from browsers import Chromium, Firefox
from web import Server


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Says what must be done by one worker, and in which order the workers begin."""
    for item in items:
        if group := sharing.group_of(item):
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=sharing.rank)


@pytest.fixture(scope="session", autouse=True)
def built():
    """Without the programs no judgement is worth anything: say so once."""
    for program in (programs.REELMILL, programs.SERVER, programs.SAMPLES):
        if not pathlib.Path(program).exists():
            pytest.exit(f"{program} is not there: run 'make test', or set REELMILL, REELMILL_SERVER and REELMILL_SAMPLES", returncode=1)


@pytest.fixture(autouse=True)
def turn(request, tmp_path_factory):
    with sharing.turn(tmp_path_factory, request.node.get_closest_marker("alone") is not None):
        yield


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The samples as `make demo` publishes them. REELMILL_DEMO names a folder that holds them already."""
    there = os.environ.get("REELMILL_DEMO")
    folder = pathlib.Path(there) if there else sharing.folder(tmp_path_factory, "demo")
    batch = Batch(folder / "samples")
    batch.store, batch.catalog, batch.work = folder / "store", folder / "catalog.sqlite", folder / "work"
    if not there:
        with sharing.once(folder) as is_first:
            if is_first:
                programs.demand(programs.SAMPLES, batch.folder)
                batch.run()
    return batch


@pytest.fixture(scope="session")
def server(demo):
    with Server(demo.catalog) as server:
        yield server


@pytest.fixture(scope="session")
def chromium():
    browser = Chromium()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def firefox():
    if not Firefox.program():
        reason = "there is no firefox-esr: Debian has it; Ubuntu's Firefox is a snap, which does not run everywhere"
        assert platform.freedesktop_os_release()["ID"] != "debian", reason
        pytest.skip(reason)
    browser = Firefox()
    yield browser
    browser.close()


@pytest.fixture
def batch(tmp_path):
    return Batch(tmp_path / "batch")


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    """Six seconds of picture and sound, for judgements that need any good source."""
    path = tmp_path_factory.mktemp("clips") / "good.mp4"
    programs.ffmpeg(
        "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=6", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=6",
        "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", path)
    return path
