package dev.culebra.runtime.cudnn;

import java.io.IOException;
import java.util.List;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.testing.AnotherJvm;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** No descriptor is left open when cuDNN refuses what is to be set in it. */
class CudnnLeaksTest {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.CUDNN);
    }

    @Test
    void refusedDescriptorsAreFreed() throws IOException, InterruptedException {
        assertEquals("CUDNN_STATUS_NOT_SUPPORTED CUDNN_STATUS_BAD_PARAM CUDNN_STATUS_BAD_PARAM \n",
                run("-Dculebra.leaks=true", "-Dtest.forget=false"));
    }

    @Test
    void aForgottenOneIsReported() throws IOException, InterruptedException {
        String output = run("-Dculebra.leaks=true", "-Dtest.forget=true");
        assertTrue(
                output.contains("culebra leak: " + TensorDescriptor.class.getName() + " still open when the JVM ended"),
                output);
        assertEquals(2, output.split("culebra leak", -1).length, output);
    }

    private static String run(String... options) throws IOException, InterruptedException {
        return AnotherJvm.output(AnotherJvm.of(Refused.class, options).redirectErrorStream(true));
    }

    /** Makes descriptors that cuDNN refuses, and one that the system property says to forget. */
    static final class Refused {
        private Refused() {}

        public static void main(String[] arguments) {
            RnnSpec.Size size = RnnSpec.Size.of(1, 7, 5);
            print(() -> RnnDescriptor.create(new RnnSpec(size, RnnArithmetic.F64, RnnAlgorithm.PERSIST_STATIC,
                    RnnDataLayout.BATCH_MAJOR)));
            print(() -> RnnDataDescriptor.create(DataType.F32, RnnDataLayout.TIME_MAJOR_PACKED,
                    new RnnSequences(List.of(1, 2), 2), 7));
            print(() -> TensorDescriptor.rowMajor(DataType.F32, Shape.of(3)));
            TensorDescriptor descriptor = TensorDescriptor.rowMajor(DataType.F32, Shape.of(2, 3, 4));
            if (!Boolean.getBoolean("test.forget")) {
                descriptor.close();
            }
            System.out.println();
        }

        private static void print(Runnable call) {
            try {
                call.run();
            } catch (CudnnException refused) {
                System.out.print(refused.name().orElseThrow() + " ");
            }
        }
    }
}
