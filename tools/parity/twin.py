"""The study in PyTorch: `twin.py exp1 --data DIR`, with the options and events of Culebra's own command line."""

import argparse
import dataclasses
import sys
from pathlib import Path

import torch

from culebra_twin import checkpoint, data, optimization, training
from culebra_twin.study import RUNS, TrainingOptions

DEFAULT_VOCABULARY_SIZE = 40_479


def main():
    arguments = make_parser().parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    try:
        run_evaluation(arguments) if arguments.command == "evaluate" else run_training(arguments)
    except (OSError, ValueError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2
    return 0


def run_training(arguments):
    options = TrainingOptions(**{field.name: getattr(arguments, field.name)
                                 for field in dataclasses.fields(TrainingOptions)})
    if options.run_dir:
        options.run_dir.mkdir(parents=True, exist_ok=True)
    log = training.Log(arguments.json, options.run_dir)
    splits = {name: data.Split.load(arguments.data, name) for name in data.SPLITS}
    datasets = {name: data.Dataset(split, arguments.break_mode, arguments.sequence_length)
                for name, split in splits.items()}

    torch.manual_seed(options.seed)
    weights, architecture = starting_weights(arguments, splits["train"].vocabulary_size)
    for split in splits.values():
        require_ids(split, architecture)
    model = architecture.build(arguments.dropout)
    has_embeddings = checkpoint.TOKEN_TABLE[architecture.model] in weights
    missing, unexpected = model.load_state_dict(weights, strict=False)
    if unexpected or (arguments.init_from and missing):
        raise ValueError(f"{arguments.init_from}: missing {missing}, unexpected {unexpected}")
    if arguments.save_init:
        checkpoint.save(arguments.save_init, model, architecture)
    learn_embeddings = arguments.learn_embeddings or not has_embeddings
    if not has_embeddings:
        log.remark("No embeddings were given: they start from N(0, 0.02) and are learned.")
    for parameter in model.embeddings():
        parameter.requires_grad_(learn_embeddings)

    runner = training.Runner(model, arguments.device, arguments.precision, options.compile, options.explicit)
    sequences = len(datasets["train"])
    log.event("start", run=arguments.command, step=0, total_steps=options.total_steps(sequences),
              steps_per_epoch=options.steps_per_epoch(sequences),
              learned_parameters=sum(values.numel() for values in model.parameters() if values.requires_grad),
              device=arguments.device, precision=arguments.precision, data=str(arguments.data),
              embeddings=origin_of_embeddings(arguments, has_embeddings, learn_embeddings))
    training.train(runner, architecture, datasets, options, log)


def origin_of_embeddings(arguments, given, learned):
    """Where they come from and whether they are learned, for people."""
    if not given:
        return "no file was given, so they are learned from N(0, 0.02)"
    return f"from {arguments.init_from or embeddings_file(arguments)}, {'learned further' if learned else 'frozen'}"


def embeddings_file(arguments):
    return arguments.embeddings or arguments.data / "embeddings.npz"


def starting_weights(arguments, data_vocabulary_size):
    """The weights that files give, by name, and the architecture that they and the options ask for."""
    weights = {}
    if arguments.embeddings or embeddings_file(arguments).exists():
        tables = data.load_embeddings(embeddings_file(arguments), with_positions=arguments.model == "gpt1")
        weights[checkpoint.TOKEN_TABLE[arguments.model]] = tables["tokens"]
        if arguments.model == "gpt1":
            weights[checkpoint.POSITION_TABLE] = tables["position"][: arguments.sequence_length]
    if arguments.init_from:
        tensors, metadata = checkpoint.load(arguments.init_from)
        weights |= tensors
        architecture = checkpoint.architecture_of(weights, metadata, arguments.heads, arguments.gelu)
        if architecture.model != arguments.model:
            raise ValueError(f"{arguments.init_from} holds a {architecture.model}, not a {arguments.model}")
        return weights, architecture
    table = weights.get(checkpoint.TOKEN_TABLE[arguments.model])
    vocabulary_size, width = table.shape if table is not None else (
        arguments.vocabulary_size or data_vocabulary_size or DEFAULT_VOCABULARY_SIZE, arguments.embedding_width)
    return weights, checkpoint.Architecture(
        arguments.model, vocabulary_size, width, arguments.layers, arguments.hidden_size,
        arguments.heads or checkpoint.Architecture.heads, arguments.sequence_length,
        arguments.gelu or checkpoint.Architecture.gelu)


def run_evaluation(arguments):
    log = training.Log(arguments.json)
    weights, metadata = checkpoint.load(arguments.checkpoint)
    architecture = checkpoint.architecture_of(weights, metadata, arguments.heads, arguments.gelu)
    split = data.Split.load(arguments.data, arguments.split)
    require_ids(split, architecture)
    model = architecture.build()
    model.load_state_dict(weights)
    runner = training.Runner(model, arguments.device, arguments.precision, arguments.compile)
    dataset = data.Dataset(split, arguments.break_mode, arguments.sequence_length)
    log.event("evaluation", split=arguments.split, **runner.evaluate(dataset, arguments.batch_size))


def require_ids(split, architecture):
    largest, entries = split.tokens.max(), architecture.vocabulary_size
    if largest >= entries:
        raise ValueError(f"the data hold token {largest}, but the vocabulary has {entries} entries")


def make_parser():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (model, layers, optimizer) in RUNS.items():
        command = commands.add_parser(name, help=f"{model}, {layers} layer{'s' * (layers > 1)}, {optimizer}")
        add_common_options(command)
        add_training_options(command)
        command.set_defaults(model=model)
        command.add_argument("--layers", type=int, default=layers)
        command.add_argument("--optimizer", choices=optimization.OPTIMIZERS, default=optimizer)
    command = commands.add_parser("train", help="any configuration")
    add_common_options(command)
    add_training_options(command)
    command.add_argument("--model", choices=("lstm", "gpt1"), required=True)
    command.add_argument("--layers", type=int, default=1)
    command.add_argument("--optimizer", choices=optimization.OPTIMIZERS, default=TrainingOptions.optimizer)
    command = commands.add_parser("evaluate", help="loss and perplexity of a split")
    add_common_options(command)
    command.add_argument("--checkpoint", type=Path, required=True)
    command.add_argument("--split", choices=data.SPLITS, default="test")
    return parser


def add_common_options(command):
    command.add_argument("--data", type=Path, required=True, help="folder with wiki.{train,validation,test}.npz")
    command.add_argument("--device", default="cpu")
    command.add_argument("--precision", choices=("fp32", "tf32", "bf16", "fp16", "fp64"), default="fp32")
    command.add_argument("--threads", type=int, help="PyTorch's threads on the CPU")
    command.add_argument("--compile", nargs="?", const="default", metavar="MODE",
                         choices=("default", "reduce-overhead", "max-autotune"),
                         help="compile the model with torch.compile, in the mode `default` or another")
    command.add_argument("--batch-size", type=int, default=TrainingOptions.batch_size)
    command.add_argument("--sequence-length", type=int, default=256)
    command.add_argument("--break-mode", choices=data.BREAK_MODES, default="none")
    command.add_argument("--heads", type=int)
    command.add_argument("--gelu", choices=("exact", "tanh"))
    command.add_argument("--json", action="store_true", help="one JSON object per event on standard output")


def add_training_options(command):
    defaults = TrainingOptions()
    command.add_argument("--embeddings", type=Path, help="default: embeddings.npz in the data folder, if there")
    command.add_argument("--learn-embeddings", action="store_true")
    command.add_argument("--init-from", type=Path, help="exact starting weights, a safetensors file")
    command.add_argument("--save-init", type=Path, help="write the starting weights to this safetensors file")
    command.add_argument("--vocabulary-size", type=int)
    command.add_argument("--embedding-width", type=int, default=768)
    command.add_argument("--hidden-size", type=int, default=512)
    command.add_argument("--dropout", type=float, default=0.0)
    command.add_argument("--epochs", type=int, default=defaults.epochs)
    command.add_argument("--max-steps", type=int)
    command.add_argument("--lr", type=float, default=defaults.lr)
    command.add_argument("--weight-decay", type=float, help="default: 5e-4, but 0 for adam")
    command.add_argument("--momentum", type=float, default=defaults.momentum)
    command.add_argument("--betas", type=float_pair, default=defaults.betas, metavar="B1,B2")
    command.add_argument("--eps", type=float, default=defaults.eps)
    command.add_argument("--schedule", choices=optimization.SCHEDULES, default=defaults.schedule)
    command.add_argument("--warmup-steps", type=int, default=defaults.warmup_steps)
    command.add_argument("--clip-norm", type=float)
    command.add_argument("--seed", type=int, default=defaults.seed)
    command.add_argument("--no-shuffle", dest="shuffle", action="store_false")
    command.add_argument("--log-every", type=int, default=defaults.log_every, metavar="N")
    command.add_argument("--explicit", action="store_true",
                         help="as scripts were in 2021: attention weights and log-probabilities in full, and an "
                              "optimiser that is a loop over the parameters")
    command.add_argument("--run-dir", type=Path)


def float_pair(text):
    first, second = text.split(",")
    return float(first), float(second)


if __name__ == "__main__":
    sys.exit(main())
