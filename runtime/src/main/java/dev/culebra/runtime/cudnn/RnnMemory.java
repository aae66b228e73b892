package dev.culebra.runtime.cudnn;

/**
 * The memory that a network works in; all addresses are multiples of 16 bytes.
 *
 * @param weights the weight space, {@link Rnn#weightBytes}
 * @param workspace what is only needed during a call, {@link Rnn#workspaceBytes}
 * @param reserve what training forward leaves to backward, {@link Rnn#reserveBytes}
 */
public record RnnMemory(long weights, long workspace, long reserve) {}
