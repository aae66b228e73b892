package dev.culebra.tools.benchmarks;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Another program is run to its end, or ended. */
class SubprocessTest {
    @Test
    void itsLinesAreHeardAndItsExitCodeIsKept() {
        Subprocess.Result result = Subprocess.run(List.of("sh", "-c", "echo one; echo two >&2; exit 3"));
        assertEquals(new Subprocess.Result(3, "one\ntwo\n"), result);
        assertEquals("exit code 3: one\ntwo\n",
                assertThrows(IllegalStateException.class, result::success).getMessage());
    }

    @Test
    void itDoesNotOutliveAListenerThatThrows() {
        AtomicLong process = new AtomicLong();
        assertThrows(IllegalStateException.class,
                () -> Subprocess.run(List.of("sh", "-c", "echo $$; exec sleep 600"), line -> {
                    process.set(Long.parseLong(line));
                    throw new IllegalStateException();
                }));
        assertFalse(ProcessHandle.of(process.get()).map(ProcessHandle::isAlive).orElse(false));
    }
}
