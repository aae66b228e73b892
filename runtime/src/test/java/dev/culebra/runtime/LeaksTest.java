package dev.culebra.runtime;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import dev.culebra.testing.AnotherJvm;
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
        return AnotherJvm.output(AnotherJvm.of(Losing.class, flag).redirectErrorStream(true));
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
