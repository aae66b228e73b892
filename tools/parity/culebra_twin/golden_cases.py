"""The cases of the goldens, in double precision, by the name of their file.

Each case takes a `Random` and returns its tensors and its settings. A tensor `dx` is the gradient of
sum(y * dy) with respect to x, or of the loss where there is one.
"""

from functools import partial

import numpy
import torch
import torch.nn.functional as F
from torch import nn

from culebra_twin import loss, models, optimization


class Random:
    """Seeded test data; numpy's generator, because its streams are the same on every processor."""

    def __init__(self, seed):
        self.generator = numpy.random.default_rng(seed)

    def normal(self, *shape, scale=1.0):
        return torch.from_numpy(scale * self.generator.standard_normal(shape))

    def tokens(self, vocabulary_size, *shape):
        """Ids from 1, so none is padding."""
        return torch.from_numpy(self.generator.integers(1, vocabulary_size, shape))


# --- operations ---------------------------------------------------------------------------------------------

EPILOGUES = {
    "none": lambda x: x,
    "relu": F.relu,
    "gelu": F.gelu,
    "gelu_tanh": partial(F.gelu, approximate="tanh"),
}


def linear(random, epilogue):
    """y = epilogue(x weight^T + bias), x (7, 33), weight (31, 33)."""
    inputs = {"x": random.normal(7, 33), "weight": random.normal(31, 33, scale=0.3), "bias": random.normal(31)}
    return differentiate(inputs, random, lambda x, weight, bias: EPILOGUES[epilogue](F.linear(x, weight, bias))), {
        "epilogue": epilogue}


def layer_norm(random):
    """y = layer_norm(x) over the last dimension of (3, 5, 7, 11)."""
    inputs = {"x": random.normal(3, 5, 7, 11), "weight": random.normal(11), "bias": random.normal(11)}
    return differentiate(inputs, random, lambda x, weight, bias: F.layer_norm(x, (11,), weight, bias)), {
        "epsilon": 1e-5}


def layer_norm_residual(random):
    """y = layer_norm(x + residual) over the last dimension of (3, 5, 7, 11)."""
    inputs = {"x": random.normal(3, 5, 7, 11), "residual": random.normal(3, 5, 7, 11),
              "weight": random.normal(11), "bias": random.normal(11)}
    return differentiate(
        inputs, random,
        lambda x, residual, weight, bias: F.layer_norm(x + residual, (11,), weight, bias)), {"epsilon": 1e-5}


def attention(random, sequence_length):
    """Causal attention of 2 sequences with 3 heads of size 5; all of q, k, v and out are (B, m, T, d)."""
    shape = (2, 3, sequence_length, 5)
    inputs = {"q": random.normal(*shape), "k": random.normal(*shape), "v": random.normal(*shape)}
    tensors = differentiate(inputs, random, lambda q, k, v: models.attention_weights(q, k) @ v, output="out")
    tensors["weights"] = models.attention_weights(inputs["q"], inputs["k"])
    return tensors, {"heads": 3, "head_size": 5}


def lstm(random, layers, stateful=False):
    """An LSTM on (B 5, T 7, E 13) with H 17, from zero or given states; weights named as in PyTorch."""
    module = nn.LSTM(13, 17, layers, batch_first=True).double()
    randomize(module, random, scale=0.25)
    x = random.normal(5, 7, 13).requires_grad_()
    dy = random.normal(5, 7, 17)
    state = {"h_0": random.normal(layers, 5, 17), "c_0": random.normal(layers, 5, 17)} if stateful else {}
    y, (h_n, c_n) = module(x, tuple(state.values()) or None)
    y.backward(dy)
    weights = dict(module.named_parameters())
    gradients = {f"d{name}": weight.grad for name, weight in weights.items()}
    return {"x": x, **state, **weights, "y": y, "h_n": h_n, "c_n": c_n, "dy": dy, "dx": x.grad, **gradients}, {
        "layers": layers, "hidden_size": 17}


def embedding(random):
    """y[b, t] = token_table[tokens[b, t]] + position_table[t]; look-ups of token 0 leave no gradient."""
    tokens = random.tokens(11, 3, 7)
    tokens[1, 2:] = models.PADDING
    token_table = random.normal(11, 13).requires_grad_()
    position_table = random.normal(9, 13).requires_grad_()
    dy = random.normal(3, 7, 13)
    y = F.embedding(tokens, token_table, padding_idx=models.PADDING) + position_table[:7]
    y.backward(dy)
    return {"tokens": tokens.int(), "token_table": token_table, "position_table": position_table, "y": y, "dy": dy,
            "dtoken_table": token_table.grad, "dposition_table": position_table.grad}, {}


