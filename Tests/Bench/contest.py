"""One ladder made three times: by Reelmill, by one ffmpeg command, and by the floor, the encodes alone.

The floor is each rung encoded on one thread from raw frames that were scaled beforehand, plus one single-threaded decode of the source,
plus the bare encode of the sound. Nobody can do the same work with less.
"""

import shlex
import shutil

from batch import Batch
from clip import prepare
from ladder import GOP_SECONDS, SOUND
from usage import Usage, measure


class Contest:
    def __init__(self, program, clip, codec, ladder, folder, verbose=False):
        self.program, self.clip, self.codec, self.ladder, self.folder, self.verbose = program, clip, codec, ladder, folder, verbose
        self.gop = clip.gop(GOP_SECONDS)
        self.shown = set()
        self.sound = folder / "sound.wav"
        self.batch = None
        self.prepare()

    def raw(self, rung):
        return self.folder / f"{rung.width}x{rung.height}.yuv"

    def prepare(self):
        for rung in self.ladder:
            if not self.raw(rung).exists():
                scale = f"scale={rung.width}:{rung.height}:flags=lanczos,format=yuv420p"
                prepare("-i", self.clip.piece, "-map", "0:v:0", "-vf", scale, "-f", "rawvideo", self.raw(rung))
        prepare("-i", self.clip.whole, "-map", "0:a:0", "-ar", "48000", "-ac", "2", self.sound)

    def measured(self, command):
        key = tuple(str(part) for part in command)
        if self.verbose and key not in self.shown:
            print(shlex.join(key))
            self.shown.add(key)
        return measure(command, self.folder)

    def reelmill(self):
        self.batch = Batch(self.program, self.folder / "batch", {"clip": self.clip.whole}, self.codec.preset(self.ladder))
        used = self.measured(self.batch.command)
        made = self.batch.renditions("clip")
        if len(made) != len(self.ladder):
            raise SystemExit(f"reelmill made {len(made)} renditions, not {len(self.ladder)}")
        return used, self.batch.media_bytes

    def ffmpeg(self):
        out = self.folder / "ffmpeg"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        count = len(self.ladder)
        graph = f"[0:v]split={count}" + "".join(f"[i{number}]" for number in range(count))
        for number, rung in enumerate(self.ladder):
            graph += f";[i{number}]scale={rung.width}:{rung.height}:flags=lanczos[o{number}]"
        command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", self.clip.whole, "-filter_complex", graph]
        for number, rung in enumerate(self.ladder):
            command += ["-map", f"[o{number}]", *self.codec.options(self.gop, rung.cap), out / f"{rung.name}.mp4"]
        command += ["-map", "0:a:0", "-c:a", "aac", "-b:a", SOUND, "-ac", "2", out / "sound.mp4"]
        return self.measured(command), sum(path.stat().st_size for path in out.iterdir())

    def floor(self):
        loop = ["-stream_loop", self.clip.rounds - 1]
        total, start = Usage(), ["ffmpeg", "-nostdin", "-v", "error", "-y"]
        size = 0
        for rung in self.ladder:
            out = self.folder / f"floor.{self.codec.raw_format}"
            source = ["-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", f"{rung.width}x{rung.height}", "-framerate", self.clip.frame_rate]
            encode = [*self.codec.options(self.gop, rung.cap, pools=True), "-threads", "1", "-f", self.codec.raw_format, out]
            total += self.measured([*start, *source, *loop, "-i", self.raw(rung), *encode])
            size += out.stat().st_size
        total += self.measured([*start, "-threads", "1", "-i", self.clip.whole, "-map", "0:v:0", "-f", "null", "-"])
        out = self.folder / "floor.mp4"
        total += self.measured([*start, "-i", self.sound, "-c:a", "aac", "-b:a", SOUND, out])
        return total, size + out.stat().st_size

    def round(self):
        """The three in turn, so that a ratio compares runs under the same weather."""
        return {"reelmill": self.reelmill(), "ffmpeg": self.ffmpeg(), "floor": self.floor()}

    def quality(self, judge):
        """Mean score of all rungs, of Reelmill's and of ffmpeg's last encodes."""
        ours = self.batch.renditions("clip")
        scores = {"reelmill": [], "ffmpeg": []}
        source = self.ladder[0]
        for rung in self.ladder:
            whole = self.batch.whole(ours[rung.name], self.folder / "rendition.mp4")
            scores["reelmill"].append(judge.score(whole, self.clip.whole, source.width, source.height))
            scores["ffmpeg"].append(judge.score(self.folder / "ffmpeg" / f"{rung.name}.mp4", self.clip.whole, source.width, source.height))
        return {name: sum(values) / len(values) for name, values in scores.items()}
