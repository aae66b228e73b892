"""Culebra beside PyTorch on one device: the same steps from the same weights, and the speed of both, in one go.

First the losses: each run in each precision makes the same steps from one file of weights in both programs, and each loss must
agree within the precision's tolerance. Then the speed: Culebra in each precision, PyTorch as scripts were written in 2021
(eager, single precision, nothing fused), and PyTorch at its best: fused attention and optimiser, bf16 or fp16, eager and
compiled, whichever is fastest here. `--out` gets `twin.jsonl`, a line for each result as soon as it is there, and `twin.md`.
What cannot be run is told with its reason. The exit code is 1 if a loss differs by more than its tolerance, a program of the
comparison failed or there was time for nothing, and 75 if there was time for some of it only, which the last line names; a way to
speed PyTorch up that is not to be had here (such as torch.compile without a C compiler) is neither.
"""

import argparse
import itertools
import json
import math
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from compare import SMALL_BATCHES, SMALL_MODEL, largest_difference, write_small_data
from programs import JAR, Culebra, ProgramFailed, Twin, end_with_all_running, steps, the_event

MODELS = {"lstm": ("exp1", "exp10"), "gpt1": ("exp5", "exp12")}
# Relative, of a step's loss. Both sides round operands to 11 bits in tf32 and to 8 in bf16, but sum and hand on in different
# places: four units of that rounding, and some more in bf16 for activations that only one side keeps in it.
TOLERANCES = {"fp32": 1e-4, "tf32": 2e-3, "bf16": 1e-2}
THE_2021_WAY = "2021: eager fp32"
# The best first, as far as one can guess: what comes last may be cut.
WAYS = ((THE_2021_WAY, ("--precision", "fp32", "--explicit")),
        ("eager bf16", ("--precision", "bf16")),
        ("compiled bf16", ("--precision", "bf16", "--compile")),
        ("compiled fp16 with graphs", ("--precision", "fp16", "--compile", "reduce-overhead")),
        ("eager fp16", ("--precision", "fp16")),
        ("compiled bf16 with graphs", ("--precision", "bf16", "--compile", "reduce-overhead")))
# Intervals and steps that do not count: both programs compile, choose and record in their first steps.
WARM_UP_INTERVALS = 2
WARM_UP_STEPS = 3
PARTIAL = 75


def main():
    arguments = make_parser().parse_args()
    end_with_all_running()
    deadline = time.monotonic() + arguments.seconds
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        if arguments.small:
            arguments.data = Path(folder)
            write_small_data(arguments.data)
        try:
            check = Check(arguments, Path(folder), deadline)
        except ProgramFailed as failure:
            print(failure, file=sys.stderr)
            return 1
        check.compare_losses()
        check.compare_speed()
    print(check.page(), end="")
    if check.cut:
        print(f"\nmissing: {'; '.join(check.cut)}")
    return check.exit_code()


