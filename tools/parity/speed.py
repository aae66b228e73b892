"""The speed check: training steps at full size on the CPU, Culebra beside PyTorch, in turns; of exp1 and exp5 unless `--runs`.

`speed.py --data DIR` prints a Markdown table of the median seconds of a step and the peak memory of the process, and with
`--json FILE` writes the numbers of every round there.
Both programs start from the same weights, made here by the twin, and read the same batches in the same order. A step's
seconds are those between the arrival of its event line here and of the line before, for both programs alike.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import sys
import tempfile
from pathlib import Path

from programs import JAR, Culebra, ProgramFailed, Twin, steps, the_event

RUNS = ("exp1", "exp5")
PRECISIONS = ("fp32", "bf16")
WARM_UP_STEPS = 2


def main():
    arguments = make_parser().parse_args()
    try:
        culebra, twin = Culebra(arguments.jar), Twin()
        print(describe_machine(culebra, arguments), end="\n\n")
        print("| run | precision | Culebra s | PyTorch s | PyTorch / Culebra | Culebra GB | PyTorch GB "
              "| PyTorch / Culebra |")
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            measured = []
            for run in arguments.runs:
                weights = Path(folder) / f"{run}.safetensors"
                twin.train(run, "--data", arguments.data, "--max-steps", 0, "--save-init", weights)
                for precision in arguments.precisions:
                    seconds, peaks = measure((culebra, twin), run, precision, weights, arguments)
                    print(row(run, precision, [min(values) for values in seconds], [max(values) for values in peaks]),
                          flush=True)
                    measured.append({"run": run, "precision": precision, "seconds": seconds, "peak_bytes": peaks})
                weights.unlink()
        if arguments.json:
            arguments.json.write_text(json.dumps({"circumstances": describe_machine(culebra, arguments),
                                                  "programs": [culebra.name, twin.name], "rows": measured}))
    except ProgramFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def measure(programs, run, precision, weights, arguments):
    """The median seconds of a step and the peak bytes of each program in each round; they run in turns."""
    seconds = [[] for _ in programs]
    peaks = [[] for _ in programs]
    for _ in range(arguments.rounds):
        for program, its_seconds, its_peaks in zip(programs, seconds, peaks):
            events = program.train(run, "--data", arguments.data, "--init-from", weights, "--no-shuffle",
                                   "--device", "cpu", "--precision", precision,
                                   "--max-steps", arguments.steps, "--log-every", 1)
            its_seconds.append(median_step(events))
            its_peaks.append(the_event("end", events)["peak_memory_bytes"])
            print(f"{run} {precision} {program.name}: {its_seconds[-1]:.3f} s, {its_peaks[-1] / 1e9:.2f} GB",
                  file=sys.stderr, flush=True)
    return seconds, peaks


def median_step(events):
    """The median seconds of a step after the warm-up."""
    arrivals = [event["arrival"] for event in steps(events)]
    return statistics.median(later - earlier for earlier, later in
                             zip(arrivals[WARM_UP_STEPS - 1:], arrivals[WARM_UP_STEPS:]))


def row(run, precision, seconds, peaks):
    (ours, theirs), (our_peak, their_peak) = seconds, peaks
    return (f"| {run} | {precision} | {ours:.3f} | {theirs:.3f} | {theirs / ours:.2f} "
            f"| {our_peak / 1e9:.2f} | {their_peak / 1e9:.2f} | {their_peak / our_peak:.2f} |")


def describe_machine(culebra, arguments):
    found = culebra.findings()
    java_version, onednn_version = (found.get(name, "not found").split()[0] for name in ("Java", "oneDNN"))
    import torch  # Here, not above: the profile takes the runs and the options from this file, and has no need of it.

    return (f"{processor_model()}, {len(os.sched_getaffinity(0))} cores ({torch.get_num_threads()} PyTorch threads); "
            f"Java {java_version}, oneDNN {onednn_version}; Python {platform.python_version()}, "
            f"PyTorch {torch.__version__}; {datetime.date.today()}; {arguments.steps} steps, "
            f"the first {WARM_UP_STEPS} dropped, {arguments.rounds} round{'s' * (arguments.rounds > 1)}.")


def processor_model():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")),
                platform.machine())


def make_parser():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with wiki.{train,validation,test}.npz")
    parser.add_argument("--jar", type=Path, default=JAR, help="Culebra's program (default: as built here)")
    parser.add_argument("--steps", type=step_count, default=8, help="steps of each run (default: 8)")
    parser.add_argument("--rounds", type=int, default=1, help="how often to repeat; the best median counts")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")
    parser.add_argument("--runs", type=lambda text: text.split(","), default=RUNS, metavar="exp1,exp5")
    parser.add_argument("--precisions", type=lambda text: text.split(","), default=PRECISIONS, metavar="fp32,bf16")
    return parser


def step_count(text):
    if int(text) <= WARM_UP_STEPS:
        raise argparse.ArgumentTypeError(f"more than the {WARM_UP_STEPS} warm-up steps are needed")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