def linear_cross_entropy(random):
    """Loss of logits = hidden table^T for hidden (5, 7, 33), table (257, 33) and masked targets (5, 7).

    The loss is the sum over tokens of weights * nll.
    """
    targets, mask = padded(random.tokens(257, 5, 7), lengths=(7, 7, 4, 1, 6))
    hidden = random.normal(5, 7, 33).requires_grad_()
    table = random.normal(257, 33, scale=0.3).requires_grad_()
    nll = loss.token_nll(F.linear(hidden, table), targets)
    total = loss.batch_loss(nll, mask)
    total.backward()
    return {"hidden": hidden, "table": table, "targets": targets.int(), "mask": mask.int(),
            "weights": mask / mask.sum(dim=1, keepdim=True).double() / mask.shape[0],
            **loss_values(nll, mask), "dhidden": hidden.grad, "dtable": table.grad}, {}


def differentiate(inputs, random, function, output="y"):
    """The inputs, the output, a random gradient of it and the inputs' gradients."""
    for tensor in inputs.values():
        tensor.requires_grad_()
    y = function(**inputs)
    dy = random.normal(*y.shape)
    y.backward(dy)
    return {**inputs, output: y, f"d{output}": dy, **{f"d{name}": tensor.grad for name, tensor in inputs.items()}}


# --- models -------------------------------------------------------------------------------------------------


def lstm_model(random):
    """LSTM language model: V 11, E 13, H 17, L 3, B 5, T 7."""
    model = models.LstmLanguageModel(11, embedding_width=13, hidden_size=17, layers=3).double()
    tensors = model_case(model, random, lengths=(7, 7, 3, 1, 6), sequence_length=7)
    _, (h, c) = model.forward_with_state(tensors["tokens"].long())
    return {**tensors, "state/h": h, "state/c": c}, {
        "model": "lstm", "layers": 3, "hidden_size": 17, "gradient_if_learned": "embedding.weight"}


def gpt_model(random, gelu):
    """MiniGPT1: V 11, 3 heads of 4, 2 blocks, B 3, T 9, a table of 12 positions."""
    model = models.GptLanguageModel(11, heads=3, head_size=4, layers=2, positions=12, gelu=gelu).double()
    return model_case(model, random, lengths=(9, 5, 1), sequence_length=9), {
        "model": "gpt1", "layers": 2, "heads": 3, "gelu": gelu,
        "gradient_if_learned": "embedding.tokens.weight embedding.position.weight"}


def model_case(model, random, lengths, sequence_length):
    """Weights, one batch, log-probabilities, loss and every gradient.

    The embeddings' gradients are those of a run that learns them; a run that freezes them has all the others
    unchanged, which is verified here.
    """
    randomize(model, random, scale=0.25)
    with torch.no_grad():
        model.embeddings()[0][models.PADDING] = 0.0
    sequence = random.tokens(11, len(lengths), sequence_length + 1)
    tokens, _ = padded(sequence[:, :-1], lengths)
    targets, mask = padded(sequence[:, 1:], lengths)
    gradients = {}
    for learned in (False, True):
        model.zero_grad()
        for parameter in model.embeddings():
            parameter.requires_grad_(learned)
        logits = model.logits(model(tokens))
        nll = loss.token_nll(logits, targets)
        loss.batch_loss(nll, mask).backward()
        gradients[learned] = {name: parameter.grad.clone() for name, parameter in model.named_parameters()
                              if parameter.grad is not None}
    for name, gradient in gradients[False].items():
        torch.testing.assert_close(gradient, gradients[True][name], rtol=1e-12, atol=1e-15)
    return {
        "tokens": tokens.int(), "targets": targets.int(), "mask": mask.int(),
        **{f"weight/{name}": parameter for name, parameter in model.named_parameters()},
        "log_probabilities": loss.log_probabilities(logits), **loss_values(nll, mask),
        **{f"gradient/{name}": gradient for name, gradient in gradients[True].items()},
    }


def randomize(module, random, scale):
    """Fills all parameters; those of layer norms stay near 1 and 0."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            centre = 1.0 if "norm" in name and name.endswith("weight") else 0.0
            parameter.copy_(centre + random.normal(*parameter.shape, scale=scale))


def padded(tokens, lengths):
    """The tokens (B, T) with zeros from each sequence's length on, and the mask that says so."""
    mask = (torch.arange(tokens.shape[1]) < torch.tensor(lengths)[:, None]).long()
    return tokens * mask, mask