@dataclass
class Check:
    """Both programs on their devices, and what has come of it."""

    arguments: argparse.Namespace
    folder: Path
    deadline: float
    losses: list = field(default_factory=list)
    speeds: list = field(default_factory=list)
    remarks: list = field(default_factory=list)
    cut: list = field(default_factory=list)
    failed: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self):
        self.culebra, self.twin = Culebra(self.arguments.jar), Twin()
        self.device = name_of_device(self.culebra, self.arguments.device)
        self.pytorch = describe_pytorch(self.arguments.twin_device)
        self.file = self.arguments.out / "twin.jsonl"
        self.file.write_text("")

    def exit_code(self):
        if self.failed or not (self.losses or self.speeds):
            return 1
        return PARTIAL if self.cut else 0

    def compare_losses(self):
        """The same steps in both, a row for each run and precision; several at a time, since speed does not count here."""
        cases = itertools.product(self.arguments.runs, self.arguments.precisions)
        with ThreadPoolExecutor(self.arguments.parallel) as pool:
            list(pool.map(lambda run: self.attempt(f"weights of {run}", self.weights, run), self.arguments.runs))
            list(pool.map(lambda case: self.attempt(f"losses of {' in '.join(case)}", self.compare_losses_of, *case),
                          cases))

    def compare_losses_of(self, run, precision):
        shared = ("--precision", precision, "--max-steps", self.arguments.steps, "--log-every", 1)
        ours = [step["loss"] for step in steps(self.culebra.train(*self.options(run), *shared,
                                                                  "--device", self.arguments.device))]
        theirs = [step["loss"] for step in steps(self.twin.train(*self.options(run), *shared,
                                                                 "--device", self.arguments.twin_device))]
        difference, tolerance = largest_difference(ours, theirs), TOLERANCES[precision]
        agree = difference <= tolerance
        self.failed |= not agree
        self.keep(self.losses, kind="losses", run=run, precision=precision, culebra=ours, pytorch=theirs,
                  difference=difference, tolerance=tolerance, agree=agree)

    def compare_speed(self):
        """The seconds of a step, one program at a time: Culebra in bf16, PyTorch in each way, Culebra's other precisions."""
        ours, *others = sorted(self.arguments.precisions, key=lambda precision: precision != "bf16")
        self.measure_culebra(ours)
        for (way, options), run in itertools.product(WAYS, self.arguments.runs):
            self.attempt(f"PyTorch's speed of {run}, {way}", self.measure, self.twin, run, way,
                         (*options, "--device", self.arguments.twin_device), optional=way != THE_2021_WAY)
        for precision in others:
            self.measure_culebra(precision)

    def measure_culebra(self, precision):
        for run in self.arguments.runs:
            self.attempt(f"Culebra's speed of {run} in {precision}", self.measure, self.culebra, run,
                         f"Culebra {precision}", ("--precision", precision, "--device", self.arguments.device))

    def measure(self, program, run, way, options):
        every = self.arguments.log_every
        warm_up = max(WARM_UP_INTERVALS, math.ceil(WARM_UP_STEPS / every))
        events = program.train(*self.options(run), *options, "--log-every", every,
                               "--max-steps", every * (warm_up + self.arguments.intervals))
        seconds = [step["seconds"] for step in steps(events)][warm_up:]
        memory = the_event("end", events).get("peak_device_memory_bytes")
        self.keep(self.speeds, kind="speed", run=run, program=program.name, way=way, seconds=min(seconds),
                  seconds_highest=max(seconds), peak_device_memory_bytes=memory)

    def options(self, run):
        """What both programs are told of a run: its weights, which carry the embeddings, and its batches."""
        return (*self.architecture(run), "--data", self.arguments.data, "--init-from", self.weights(run), "--no-shuffle")

    def architecture(self, run):
        model = next(model for model, runs in MODELS.items() if run in runs)
        return (run, *SMALL_MODEL[model], *SMALL_BATCHES) if self.arguments.small else (run,)

    def weights(self, run):
        file = self.folder / f"{run}.safetensors"
        if not file.exists():
            self.twin.train(*self.architecture(run), "--data", self.arguments.data, "--max-steps", 0, "--save-init", file)
        return file

    def attempt(self, what, action, *values, optional=False):
        """Does it, unless the time is over; tells why if it was not done."""
        if time.monotonic() > self.deadline:
            with self.lock:
                self.cut.append(what)
            self.remark(f"{what}: cut, the time was over")
            return
        print(what, file=sys.stderr, flush=True)
        try:
            action(*values)
        except ProgramFailed as failure:
            self.failed |= not optional
            self.remark(f"{what}: {'not to be had here' if optional else 'FAILED'}, {last_line(str(failure))}")
            print(failure, file=sys.stderr, flush=True)

    def remark(self, text):
        self.keep(self.remarks, kind="remark", text=text)

    def keep(self, rows, **row):
        line = json.dumps({"device": self.device, "pytorch_device": self.arguments.twin_device,
                           "pytorch_version": self.pytorch, **row})
        with self.lock, self.file.open("a") as lines:
            rows.append(row)
            print(line, file=lines)
            # Anew each time: what hangs may end this program.
            (self.arguments.out / "twin.md").write_text(self.page())

    def page(self):
        """All of it, for people."""
        parts = [f"Culebra on {self.device}; {self.pytorch}; "
                 f"{self.arguments.steps} steps from one file of weights, embeddings frozen; "
                 f"command: device_twin.py {' '.join(sys.argv[1:])}."]
        parts.append(table(("run", "precision", "largest difference of a step's loss", "tolerance", "verdict"), (
            (row["run"], row["precision"], f"{row['difference']:.1e}", f"{row['tolerance']:.0e}",
             "agree" if row["agree"] else "DIFFER") for row in self.losses_in_order())))
        for run in self.arguments.runs:
            if columns := [row for row in self.losses_in_order() if row["run"] == run]:
                parts.append(side_by_side(run, columns))
        parts.append(table(("run", "way", "ms a step", "slowest", "its time / Culebra's in bf16", "peak device memory, MB"),
                           (self.speed_cells(row) for row in self.speeds)))
        parts.extend(self.verdict(run) for run in self.arguments.runs)
        parts.append("\n".join(f"- {row['text']}" for row in self.remarks))
        return "\n\n".join(part for part in parts if part) + "\n"

    def losses_in_order(self):
        """Not as they happened to end."""
        return sorted(self.losses, key=lambda row: (self.arguments.runs.index(row["run"]),
                                                    self.arguments.precisions.index(row["precision"])))

    def speed_cells(self, row):
        ours = self.seconds_of(row["run"], "Culebra bf16")
        memory = row["peak_device_memory_bytes"]
        return (row["run"], row["way"] if row["program"] == "Culebra" else f"PyTorch {row['way']}",
                f"{row['seconds'] * 1e3:.2f}", f"{row['seconds_highest'] * 1e3:.2f}",
                f"{row['seconds'] / ours:.2f}" if ours else "-", f"{memory / 1e6:.0f}" if memory else "-")

    def verdict(self, run):
        """How many times as fast Culebra is as PyTorch in 2021 and at its best: that is known if every way was measured."""
        ours, old = self.seconds_of(run, "Culebra bf16"), self.seconds_of(run, THE_2021_WAY)
        rest = [row for row in self.speeds
                if row["run"] == run and row["program"] == "PyTorch" and row["way"] != THE_2021_WAY]
        if not (ours and old and rest):
            return ""
        best = min(rest, key=lambda row: row["seconds"])
        wanted = [way for way, _ in WAYS if way != THE_2021_WAY]
        missing = [way for way in wanted if way not in {row["way"] for row in rest}]
        whose = "the fastest of PyTorch's ways that were measured" if missing else "PyTorch at its best here"
        without = f", without {', '.join(missing)}" if missing else ""
        return (f"{run}: Culebra in bf16 is {old / ours:.2f} times as fast as PyTorch in the way of 2021 and "
                f"{best['seconds'] / ours:.2f} times as fast as {whose} ({best['way']}; "
                f"{len(wanted) - len(missing)} of {len(wanted)} ways measured{without}).")

    def seconds_of(self, run, way):
        return next((row["seconds"] for row in self.speeds if (row["run"], row["way"]) == (run, way)), None)


