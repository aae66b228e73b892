"""Runs Culebra and the twin from one file of weights and compares the losses of their steps.

`compare.py --data DIR` is the comparison at full size: `cpu` in fp32, both models, four optimisers and learned
embeddings, 20 steps each, within 1e-4. It takes long; `--only`, `--steps` take less. `compare.py --small` makes its own
tiny data and compares `reference` with a twin in double precision, within 1e-6. What was compared is kept in a results
file, so that an interrupted comparison goes on where it was; a change of the jar, the twin or a setting starts anew.
The exit code is 1 if anything differs by more than its tolerance or fails.
"""

import argparse
import hashlib
import itertools
import json
import math
import sys
import tempfile
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import numpy

from programs import HERE, JAR, Culebra, ProgramFailed, Twin, steps

MODELS = ("lstm", "gpt1")
OPTIMIZERS = ("adam", "adamw", "sgd", "momentum")
EVALUATION_TOLERANCE = 1e-5
SPLITS = {"train": 1_003, "validation": 411, "test": 311}
SMALL_VOCABULARY = 97
SMALL_MODEL = {"lstm": ("--embedding-width", 24, "--hidden-size", 20),
               "gpt1": ("--embedding-width", 24, "--heads", 3)}
SMALL_BATCHES = ("--sequence-length", 16, "--batch-size", 4)
SMALL_RATES = {"adam": 0.01, "adamw": 0.01, "sgd": 0.5, "momentum": 0.1}
HEADINGS = ("case", "model", "layers", "optimiser", "precision", "device", "steps", "loss, first and last",
            "largest difference of a step", "of an evaluation", "verdict")


@dataclass(frozen=True)
class Case:
    """What to compare: the options of the run, those of them that the weights depend on, and those of evaluations."""

    name: str
    model: str
    optimizer: str
    layers: int = 1
    model_options: tuple = ()
    run_options: tuple = ()
    evaluation_options: tuple = ()

    def architecture(self):
        return "train", "--model", self.model, "--layers", self.layers, *self.model_options

    def run(self):
        return *self.architecture(), "--optimizer", self.optimizer, *self.run_options


def full_cases():
    """The study's sizes, with the embeddings given, thus frozen, and learned."""
    for model, optimizer in itertools.product(MODELS, OPTIMIZERS):
        yield Case(f"{model}-{optimizer}", model, optimizer)
    for model in MODELS:
        yield Case(f"{model}-adamw-learned", model, "adamw", run_options=("--learn-embeddings",))


def small_cases():
    """Every optimiser, and the options that change a run's numbers; 20 steps go on into a second epoch."""
    for model in MODELS:
        def case(name, optimizer, *run_options, model_options=()):
            return Case(f"{model}-{name}", model, optimizer, 2, (*SMALL_MODEL[model], *SMALL_BATCHES, *model_options),
                        ("--dropout", 0, "--lr", SMALL_RATES[optimizer], *run_options), SMALL_BATCHES)

        for optimizer in OPTIMIZERS:
            yield case(optimizer, optimizer)
        yield case("adamw-learned", "adamw", "--learn-embeddings")
        yield case("momentum-learned", "momentum", "--learn-embeddings")
        yield case("adamw-cosine", "adamw", "--schedule", "cosine", "--warmup-steps", 5)
        yield case("momentum-linear-clip", "momentum", "--schedule", "linear", "--warmup-steps", 5, "--clip-norm", 0.2)
        yield case("adam-betas-decay", "adam", "--betas", "0.8,0.95", "--eps", 1e-6, "--weight-decay", 0.01)
        yield case("sgd-lines", "sgd", "--break-mode", "lines")
        yield case("sgd-complete", "sgd", "--break-mode", "complete")
        if model == "gpt1":
            yield case("adamw-tanh", "adamw", model_options=("--gelu", "tanh"))


