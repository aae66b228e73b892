"""Writes the tokenizer's golden: a small vocabulary of GPT-1's kind, made from sentences of our own, and what Hugging Face's
OpenAIGPTTokenizer makes of some lines with it.

    pip install transformers==5.18.0
    python tools/parity/tokenizer_goldens.py
"""

import json
import pathlib

import tokenizers
import transformers

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "experiments/src/test/resources/dev/culebra/experiments/text/gpt"

SENTENCES = [
    "The canal joins two oceans, and the ships that pass it climb over the land.",
    "A ship waits for the lock to fill; the lock fills from the lake above it.",
    "In 1,913 days they moved 232,440,945 cubic yards: more than anyone had thought.",
    "Don't hurry, said the pilot, the water isn't ours to command.",
    "She asked whether the ships were waiting; they were, and had been since the morning.",
    "Naïve travellers à la carte, café owners, and Ångström himself would have liked the view.",
    "The unfinished, the unloaded and the unwanted ended up in the same shed.",
]

LINES = [
    "The ships wait.",
    "the SHIPS wait",
    "  blanks   between\tand around  ",
    "It's 1,234.5 (or so) -- isn't it? \"Yes!\"",
    "a @-@ b @,@ c @.@ d",
    "Café, naïve, Ångström, İstanbul, ﬁnal, e\u0301",
    "ship 船在运河里 ship",
    "the ship \U0001f6a2 and \U0001f44d\U0001f3fd",
    "con\u0000trol\u0007 cha\u200brac\u00adters\ufeff",
    "no\u00a0break and \u3000 wide \u2028 lines",
    "<unk> the <unk>ship <UNK> < unk >",
    "unships" * 200,
    "ж" * 50,
    "waters" + "-" * 40 + "waters",
    "\u0007",
    "the\u0085end",
]


def main() -> None:
    model = tokenizers.Tokenizer(tokenizers.models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    model.normalizer = tokenizers.normalizers.BertNormalizer(lowercase=True)
    model.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    model.train_from_iterator(
        SENTENCES,
        tokenizers.trainers.BpeTrainer(
            vocab_size=300, special_tokens=["<unk>"], end_of_word_suffix="</w>", show_progress=False
        ),
    )
    parts = json.loads(model.to_str())["model"]
    merges = [" ".join(pair) for pair in parts["merges"]]
    reference = transformers.OpenAIGPTTokenizer(vocab=parts["vocab"], merges=[tuple(m.split(" ")) for m in merges])

    FOLDER.mkdir(parents=True, exist_ok=True)
    write("encoder_bpe_40000.json", json.dumps(parts["vocab"], ensure_ascii=False, indent=0) + "\n")
    write("vocab_40000.bpe", "\n".join(["#version: 0.2", *merges, ""]))
    golden = {
        "magic": "culebra tokenizer golden",
        "version": 1,
        "transformers": transformers.__version__,
        "vocabulary": len(parts["vocab"]),
        "lines": [
            {
                "text": line,
                "ids": reference.encode(line.strip(), add_special_tokens=False),
                "decoded": reference.decode(reference.encode(line.strip(), add_special_tokens=False)),
            }
            for line in LINES
        ],
    }
    write("golden.json", json.dumps(golden, indent=1) + "\n")


def write(name: str, text: str) -> None:
    (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
