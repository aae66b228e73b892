package dev.culebra.runtime;

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
            assertEquals(Precision.FP64, backend.precision());
            assertEquals(DataType.F64, backend.activationType());
            assertEquals(DataType.F64, backend.parameterType());
        }
    }

    @Test
    void anUnknownDeviceIsRefusedWithTheListOfThoseThereAre() {
        String message = assertThrows(IllegalArgumentException.class, () -> Backends.open("gpu", Precision.FP32))
                .getMessage();
        assertTrue(message.startsWith("there is no device gpu; there are auto, "), message);
        assertTrue(message.contains("reference"), message);
    }
}
