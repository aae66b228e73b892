package dev.culebra.runtime.driver;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.NativeObject;
import dev.culebra.runtime.standin.DeviceCode;
import dev.culebra.runtime.standin.StandIn;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Long random programs, and a model in plain Java of what the memory must hold after them. On the stand-in, work is done as
 * late or as early as the seed says, and calls fail at random: whatever fails must have done nothing, must leave nothing
 * behind, and must not be an exception of another kind.
 */
class RandomOperationsTest extends OnDevice {
    private static final int STEPS = 1500;
    private static final int INTS = 17;
    private static final int MOST = 6;
    private static final String SOURCE = """
            extern "C" __global__ void add(unsigned int* to, const unsigned int* from, unsigned int factor, int count) {
                int i = blockIdx.x * blockDim.x + threadIdx.x;
                if (i < count) {
                    to[i] += factor * from[i];
                }
            }
            """;
    private static final List<String> FAILING = List.of("cuMemcpyAsync", "cuMemcpyDtoDAsync_v2", "cuMemsetD32Async",
            "cuLaunchKernel", "cuGraphLaunch", "cuStreamBeginCapture_v2", "cuGraphInstantiateWithFlags",
            "cuMemAllocFromPoolAsync", "cuMemHostAlloc", "cuStreamCreateWithPriority", "cuEventCreate",
            "cuEventRecord", "cuGraphExecUpdate_v2");

    /** Memory, or pinned memory, and what it must hold once its stream has got so far. */
    private record Buffer(NativeObject memory, Stream home, int[] expected) {
        DeviceMemory device() {
            return (DeviceMemory) memory;
        }

        PinnedMemory pinned() {
            return (PinnedMemory) memory;
        }
    }

    /** A graph that adds a multiple of one buffer to another. */
    private record Adding(ExecutableGraph graph, Buffer to, Buffer from, int[] factor) {}

    private final List<Stream> streams = new ArrayList<>();
    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Buffer> staging = new ArrayList<>();
    private final List<Adding> graphs = new ArrayList<>();
    private final List<NativeObject> closed = new ArrayList<>();
    private Random random;
    private Launch add;
    private int failures;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void memoryHoldsWhatTheModelSays(long seed) {
        random = new Random(seed);
        StandIn.seed(seed);
        try (Module module = Module.load(context, DeviceCode.compile("random", SOURCE, context.device()))) {
            add = module.kernel("add", ParameterType.POINTER, ParameterType.POINTER, ParameterType.INT,
                    ParameterType.INT).launch(Dim3.of(1), Dim3.of(32));
            streams.add(stream);
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            StandIn.failNone();
            buffers.forEach(this::verify);
            assertTrue(closed.size() > STEPS / 50, "many were closed: " + closed.size());
            assertTrue(!StandIn.isActive() || failures > 5, "calls failed: " + failures);
            for (NativeObject object : closed) {
                assertThrows(IllegalStateException.class, object::handle);
                object.close();
            }
            closeAllThatIsLeft();
        }
    }

