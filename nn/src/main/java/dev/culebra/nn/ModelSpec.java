package dev.culebra.nn;

/** The architecture of a language model: everything its tensors' names and shapes depend on. */
public sealed interface ModelSpec permits LstmModelSpec, GptModelSpec {
    /** As on the command line: {@code lstm}, {@code gpt1}. */
    String label();

    /** V, the number of token ids, 0 for padding included. */
    int vocabulary();

    /** E, the width of the embeddings and of the tied classifier. */
    int width();

    /** L, the number of LSTM layers or transformer blocks. */
    int layers();
}
