package dev.culebra.experiments;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;

/**
 * Standard output that remembers why it could not be written, which {@link PrintStream} keeps to itself. After a failure
 * nothing more is written.
 */
final class StandardOutput extends OutputStream {
    private final OutputStream out;
    private volatile IOException failure;

    /** That of this process. */
    StandardOutput() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    /** Any other. */
    StandardOutput(OutputStream out) {
        this.out = out;
    }

    /** Prints to it, each line at once. */
    PrintStream printStream(Charset charset) {
        return new PrintStream(this, true, charset);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (failure != null) {
            return;
        }
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /**
     * Why something could not be written. That nobody reads any more, as when {@code head} has enough, is no failure: other
     * programs end without a word then.
     */
    Optional<String> failure() {
        return Optional.ofNullable(failure).map(IOException::getMessage)
                .filter(message -> !message.toLowerCase(Locale.ROOT).contains("pipe"));
    }
}
