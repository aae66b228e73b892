"""Safetensors files of weights, and the architecture that names and shapes in them tell."""

from dataclasses import dataclass

import safetensors.torch
from safetensors import safe_open

from culebra_twin.models import GptLanguageModel, LstmLanguageModel

TOKEN_TABLE = {"lstm": "embedding.weight", "gpt1": "embedding.tokens.weight"}
POSITION_TABLE = "embedding.position.weight"
OPTIMIZER_PREFIX = "optimizer."


@dataclass(frozen=True)
class Architecture:
    """What decides the shapes of all tensors; `hidden_size` is the LSTM's, `heads`, `positions`, `gelu` MiniGPT1's."""

    model: str
    vocabulary_size: int
    embedding_width: int = 768
    layers: int = 1
    hidden_size: int = 512
    heads: int = 12
    positions: int = 256
    gelu: str = "exact"

    def build(self, dropout=0.0):
        """The model with freshly drawn weights."""
        if self.model == "lstm":
            return LstmLanguageModel(self.vocabulary_size, self.embedding_width, self.hidden_size, self.layers, dropout)
        if self.embedding_width % self.heads:
            raise ValueError(f"{self.heads} heads do not divide an embedding width of {self.embedding_width}")
        return GptLanguageModel(self.vocabulary_size, self.heads, self.embedding_width // self.heads, self.layers,
                                self.positions, self.gelu, dropout)


def save(path, model, architecture):
    """Writes all weights, embeddings included."""
    metadata = {"format": "culebra", "model": architecture.model, "layers": str(architecture.layers)}
    if architecture.model == "gpt1":
        metadata |= {"heads": str(architecture.heads), "gelu": architecture.gelu}
    tensors = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    safetensors.torch.save_file(tensors, path, metadata)


def load(path):
    """The weights of a file and its metadata, without the optimiser's state that Culebra keeps beside the weights."""
    with safe_open(path, framework="pt") as file:
        names = [name for name in file.keys() if not name.startswith(OPTIMIZER_PREFIX)]
        return {name: file.get_tensor(name) for name in names}, file.metadata() or {}


def architecture_of(tensors, metadata, heads=None, gelu=None):
    """Reads the architecture from names and shapes; heads and GELU from the metadata unless given."""
    if TOKEN_TABLE["lstm"] in tensors:
        vocabulary_size, width = tensors[TOKEN_TABLE["lstm"]].shape
        layers = sum(name.startswith("lstm.weight_hh_l") for name in tensors)
        return Architecture("lstm", vocabulary_size, width, layers, tensors["lstm.weight_hh_l0"].shape[1])
    if TOKEN_TABLE["gpt1"] in tensors:
        vocabulary_size, width = tensors[TOKEN_TABLE["gpt1"]].shape
        layers = sum(name.endswith(".norm1.weight") for name in tensors)
        return Architecture(
            "gpt1", vocabulary_size, width, layers, heads=heads or int(metadata.get("heads", Architecture.heads)),
            positions=len(tensors[POSITION_TABLE]), gelu=gelu or metadata.get("gelu", Architecture.gelu))
    raise ValueError(f"these are neither an LSTM's nor MiniGPT1's tensors: {', '.join(sorted(tensors)[:5])} ...")
