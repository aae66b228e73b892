package dev.culebra.runtime.driver;

import java.io.IOException;
import java.util.Optional;

import dev.culebra.testing.AnotherJvm;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Memory that a program loses is reported with where it was allocated, if the program is asked to. */
class MemoryLeakTest extends OnDevice {
    @Test
    void lostMemoryIsReportedWithItsBytesAndWhereItWasAllocated() throws IOException, InterruptedException {
        String report = outputWith("true");
        assertTrue(report.contains("culebra leak: " + DeviceMemory.class.getName()
                + " of 12345 bytes collected without being closed; made at"), report);
        assertTrue(report.contains("culebra leak: " + PinnedMemory.class.getName() + " of 678 bytes"), report);
        assertTrue(report.contains("\tat " + Losing.class.getName() + ".lose("), report);
        assertFalse(report.contains(Event.class.getName()), "it was closed: " + report);
        assertTrue(report.contains("DeviceMemory=1"), "the pool says what keeps it open: " + report);
    }

    @Test
    void nothingIsReportedUnasked() throws IOException, InterruptedException {
        assertEquals("MemoryPool cannot be closed before what needs it (class=number): {DeviceMemory=1}\n",
                outputWith("false"));
    }

    private static String outputWith(String leaks) throws IOException, InterruptedException {
        String driver = Optional.ofNullable(System.getProperty("culebra.cuda.path"))
                .map(path -> "-Dculebra.cuda.path=" + path).orElse("-Dno.driver.named");
        ProcessBuilder process = AnotherJvm.of(Losing.class, "-Dculebra.leaks=" + leaks, driver);
        return AnotherJvm.output(process.redirectErrorStream(true));
    }

    /** Loses memory and closes an event. */
    static final class Losing {
        private Losing() {}

        public static void main(String[] arguments) throws InterruptedException {
            Context context = Context.of(Device.of(0));
            Stream stream = Stream.create(context);
            MemoryPool pool = MemoryPool.create(context, 0);
            lose(pool, stream);
            Event.create(context).close();
            for (int i = 0; i < 20; i++) {
                System.gc();
                Thread.sleep(10);
            }
            try {
                pool.close();
            } catch (IllegalStateException needed) {
                System.out.println(needed.getMessage());
            }
        }

        private static void lose(MemoryPool pool, Stream stream) {
            pool.allocate(12_345, stream);
            PinnedMemory.allocate(pool.context(), 678);
        }
    }
}
