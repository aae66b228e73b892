package dev.culebra.experiments.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A program that tries to lock a file and says what came of it. */
final class LockMain {
    private LockMain() {}

    public static void main(String[] arguments) throws IOException {
        try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
            System.out.println(channel.tryLock() == null ? "locked by another" : "free");
        }
    }
}
