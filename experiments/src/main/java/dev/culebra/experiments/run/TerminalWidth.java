package dev.culebra.experiments.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The width of the terminal. It is asked for here because the progress bar's own way, through JLine, resets the
 * handler of Ctrl-C, and a run would then end without saving its state.
 */
final class TerminalWidth {
    private static final int USUAL = 80;

    private TerminalWidth() {}

    /** As the system's {@code stty} tells it, and 80 where there is none. */
    static int columns() {
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(ProcessBuilder.Redirect.INHERIT).start();
            String[] rowsAndColumns = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ");
            boolean ended = stty.waitFor(1, TimeUnit.SECONDS);
            return ended && rowsAndColumns.length == 2 && Integer.parseInt(rowsAndColumns[1]) > 0
                    ? Integer.parseInt(rowsAndColumns[1])
                    : USUAL;
        } catch (IOException | NumberFormatException e) {
            return USUAL;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USUAL;
        }
    }
}
