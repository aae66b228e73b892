package dev.culebra.runtime.cpu;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs a loop on all cores. The threads wait between loops without burning time; starting a loop takes some
 * microseconds, so loops of less than some ten thousand steps are run where they are.
 */
final class ParallelLoop implements AutoCloseable {
    /** One piece of a loop. */
    @FunctionalInterface
    interface Piece {
        /** Does the steps from {@code from} (inclusive) to {@code to} (exclusive). */
        void run(long from, long to);
    }

    private final Thread[] workers;
    private final AtomicLong nextStep = new AtomicLong();
    private final AtomicLong working = new AtomicLong();
    private volatile long generation;
    private volatile boolean closed;
    private volatile Throwable failure;
    private Piece piece;
    private long steps;
    private long grain;

    /** A loop runner on this many threads, the caller's included. */
    ParallelLoop(int threads) {
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Thread(this::work, "culebra-loop-" + (i + 1));
            workers[i].setDaemon(true);
            workers[i].start();
        }
    }

    /** The number of threads. */
    int threads() {
        return workers.length + 1;
    }

    /**
     * Runs all steps from 0 to {@code steps}, in pieces of at most {@code grain}, and returns when they are done. Which
     * thread runs a piece is open: pieces must not share what they write, nor run loops themselves.
     *
     * @throws IllegalStateException if this is closed: there would be nobody to wait for
     */
    void run(long steps, long grain, Piece piece) {
        if (closed) {
            throw new IllegalStateException("the CPU backend is closed");
        }
        if (workers.length == 0 || steps <= grain) {
            for (long from = 0; from < steps; from += grain) {
                piece.run(from, Math.min(steps, from + grain));
            }
            return;
        }
        this.piece = piece;
        this.steps = steps;
        this.grain = grain;
        nextStep.set(0);
        working.set(workers.length);
        generation++;
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
        }
        Throwable mine = takePieces();
        while (working.get() != 0) {
            Thread.onSpinWait();
        }
        Throwable thrown = mine != null ? mine : failure;
        failure = null;
        switch (thrown) {
            case null -> {
            }
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new AssertionError(thrown);
        }
    }

    private void work() {
        long seen = 0;
        while (true) {
            while (generation == seen) {
                if (closed) {
                    return;
                }
                LockSupport.park(this);
            }
            seen = generation;
            Throwable thrown = takePieces();
            if (thrown != null) {
                failure = thrown;
            }
            working.decrementAndGet();
        }
    }

    private Throwable takePieces() {
        try {
            for (long from = nextStep.getAndAdd(grain); from < steps; from = nextStep.getAndAdd(grain)) {
                piece.run(from, Math.min(steps, from + grain));
            }
            return null;
        } catch (RuntimeException | Error thrown) {
            nextStep.set(steps);
            return thrown;
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
        }
    }
}