    private void step() {
        if (StandIn.isActive() && random.nextInt(12) == 0) {
            StandIn.failNext(FAILING.get(random.nextInt(FAILING.size())), cuda.CUDA_ERROR_INVALID_VALUE, 0);
        }
        try {
            switch (random.nextInt(16)) {
                case 0 -> make();
                case 1 -> makeStaging();
                case 2 -> makeStream();
                case 3 -> closeSomething();
                case 4 -> buffers.stream().skip(random.nextInt(buffers.size() + 1)).findFirst()
                        .ifPresent(this::verify);
                case 5, 6 -> fill();
                case 7, 8 -> send();
                case 9 -> receive();
                case 10, 11 -> copy();
                case 12, 13 -> launch();
                case 14 -> capture();
                default -> replay();
            }
        } catch (CudaException asked) {
            assertEquals(cuda.CUDA_ERROR_INVALID_VALUE, asked.status(), asked.getMessage() + StandIn.message());
            failures++;
        }
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** Lets work on any stream be ordered after all that was queued for the buffers, and the other way around. */
    private void onAnyStream(Runnable work, Stream on, Buffer... used) {
        try (Event event = Event.create(context)) {
            for (Buffer buffer : used) {
                event.record(buffer.home());
                on.waitFor(event);
            }
            work.run();
            event.record(on);
            for (Buffer buffer : used) {
                buffer.home().waitFor(event);
            }
        } catch (CudaException failed) {
            // What was queued before it failed is ordered after all.
            StandIn.failNone();
            on.synchronize();
            throw failed;
        }
    }

    private void make() {
        if (buffers.size() < MOST) {
            Stream home = any(streams);
            DeviceMemory memory = pool.allocate(INTS * Integer.BYTES, home);
            Buffer made = new Buffer(memory, home, new int[INTS]);
            buffers.add(made);
            int value = random.nextInt(100);
            Arrays.fill(made.expected(), value);
            StandIn.failNone();
            memory.fill(value, home);
        }
    }

    private void makeStaging() {
        if (staging.size() < 2) {
            PinnedMemory memory = PinnedMemory.allocate(context, INTS * Integer.BYTES);
            staging.add(new Buffer(memory, any(streams), new int[INTS]));
        }
    }

    private void makeStream() {
        if (streams.size() < MOST / 2) {
            streams.add(Stream.create(context, random.nextInt(3) - 2));
        }
    }

    private void closeSomething() {
        switch (random.nextInt(4)) {
            case 0 -> close(graphs.isEmpty() ? null : graphs.remove(random.nextInt(graphs.size())).graph());
            case 1 -> {
                if (!buffers.isEmpty()) {
                    Buffer buffer = any(buffers);
                    if (graphs.stream().anyMatch(graph -> graph.to() == buffer || graph.from() == buffer)) {
                        assertThrows(IllegalStateException.class, buffer.memory()::close);
                        verify(buffer);
                    } else {
                        buffers.remove(buffer);
                        close(buffer.memory());
                    }
                }
            }
            case 2 -> close(staging.isEmpty() ? null : staging.remove(random.nextInt(staging.size())).memory());
            default -> {
                Stream chosen = any(streams);
                if (buffers.stream().anyMatch(buffer -> buffer.home() == chosen)) {
                    assertThrows(IllegalStateException.class, chosen::close);
                } else if (chosen != stream) {
                    streams.remove(chosen);
                    staging.stream().filter(buffer -> buffer.home() == chosen).toList().forEach(buffer -> {
                        staging.remove(buffer);
                        close(buffer.memory());
                    });
                    close(chosen);
                }
            }
        }
    }

    private void close(NativeObject object) {
        if (object != null) {
            object.close();
            closed.add(object);
        }
    }

    private void verify(Buffer buffer) {
        int[] values = new int[INTS];
        StandIn.failNone();
        buffer.device().read(MemorySegment.ofArray(values), buffer.home());
        assertArrayEquals(buffer.expected(), values);
    }

    private void fill() {
        if (!buffers.isEmpty()) {
            Buffer buffer = any(buffers);
            int start = random.nextInt(INTS);
            int count = random.nextInt(INTS - start + 1);
            int value = random.nextInt();
            Stream on = any(streams);
            onAnyStream(() -> {
                buffer.device().slice(start * 4L, count * 4L).fill(value, on);
                Arrays.fill(buffer.expected(), start, start + count, value);
            }, on, buffer);
        }
    }

    /** Pinned memory may be written again when the stream that reads it has got so far. */
    private void send() {
        if (!buffers.isEmpty() && !staging.isEmpty()) {
            Buffer to = any(buffers);
            Buffer from = any(staging);
            from.home().synchronize();
            for (int i = 0; i < INTS; i++) {
                from.expected()[i] = random.nextInt();
                from.pinned().segment().setAtIndex(ValueLayout.JAVA_INT, i, from.expected()[i]);
            }
            Stream on = any(streams);
            onAnyStream(() -> {
                to.device().copyFrom(from.pinned(), on);
                System.arraycopy(from.expected(), 0, to.expected(), 0, INTS);
            }, on, to, from);
        }
    }

    private void receive() {
        if (!buffers.isEmpty() && !staging.isEmpty()) {
            Buffer from = any(buffers);
            Buffer to = any(staging);
            int start = random.nextInt(INTS);
            onAnyStream(() -> from.device().copyTo(to.pinned(), start * 4L, (INTS - start) * 4L, from.home()),
                    from.home(), from, to);
            from.home().synchronize();
            for (int i = start; i < INTS; i++) {
                assertEquals(from.expected()[i - start], to.pinned().segment().getAtIndex(ValueLayout.JAVA_INT, i));
            }
        }
    }

    private void copy() {
        if (!buffers.isEmpty()) {
            Buffer to = any(buffers);
            Buffer from = any(buffers);
            Stream on = any(streams);
            if (to == from) {
                assertThrows(IllegalArgumentException.class, () -> to.device().copyFrom(from.device(), on));
            } else {
                onAnyStream(() -> {
                    to.device().copyFrom(from.device(), on);
                    System.arraycopy(from.expected(), 0, to.expected(), 0, INTS);
                }, on, to, from);
            }
        }
    }

    private void launch() {
        if (!buffers.isEmpty()) {
            Buffer to = any(buffers);
            Buffer from = any(buffers);
            int factor = random.nextInt(5) - 2;
            Stream on = any(streams);
            onAnyStream(() -> {
                adding(to, from, factor).launch(on);
                add(to, from, factor);
            }, on, to, from);
        }
    }

    private Launch adding(Buffer to, Buffer from, int factor) {
        return add.set(0, to.device()).set(1, from.device()).set(2, factor).set(3, INTS);
    }

    private static void add(Buffer to, Buffer from, int factor) {
        for (int i = 0; i < INTS; i++) {
            to.expected()[i] += factor * from.expected()[i];
        }
    }

    private void capture() {
        if (!buffers.isEmpty()) {
            Buffer to = any(buffers);
            Buffer from = any(buffers);
            int factor = random.nextInt(5) - 2;
            Stream on = any(streams);
            try (CudaGraph graph = on.capture(() -> adding(to, from, factor).launch(on))) {
                Adding known = graphs.stream().filter(each -> each.to() == to && each.from() == from).findFirst()
                        .orElse(null);
                if (known != null) {
                    assertTrue(known.graph().update(graph).updated());
                    known.factor()[0] = factor;
                } else if (graphs.size() < MOST) {
                    graphs.add(new Adding(graph.instantiate(), to, from, new int[] {factor}));
                }
            }
        }
    }

    private void replay() {
        if (!graphs.isEmpty()) {
            Adding adding = any(graphs);
            Stream on = any(streams);
            onAnyStream(() -> {
                adding.graph().launch(on);
                add(adding.to(), adding.from(), adding.factor()[0]);
            }, on, adding.to(), adding.from());
        }
    }

    private void closeAllThatIsLeft() {
        graphs.forEach(adding -> adding.graph().close());
        buffers.forEach(buffer -> buffer.memory().close());
        staging.forEach(buffer -> buffer.memory().close());
        streams.stream().filter(each -> each != stream).forEach(Stream::close);
    }
}
