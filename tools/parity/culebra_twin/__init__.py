"""The study of twelve WikiText-2 language models in PyTorch: the reference that Culebra is compared with."""