def main():
    arguments = make_parser().parse_args()
    cases = list(small_cases() if arguments.small else full_cases())
    names = [case.name for case in cases]
    wanted = arguments.only or names
    if unknown := set(wanted) - set(names):
        print(f"no such case: {', '.join(sorted(unknown))}; choose from {', '.join(names)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        if arguments.small:
            arguments.data = Path(folder)
            write_small_data(arguments.data)
        try:
            rows = compare([case for case in cases if case.name in wanted], arguments, Path(folder))
        except ProgramFailed as failure:
            print(failure, file=sys.stderr)
            return 1
    print_table(rows)
    return 0 if all(row["verdict"] == "pass" for row in rows) else 1


def compare(cases, arguments, folder):
    """A row of the table for each case, from the results file where it has it."""
    comparison = Comparison(arguments, folder)
    sources = digest_of_sources(arguments)
    done = json.loads(arguments.results.read_text()) if arguments.results.exists() else {}
    rows = []
    for case in cases:
        key = digest(sources, json.dumps([asdict(case), comparison.settings()], default=str))
        if key not in done:
            try:
                done[key] = comparison.row(case)
            except ProgramFailed as failure:
                print(failure, file=sys.stderr)
                rows.append(comparison.labels(case) | {"verdict": "FAILED"})
                continue
            write(arguments.results, json.dumps(done, indent=1))
        row = done[key]
        rows.append(row)
        print(f"{row['case']}: {row['difference']:.1e} {row['verdict']}", file=sys.stderr, flush=True)
    return rows


class Comparison:
    """Both programs, and the settings that all cases share."""

    def __init__(self, arguments, folder):
        self.arguments = arguments
        self.folder = folder
        self.culebra, self.twin = Culebra(arguments.jar), Twin()
        self.device = arguments.device or ("reference" if arguments.small else "cpu")
        self.tolerance = arguments.tolerance or (1e-6 if arguments.small else 1e-4)
        self.split = arguments.split or ("validation" if arguments.small else None)
        self.common = ("--data", arguments.data)
        self.ours = ("--device", self.device, "--precision", arguments.precision)
        self.theirs = ("--device", arguments.twin_device, "--precision",
                       arguments.twin_precision or ("fp64" if arguments.small else arguments.precision))

    def settings(self):
        """What a result depends on besides its case."""
        data = "small" if self.arguments.small else self.arguments.data.resolve()
        return [data, self.arguments.steps, self.tolerance, self.split, self.ours, self.theirs, version("torch")]

    def row(self, case):
        run_dir = self.folder / "twin"
        run = (*case.run(), *self.common, "--init-from", self.weights(case), "--no-shuffle",
               "--max-steps", self.arguments.steps, "--log-every", 1)
        ours = self.culebra.train(*run, *self.ours)
        theirs = self.twin.train(*run, *self.theirs, "--run-dir", run_dir)
        losses = [[step["loss"] for step in steps(events)] for events in (ours, theirs)]
        difference = largest_difference(*losses)
        evaluations = [measurements(events) for events in (ours, theirs)]
        if self.split:
            evaluate = (*self.common, *case.evaluation_options, "--split", self.split,
                        "--checkpoint", run_dir / "last.safetensors")
            evaluations[0].append(self.culebra.evaluate(*evaluate, *self.ours))
            evaluations[1].append(self.twin.evaluate(*evaluate, *self.theirs))
        evaluation = evaluation_difference(*evaluations)
        passed = difference <= self.tolerance and (evaluation is None or evaluation <= EVALUATION_TOLERANCE)
        return self.labels(case) | {
            "culebra": losses[0], "twin": losses[1], "difference": difference, "evaluation_difference": evaluation,
            "tolerance": self.tolerance, "verdict": "pass" if passed else "FAIL"}

    def weights(self, case):
        """The file that both start from; cases of one architecture share it."""
        file = self.folder / f"{digest(repr(case.architecture()))}.safetensors"
        if not file.exists():
            for old in self.folder.glob("*.safetensors"):
                old.unlink()
            self.twin.train(*case.architecture(), *self.common, "--max-steps", 0, "--save-init", file)
        return file

    def labels(self, case):
        return {"case": case.name, "model": case.model, "layers": case.layers, "optimizer": case.optimizer,
                "precision": self.arguments.precision, "device": self.device, "steps": self.arguments.steps}


def measurements(events):
    """What the epochs of a run measured on the train and validation splits."""
    return [event[split] for event in events if event["event"] == "epoch" for split in ("train", "validation")]


def evaluation_difference(ours, theirs):
    """Of the sums of negative log-likelihoods, infinite if they are over other tokens; None if there are none."""
    if [values["tokens"] for values in ours] != [values["tokens"] for values in theirs]:
        return math.inf
    return largest_difference(*([values["nll_sum"] for values in side] for side in (ours, theirs))) if ours else None


def largest_difference(ours, theirs):
    """The largest difference relative to the twin's value, infinite if one side has more values or a NaN."""
    if len(ours) != len(theirs) or not ours:
        return math.inf
    differences = [abs(a - b) / abs(b) for a, b in zip(ours, theirs)]
    return max(value if math.isfinite(value) else math.inf for value in differences)


def write_small_data(folder):
    """Splits of random lines, the ids 1 to 96, some much more frequent than others."""
    generator = numpy.random.default_rng(42)
    frequencies = 1 / numpy.arange(1, SMALL_VOCABULARY)
    for split, count in SPLITS.items():
        tokens = generator.choice(numpy.arange(1, SMALL_VOCABULARY), count, p=frequencies / frequencies.sum())
        cuts = numpy.sort(generator.choice(numpy.arange(1, count), count // 12, replace=False))
        numpy.savez(folder / f"wiki.{split}.npz", tokens=tokens.astype(numpy.uint16),
                    sizes=numpy.diff([0, *cuts, count]), vocabulary_size=numpy.int64(SMALL_VOCABULARY))


def digest_of_sources(arguments):
    """Of the jar and of the twin, so that a result of other programs is not taken for one of these."""
    files = [arguments.jar, *sorted(HERE.glob("*.py")), *sorted((HERE / "culebra_twin").glob("*.py"))]
    return digest(*(file.read_bytes() for file in files if file.exists()))


def digest(*parts):
    state = hashlib.sha256()
    for part in parts:
        state.update(part if isinstance(part, bytes) else part.encode())
    return state.hexdigest()[:16]


def write(file, text):
    """Replaces a file in one go."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    unfinished.write_text(text)
    unfinished.replace(file)


def print_table(rows):
    print("|", " | ".join(HEADINGS), "|")
    print("|", " | ".join("---" for _ in HEADINGS), "|")
    for row in rows:
        cells = [row[name] for name in ("case", "model", "layers", "optimizer", "precision", "device", "steps")]
        if "difference" in row:
            losses, evaluation = row["twin"], row["evaluation_difference"]
            cells += [f"{losses[0]:.4f}, {losses[-1]:.4f}" if losses else "-", f"{row['difference']:.1e}",
                      "-" if evaluation is None else f"{evaluation:.1e}"]
        else:
            cells += ["-"] * 3
        print("|", " | ".join(map(str, [*cells, row["verdict"]])), "|")


def make_parser():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="folder with wiki.{train,validation,test}.npz")
    source.add_argument("--small", action="store_true", help="tiny models and data, against double precision")
    parser.add_argument("--only", type=lambda text: text.split(","), metavar="CASE,CASE", help="such as lstm-adamw")
    parser.add_argument("--steps", type=int, default=20, help="steps of each run (default: 20)")
    parser.add_argument("--split", choices=SPLITS,
                        help="also compare `evaluate` on this split (default: validation with --small, else none)")
    parser.add_argument("--device", help="Culebra's (default: cpu, with --small reference)")
    parser.add_argument("--precision", default="fp32", help="Culebra's (default: fp32)")
    parser.add_argument("--twin-precision", help="the twin's (default: the same, with --small fp64)")
    parser.add_argument("--twin-device", default="cpu")
    parser.add_argument("--tolerance", type=float, help="of a step's loss (default: 1e-4, with --small 1e-6)")
    parser.add_argument("--jar", type=Path, default=JAR, help="Culebra's program (default: as built here)")
    parser.add_argument("--results", type=Path, default=HERE / "target" / "compare.json", help="the results file")
    return parser


if __name__ == "__main__":
    sys.exit(main())
