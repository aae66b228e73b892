package dev.culebra.runtime;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Objects that were never closed are reported by the process that lost them, if it was asked to. */
class LeaksTest {
    @Test
    void lostObjectIsReportedWithItsBytesAndWhereItWasMade() throws IOException, InterruptedException {
        String report = errors("-Dculebra.leaks=true");
        assertTrue(report.contains("culebra leak: " + Thing.class.getName()
                + " of 1234 bytes collected without being closed; made at"), report);
        assertTrue(report.contains("\tat " + Losing.class.getName() + ".loseOne("), report);
        assertFalse(report.contains(NativeObject.class.getName() + ".<init>"), report);
    }

    @Test
    void objectThatIsStillOpenIsReportedAtTheEnd() throws IOException, InterruptedException {
        String report = errors("-Dculebra.leaks=true");
        assertTrue(report.contains("culebra leak: " + Thing.class.getName()
                + " still open when the JVM ended; made at"), report);
        assertTrue(report.contains("\tat " + Losing.class.getName() + ".main("), report);
        assertEquals(2, report.split("culebra leak", -1).length - 1, "what was closed is no leak: " + report);
    }

    @Test
    void nothingIsReportedUnasked() throws IOException, InterruptedException {
        assertEquals("", errors("-Dculebra.leaks=false"));
    }

    private static String errors(String flag) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), flag,
                "-cp", folder(NativeObject.class) + System.getProperty("path.separator") + folder(Losing.class),
                Losing.class.getName()).redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), errors);
        return errors;
    }

    private static Path folder(Class<?> type) {
        return Path.of(java.net.URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    /** Needs no library: what it stands for does not exist. */
    static final class Thing extends NativeObject {
        Thing(long bytes) {
            super(MemorySegment.ofAddress(1), bytes);
        }

        @Override
        protected void destroy(MemorySegment handle) {}
    }

    /** Closes one object, loses one, and leaves one open. */
    static final class Losing {
        private static final List<Thing> KEPT = new ArrayList<>();

        private Losing() {}

        public static void main(String[] arguments) throws InterruptedException {
            new Thing(1).close();
            KEPT.add(new Thing(0));
            loseOne();
            for (int i = 0; i < 20; i++) {
                System.gc();
                Thread.sleep(20);
            }
        }

        private static void loseOne() {
            new Thing(1234);
        }
    }
}
