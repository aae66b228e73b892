"""Golden files: safetensors whose metadata says what they are, with the same bytes on every run.

The writer is our own because the safetensors package orders metadata by a randomised hash.
"""

import json

import torch
from safetensors import safe_open

MAGIC = "culebra-golden"
VERSION = "1"
DTYPES = {torch.float64: "F64", torch.int32: "I32"}
SHORT_NAMES = {"F64": "f64", "I32": "i32"}


def write(path, tensors, metadata):
    """Writes named tensors with the golden header; `metadata` adds string entries to it."""
    # Wider types first, so that every tensor starts at a multiple of its element size.
    ordered = dict(sorted(tensors.items(), key=lambda item: -item[1].element_size()))
    header = {"__metadata__": golden_metadata(ordered, metadata)}
    chunks = []
    offset = 0
    for name, tensor in ordered.items():
        data = tensor.detach().contiguous().numpy().tobytes()
        header[name] = {
            "dtype": DTYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + len(data)],
        }
        chunks.append(data)
        offset += len(data)
    encoded = json.dumps(header, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(encoded).to_bytes(8, "little") + encoded + b"".join(chunks))


def read(path):
    """The tensors and the metadata of a golden file."""
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata() or {}
        if metadata.get("magic") != MAGIC or metadata.get("version") != VERSION:
            raise ValueError(f"{path} is no {MAGIC} of version {VERSION}")
        return {name: file.get_tensor(name) for name in file.keys()}, metadata


def golden_metadata(tensors, metadata):
    shapes = (f"{name} {SHORT_NAMES[DTYPES[tensor.dtype]]}{list(tensor.shape)}" for name, tensor in tensors.items())
    return {
        "magic": MAGIC,
        "version": VERSION,
        "producer": "tools/parity/goldens.py",
        "torch": torch.__version__.split("+")[0],
        **{name: str(value) for name, value in metadata.items()},
        "shapes": "; ".join(shapes).replace(", ", ","),
    }