def side_by_side(run, columns):
    """The losses of each step, Culebra's and PyTorch's, in each precision."""
    headings = [f"{run}, step"]
    for row in columns:
        headings += [f"Culebra {row['precision']}", f"PyTorch {row['precision']}"]
    length = max(len(row["culebra"]) for row in columns)
    return table(headings, ((step + 1, *(f"{row[side][step]:.6f}" if step < len(row[side]) else "-"
                                         for row in columns for side in ("culebra", "pytorch")))
                            for step in range(length)))


def table(headings, rows):
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def name_of_device(culebra, device):
    """Culebra's, with what `doctor` says of it: the stand-in for a GPU says there that it is none."""
    if not device.startswith("cuda"):
        return device
    number, findings = device.partition(":")[2] or "0", culebra.findings()
    found = findings.get(f"GPU {number}") or findings.get(f"stand-in {number}", "which doctor does not find")
    return f"{device} ({found})"


def describe_pytorch(device):
    import torch  # Here, not above: what only reads results does without it.

    name = f"{device} ({torch.cuda.get_device_name(device)})" if device.startswith("cuda") else device
    return f"PyTorch {torch.__version__} on {name}"


def last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "without a word"


def make_parser():
    runs = [run for names in MODELS.values() for run in names]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="folder with wiki.{train,validation,test}.npz")
    source.add_argument("--small", action="store_true", help="tiny models and data, to see that it works")
    parser.add_argument("--device", default="cuda:0", help="Culebra's (default: %(default)s)")
    parser.add_argument("--twin-device", default="cuda", help="PyTorch's (default: %(default)s)")
    parser.add_argument("--runs", type=lambda text: choices(text, runs), default=["exp1", "exp5"], metavar="exp1,exp5")
    parser.add_argument("--precisions", type=lambda text: choices(text, TOLERANCES), default=list(TOLERANCES),
                        metavar=",".join(TOLERANCES))
    parser.add_argument("--steps", type=int, default=20, help="whose losses are compared (default: %(default)s)")
    parser.add_argument("--log-every", type=int, default=20, help="steps of an interval that is timed (default: %(default)s)")
    parser.add_argument("--intervals", type=int, default=5, help="that count; the fastest is told (default: %(default)s)")
    parser.add_argument("--parallel", type=int, default=4, help="runs whose losses are compared at a time")
    parser.add_argument("--seconds", type=float, default=86_400, help="begin nothing after so many seconds")
    parser.add_argument("--jar", type=Path, default=JAR, help="Culebra's program (default: as built here)")
    parser.add_argument("--out", type=Path, default=Path("results"), help="the folder for the results")
    return parser


def choices(text, known):
    names = text.split(",")
    if unknown := set(names) - set(known):
        raise argparse.ArgumentTypeError(f"not known: {', '.join(sorted(unknown))}; choose from {', '.join(known)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
