"""Where the time of a training step goes on the CPU: oneDNN's own profile of exp1 and exp5 at full size.

`step_profile.py --data DIR` runs a few steps of each run and precision with oneDNN's verbose profile on and prints, for each, a
Markdown table of the primitives by time, with their arithmetic rate, what is spent outside oneDNN, and how far the step
is from its floor: all arithmetic of the matrix products, an LSTM's among them, at the rate of the fastest of them.
"""

import argparse
import os
import re
import statistics
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from programs import JAR, Culebra, ProgramFailed, Twin, timed_lines
from speed import PRECISIONS, RUNS, WARM_UP_STEPS, step_count

SMALLEST_SHARE = 0.004
LARGE_PRODUCT = 1e10


@dataclass(frozen=True)
class Call:
    """One execution of a primitive, as a line of oneDNN's profile tells it."""

    kind: str
    direction: str
    problem: str
    milliseconds: float

    @staticmethod
    def parse(line):
        """The call of a line such as `onednn_verbose,v1,primitive,exec,cpu,matmul,…,256x768:768x40479,31.5`."""
        fields = line.rstrip().split(",")
        if fields[0] != "onednn_verbose" or fields[2:4] != ["primitive", "exec"]:
            return None
        return Call(fields[5], fields[7], fields[-2], float(fields[-1]))

    def name(self):
        direction = "" if self.direction in ("undef", "forward_training") else f" {self.direction}"
        return f"{self.kind}{direction} `{self.problem}`"

    def operations(self):
        """Multiplications and additions of a matrix product; 0 of what is none."""
        if self.kind == "matmul":
            left, right = ([int(size) for size in sizes.split("x")] for sizes in self.problem.split(":")[:2])
            return 2 * product(left) * right[-1]
        if self.kind == "inner_product":
            return 2 * product(int(size) for size in re.findall(r"(?:mb|ic|oc|id|ih|iw)(\d+)", self.problem))
        return 0


@dataclass
class Sum:
    """Of the calls of one kind and problem in an average step."""

    calls: float = 0
    milliseconds: float = 0
    operations: float = 0

    def add(self, call, weight):
        self.calls += weight
        self.milliseconds += weight * call.milliseconds
        self.operations += weight * call.operations()

    def rate(self):
        """GFLOP/s."""
        return self.operations / self.milliseconds / 1e6


def main():
    arguments = make_parser().parse_args()
    try:
        culebra = Culebra(arguments.jar)
        with tempfile.TemporaryDirectory() as folder:
            for run in arguments.runs:
                weights = Path(folder) / f"{run}.safetensors"
                Twin().train(run, "--data", arguments.data, "--max-steps", 0, "--save-init", weights)
                for precision in arguments.precisions:
                    print_profile(run, precision, *profile(culebra, run, precision, weights, arguments))
    except ProgramFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def profile(culebra, run, precision, weights, arguments):
    """The median seconds of a step, and by name what the primitives took in an average step."""
    with tempfile.TemporaryDirectory() as folder:
        command = culebra.command(run, "--data", arguments.data, "--init-from", weights, "--device", "cpu",
                                  "--precision", precision, "--max-steps", arguments.steps, "--log-every", 1, "--json",
                                  "--run-dir", Path(folder) / "run")
        lines = timed_lines(command, os.environ | {"ONEDNN_VERBOSE": "profile_exec"})
    arrivals, calls = [], []
    for line, arrival in lines:
        if call := Call.parse(line):
            calls.append((len(arrivals), call))
        elif line.startswith('{"event":"step"'):
            arrivals.append(arrival)
    counted = range(WARM_UP_STEPS, len(arrivals))
    sums = defaultdict(Sum)
    for step, call in calls:
        if step in counted:
            sums[call.name()].add(call, 1 / len(counted))
    return statistics.median(arrivals[step] - arrivals[step - 1] for step in counted), sums


def print_profile(run, precision, seconds, sums):
    step = seconds * 1e3
    print(f"### {run}, {precision}: {step:.0f} ms a step\n")
    print("| primitive | calls | ms | % | GFLOP/s |\n| --- | ---: | ---: | ---: | ---: |")
    small = Sum()
    for name, total in sorted(sums.items(), key=lambda item: -item[1].milliseconds):
        if total.milliseconds < SMALLEST_SHARE * step:
            small.calls += total.calls
            small.milliseconds += total.milliseconds
        else:
            print_row(name, total, step)
    print_row(f"others, each below {SMALLEST_SHARE:.1%}", small, step)
    inside = sum(total.milliseconds for total in sums.values())
    print_row("outside oneDNN", Sum(0, step - inside), step)
    products = sum(total.operations for total in sums.values())
    rate = max(total.rate() for total in sums.values() if total.operations / total.calls >= LARGE_PRODUCT)
    floor = products / rate / 1e6
    print(f"\nFloor: {products / 1e9:.0f} GFLOP at {rate:.0f} GFLOP/s, the fastest large product here: {floor:.0f} ms, "
          f"{floor / step:.0%} of the step.\n", flush=True)


def print_row(name, total, step):
    rate = f"{total.rate():.0f}" if total.operations else ""
    print(f"| {name} | {total.calls:.0f} | {total.milliseconds:.1f} | {total.milliseconds / step:.1%} | {rate} |")


def product(numbers):
    result = 1
    for number in numbers:
        result *= number
    return result


def make_parser():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with wiki.{train,validation,test}.npz")
    parser.add_argument("--jar", type=Path, default=JAR, help="Culebra's program (default: as built here)")
    parser.add_argument("--steps", type=step_count, default=5, help="steps of each run (default: 5)")
    parser.add_argument("--runs", type=lambda text: text.split(","), default=RUNS, metavar="exp1,exp5")
    parser.add_argument("--precisions", type=lambda text: text.split(","), default=PRECISIONS, metavar="fp32,bf16")
    return parser


if __name__ == "__main__":
    sys.exit(main())
