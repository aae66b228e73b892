"""The training loop, the evaluation of a split, and the events they tell of."""

import itertools
import json
import math
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import torch

from culebra_twin import checkpoint, loss, models, optimization


AUTOCAST = {"bf16": torch.bfloat16, "fp16": torch.float16}


class Runner:
    """A model on a device in a precision: fp32, tf32, bf16 or fp16 (autocast) or fp64.

    `compile_mode` is one of torch.compile's, None for eager. With `explicit`, attention weights and the log-probabilities of
    the whole vocabulary are computed in full, as scripts did before there were fused kernels.
    """

    def __init__(self, model, device="cpu", precision="fp32", compile_mode=None, explicit=False):
        torch.set_float32_matmul_precision("high" if precision == "tf32" else "highest")
        torch.backends.cudnn.allow_tf32 = precision == "tf32"
        self.device = torch.device(device)
        self.precision = precision
        self.model = model.to(self.device, torch.float64 if precision == "fp64" else torch.float32)
        self.explicit = explicit
        for module in model.modules():
            if isinstance(module, models.CausalSelfAttention):
                module.explicit = explicit
        self.nll = torch.compile(self.token_nll, mode=compile_mode) if compile_mode else self.token_nll
        # Gradients in half precision would vanish: they are scaled up, and back before the update.
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=precision == "fp16")

    def token_nll(self, batch):
        """The negative log-likelihood of each token, (B, T), in fp32 or fp64."""
        with self.autocast():
            logits = self.model.logits(self.model(batch.tokens))
        if self.precision in AUTOCAST:
            logits = logits.float()
        if self.explicit:
            return loss.selected_nll(loss.log_probabilities(logits), batch.targets)
        return loss.token_nll(logits, batch.targets)

    def autocast(self):
        if self.precision in AUTOCAST:
            return torch.autocast(self.device.type, AUTOCAST[self.precision])
        return nullcontext()

    def evaluate(self, dataset, batch_size):
        """Totals over a split, dropout off."""
        totals = Totals(self.device)
        self.model.eval()
        with torch.inference_mode():
            for batch in dataset.batches(batch_size):
                batch = batch.to(self.device)
                totals.add(self.nll(batch), batch.mask)
        self.model.train()
        return totals.result()


class Totals:
    """Sums of negative log-likelihoods and of tokens, kept on the device."""

    def __init__(self, device):
        self.nll_sum = torch.zeros((), dtype=torch.float64, device=device)
        self.tokens = torch.zeros((), dtype=torch.int64, device=device)

    def add(self, nll, mask):
        self.nll_sum += loss.nll_sum(nll.detach(), mask)
        self.tokens += mask.sum()

    def result(self):
        """Loss is the mean over tokens, perplexity its exponential."""
        nll_sum, tokens = self.nll_sum.item(), self.tokens.item()
        return {"loss": nll_sum / tokens, "perplexity": perplexity(nll_sum / tokens),
                "nll_sum": nll_sum, "tokens": tokens}


class Log:
    """Prints each event as one JSON object or for people, and keeps a copy in the run directory."""

    def __init__(self, as_json, run_dir=None):
        self.as_json = as_json
        self.file = (Path(run_dir) / "metrics.jsonl").open("w") if run_dir else None

    def event(self, event, **values):
        line = json.dumps({"event": event, **values}, separators=(",", ":"))
        if self.file:
            print(line, file=self.file, flush=True)
        print(line if self.as_json else f"{event}: " + ", ".join(f"{k} {v}" for k, v in values.items()), flush=True)

    def remark(self, text):
        """Says something that is no event, on standard error."""
        print(text, file=sys.stderr, flush=True)


