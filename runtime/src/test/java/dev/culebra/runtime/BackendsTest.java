package dev.culebra.runtime;

import java.io.IOException;
import java.util.stream.Stream;

import dev.culebra.runtime.standin.StandIn;
import dev.culebra.testing.AnotherJvm;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    void withoutGpuAndOneDnnAutoIsTheReferenceAndSaysWhy() throws IOException, InterruptedException {
        assertEquals(
                """
                        reference
                        plain Java, double precision, one thread (no GPU: no NVIDIA driver can be loaded; oneDNN was not found, \
                        and --device cpu says where it was sought)
                        """,
                openAuto("-Dculebra.cuda.path=nowhere", "-Dculebra.onednn.path=nowhere"));
    }

    @Test
    void withoutGpuAutoIsTheCpuAndSaysWhy() throws IOException, InterruptedException {
        String found = openAuto("-Dculebra.cuda.path=nowhere");
        if (found.startsWith("reference")) {
            Requirement.CPU.missing(found);
        }
        assertTrue(found.startsWith("cpu\noneDNN "), found);
        assertTrue(found.endsWith(" threads (no GPU: no NVIDIA driver can be loaded)\n"), found);
    }

    @Test
    void aGpuThatWorksIsChosen() throws IOException, InterruptedException {
        StandIn.activate();
        String found = openAuto(StandIn.options());
        assertTrue(found.startsWith("cuda:0\n"), found);
    }

    @Test
    void aGpuWithoutACompilerIsNotChosen() throws IOException, InterruptedException {
        StandIn.activate();
        String found = openAuto(Stream.concat(Stream.of(StandIn.options()), Stream.of("-Dculebra.nvrtc.path=nowhere"))
                .toArray(String[]::new));
        assertTrue(found.contains("(no GPU: "), found);
        assertTrue(found.contains(" is there, but NVRTC cannot be loaded; 'doctor' says how to get it)"), found);
    }

    /** What {@link OpenAuto} prints in a virtual machine of its own, since this one may have loaded the libraries. */
    private static String openAuto(String... options) throws IOException, InterruptedException {
        return AnotherJvm.output(AnotherJvm.of(OpenAuto.class, options));
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
