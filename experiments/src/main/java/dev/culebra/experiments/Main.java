package dev.culebra.experiments;

import dev.culebra.experiments.cli.Commands;
import dev.culebra.experiments.cli.Console;

/** The program. */
public final class Main {
    private Main() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] arguments) {
        Shutdown shutdown = Shutdown.install();
        boolean terminal = System.console() != null && System.console().isTerminal();
        int code = 1;
        try {
            code = Commands.run(new Console(System.out, System.err, terminal, shutdown), arguments);
            if (code == 0 && System.out.checkError()) {
                System.err.println("error: standard output could not be written; free space there, or read all of it");
                code = 1;
            }
        } finally {
            // Whatever was thrown, what waits for the end of the command must not wait for ever.
            shutdown.finished(code);
        }
        System.exit(code);
    }
}
