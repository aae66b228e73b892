"""The two language models of the study; their state-dict keys are the tensor names of its checkpoints.

Shapes: B sequences, T tokens each, V words, embedding width E, LSTM width H, m attention heads of size d.
`forward` maps token ids (B, T) to the hidden states (B, T, E) under the tied classifier, whose weight is the
token embedding; `logits` applies that classifier. So the loss decides what it materialises.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

PADDING = 0


class LstmLanguageModel(nn.Module):
    """Token embedding, L-layer LSTM, Linear(H, E), ReLU, tied Linear(E, V)."""

    def __init__(self, vocabulary_size, embedding_width=768, hidden_size=512, layers=1, dropout=0.0):
        super().__init__()
        self.embedding = token_embedding(vocabulary_size, embedding_width)
        self.dropout = nn.Dropout(dropout)
        between_layers = dropout if layers > 1 else 0.0
        self.lstm = nn.LSTM(embedding_width, hidden_size, layers, batch_first=True, dropout=between_layers)
        self.classifier = nn.Sequential(nn.Linear(hidden_size, embedding_width), nn.ReLU())

    def forward(self, tokens):
        return self.forward_with_state(tokens)[0]

    def forward_with_state(self, tokens, state=None):
        """Hidden states (B, T, E) and the final (h, c), each (L, B, H); `state` None means zeros."""
        outputs, state = self.lstm(self.dropout(self.embedding(tokens)), state)
        return self.classifier(outputs), state

    def logits(self, hidden):
        """(B, T, E) to (B, T, V)."""
        return F.linear(hidden, self.embedding.weight)

    def embeddings(self):
        """The parameters that stay frozen unless embeddings are learned."""
        return [self.embedding.weight]


class GptLanguageModel(nn.Module):
    """MiniGPT1: token plus position embedding, post-norm transformer blocks, tied Linear(E, V); E = m * d."""

    def __init__(self, vocabulary_size, heads=12, head_size=64, layers=1, positions=256, gelu="exact", dropout=0.0):
        super().__init__()
        width = heads * head_size
        self.embedding = TokenAndPositionEmbedding(vocabulary_size, positions, width)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Block(heads, head_size, gelu, dropout) for _ in range(layers))

    def forward(self, tokens):
        x = self.dropout(self.embedding(tokens))
        for layer in self.layers:
            x = layer(x)
        return x

    def logits(self, hidden):
        """(B, T, E) to (B, T, V)."""
        return F.linear(hidden, self.embedding.tokens.weight)

    def embeddings(self):
        """The parameters that stay frozen unless embeddings are learned."""
        return [self.embedding.tokens.weight, self.embedding.position.weight]


class TokenAndPositionEmbedding(nn.Module):
    """`tokens[id] + position[t]`, (B, T) to (B, T, E)."""

    def __init__(self, vocabulary_size, positions, width):
        super().__init__()
        self.tokens = token_embedding(vocabulary_size, width)
        self.position = nn.Embedding(positions, width, _weight=torch.empty(positions, width).normal_(std=0.02))

    def forward(self, tokens):
        return self.tokens(tokens) + self.position.weight[: tokens.shape[1]]


class Block(nn.Module):
    """`x = norm1(attention(x) + x)`, then `x = norm2(mlp(x) + x)`, (B, T, E) to (B, T, E)."""

    def __init__(self, heads, head_size, gelu, dropout):
        super().__init__()
        width = heads * head_size
        self.attention = CausalSelfAttention(heads, head_size)
        self.norm1 = nn.LayerNorm(width)
        activation = nn.GELU(approximate="tanh" if gelu == "tanh" else "none")
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), activation, nn.Linear(4 * width, width))
        self.norm2 = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        x = self.norm1(self.dropout(self.attention(x)) + x)
        return self.norm2(self.dropout(self.mlp(x)) + x)


class CausalSelfAttention(nn.Module):
    """Multi-head attention in which position t attends to positions up to t, (B, T, m*d) to (B, T, m*d).

    Where `explicit` is set, it holds all attention weights, (B, m, T, T), as models did before there were fused kernels.
    """

    explicit = False

    def __init__(self, heads, head_size):
        super().__init__()
        self.heads = heads
        width = heads * head_size
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def forward(self, x):
        queries, keys, values = (split_heads(projection(x), self.heads)
                                 for projection in (self.q_proj, self.k_proj, self.v_proj))
        if self.explicit:
            return self.out_proj(apply_attention(attention_weights(queries, keys), values))
        attended = F.scaled_dot_product_attention(queries, keys, values, is_causal=True)
        return self.out_proj(merge_heads(attended))


def attention_weights(queries, keys):
    """`softmax(Q K^T / sqrt(d))` over the positions up to t: (B, m, T, d) twice to (B, m, T, T)."""
    scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).triu(diagonal=1)
    return scores.masked_fill(later, -math.inf).softmax(dim=-1)


def apply_attention(weights, values):
    """(B, m, T, T) and (B, m, T, d) to (B, T, m*d)."""
    return merge_heads(weights @ values)


def split_heads(x, heads):
    """(B, T, m*d) to (B, m, T, d)."""
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def merge_heads(x):
    """(B, m, T, d) to (B, T, m*d), the inverse of `split_heads`."""
    return x.transpose(1, 2).flatten(-2)


def token_embedding(vocabulary_size, width):
    """An embedding from N(0, 0.02) whose padding row is zero and gets no gradient from look-ups."""
    weight = torch.empty(vocabulary_size, width).normal_(std=0.02)
    weight[PADDING] = 0.0
    return nn.Embedding(vocabulary_size, width, padding_idx=PADDING, _weight=weight)
