"""What a second run costs, a killed one, a long source, and how busy the cores are."""

from batch import Batch
from clip import Clip


def again(batch, whole):
    """A run of what is published: its wall seconds as a share of the first run's."""
    return batch.run().wall / whole.wall


def resumed(batch, whole):
    """A kill at half time: CPU seconds of both runs as a share of one undisturbed run's."""
    batch.forget()
    killed = batch.run_and_kill(whole.wall / 2)
    rest = batch.run()
    return (killed.cpu + rest.cpu) / whole.cpu


def busy(program, clip, codec, ladder, folder, cores, titles=11):
    """A batch of two chunks a title, with what its run used: the share of the cores' time between the first and the last encode that workers used."""
    batch = Batch(program, folder / "busy", {f"title-{number}": clip.whole for number in range(titles)}, codec.preset(ladder))
    # The same source under eleven names would be one: each title begins a little later.
    manifest = batch.folder / "manifest.yaml"
    lines = []
    for line in manifest.read_text().splitlines():
        if "id: title-" in line:
            number = int(line.split("title-")[1].split(",")[0])
            line = line.replace(" }", f", trim: {{ start: 0.{number:02d} }} }}")
        lines.append(line)
    manifest.write_text("\n".join(lines) + "\n")
    whole = batch.run()
    encodes = [row for row in batch.tasks() if row[0] == "encode"]
    if len(encodes) < 20:
        raise SystemExit(f"the batch had {len(encodes)} passes, not 20")
    begin, end = min(row[1] for row in encodes), max(row[2] for row in encodes)

    def inside(row):
        """A task's CPU seconds between the first encode's begin and the last one's end, as if it used them evenly."""
        length = row[2] - row[1]
        return row[3] * max(0, min(row[2], end) - max(row[1], begin)) / length if length > 0 else 0

    share = sum(map(inside, batch.tasks())) / ((end - begin) * cores)
    return batch, whole, share, len(encodes)


def memory(program, piece, codec, ladder, folder):
    """Peak memory of a run over ten minutes and over one, as a ratio, and of the hungriest worker."""
    peaks = {}
    for minutes in (1, 10):
        clip = Clip(piece, folder, least=60 * minutes, name=f"minutes-{minutes}")
        batch = Batch(program, folder / "memory", {"clip": clip.whole}, codec.preset(ladder))
        peaks[minutes] = batch.run().memory
        batch.forget()
    return peaks[10] / peaks[1], peaks

