package dev.culebra.tools.benchmarks.startup;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.ToIntFunction;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.cublaslt.cublasLt;
import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.bindings.nccl.nccl;
import dev.culebra.bindings.nvrtc.nvrtc;

/** A library and a first call of it: one that needs no GPU, in both ways. */
public enum Library {
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

    private final String title;

    Library(String title) {
        this.title = title;
    }

    /** Its name, for people. */
    public String title() {
        return title;
    }

    /** The version, by the bindings. */
    abstract long ours();

    /** The version, by the presets of org.bytedeco:cuda. */
    abstract long jni();

    private static long firstInt(ToIntFunction<MemorySegment> function) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(2L * Integer.BYTES, Integer.BYTES);
            function.applyAsInt(out);
            return out.get(Native.C_INT, 0);
        }
    }
}
