"""Makes the corpus that ships inside experiments.jar, from the King James text that Debian packages.

    apt-get install bible-kjv python3-numpy
    python3 experiments/corpus/make.py

Writes wiki.{train,validation,test}.npz and vocabulary.json into the program's resources; the README there says what
is in them. The same text gives the same arrays.
"""

import collections
import json
import pathlib
import re
import subprocess

import numpy

# As many books as give some 120,000 training tokens: the stories, which read most like plain English.
BOOKS = {"gen": "gen1:1-gen50:26", "mat": "mat1:1-mat28:20", "mark": "mark1:1-mark16:20",
         "luke": "luke1:1-luke24:53", "john": "john1:1-john21:25"}
# Of each dozen chapters one is for validation and one for the test, so that all three splits tell the same stories.
PERIOD, VALIDATION, TEST = 12, 5, 11
PADDING, UNKNOWN = "<pad>", "<unk>"
LARGEST_VOCABULARY = 4096
FEWEST_OCCURRENCES = 2

TARGET = pathlib.Path(__file__).parent.parent / "src/main/resources/dev/culebra/experiments/data/corpus"
TOKEN = re.compile(r"[a-z]+(?:[-'][a-z]+)*|[^\sa-z]")


def main():
    splits = {"train": [], "validation": [], "test": []}
    for number, verses in enumerate(chapter for book in BOOKS.values() for chapter in chapters(book)):
        name = {VALIDATION: "validation", TEST: "test"}.get(number % PERIOD, "train")
        splits[name].extend(TOKEN.findall(verse.lower()) for verse in verses)

    counts = collections.Counter(token for line in splits["train"] for token in line)
    known = sorted((word for word, count in counts.items() if count >= FEWEST_OCCURRENCES),
                   key=lambda word: (-counts[word], word))
    vocabulary = [PADDING, UNKNOWN, *known][:LARGEST_VOCABULARY]
    ids = {word: index for index, word in enumerate(vocabulary)}

    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "vocabulary.json").write_text(json.dumps(vocabulary, indent=0) + "\n")
    for name, lines in splits.items():
        tokens = [ids.get(token, ids[UNKNOWN]) for line in lines for token in line]
        numpy.savez_compressed(TARGET / f"wiki.{name}.npz", tokens=numpy.array(tokens, numpy.uint16),
                               sizes=numpy.array([len(line) for line in lines], numpy.int64),
                               vocabulary_size=numpy.int64(len(vocabulary)))
        unknown = tokens.count(ids[UNKNOWN]) / len(tokens)
        print(f"{name}: {len(lines)} lines, {len(tokens)} tokens, {unknown:.2%} unknown")
    print(f"vocabulary: {len(vocabulary)}")


def chapters(passage):
    """The passage's chapters, each a list of verses."""
    printed = subprocess.run(["bible", "-f", passage], check=True, capture_output=True, text=True).stdout
    by_chapter = {}
    for line in printed.splitlines():
        reference, verse = line.split(" ", 1)
        by_chapter.setdefault(reference.split(":")[0], []).append(verse)
    return by_chapter.values()


if __name__ == "__main__":
    main()
