package dev.culebra.experiments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Why standard output cannot be written is remembered, and a reader that has gone is no failure. */
class StandardOutputTest {
    private static final class Failing extends OutputStream {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private final String message;
        private int failures;

        Failing(String message) {
            this.message = message;
        }

        @Override
        public void write(int value) throws IOException {
            if (value == '!') {
                failures++;
                throw new IOException(message);
            }
            written.write(value);
        }
    }

    @ParameterizedTest
    @CsvSource({"No space left on device, No space left on device", "Input/output error, Input/output error",
        "Broken pipe,", "The pipe is being closed,"})
    void onlyOtherFailuresThanAClosedPipeAreTold(String message, String told) {
        Failing file = new Failing(message);
        StandardOutput output = new StandardOutput(file);
        try (PrintStream out = output.printStream(StandardCharsets.UTF_8)) {
            out.println("one");
            assertEquals(Optional.empty(), output.failure());
            out.println("!");
            out.println("two!");
            assertTrue(out.checkError());
        }
        assertEquals("one" + System.lineSeparator(), file.written.toString(StandardCharsets.UTF_8));
        assertEquals(1, file.failures);
        assertEquals(Optional.ofNullable(told), output.failure());
    }

    @Test
    void everythingIsWrittenInItsCharset() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StandardOutput output = new StandardOutput(bytes);
        try (PrintStream out = output.printStream(StandardCharsets.UTF_16BE)) {
            out.print("ä");
            out.write('b');
            out.flush();
        }
        assertEquals("00e462", java.util.HexFormat.of().formatHex(bytes.toByteArray()));
        assertEquals(Optional.empty(), output.failure());
    }
}
