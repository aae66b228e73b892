"""Token ids from `.npz` files, cut into sequences and padded into batches."""

from dataclasses import dataclass
from pathlib import Path

import numpy
import torch

BREAK_MODES = ("none", "lines", "complete")
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class Split:
    """The ids of a split, and how many tokens each of its lines has."""

    tokens: numpy.ndarray
    sizes: numpy.ndarray
    vocabulary_size: int | None

    @staticmethod
    def load(directory, name):
        """Reads `wiki.{name}.npz`: arrays `tokens`, `sizes` and optionally `vocabulary_size`."""
        file = Path(directory) / f"wiki.{name}.npz"
        with numpy.load(file) as arrays:
            size = int(arrays["vocabulary_size"]) if "vocabulary_size" in arrays else None
            tokens, sizes = (array(file, arrays, key).astype(numpy.int64) for key in ("tokens", "sizes"))
        split = Split(tokens, sizes, size)
        in_lines, in_all = split.sizes.sum(), len(split.tokens)
        if in_lines != in_all:
            raise ValueError(f"{name}: the lines' sizes sum to {in_lines}, but there are {in_all} tokens")
        return split


@dataclass(frozen=True)
class Batch:
    """Sources, targets and mask, each int64 (B, T); all are 0 on padding."""

    tokens: torch.Tensor
    targets: torch.Tensor
    mask: torch.Tensor

    def to(self, device):
        return Batch(*(tensor.to(device) for tensor in (self.tokens, self.targets, self.mask)))


class Dataset:
    """The sequences of a split.

    A sequence is a range [start, end) of at most `length` + 1 tokens: its source is all but the last, its target
    all but the first. Break modes: `none` cuts the whole split; `lines` cuts each line; `complete` cuts groups of
    whole lines, each as many as fit into `length` + 1 tokens. Neighbouring cuts share one token, so every token
    but the first of what was cut is a target once; what has a single token gives no sequence.
    """

    def __init__(self, split, break_mode="none", length=256):
        self.tokens = split.tokens
        self.length = length
        self.ranges = [piece for start, end in pieces(split.sizes, break_mode, length)
                       for piece in cut(start, end, length)]

    def __len__(self):
        return len(self.ranges)

    def batches(self, batch_size, generator=None):
        """All batches, the last one smaller; in the order of the text, or shuffled by `generator`."""
        order = range(len(self)) if generator is None else torch.randperm(len(self), generator=generator).tolist()
        for first in range(0, len(self), batch_size):
            yield self.batch(order[first:first + batch_size])

    def batch(self, indices):
        """The sequences at `indices`, zero-padded to the longest of them."""
        ranges = [self.ranges[index] for index in indices]
        longest = max(end - start for start, end in ranges) - 1
        tokens, targets, mask = numpy.zeros((3, len(ranges), longest), dtype=numpy.int64)
        for row, (start, end) in enumerate(ranges):
            count = end - start - 1
            tokens[row, :count] = self.tokens[start:end - 1]
            targets[row, :count] = self.tokens[start + 1:end]
            mask[row, :count] = 1
        return Batch(torch.from_numpy(tokens), torch.from_numpy(targets), torch.from_numpy(mask))


def pieces(sizes, break_mode, length):
    """The ranges of tokens that are cut into sequences independently of each other."""
    ends = numpy.cumsum(sizes).tolist()
    starts = [0, *ends[:-1]]
    match break_mode:
        case "none":
            return [(0, ends[-1])]
        case "lines":
            return list(zip(starts, ends))
        case "complete":
            groups = []
            for start, end in zip(starts, ends):
                if groups and end - groups[-1][0] <= length + 1:
                    groups[-1] = (groups[-1][0], end)
                else:
                    groups.append((start, end))
            return groups
    raise ValueError(f"no break mode is called {break_mode}")


def cut(start, end, length):
    """Ranges of at most `length` + 1 tokens that cover [start, end), each beginning with its predecessor's last."""
    return [(first, min(first + length + 1, end)) for first in range(start, end - 1, length)]


def load_embeddings(file, with_positions):
    """The arrays `tokens` (V, E) and, if asked for, `position` (P, E) of an embeddings file, in single precision."""
    names = ("tokens", "position") if with_positions else ("tokens",)
    with numpy.load(file) as arrays:
        return {name: torch.from_numpy(array(file, arrays, name).astype(numpy.float32)) for name in names}


def array(file, arrays, name):
    """The array of this name among those of an open file."""
    if name not in arrays:
        raise ValueError(f"{file}: array '{name}' is missing")
    return arrays[name]
