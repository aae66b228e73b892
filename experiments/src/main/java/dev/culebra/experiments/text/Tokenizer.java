package dev.culebra.experiments.text;

import java.util.List;

/** Turns text into the ids of tokens, and back. */
public interface Tokenizer extends AutoCloseable {
    /**
     * The ids of each line, each in 1..V-1.
     *
     * @param lines in any number; a line may have no token
     */
    List<int[]> encode(List<String> lines);

    /**
     * The text of some ids; padding, 0, is left out. Whitespace between tokens need not be what it was. The text of a
     * beginning begins the text, and what each token adds depends on the one before it alone.
     */
    String decode(int[] ids);

    /** V: the ids there are, padding included. */
    int vocabularySize();

    @Override
    void close();
}
