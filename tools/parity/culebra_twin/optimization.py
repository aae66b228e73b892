"""Optimisers, learning-rate schedules and gradient clipping as the study defines them."""

import math

import torch

OPTIMIZERS = ("sgd", "momentum", "adam", "adamw")
SCHEDULES = ("constant", "linear", "cosine")
DEFAULT_WEIGHT_DECAY = {"sgd": 5e-4, "momentum": 5e-4, "adam": 0.0, "adamw": 5e-4}


def make_optimizer(name, parameters, learning_rate=1e-3, weight_decay=None, momentum=0.9,
                   betas=(0.9, 0.999), eps=1e-8, fused=True):
    """A torch.optim optimiser over `parameters`; `weight_decay` None takes the study's default for `name`.

    The decay is decoupled in AdamW and added to the gradient in all others. Without `fused` the update is a loop over
    the parameters, several kernels for each.
    """
    if weight_decay is None:
        weight_decay = DEFAULT_WEIGHT_DECAY[name]
    common = {"lr": learning_rate, "weight_decay": weight_decay, "fused": fused}
    if not fused:
        common["foreach"] = False
    match name:
        case "sgd":
            return torch.optim.SGD(parameters, **common)
        case "momentum":
            return torch.optim.SGD(parameters, momentum=momentum, **common)
        case "adam":
            return torch.optim.Adam(parameters, betas=betas, eps=eps, **common)
        case "adamw":
            return torch.optim.AdamW(parameters, betas=betas, eps=eps, **common)
    raise ValueError(f"no optimiser is called {name}")


def learning_rate(schedule, base, step, total_steps, warmup_steps=0):
    """The rate of the update number `step`, counted from 0.

    Warm-up, step < warmup: base * (step + 1) / warmup. After it
    constant: base;
    linear: base * (total - step) / (total - warmup);
    cosine: base * 0.5 * (1 + cos(pi * (step - warmup) / (total - warmup))).
    """
    if step < warmup_steps:
        return base * (step + 1) / warmup_steps
    match schedule:
        case "constant":
            return base
        case "linear":
            return base * (total_steps - step) / (total_steps - warmup_steps)
        case "cosine":
            progress = (step - warmup_steps) / (total_steps - warmup_steps)
            return base * 0.5 * (1.0 + math.cos(math.pi * progress))
    raise ValueError(f"no schedule is called {schedule}")


def clip_gradients(parameters, max_norm):
    """Scales all gradients by min(1, max_norm / (norm + 1e-6)); returns their global norm before that."""
    return torch.nn.utils.clip_grad_norm_(parameters, max_norm)
