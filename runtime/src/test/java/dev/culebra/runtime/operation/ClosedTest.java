package dev.culebra.runtime.operation;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** What happens to those who use a backend, or an operation of it, after closing it: they are told. */
class ClosedTest {
    private static final TestBackends CPU = new TestBackends("cpu", Precision.FP32);

    @Test
    void aClosedOperationRefusesNewAddresses() {
        try (Backend backend = CPU.open()) {
            LayerNorm norm = backend.layerNorm(new LayerNormSpec(2, 4, 1e-5, false));
            Tensor parameters = backend.allocate(DataType.F32, Shape.of(4));
            Tensor statistics = backend.allocate(DataType.F32, Shape.of(2, 2));
            Tensor x = backend.allocate(DataType.F32, Shape.of(2, 4));
            norm.forward(x, x, parameters, parameters, x, statistics, x);
            norm.close();
            norm.close();
            Tensor other = backend.allocate(DataType.F32, Shape.of(2, 4));
            String message = assertThrows(IllegalStateException.class,
                    () -> norm.forward(other, other, parameters, parameters, other, statistics, other)).getMessage();
            assertEquals("Primitive is closed", message);
            for (Tensor tensor : new Tensor[] {parameters, statistics, x, other}) {
                tensor.storage().close();
            }
        }
    }

    @Test
    @Timeout(value = 10, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aClosedBackendStartsNoLoopThatNobodyWouldEnd() {
        int elements = 100_000;
        Backend backend = CPU.open();
        Dropout dropout = backend.dropout(new DropoutSpec(elements, 0.5, 42, 1));
        Tensor x = backend.allocate(DataType.F32, Shape.of(elements));
        backend.close();
        backend.close();
        String message = assertThrows(IllegalStateException.class, () -> dropout.apply(x, 1)).getMessage();
        assertEquals("the CPU backend is closed", message);
        dropout.close();
        x.storage().close();
    }
}