def loss_values(nll, mask):
    """Each token's negative log-likelihood, zero where masked, and what becomes of them."""
    return {"nll": nll * mask, "loss": loss.batch_loss(nll, mask), "nll_sum": loss.nll_sum(nll, mask),
            "token_count": mask.sum().int()}


# --- optimisers ---------------------------------------------------------------------------------------------

STEPS = 10
DEFAULTS = {"learning_rate": 1e-3}
# Settings under which every term shows: with the study's defaults the decay is lost in single precision.
LARGE = {"learning_rate": 0.05, "weight_decay": 0.1}


def optimizer(random, name, **settings):
    """Ten updates of 37 parameters by given gradients; some gradients are zero, one parameter's always."""
    parameter = random.normal(37)
    tensors = {"parameter/0": parameter.clone()}
    update = optimization.make_optimizer(name, [parameter], **settings)
    for step in range(1, STEPS + 1):
        parameter.grad = random.normal(37)
        parameter.grad[0] = 0.0
        parameter.grad[step] = 0.0
        update.step()
        tensors[f"gradient/{step}"] = parameter.grad
        tensors[f"parameter/{step}"] = parameter.clone()
    group = update.param_groups[0]
    metadata = {"optimizer": name, "learning_rate": group["lr"], "weight_decay": group["weight_decay"]}
    if name == "momentum":
        metadata["momentum"] = group["momentum"]
    if name in ("adam", "adamw"):
        metadata |= {"beta1": group["betas"][0], "beta2": group["betas"][1], "epsilon": group["eps"]}
    return tensors, metadata


def schedules(_):
    """The learning rates of 20 steps from 1e-3, without warm-up and with 5 steps of it."""
    return {
        f"{schedule}/warmup_{warmup}": torch.tensor(
            [optimization.learning_rate(schedule, 1e-3, step, 20, warmup) for step in range(20)], dtype=torch.float64)
        for schedule in optimization.SCHEDULES for warmup in (0, 5)
    }, {"learning_rate": 1e-3, "total_steps": 20}


def clipping(random, max_norm):
    """Three gradients, their global norm, and what clipping to `max_norm` makes of them."""
    gradients = [random.normal(*shape) for shape in ((7, 33), (31,), (1,))]
    parameters = [torch.zeros_like(gradient) for gradient in gradients]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient.clone()
    norm = optimization.clip_gradients(parameters, max_norm)
    return {
        "norm": norm,
        **{f"gradient/{i}": gradient for i, gradient in enumerate(gradients)},
        **{f"clipped/{i}": parameter.grad for i, parameter in enumerate(parameters)},
    }, {"max_norm": max_norm}


CASES = {
    **{f"operations/linear_{epilogue}.safetensors": partial(linear, epilogue=epilogue) for epilogue in EPILOGUES},
    "operations/layer_norm.safetensors": layer_norm,
    "operations/layer_norm_residual.safetensors": layer_norm_residual,
    "operations/attention_7.safetensors": partial(attention, sequence_length=7),
    "operations/attention_33.safetensors": partial(attention, sequence_length=33),
    "operations/lstm_1.safetensors": partial(lstm, layers=1),
    "operations/lstm_3.safetensors": partial(lstm, layers=3),
    "operations/lstm_initial_state.safetensors": partial(lstm, layers=2, stateful=True),
    "operations/embedding.safetensors": embedding,
    "operations/linear_cross_entropy.safetensors": linear_cross_entropy,
    "models/lstm.safetensors": lstm_model,
    "models/gpt1.safetensors": partial(gpt_model, gelu="exact"),
    "models/gpt1_tanh.safetensors": partial(gpt_model, gelu="tanh"),
    "optimizers/sgd.safetensors": partial(optimizer, name="sgd", **DEFAULTS),
    "optimizers/momentum.safetensors": partial(optimizer, name="momentum", **DEFAULTS),
    "optimizers/adam.safetensors": partial(optimizer, name="adam", **DEFAULTS),
    "optimizers/adamw.safetensors": partial(optimizer, name="adamw", **DEFAULTS),
    "optimizers/momentum_large.safetensors": partial(optimizer, name="momentum", momentum=0.7, **LARGE),
    "optimizers/adam_weight_decay.safetensors": partial(optimizer, name="adam", betas=(0.8, 0.95), eps=1e-3, **LARGE),
    "optimizers/adamw_large.safetensors": partial(optimizer, name="adamw", betas=(0.8, 0.95), eps=1e-3, **LARGE),
    "optimizers/schedules.safetensors": schedules,
    "optimizers/clipping.safetensors": partial(clipping, max_norm=0.5),
    "optimizers/clipping_none.safetensors": partial(clipping, max_norm=1000.0),
}
