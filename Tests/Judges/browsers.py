"""Headless browsers that open the server's page as a person does. All are asked in the same words: `open`, `run`, `press`, `resize`."""

import base64
import json
import pathlib
import shutil
import signal
import subprocess
import tempfile

import websocket
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains

from runs import wait_until

PATIENCE = 180


class Chromium:
    """Driven by selenium."""

    FLAGS = [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required",
        "--proxy-server=direct://", "--mute-audio", "--window-size=1280,1000",
    ]

    def __init__(self):
        options = webdriver.ChromeOptions()
        self.profile = tempfile.mkdtemp(prefix="reelmill-browser-")
        for flag in [*self.FLAGS, f"--user-data-dir={self.profile}"]:
            options.add_argument(flag)
        program, driver = shutil.which("chromium"), shutil.which("chromedriver")
        if program and driver:
            options.binary_location = program
            self.driver = webdriver.Chrome(options=options, service=Service(driver))
        else:
            # Where the distribution has none that runs everywhere, selenium brings its own.
            self.driver = webdriver.Chrome(options=options)
        self.driver.set_page_load_timeout(PATIENCE)
        self.driver.set_script_timeout(PATIENCE)
        self.scripts = []

    def close(self):
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    def open(self, url):
        # A new fragment alone would load nothing: what was opened before must not be seen again.
        self.driver.get("about:blank")
        self.driver.get(url)

    def run(self, body, *values):
        """What the body of an async function returns, to which the values are `arguments`."""
        answer = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1]; const values = [...arguments].slice(0, -1);"
            f"(async function() {{ {body} }})(...values).then(value => done([value]), error => done(String(error)));", *values)
        assert isinstance(answer, list), f"{answer}, in: {body}"
        return answer[0]

    def press(self, *keys):
        """Keys as WebDriver names them, one after another."""
        actions = ActionChains(self.driver)
        for key in keys:
            actions.send_keys(key)
        actions.perform()

    def resize(self, width, height):
        """The page's own size, in pixels of its style."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def before_every_page(self, script):
        self.scripts.append(self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})["identifier"])

    def forget_scripts(self):
        while self.scripts:
            self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": self.scripts.pop()})

    def picture(self, path):
        self.driver.save_screenshot(str(path))


class Firefox:
    """Driven by WebDriver BiDi, which Firefox speaks without any further program."""

    PREFERENCES = {
        "media.autoplay.default": 0, "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False,
        "app.update.enabled": False, "network.proxy.type": 0, "media.volume_scale": "0.0", "extensions.enabledScopes": 0,
        "browser.safebrowsing.downloads.enabled": False, "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False, "services.settings.server": "", "browser.startup.page": 0,
        "toolkit.telemetry.reportingpolicy.firstRun": False, "browser.aboutwelcome.enabled": False, "remote.log.level": "Error",
    }

    @staticmethod
    def program():
        return shutil.which("firefox-esr")

    def __init__(self):
        self.profile = pathlib.Path(tempfile.mkdtemp(prefix="reelmill-browser-"))
        (self.profile / "user.js").write_text(
            "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in self.PREFERENCES.items()))
        self.log = open(self.profile / "words", "wb")
        self.process = subprocess.Popen(
            [self.program(), "--headless", "--no-remote", "--profile", str(self.profile), "--remote-debugging-port", "0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log)
        try:
            address = wait_until(self.address, PATIENCE)
            self.socket = websocket.create_connection(f"{address}/session", timeout=PATIENCE, suppress_origin=True)
            self.count, self.scripts = 0, []
            self.call("session.new", capabilities={})
            self.context = self.call("browsingContext.getTree")["contexts"][0]["context"]
            self.resize(1280, 1000)
        except BaseException:
            self.close()
            raise

    def address(self):
        assert self.process.poll() is None, f"firefox ended with {self.process.returncode}: {(self.profile / 'words').read_text()}"
        words = (self.profile / "words").read_text()
        return words.split("BiDi listening on ")[1].split()[0] if "BiDi listening on ws://" in words and words.endswith("\n") else None

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, **parameters):
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": parameters}))
        while (answer := json.loads(self.socket.recv())).get("id") != self.count:
            pass
        assert answer["type"] == "success", f"{method}: {answer}"
        return answer["result"]

    def open(self, url):
        self.call("browsingContext.navigate", context=self.context, url="about:blank", wait="complete")
        self.call("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def run(self, body, *values):
        answer = self.call(
            "script.callFunction", target={"context": self.context}, awaitPromise=True,
            functionDeclaration=f"async function(text) {{ const value = await (async function() {{ {body} }})(...JSON.parse(text));"
            " return JSON.stringify(value === undefined ? null : value); }",
            arguments=[{"type": "string", "value": json.dumps(values)}])
        assert answer["type"] == "success", f"{answer['exceptionDetails']['text']}, in: {body}"
        return json.loads(answer["result"]["value"])

    def press(self, *keys):
        strokes = [{"type": kind, "value": letter} for key in keys for letter in key for kind in ("keyDown", "keyUp")]
        self.call("input.performActions", context=self.context, actions=[{"type": "key", "id": "keyboard", "actions": strokes}])

    def resize(self, width, height):
        self.call("browsingContext.setViewport", context=self.context, viewport={"width": width, "height": height}, devicePixelRatio=1)

    def before_every_page(self, script):
        self.scripts.append(self.call("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}")["script"])

    def forget_scripts(self):
        while self.scripts:
            self.call("script.removePreloadScript", script=self.scripts.pop())

    def picture(self, path):
        data = self.call("browsingContext.captureScreenshot", context=self.context)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))
