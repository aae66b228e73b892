package dev.culebra.nn;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Lstm;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.ParameterRegion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.culebra.nn.Closeness.assertClose;

/** The LSTM operation goes on from given states, which the models do not need but {@code Lstm} promises. */
class LstmStateGoldenTest {
    @ParameterizedTest
    @MethodSource("dev.culebra.nn.BackendCase#present")
    void goesOnFromGivenStates(BackendCase backendCase) {
        double tolerance = backendCase.tolerance(35 * 17 * 2);
        try (Golden golden = Golden.open("operations/lstm_initial_state");
                Backend backend = backendCase.open();
                Network network = new Network(backend);
                Lstm lstm = backend.lstm(new LstmSpec(5, 7, 13, 17, 2, 0, 42))) {
            Shape states = golden.shape("h_0");
            Shape block = Shape.of(Math.toIntExact(lstm.parameterElements()));
            Tensor x = network.persistentActivation(golden.shape("x"));
            Tensor hidden = network.persistentActivation(states);
            Tensor cell = network.persistentParameter(states);
            Tensor parameters = network.persistentParameter(block);
            golden.copyTo("x", x);
            golden.copyTo("h_0", hidden);
            golden.copyTo("c_0", cell);
            for (ParameterRegion region : lstm.parameterLayout()) {
                golden.copyTo(region.name(), parameters.view(region.offset(), region.shape()));
            }
            Tensor y = network.persistentActivation(golden.shape("y"));
            Tensor finalHidden = network.persistentActivation(states);
            Tensor finalCell = network.persistentParameter(states);
            Tensor reserve = network.persistentActivation(lstm.reserveShape());
            lstm.forward(x, hidden, cell, parameters, -1, y, finalHidden, finalCell, reserve);
            assertClose("y", golden.doubles("y"), y, tolerance);
            assertClose("h_n", golden.doubles("h_n"), finalHidden, tolerance);
            assertClose("c_n", golden.doubles("c_n"), finalCell, tolerance);

            Tensor dy = network.persistentActivation(golden.shape("dy"));
            Tensor dx = network.persistentActivation(golden.shape("x"));
            Tensor gradients = network.persistentParameter(block);
            golden.copyTo("dy", dy);
            lstm.backward(x, hidden, cell, parameters, -1, y, reserve, dy, dx, gradients);
            assertClose("dx", golden.doubles("dx"), dx, tolerance);
            for (ParameterRegion region : lstm.parameterLayout()) {
                assertClose("d" + region.name(), golden.doubles("d" + region.name()),
                        gradients.view(region.offset(), region.shape()), tolerance);
            }
        }
    }
}
