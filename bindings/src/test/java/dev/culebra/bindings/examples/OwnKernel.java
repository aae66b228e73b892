package dev.culebra.bindings.examples;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.cuda.cuda;
import dev.culebra.bindings.nvrtc.nvrtc;

/** Compiles a kernel and runs it on the first GPU: y = a x + y. */
public final class OwnKernel {
    private static final String SOURCE = """
            extern "C" __global__ void axpy(int n, float a, const float* x, float* y) {
                int i = blockIdx.x * blockDim.x + threadIdx.x;
                if (i < n) y[i] = a * x[i] + y[i];
            }
            """;

    private OwnKernel() {}

    /** y[i] = 2 i + 1 for i below 1000. */
    public static void main(String[] args) {
        int n = 1000;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG); // Receives one result after the other.
            check(nvrtc.nvrtcCreateProgram(out, arena.allocateFrom(SOURCE), arena.allocateFrom("axpy.cu"), 0,
                    MemorySegment.NULL, MemorySegment.NULL));
            MemorySegment program = out.get(Native.C_POINTER, 0);
            check(nvrtc.nvrtcCompileProgram(program, 0, MemorySegment.NULL));
            check(nvrtc.nvrtcGetPTXSize(program, out));
            MemorySegment ptx = arena.allocate(out.get(ValueLayout.JAVA_LONG, 0));
            check(nvrtc.nvrtcGetPTX(program, ptx));
            check(cuda.cuInit(0));
            check(cuda.cuDevicePrimaryCtxRetain(out, 0));
            check(cuda.cuCtxSetCurrent(out.get(Native.C_POINTER, 0)));
            check(cuda.cuModuleLoadData(out, ptx));
            check(cuda.cuModuleGetFunction(out, out.get(Native.C_POINTER, 0), arena.allocateFrom("axpy")));
            MemorySegment kernel = out.get(Native.C_POINTER, 0);
            MemorySegment x = arena.allocate(ValueLayout.JAVA_FLOAT, n);
            MemorySegment y = arena.allocate(ValueLayout.JAVA_FLOAT, n);
            for (int i = 0; i < n; i++) {
                x.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
                y.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1);
            }
            check(cuda.cuMemAlloc(out, 2L * x.byteSize()));
            long deviceX = out.get(ValueLayout.JAVA_LONG, 0);
            long deviceY = deviceX + x.byteSize();
            check(cuda.cuMemcpyHtoD(deviceX, x, x.byteSize()));
            check(cuda.cuMemcpyHtoD(deviceY, y, y.byteSize()));
            MemorySegment parameters = arena.allocate(Native.C_POINTER, 4);
            parameters.setAtIndex(Native.C_POINTER, 0, arena.allocateFrom(ValueLayout.JAVA_INT, n));
            parameters.setAtIndex(Native.C_POINTER, 1, arena.allocateFrom(ValueLayout.JAVA_FLOAT, 2));
            parameters.setAtIndex(Native.C_POINTER, 2, arena.allocateFrom(ValueLayout.JAVA_LONG, deviceX));
            parameters.setAtIndex(Native.C_POINTER, 3, arena.allocateFrom(ValueLayout.JAVA_LONG, deviceY));
            check(cuda.cuLaunchKernel(kernel, (n + 255) / 256, 1, 1, 256, 1, 1, 0, MemorySegment.NULL, parameters,
                    MemorySegment.NULL));
            check(cuda.cuMemcpyDtoH(y, deviceY, y.byteSize()));
            System.out.println("y[999] = " + y.getAtIndex(ValueLayout.JAVA_FLOAT, 999)); // 1999.0
        }
    }

    private static void check(int status) {
        if (status != 0) {
            throw new IllegalStateException("status " + status);
        }
    }
}
