package dev.culebra.runtime.driver;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ContextTest extends OnDevice {
    @Test
    void contextHasTheMemoryOfItsDevice() {
        MemoryInfo memory = context.memory();
        assertTrue(memory.free() > 0 && memory.free() <= memory.total(), memory.toString());
        assertTrue(memory.total() <= context.device().totalMemory(), memory.toString());
    }

    @Test
    void twoHoldersOfTheSameDeviceWorkTogether() {
        try (Context other = Context.of(context.device());
                Stream otherStream = Stream.create(other);
                DeviceMemory memory = memory(1, 2, 3)) {
            memory.fill(4f, otherStream);
            otherStream.synchronize();
            assertArrayEquals(new float[] {4, 4, 4}, floats(memory));
        }
    }

    @Test
    void everyThreadFindsItsContextCurrent() throws InterruptedException, ExecutionException {
        try (DeviceMemory memory = memory(0);
                ExecutorService platform = Executors.newSingleThreadExecutor();
                ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            platform.submit(() -> memory.fill(5f, stream)).get();
            assertArrayEquals(new float[] {5}, floats(memory));
            virtual.submit(() -> memory.fill(6f, stream)).get();
            assertArrayEquals(new float[] {6}, floats(memory));
        }
    }

    @Test
    void contextCanBeOpenedAgainInAThreadThatUsedTheFirst() {
        context.makeCurrent();
        pool.close();
        stream.close();
        context.close();
        open();
        context.synchronize();
    }

    @Test
    void contextOutlivesWhatWasMadeFromIt() {
        String message = assertThrows(IllegalStateException.class, context::close).getMessage();
        assertEquals("Context cannot be closed before what needs it (class=number): {MemoryPool=1, Stream=1}", message);
        context.synchronize();
    }

    @Test
    void closedContextIsNotUsed() {
        Context closed = Context.of(context.device());
        closed.close();
        closed.close();
        assertThrows(IllegalStateException.class, closed::synchronize);
        assertThrows(IllegalStateException.class, closed::memory);
        assertThrows(IllegalStateException.class, () -> Stream.create(closed));
        assertThrows(IllegalStateException.class, () -> MemoryPool.create(closed, 0));
        assertThrows(IllegalStateException.class, () -> PinnedMemory.allocate(closed, 1));
        assertThrows(IllegalStateException.class, () -> Module.load(closed, new byte[1]));
    }
}
