"""What the encodes look like: VMAF by a static ffmpeg that has it (PyPI imageio-ffmpeg), SSIM by the system's where it is missing."""

import json
import re
import subprocess
import tempfile


def vmaf_program():
    try:
        import imageio_ffmpeg
    except ImportError:
        return None
    program = imageio_ffmpeg.get_ffmpeg_exe()
    filters = subprocess.run([program, "-hide_banner", "-filters"], capture_output=True, text=True).stdout
    return program if " libvmaf " in filters else None


class Judge:
    """Every rendition against its source, scaled to the source's size: what a viewer on a large screen sees."""

    def __init__(self):
        self.program = vmaf_program()
        self.name = "VMAF" if self.program else "SSIM"

    def score(self, rendition, source, width, height):
        scaled = f"[0:v]scale={width}:{height}:flags=bicubic,setpts=PTS-STARTPTS[a];[1:v]setpts=PTS-STARTPTS[b];"
        if self.program:
            with tempfile.NamedTemporaryFile(suffix=".json") as log:
                # Every fifth frame: ten times quicker than all, and the same to a tenth.
                judge = f"[a][b]libvmaf=model=version=vmaf_v0.6.1:n_threads=2:n_subsample=5:log_fmt=json:log_path={log.name}"
                self.run(self.program, rendition, source, scaled + judge)
                return json.load(open(log.name))["pooled_metrics"]["vmaf"]["mean"]
        errors = self.run("ffmpeg", rendition, source, scaled + "[a][b]ssim")
        return float(re.findall(r"All:([0-9.]+)", errors)[-1])

    @staticmethod
    def run(program, rendition, source, graph):
        return subprocess.run(
            [program, "-nostdin", "-hide_banner", "-i", str(rendition), "-i", str(source), "-an", "-filter_complex", graph, "-f", "null", "-"],
            capture_output=True, text=True, check=True).stderr
