"""Writes or checks the golden files that the Java tests read: `goldens.py [--check] [DIRECTORY]`."""

import argparse
import sys
import tempfile
from pathlib import Path

import torch

from culebra_twin import golden_cases, golden_file

DEFAULT_DIRECTORY = Path(__file__).resolve().parents[2] / "nn/src/test/resources/goldens"
TOLERANCE = 1e-12
SEED = 42


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", nargs="?", type=Path, default=DEFAULT_DIRECTORY)
    parser.add_argument("--check", action="store_true",
                        help=f"compare the files in DIRECTORY with regenerated ones, within {TOLERANCE}")
    arguments = parser.parse_args()
    # One thread: the order of additions, and with it every byte, must not depend on the machine's cores.
    torch.set_num_threads(1)
    if arguments.check:
        return check(arguments.directory)
    for name in write_all(arguments.directory):
        print(arguments.directory / name)
    return 0


def write_all(directory):
    """Writes every case; returns the files' names relative to `directory`."""
    names = []
    for name, make in golden_cases.CASES.items():
        tensors, metadata = make(golden_cases.Random(SEED))
        golden_file.write(directory / name, tensors, {"case": name, "seed": SEED, **metadata})
        names.append(name)
    return names


def check(directory):
    """Prints one line per file; returns 0 when all agree, else 1."""
    with tempfile.TemporaryDirectory() as scratch:
        expected = set(write_all(Path(scratch)))
        present = {str(path.relative_to(directory)) for path in directory.rglob("*.safetensors")}
        problems = {name: "missing" for name in expected - present}
        problems |= {name: "no case makes this file" for name in present - expected}
        for name in expected & present:
            difference = compare(directory / name, Path(scratch) / name)
            if difference:
                problems[name] = difference
    for name in sorted(expected | present):
        print(f"{problems.get(name, 'ok')}: {name}")
    print(f"{len(problems)} of {len(expected | present)} files differ" if problems
          else f"all {len(expected)} files agree within {TOLERANCE}")
    return 1 if problems else 0


def compare(committed, regenerated):
    """What is different between two golden files, or an empty string."""
    actual, actual_metadata = golden_file.read(committed)
    expected, expected_metadata = golden_file.read(regenerated)
    if actual_metadata != expected_metadata:
        return "metadata differ"
    for name, tensor in expected.items():
        difference = (actual[name].double() - tensor.double()).abs() / tensor.double().abs().clamp(min=1.0)
        if not bool((difference <= TOLERANCE).all()):
            return f"{name} differs by {difference.max().item():.3g}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
