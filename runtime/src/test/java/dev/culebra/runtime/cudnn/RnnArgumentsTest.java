package dev.culebra.runtime.cudnn;

import java.lang.foreign.MemorySegment;
import java.util.List;

import dev.culebra.runtime.driver.Context;
import dev.culebra.runtime.driver.CudaGraph;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.MemoryPool;
import dev.culebra.runtime.driver.OnDevice;
import dev.culebra.runtime.driver.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What is checked of the memory of a network before cuDNN hears of it. */
class RnnArgumentsTest extends OnDevice {
    private static final RnnSequences SEQUENCES = new RnnSequences(List.of(4, 2, 1), 4);
    private static final RnnSpec.Size SIZE = new RnnSpec.Size(2, 7, 5, 3);
    private static final RnnArguments.Space SPACE = new RnnArguments.Space(600, new RnnArguments.Temporary(500, 400),
            new RnnArguments.Temporary(300, 0));

    private DeviceMemory memory;

    @BeforeEach
    void allocate() {
        memory = pool.allocate(1024, stream);
    }

    @AfterEach
    void free() {
        memory.close();
    }

    private RnnArguments arguments(RnnArithmetic arithmetic, RnnDataLayout layout) {
        return new RnnArguments(new RnnSpec(SIZE, arithmetic, RnnAlgorithm.STANDARD, layout), SEQUENCES, SPACE, stream);
    }

    private static void assertRefuses(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void tensorsAreAsLargeAsTheirLayout() {
        RnnArguments padded = arguments(RnnArithmetic.TF32, RnnDataLayout.BATCH_MAJOR);
        assertEquals(12 * 7, padded.inputElements());
        assertEquals(12 * 3, padded.outputElements());
        assertEquals(MemorySegment.ofAddress(memory.address()), padded.input(memory.slice(0, 12 * 7 * 4)));
        assertRefuses("the input, or its gradient, takes 336 bytes, but has 335",
                () -> padded.input(memory.slice(0, 335)));
        assertRefuses("the output, or its gradient, takes 144 bytes, but has 143",
                () -> padded.output(memory.slice(0, 143)));
        RnnArguments packed = arguments(RnnArithmetic.BF16, RnnDataLayout.TIME_MAJOR_PACKED);
        assertEquals(7 * 7, packed.inputElements());
        assertEquals(MemorySegment.ofAddress(memory.address() + 2), packed.input(memory.slice(2, 7 * 7 * 2)));
        assertRefuses("the output, or its gradient, takes 42 bytes, but has 41",
                () -> packed.output(memory.slice(0, 41)));
    }

    @Test
    void statesOfAllLayersMayBeAbsent() {
        RnnArguments arguments = arguments(RnnArithmetic.F64, RnnDataLayout.BATCH_MAJOR);
        assertEquals(MemorySegment.NULL, arguments.hidden(RnnStates.NONE));
        assertEquals(MemorySegment.NULL, arguments.cell(RnnStates.NONE));
        RnnStates exact = RnnStates.of(memory.slice(0, 2 * 3 * 3 * 8), memory.slice(256, 2 * 3 * 5 * 8));
        assertEquals(memory.address(), arguments.hidden(exact).address());
        assertEquals(memory.address() + 256, arguments.cell(exact).address());
        RnnStates small = RnnStates.of(memory.slice(0, 143), memory.slice(0, 239));
        assertRefuses("a hidden state, or its gradient, takes 144 bytes, but has 143", () -> arguments.hidden(small));
        assertRefuses("a cell state, or its gradient, takes 240 bytes, but has 239", () -> arguments.cell(small));
    }

    @Test
    void eachModeHasItsOwnSpace() {
        RnnArguments arguments = arguments(RnnArithmetic.TF32, RnnDataLayout.BATCH_MAJOR);
        assertRefuses("the weight space, or its gradient, takes 600 bytes, but has 599",
                () -> arguments.weights(memory.slice(0, 599)));
        RnnMemory inference = RnnMemory.forInference(memory, memory.slice(0, 300));
        assertEquals(memory.address(), arguments.workspace(Rnn.Mode.INFERENCE, inference).address());
        assertEquals(MemorySegment.NULL, arguments.reserve(Rnn.Mode.INFERENCE, inference));
        assertRefuses("the workspace takes 500 bytes, but has 300",
                () -> arguments.workspace(Rnn.Mode.TRAINING, inference));
        assertRefuses("training needs a reserve of 400 bytes, but there is none",
                () -> arguments.reserve(Rnn.Mode.TRAINING, inference));
        RnnMemory training = RnnMemory.forTraining(memory, memory.slice(0, 500), memory.slice(512, 400));
        assertEquals(memory.address() + 512, arguments.reserve(Rnn.Mode.TRAINING, training).address());
        assertEquals(MemorySegment.NULL, arguments.reserve(Rnn.Mode.INFERENCE, training));
        RnnMemory small = RnnMemory.forTraining(memory, memory, memory.slice(0, 399));
        assertRefuses("the reserve takes 400 bytes, but has 399", () -> arguments.reserve(Rnn.Mode.TRAINING, small));
    }

    @Test
    void freedMemoryAndThatOfAnotherDeviceAreRefused() {
        RnnArguments arguments = arguments(RnnArithmetic.TF32, RnnDataLayout.BATCH_MAJOR);
        DeviceMemory freed = pool.allocate(1024, stream);
        freed.close();
        assertThrows(IllegalStateException.class, () -> arguments.input(freed));
        assumeTrue(Device.count() > 1, "skipped: there is one device");
        try (Context second = Context.of(Device.of(1));
                Stream other = Stream.create(second);
                MemoryPool otherPool = MemoryPool.create(second, 0);
                DeviceMemory there = otherPool.allocate(1024, other)) {
            assertRefuses("the weight space, or its gradient, belongs to device 1, not to device 0",
                    () -> arguments.weights(there));
        }
    }

    @Test
    void aCaptureKeepsWhatCudnnIsGiven() {
        RnnArguments arguments = arguments(RnnArithmetic.TF32, RnnDataLayout.BATCH_MAJOR);
        try (CudaGraph graph = stream.capture(() -> arguments.input(memory))) {
            assertEquals(0, graph.nodes());
            assertThrows(IllegalStateException.class, memory::close);
        }
    }
}
