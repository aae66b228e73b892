package dev.culebra.experiments;

import java.util.concurrent.CountDownLatch;

import dev.culebra.experiments.run.Interruption;

/**
 * What happens when the process is told to end, by Ctrl-C most often: the command is asked to stop, given the time to
 * save its work, and its exit code becomes that of the process. A process that another Java started stops in the same way when
 * that one is killed.
 */
final class Shutdown implements Interruption {
    /** Says that an older Java started this one, and waits for it. */
    private static final String LAUNCHED = "culebra.launched";

    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean requested;
    private volatile int exitCode;

    private Shutdown() {}

    /** Takes effect from now on, until the process ends. */
    static Shutdown install() {
        Shutdown shutdown = new Shutdown();
        Runtime.getRuntime().addShutdownHook(new Thread(shutdown::await, "shutdown"));
        if (Boolean.getBoolean(LAUNCHED)) {
            ProcessHandle.current().parent().ifPresent(launcher -> launcher.onExit().thenRun(shutdown::request));
        }
        return shutdown;
    }

    @Override
    public boolean isRequested() {
        return requested;
    }

    private void request() {
        requested = true;
    }

    /** The command has ended; the process may. */
    void finished(int code) {
        exitCode = code;
        finished.countDown();
    }

    private void await() {
        request();
        try {
            finished.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(exitCode);
    }
}
