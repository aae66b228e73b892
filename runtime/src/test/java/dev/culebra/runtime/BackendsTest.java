package dev.culebra.runtime;

import java.io.IOException;

import dev.culebra.testing.AnotherJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class BackendsTest {
    @ParameterizedTest
    @EnumSource
    void theReferenceComputesInDoublePrecisionWhateverIsAskedFor(Precision precision) {
        try (Backend backend = Backends.open("reference", precision)) {
            assertEquals("reference", backend.name());
            assertEquals("plain Java, double precision, one thread", backend.description());
            assertEquals(Precision.FP64, backend.precision());
            assertEquals(DataType.F64, backend.activationType());
            assertEquals(DataType.F64, backend.parameterType());
        }
    }

    @Test
    void anUnknownDeviceIsRefusedWithTheListOfThoseThereAre() {
        String message = assertThrows(IllegalArgumentException.class, () -> Backends.open("gpu", Precision.FP32))
                .getMessage();
        assertEquals("there is no device gpu; there are auto, cuda, cpu, reference, cuda:1 and so on", message);
    }

    @Test
    void withoutOneDnnAutoIsTheReferenceAndSaysWhy() throws IOException, InterruptedException {
        assertEquals("""
                reference
                plain Java, double precision, one thread (oneDNN was not found; --device cpu says where it was sought)
                """, runWithoutOneDnn());
    }

    /** What {@link OpenAuto} prints in a virtual machine of its own, since this one may have loaded the library. */
    private static String runWithoutOneDnn() throws IOException, InterruptedException {
        return AnotherJvm.output(AnotherJvm.of(OpenAuto.class, "-Dculebra.onednn.path=nowhere"));
    }

    /** Opens {@code auto} and prints what it is. */
    static final class OpenAuto {
        private OpenAuto() {}

        public static void main(String[] arguments) {
            try (Backend backend = Backends.open("auto", Precision.FP32)) {
                System.out.println(backend.name());
                System.out.println(backend.description());
            }
        }
    }
}
