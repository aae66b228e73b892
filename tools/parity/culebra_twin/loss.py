"""Negative log-likelihood of a batch, from log-sum-exp minus the target's logit.

Shapes: B sequences, T tokens each, V words. A mask is 1 where a target counts and 0 on padding.
"""

import torch
import torch.nn.functional as F


def token_nll(logits, targets):
    """`logsumexp(logits[b, t]) - logits[b, t, targets[b, t]]`, as (B, T).

    `cross_entropy` computes exactly that, in the data type of the logits; callers widen bf16 logits first.
    """
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none").view_as(targets)


def batch_loss(nll, mask):
    """The mean over sequences of each sequence's mean over its unmasked tokens, a scalar."""
    mask = mask.to(nll.dtype)
    return ((nll * mask).sum(dim=1) / mask.sum(dim=1)).mean()


def nll_sum(nll, mask):
    """The total over unmasked tokens in double precision, a scalar. Perplexity is `exp(nll_sum / tokens)`."""
    return (nll.double() * mask).sum()


def loss(log_probabilities, targets, mask):
    """`batch_loss` for callers who hold the log-probabilities (B, T, V)."""
    return batch_loss(selected_nll(log_probabilities, targets), mask)


def selected_nll(log_probabilities, targets):
    """The negative log-likelihood of each target, (B, T), from the log-probabilities (B, T, V)."""
    return -log_probabilities.gather(dim=2, index=targets.unsqueeze(2)).squeeze(2)


def log_probabilities(logits):
    """The logits (B, T, V) normalised so that each row's exponentials sum to 1."""
    return torch.log_softmax(logits, dim=-1)
