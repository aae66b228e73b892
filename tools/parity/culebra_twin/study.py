"""The settings of the twelve runs, and of one run in general."""

import math
from dataclasses import dataclass
from pathlib import Path

RUNS = {
    "exp1": ("lstm", 1, "adam"),
    "exp2": ("lstm", 1, "adamw"),
    "exp3": ("lstm", 1, "sgd"),
    "exp4": ("lstm", 1, "momentum"),
    "exp5": ("gpt1", 1, "adam"),
    "exp6": ("gpt1", 1, "adamw"),
    "exp7": ("gpt1", 1, "sgd"),
    "exp8": ("gpt1", 1, "momentum"),
    "exp9": ("lstm", 2, "adamw"),
    "exp10": ("lstm", 4, "adamw"),
    "exp11": ("gpt1", 2, "adamw"),
    "exp12": ("gpt1", 4, "adamw"),
}


@dataclass(frozen=True)
class TrainingOptions:
    """How a model is trained; the defaults are the study's."""

    batch_size: int = 16
    epochs: int = 10
    max_steps: int | None = None
    optimizer: str = "adam"
    lr: float = 1e-3
    weight_decay: float | None = None
    momentum: float = 0.9
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    schedule: str = "constant"
    warmup_steps: int = 0
    clip_norm: float | None = None
    seed: int = 42
    shuffle: bool = True
    log_every: int = 1
    compile: str | None = None
    explicit: bool = False
    run_dir: Path | None = None

    def steps_per_epoch(self, sequences):
        return math.ceil(sequences / self.batch_size)

    def total_steps(self, sequences):
        """The steps of all epochs, or `max_steps` if that is less."""
        steps = self.epochs * self.steps_per_epoch(sequences)
        return steps if self.max_steps is None else min(steps, self.max_steps)
