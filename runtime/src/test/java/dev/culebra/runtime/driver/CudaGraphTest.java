package dev.culebra.runtime.driver;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CudaGraphTest extends OnDevice {
    @Test
    void capturedWorkRunsWhenReplayedAndAsOftenAsThat() {
        try (DeviceMemory memory = memory(0, 0);
                DeviceMemory copy = memory(0, 0);
                CudaGraph graph = stream.capture(() -> {
                    memory.slice(0, 4).fill(3f, stream);
                    copy.copyFrom(memory, stream);
                    assertTrue(stream.isCapturing());
                });
                ExecutableGraph executable = graph.instantiate()) {
            assertFalse(stream.isCapturing());
            assertEquals(2, graph.nodes());
            assertArrayEquals(new float[] {0, 0}, floats(copy));
            executable.launch(stream);
            assertArrayEquals(new float[] {3, 0}, floats(copy));
            memory.fill(5f, stream);
            executable.launch(stream);
            assertArrayEquals(new float[] {3, 5}, floats(copy));
        }
    }

    @Test
    void stagingAndReadBackAreReplayedWithWhatPinnedMemoryHoldsThen() {
        try (PinnedMemory in = PinnedMemory.allocate(context, 4);
                PinnedMemory out = PinnedMemory.allocate(context, 4);
                DeviceMemory memory = pool.allocate(4, stream);
                CudaGraph graph = stream.capture(() -> {
                    memory.copyFrom(in, stream);
                    memory.copyTo(out, stream);
                });
                ExecutableGraph executable = graph.instantiate()) {
            for (byte step = 1; step < 4; step++) {
                in.segment().fill(step);
                executable.launch(stream);
                stream.synchronize();
                assertArrayEquals(new byte[] {step, step, step, step}, bytes(out));
            }
        }
    }

    @Test
    void anotherStreamJoinsTheCaptureThroughEvents() {
        try (Stream side = Stream.create(context);
                Event fork = Event.create(context);
                Event join = Event.create(context);
                DeviceMemory left = memory(0);
                DeviceMemory right = memory(0);
                CudaGraph graph = stream.capture(() -> {
                    fork.record(stream);
                    side.waitFor(fork);
                    assertTrue(side.isCapturing());
                    right.fill(2f, side);
                    left.fill(1f, stream);
                    join.record(side);
                    stream.waitFor(join);
                })) {
            assertEquals(2, graph.nodes());
            assertFalse(side.isCapturing());
            assertThrows(IllegalStateException.class, right::close, "the graph needs what the other stream used");
            assertThrows(IllegalStateException.class, fork::synchronize);
            try (ExecutableGraph executable = graph.instantiate()) {
                executable.launch(stream);
                stream.synchronize();
                assertArrayEquals(new float[] {1}, floats(left));
                assertArrayEquals(new float[] {2}, floats(right));
            }
            fork.record(stream);
            fork.synchronize();
        }
    }

    @Test
    void executableGraphTakesTheParametersOfAnotherOfTheSameShape() {
        try (DeviceMemory first = memory(0);
                DeviceMemory second = memory(0);
                CudaGraph before = stream.capture(() -> first.fill(1f, stream));
                ExecutableGraph executable = before.instantiate()) {
            try (CudaGraph after = stream.capture(() -> second.fill(2f, stream))) {
                assertEquals(GraphUpdate.DONE, executable.update(after));
            }
            assertThrows(IllegalStateException.class, second::close, "the graph needs it now");
            executable.launch(stream);
            assertArrayEquals(new float[] {0}, floats(first));
            assertArrayEquals(new float[] {2}, floats(second));
        }
    }

    @Test
    void updateThatCannotBeSaysWhyAndLeavesTheGraphAsItWas() {
        try (DeviceMemory memory = memory(0, 0);
                DeviceMemory source = memory(8, 9);
                CudaGraph fill = stream.capture(() -> memory.fill(1f, stream));
                CudaGraph copy = stream.capture(() -> memory.copyFrom(source, stream));
                CudaGraph both = stream.capture(() -> {
                    memory.fill(1f, stream);
                    memory.copyFrom(source, stream);
                });
                ExecutableGraph executable = fill.instantiate()) {
            GraphUpdate longer = executable.update(both);
            assertFalse(longer.updated());
            assertEquals("the number of operations or their order differs", longer.reason());
            GraphUpdate other = executable.update(copy);
            assertFalse(other.updated());
            assertEquals("an operation is of another kind", other.reason());
            executable.launch(stream);
            assertArrayEquals(new float[] {1, 1}, floats(memory));
        }
    }

    @Test
    void memoryStaysOpenWhileAGraphNeedsIt() {
        DeviceMemory memory = memory(0);
        CudaGraph graph = stream.capture(() -> memory.slice(0, 4).fill(1f, stream));
        assertThrows(IllegalStateException.class, memory::close);
        ExecutableGraph executable = graph.instantiate();
        graph.close();
        graph.close();
        String message = assertThrows(IllegalStateException.class, memory::close).getMessage();
        assertEquals("DeviceMemory cannot be closed before what needs it (class=number): {ExecutableGraph=1}", message);
        executable.launch(stream);
        assertArrayEquals(new float[] {1}, floats(memory));
        executable.close();
        memory.close();
        assertThrows(IllegalStateException.class, graph::nodes);
        assertThrows(IllegalStateException.class, graph::instantiate);
        assertThrows(IllegalStateException.class, () -> executable.launch(stream));
    }

    @Test
    void whatLibrariesUseByAddressIsKeptOnRequest() {
        try (DeviceMemory memory = memory(0)) {
            stream.keep(memory);
            try (CudaGraph graph = stream.capture(() -> stream.keep(memory))) {
                assertEquals(0, graph.nodes());
                assertThrows(IllegalStateException.class, memory::close);
            }
        }
    }

    @Test
    void failureInACaptureEndsItAndIsWhatIsThrown() {
        IllegalArgumentException failure = new IllegalArgumentException("in the capture");
        try (DeviceMemory memory = memory(0)) {
            assertSame(failure, assertThrows(IllegalArgumentException.class, () -> stream.capture(() -> {
                memory.fill(1f, stream);
                throw failure;
            })));
            assertEquals(0, failure.getSuppressed().length);
            assertFalse(stream.isCapturing());
            assertArrayEquals(new float[] {0}, floats(memory));
            try (CudaGraph graph = stream.capture(() -> memory.fill(1f, stream))) {
                assertEquals(1, graph.nodes());
            }
        }
    }

    @Test
    void unjoinedStreamFailsTheCapture() {
        try (Stream side = Stream.create(context);
                Event fork = Event.create(context);
                DeviceMemory memory = memory(0)) {
            CudaException failure = assertThrows(CudaException.class, () -> stream.capture(() -> {
                fork.record(stream);
                side.waitFor(fork);
                memory.fill(1f, side);
            }));
            assertEquals("CUDA_ERROR_STREAM_CAPTURE_UNJOINED", failure.name().orElseThrow());
            assertFalse(stream.isCapturing());
            assertFalse(side.isCapturing());
            assertArrayEquals(new float[] {0}, floats(memory));
        }
    }

    @Test
    void whatWouldRuinACaptureIsRefusedAndTheCaptureGoesOn() {
        try (Stream other = Stream.create(context);
                Event event = Event.create(context);
                PinnedMemory pinned = PinnedMemory.allocate(context, 4);
                DeviceMemory memory = memory(0);
                CudaGraph graph = stream.capture(() -> {
                    memory.fill(1f, stream);
                    assertThrows(IllegalStateException.class, stream::synchronize);
                    assertThrows(IllegalStateException.class, stream::isIdle);
                    assertThrows(IllegalStateException.class, stream::close);
                    assertThrows(IllegalStateException.class, other::synchronize);
                    assertThrows(IllegalStateException.class, context::synchronize);
                    assertThrows(IllegalStateException.class, event::synchronize);
                    assertThrows(IllegalStateException.class, event::isReached);
                    assertThrows(IllegalStateException.class, memory::close);
                    assertThrows(IllegalStateException.class, pinned::close);
                    assertThrows(IllegalStateException.class, () -> pool.allocate(4, stream));
                    assertThrows(IllegalStateException.class, () -> PinnedMemory.allocate(context, 4));
                    assertThrows(IllegalStateException.class, () -> Module.load(context, new byte[1]));
                    assertThrows(IllegalStateException.class, () -> stream.capture(() -> {}));
                    assertThrows(IllegalStateException.class, () -> other.capture(() -> {}));
                    assertThrows(IllegalStateException.class,
                            () -> memory.write(MemorySegment.ofArray(new byte[4]), stream));
                    assertThrows(IllegalStateException.class,
                            () -> memory.read(MemorySegment.ofArray(new byte[4]), stream));
                    assertThrows(IllegalStateException.class,
                            () -> memory.write(MemorySegment.ofArray(new byte[4]), other));
                    assertThrows(IllegalStateException.class,
                            () -> memory.read(MemorySegment.ofArray(new byte[4]), other));
                })) {
            assertEquals(1, graph.nodes());
            assertTrue(memory.isOpen() && pinned.isOpen() && stream.isOpen());
        }
    }

    @Test
    void graphsAreNotCapturedMadeNorClosedInACapture() {
        try (DeviceMemory memory = memory(0);
                CudaGraph graph = stream.capture(() -> memory.fill(1f, stream));
                ExecutableGraph executable = graph.instantiate();
                CudaGraph outer = stream.capture(() -> {
                    memory.fill(2f, stream);
                    assertThrows(IllegalStateException.class, () -> executable.launch(stream));
                    assertThrows(IllegalStateException.class, () -> executable.update(graph));
                    assertThrows(IllegalStateException.class, executable::close);
                    assertThrows(IllegalStateException.class, graph::instantiate);
                })) {
            assertEquals(1, outer.nodes());
            executable.launch(stream);
            assertArrayEquals(new float[] {1}, floats(memory));
        }
    }

    @Test
    void noThreadWaitsForTheDeviceWhileAnotherCaptures() {
        try (Context again = Context.of(context.device());
                PinnedMemory pinned = PinnedMemory.allocate(context, 4);
                DeviceMemory memory = memory(0)) {
            memory.copyFrom(pinned, stream);
            stream.capture(() -> {
                memory.fill(2f, stream);
                for (Runnable waiting : List.<Runnable>of(context::synchronize, again::synchronize, pinned::close)) {
                    CompletionException refused = assertThrows(CompletionException.class,
                            () -> CompletableFuture.runAsync(waiting).join());
                    assertEquals(IllegalStateException.class, refused.getCause().getClass());
                }
            }).close();
            again.synchronize();
        }
    }

    @Test
    void twoThreadsQueueWorkOfOneCapture() {
        try (Stream side = Stream.create(context);
                Event fork = Event.create(context);
                Event join = Event.create(context);
                DeviceMemory left = memory(0);
                DeviceMemory right = memory(0);
                CudaGraph graph = stream.capture(() -> {
                    fork.record(stream);
                    side.waitFor(fork);
                    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> right.fill(2f, side));
                    left.fill(1f, stream);
                    other.join();
                    join.record(side);
                    stream.waitFor(join);
                });
                ExecutableGraph executable = graph.instantiate()) {
            assertThrows(IllegalStateException.class, left::close);
            assertThrows(IllegalStateException.class, right::close);
            executable.launch(stream);
            assertArrayEquals(new float[] {1}, floats(left));
            assertArrayEquals(new float[] {2}, floats(right));
        }
    }

    @Test
    void whatIsClosedInTheCaptureThatUsesItIsFoundOut() {
        try (Stream other = Stream.create(context)) {
            DeviceMemory memory = pool.allocate(4, other);
            memory.clear(other);
            other.synchronize();
            IllegalStateException failure = assertThrows(IllegalStateException.class, () -> stream.capture(() -> {
                memory.fill(1f, stream);
                memory.close();
            }));
            assertEquals("closed in the capture that uses it: DeviceMemory is closed", failure.getMessage());
        }
    }

    @Test
    void otherThreadsWorkOnWhileOneCaptures() throws InterruptedException, ExecutionException {
        try (Stream other = Stream.create(context);
                DeviceMemory memory = memory(0);
                ExecutorService thread = Executors.newSingleThreadExecutor();
                CudaGraph graph = stream.capture(() -> {
                    memory.fill(1f, stream);
                    try {
                        thread.submit(() -> {
                            try (DeviceMemory own = pool.allocate(4, other);
                                    PinnedMemory pinned = PinnedMemory.allocate(context, 4)) {
                                own.fill(1f, other);
                                own.copyTo(pinned, other);
                                other.synchronize();
                            }
                        }).get();
                    } catch (InterruptedException | ExecutionException e) {
                        throw new AssertionError(e);
                    }
                })) {
            assertEquals(1, graph.nodes());
            ExecutionException refused = assertThrows(ExecutionException.class, () -> {
                try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
                    virtual.submit(() -> stream.capture(() -> {})).get();
                }
            });
            assertEquals(IllegalStateException.class, refused.getCause().getClass());
        }
    }
}