class Interval:
    """The training since the last logged step; evaluations in between do not count."""

    def __init__(self):
        self.tokens = self.steps = 0
        self.seconds = 0.0
        self.resume()

    def resume(self):
        self.since = time.perf_counter()

    def pause(self):
        self.seconds += time.perf_counter() - self.since

    def add(self, tokens):
        """One more step, with so many tokens."""
        self.tokens += tokens
        self.steps += 1

    def speed(self):
        """Tokens a second and the seconds of a step until now."""
        seconds = self.seconds + time.perf_counter() - self.since
        return {"tokens_per_second": self.tokens / seconds, "seconds": seconds / self.steps}


def train(runner, architecture, datasets, options, log):
    """Trains for `options.epochs` or `options.max_steps`.

    An epoch that was cut short is not evaluated; a run that ends with a whole one is evaluated on the test split.
    """
    begin = time.perf_counter()
    model = runner.model
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = optimization.make_optimizer(options.optimizer, parameters, options.lr, options.weight_decay,
                                            options.momentum, options.betas, options.eps,
                                            fused=not options.explicit)
    train_set = datasets["train"]
    steps_per_epoch, total_steps = options.steps_per_epoch(len(train_set)), options.total_steps(len(train_set))
    shuffle = torch.Generator().manual_seed(options.seed) if options.shuffle else None

    def update(batch, step):
        """One step, counted from 0; returns the loss before it and adds to the epoch's totals."""
        optimizer.zero_grad()
        nll = runner.nll(batch)
        totals.add(nll, batch.mask)
        batch_loss = loss.batch_loss(nll.double(), batch.mask)
        runner.scaler.scale(batch_loss).backward()
        if options.clip_norm is not None:
            runner.scaler.unscale_(optimizer)
            optimization.clip_gradients(parameters, options.clip_norm)
        for group in optimizer.param_groups:
            group["lr"] = optimization.learning_rate(
                options.schedule, options.lr, step, total_steps, options.warmup_steps)
        runner.scaler.step(optimizer)
        runner.scaler.update()
        return batch_loss.detach()

    model.train()
    step = 0
    best = math.inf
    interval = Interval()
    for epoch in range(1, options.epochs + 1):
        totals = Totals(runner.device)
        epoch_start = time.perf_counter()
        interval.resume()
        batches = train_set.batches(options.batch_size, shuffle)
        for batch in itertools.islice(batches, total_steps - step):
            interval.add(int(batch.mask.sum()))
            batch_loss = update(batch.to(runner.device), step)
            step += 1
            if step % options.log_every == 0 or step == total_steps:
                value = batch_loss.item()
                log.event("step", step=step, epoch=epoch, loss=value, **interval.speed())
                interval = Interval()
        if step < epoch * steps_per_epoch:
            break
        measured = totals.result()
        seconds = time.perf_counter() - epoch_start
        interval.pause()
        validation = runner.evaluate(datasets["validation"], options.batch_size)
        log.event("epoch", epoch=epoch, step=step, train=measured, validation=validation, seconds=seconds,
                  peak_memory_bytes=peak_memory_bytes())
        if options.run_dir and validation["perplexity"] < best:
            best = validation["perplexity"]
            checkpoint.save(options.run_dir / "best.safetensors", model, architecture)
    if options.run_dir:
        checkpoint.save(options.run_dir / "last.safetensors", model, architecture)
    if step and step % steps_per_epoch == 0:
        log.event("evaluation", split="test", **runner.evaluate(datasets["test"], options.batch_size))
    log.event("end", step=step, seconds=time.perf_counter() - begin, peak_memory_bytes=peak_memory_bytes(),
              **device_memory(runner.device))


def perplexity(mean_nll):
    """exp(mean_nll), infinite where that overflows."""
    try:
        return math.exp(mean_nll)
    except OverflowError:
        return math.inf


def peak_memory_bytes():
    """The largest resident size this process ever had, as Linux counts it (VmHWM)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    kibibytes = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    return int(kibibytes) * 1024


def device_memory(device):
    if device.type != "cuda":
        return {}
    return {"peak_device_memory_bytes": torch.cuda.max_memory_allocated(device)}
