"""Writes the goldens of GPT-1's layout: a small model as Hugging Face's transformers save an OpenAIGPTLMHeadModel, and the
log-probabilities that transformers make of a batch with it, in double precision.

    pip install -r tools/parity/requirements.txt transformers==5.18.0
    python tools/parity/gpt1_goldens.py
"""

import hashlib
import json
import pathlib

import torch
import transformers

from culebra_twin import golden_cases, golden_file

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "nn/src/test/resources/gpt1"
SEED = 42
CONFIG = {"vocab_size": 97, "n_positions": 16, "n_embd": 24, "n_layer": 2, "n_head": 3}
SEQUENCES = 2
LENGTH = 13


def main() -> None:
    torch.set_num_threads(1)
    random = golden_cases.Random(SEED)
    model = transformers.OpenAIGPTLMHeadModel(transformers.OpenAIGPTConfig(**CONFIG)).eval()
    randomize(model, random)
    model.save_pretrained(FOLDER)
    (FOLDER / "generation_config.json").unlink(missing_ok=True)
    ids = random.tokens(CONFIG["vocab_size"], SEQUENCES, LENGTH) - 1
    with torch.no_grad():
        logits = model.double()(ids).logits
    # The study's ids are one higher, and its padding, id 0, has a row of zeros: the logit 0.
    padded = torch.cat([torch.zeros(SEQUENCES, LENGTH, 1, dtype=torch.float64), logits], dim=-1)
    weights = FOLDER / "model.safetensors"
    golden_file.write(
        FOLDER / "golden.safetensors",
        {"tokens": (ids + 1).int(), "log_probabilities": padded.log_softmax(dim=-1)},
        {
            "producer": "tools/parity/gpt1_goldens.py",
            "case": "golden.safetensors",
            "seed": SEED,
            "transformers": transformers.__version__,
            "configuration": json.dumps(CONFIG),
            "model_sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        },
    )


def randomize(model, random) -> None:
    """Weights and biases large enough that each one shows; those of the layer norms near 1 and 0."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            centre = 1.0 if ".ln_" in name and name.endswith("weight") else 0.0
            parameter.copy_(centre + random.normal(*parameter.shape, scale=0.25))


if __name__ == "__main__":
    main()
