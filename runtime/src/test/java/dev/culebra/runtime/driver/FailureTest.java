package dev.culebra.runtime.driver;

import java.util.Map;
import java.util.stream.Stream;

import dev.culebra.bindings.cuda.cuda;
import dev.culebra.runtime.standin.DeviceCode;
import dev.culebra.runtime.standin.StandIn;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What happens when the driver fails, as the stand-in can be made to. Each test also finds nothing left behind. */
class FailureTest extends OnDevice {
    private static final int INVALID_VALUE = 1;
    private static final String SOURCE = """
            extern "C" {
            __device__ int count;
            __global__ void increase() { count = count + 1; }
            }
            """;

    @BeforeEach
    void standIn() {
        assumeTrue(StandIn.isActive(), "skipped: a real driver does not fail on request");
    }

    /** What a test does with the objects of the test that runs it. */
    private interface Work {
        void run(FailureTest test);
    }

    static Stream<Map.Entry<String, Work>> calls() {
        return Map.<String, Work>ofEntries(
                Map.entry("cuDeviceGetCount", test -> Device.count()),
                Map.entry("cuDeviceGetAttribute", test -> test.context.device().warpSize()),
                Map.entry("cuDevicePrimaryCtxRetain", test -> Context.of(test.context.device()).close()),
                Map.entry("cuCtxSynchronize", test -> test.context.synchronize()),
                Map.entry("cuMemGetInfo_v2", test -> test.context.memory()),
                Map.entry("cuStreamCreateWithPriority",
                        test -> dev.culebra.runtime.driver.Stream.create(test.context).close()),
                Map.entry("cuStreamSynchronize", test -> test.stream.synchronize()),
                Map.entry("cuStreamQuery", test -> test.stream.isIdle()),
                Map.entry("cuEventCreate", test -> Event.create(test.context).close()),
                Map.entry("cuEventRecord", FailureTest::recordEvent),
                Map.entry("cuStreamWaitEvent", FailureTest::recordEvent),
                Map.entry("cuMemPoolCreate", test -> MemoryPool.create(test.context, 0).close()),
                Map.entry("cuMemPoolSetAttribute", test -> MemoryPool.create(test.context, 0).close()),
                Map.entry("cuMemPoolGetAttribute", test -> test.pool.usage()),
                Map.entry("cuMemPoolTrimTo", test -> test.pool.trim(0)),
                Map.entry("cuMemAllocFromPoolAsync", test -> test.pool.allocate(4, test.stream).close()),
                Map.entry("cuMemHostAlloc", test -> PinnedMemory.allocate(test.context, 4).close()),
                Map.entry("cuMemcpyAsync", FailureTest::copy),
                Map.entry("cuMemcpyDtoDAsync_v2", FailureTest::copy),
                Map.entry("cuMemsetD8Async", FailureTest::fill),
                Map.entry("cuMemsetD16Async", FailureTest::fill),
                Map.entry("cuMemsetD32Async", FailureTest::fill),
                Map.entry("cuEventElapsedTime_v2", FailureTest::time),
                Map.entry("cuMemHostGetDevicePointer_v2", FailureTest::map),
                Map.entry("cuModuleLoadDataEx", FailureTest::runKernel),
                Map.entry("cuModuleGetFunction", FailureTest::runKernel),
                Map.entry("cuModuleGetGlobal_v2", FailureTest::runKernel),
                Map.entry("cuFuncGetAttribute", FailureTest::runKernel),
                Map.entry("cuFuncSetAttribute", FailureTest::runKernel),
                Map.entry("cuOccupancyMaxActiveBlocksPerMultiprocessor", FailureTest::runKernel),
                Map.entry("cuLaunchKernel", FailureTest::runKernel),
                Map.entry("cuStreamBeginCapture_v2", FailureTest::capture),
                Map.entry("cuGraphGetNodes", FailureTest::capture),
                Map.entry("cuGraphInstantiateWithFlags", FailureTest::capture),
                Map.entry("cuGraphLaunch", FailureTest::capture),
                Map.entry("cuGraphExecUpdate_v2", FailureTest::capture)).entrySet().stream();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void failedCallIsTypedAndLeavesNothingBehind(Map.Entry<String, Work> call) {
        assertDoesNotThrow(() -> call.getValue().run(this));
        StandIn.failNext(call.getKey(), INVALID_VALUE, 0);
        CudaException failure = assertThrows(CudaException.class, () -> call.getValue().run(this));
        assertEquals(call.getKey(), failure.function());
        assertEquals(INVALID_VALUE, failure.status());
        assertEquals("CUDA_ERROR_INVALID_VALUE", failure.name().orElseThrow());
        assertTrue(failure.getMessage().startsWith("CUDA_ERROR_INVALID_VALUE (1) from " + call.getKey() + ": "),
                failure.getMessage());
        assertFalse(failure.isSticky());
        assertDoesNotThrow(() -> call.getValue().run(this));
    }

    private static void recordEvent(FailureTest test) {
        try (Event event = Event.create(test.context)) {
            event.record(test.stream);
            test.stream.waitFor(event);
        }
    }

    private static void copy(FailureTest test) {
        try (DeviceMemory memory = test.pool.allocate(4, test.stream);
                DeviceMemory other = test.pool.allocate(4, test.stream);
                PinnedMemory pinned = PinnedMemory.allocate(test.context, 4)) {
            memory.copyFrom(pinned, test.stream);
            other.copyFrom(memory, test.stream);
            other.copyTo(pinned, test.stream);
        }
    }

    private static void fill(FailureTest test) {
        try (DeviceMemory memory = test.pool.allocate(4, test.stream)) {
            memory.fill((byte) 1, test.stream);
            memory.fill((short) 1, test.stream);
            memory.fill(1, test.stream);
        }
    }

    private static void time(FailureTest test) {
        try (Event start = Event.withTiming(test.context); Event end = Event.withTiming(test.context)) {
            start.record(test.stream);
            end.record(test.stream);
            end.millisecondsSince(start);
        }
    }

    private static void map(FailureTest test) {
        try (PinnedMemory mapped = PinnedMemory.allocate(test.context, 4, PinnedMemory.Flag.MAPPED)) {
            mapped.deviceAddress();
        }
    }

    private static void runKernel(FailureTest test) {
        try (Module module = Module.load(test.context,
                DeviceCode.compile("failure", SOURCE, test.context.device()))) {
            module.global("count");
            Kernel kernel = module.kernel("increase");
            int shared = test.context.device().maxSharedMemoryPerBlock();
            assertEquals(1, kernel.blocksPerMultiprocessor(32, shared));
            kernel.launch(Dim3.of(1), Dim3.of(1)).launch(test.stream);
        }
    }

    private static void capture(FailureTest test) {
        try (DeviceMemory memory = test.pool.allocate(4, test.stream);
                CudaGraph graph = test.stream.capture(() -> memory.clear(test.stream));
                ExecutableGraph executable = graph.instantiate()) {
            assertEquals(1, graph.nodes());
            executable.launch(test.stream);
            executable.update(graph);
        }
    }

    @Test
    void statusUnknownToTheDriverIsPrintedAsANumber() {
        StandIn.failNext("cuCtxSynchronize", 987654, 0);
        CudaException failure = assertThrows(CudaException.class, context::synchronize);
        assertEquals("CUDA status 987654 from cuCtxSynchronize", failure.getMessage());
        assertTrue(failure.name().isEmpty());
    }

    @Test
    void stickyErrorSaysThatTheProcessMustEndAndClosingStaysQuiet() {
        DeviceMemory memory = memory(1);
        PinnedMemory pinned = PinnedMemory.allocate(context, 4);
        Event event = Event.create(context);
        CudaGraph graph = stream.capture(() -> memory.clear(stream));
        ExecutableGraph executable = graph.instantiate();
        StandIn.failNext("cuStreamSynchronize", cuda.CUDA_ERROR_ILLEGAL_ADDRESS, 0);
        CudaException failure = assertThrows(CudaException.class, stream::synchronize);
        assertTrue(failure.isSticky());
        assertTrue(failure.getMessage().contains("CUDA_LAUNCH_BLOCKING=1"), failure.getMessage());
        assertTrue(assertThrows(CudaException.class, () -> memory.clear(stream)).isSticky());
        executable.close();
        graph.close();
        event.close();
        pinned.close();
        memory.close();
    }

    @Test
    void stickyErrorThatClosingFindsFirstIsReportedOnce() {
        try (DeviceMemory memory = memory(1)) {
            Event event = Event.create(context);
            StandIn.failNext("cuEventDestroy_v2", cuda.CUDA_ERROR_LAUNCH_FAILED, 0);
            assertTrue(assertThrows(CudaException.class, event::close).isSticky());
            event.close();
            assertTrue(assertThrows(CudaException.class, () -> memory.clear(stream)).isSticky());
        }
        // The event was not destroyed: it goes with the context.
    }

    @Test
    void failureInABlockIsNotHiddenByTheFailureToClose() {
        IllegalStateException first = new IllegalStateException("first");
        IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> {
            try (Event event = Event.create(context)) {
                event.record(stream);
                StandIn.failNext("cuEventDestroy_v2", INVALID_VALUE, 0);
                throw first;
            }
        });
        assertSame(first, thrown);
        assertEquals("cuEventDestroy_v2", ((CudaException) thrown.getSuppressed()[0]).function());
        // The event was not destroyed: it goes with the context.
    }

    @Test
    void failedEndOfACaptureDoesNotHideWhatFailedInIt() {
        StandIn.failNext("cuStreamEndCapture", INVALID_VALUE, 0);
        IllegalArgumentException failure = new IllegalArgumentException("in the capture");
        assertSame(failure, assertThrows(IllegalArgumentException.class, () -> stream.capture(() -> {
            throw failure;
        })));
        assertEquals("cuStreamEndCapture", ((CudaException) failure.getSuppressed()[0]).function());
        assertFalse(stream.isCapturing());
        // The driver ends a capture whose end fails: the stream is free for another one.
        stream.capture(() -> {}).close();
    }
}
