package dev.culebra.tools.benchmarks.study;

import dev.culebra.runtime.HostMemory;

/**
 * The memory that work on a device takes: on a GPU the device's, as the driver tells it, the context not counted; else the process's,
 * which Linux tells.
 */
public sealed interface Memory extends AutoCloseable {
    /** That of a device as the command line names it; of a GPU counts what is taken from now on, whoever takes it. */
    static Memory of(String device) {
        return Gpu.of(device).<Memory>map(OfGpu::new).orElseGet(OfProcess::new);
    }

    /** The bytes taken now. */
    long bytes();

    /**
     * The most bytes that were ever taken. A GPU's driver does not tell: those taken now, without what was given back before, such as
     * the workspaces of algorithms that were tried.
     */
    long peakBytes();

    @Override
    void close();

    /** This process's memory. */
    record OfProcess() implements Memory {
        @Override
        public long bytes() {
            return HostMemory.residentBytes().orElseThrow();
        }

        @Override
        public long peakBytes() {
            return HostMemory.peakBytes().orElseThrow();
        }

        @Override
        public void close() {}
    }

    /** A GPU's memory. */
    record OfGpu(Gpu gpu, long freeBefore) implements Memory {
        OfGpu(Gpu gpu) {
            this(gpu, gpu.freeBytes());
        }

        @Override
        public long bytes() {
            return gpu.takenSince(freeBefore);
        }

        @Override
        public long peakBytes() {
            return bytes();
        }

        @Override
        public void close() {
            gpu.close();
        }
    }
}
