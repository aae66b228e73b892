package dev.culebra.experiments;

import java.io.PrintStream;
import java.util.Optional;

import dev.culebra.experiments.cli.Commands;
import dev.culebra.experiments.cli.Console;

/** The program. */
public final class Main {
    private Main() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] arguments) {
        Shutdown shutdown = Shutdown.install();
        boolean terminal = System.console() != null && System.console().isTerminal();
        StandardOutput output = new StandardOutput();
        PrintStream out = output.printStream(System.out.charset());
        System.setOut(out);
        int code = 1;
        try {
            code = Commands.run(new Console(out, System.err, terminal, shutdown), arguments);
            out.flush();
            Optional<String> failure = output.failure();
            if (code == 0 && failure.isPresent()) {
                System.err.println("error: standard output could not be written (" + failure.get() + ")");
                code = 1;
            }
        } finally {
            // Whatever was thrown, what waits for the end of the command must not wait for ever.
            shutdown.finished(code);
        }
        System.exit(code);
    }
}
