package dev.culebra.tools.benchmarks.startup;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.function.ToIntFunction;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.cublaslt.cublasLt;
import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.bindings.nccl.nccl;
import dev.culebra.bindings.nvrtc.nvrtc;

/** A library and a first call of it: one that needs no GPU, in both ways. */
public enum Library {
    /** What the JDK itself needs for a first call, through the same interface and through its own JNI. */
    C("`getpid` of the C library") {
        @Override
        long ours() {
            Linker linker = Linker.nativeLinker();
            MethodHandle getpid = linker.downcallHandle(linker.defaultLookup().findOrThrow("getpid"),
                    FunctionDescriptor.of(Native.C_INT));
            try {
                return (int) getpid.invokeExact();
            } catch (Throwable failure) {
                throw Native.failure("getpid", failure);
            }
        }

        @Override
        long jni() {
            return ProcessHandle.current().pid();
        }
    },
    /** cuBLASLt. */
    CUBLAS_LT("cuBLASLt") {
        @Override
        long ours() {
            return cublasLt.cublasLtGetVersion();
        }

        @Override
        long jni() {
            return org.bytedeco.cuda.global.cublas.cublasLtGetVersion();
        }
    },
    /** cuDNN. */
    CUDNN("cuDNN") {
        @Override
        long ours() {
            return cudnn.cudnnGetVersion();
        }

        @Override
        long jni() {
            return org.bytedeco.cuda.global.cudnn.cudnnGetVersion();
        }
    },
    /** NVRTC. */
    NVRTC("NVRTC") {
        @Override
        long ours() {
            return firstInt(out -> nvrtc.nvrtcVersion(out, out.asSlice(Integer.BYTES)));
        }

        @Override
        long jni() {
            int[] major = new int[1];
            org.bytedeco.cuda.global.nvrtc.nvrtcVersion(major, new int[1]);
            return major[0];
        }
    },
    /** NCCL. */
    NCCL("NCCL") {
        @Override
        long ours() {
            return firstInt(nccl::ncclGetVersion);
        }

        @Override
        long jni() {
            int[] version = new int[1];
            org.bytedeco.cuda.global.nccl.ncclGetVersion(version);
            return version[0];
        }
    };

    /** Those of NVIDIA. */
    public static final List<Library> NVIDIA = List.of(CUBLAS_LT, CUDNN, NVRTC, NCCL);

    private final String title;

    Library(String title) {
        this.title = title;
    }

    /** Its name, for people. */
    public String title() {
        return title;
    }

    /** The version (of {@link #C}, the number of the process), by the bindings. */
    abstract long ours();

    /** The same, by the presets of org.bytedeco:cuda. */
    abstract long jni();

    private static long firstInt(ToIntFunction<MemorySegment> function) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(2L * Integer.BYTES, Integer.BYTES);
            function.applyAsInt(out);
            return out.get(Native.C_INT, 0);
        }
    }
}
