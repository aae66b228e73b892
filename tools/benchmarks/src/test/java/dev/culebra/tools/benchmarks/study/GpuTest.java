package dev.culebra.tools.benchmarks.study;

import java.util.Optional;

import dev.culebra.experiments.study.Experiment;
import dev.culebra.experiments.study.OptimizerKind;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.standin.StandIn;
import dev.culebra.tools.benchmarks.Circumstances;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is asked of a GPU past its backend, with a GPU or what stands in for one. */
class GpuTest {
    @BeforeAll
    static void activate() {
        StandIn.activate();
    }

    @Test
    void devicesAreFoundByTheirNames() {
        assertTrue(Gpu.is("cuda") && Gpu.is("cuda:1"));
        assertFalse(Gpu.is("cpu") || Gpu.is("cuda:") || Gpu.is("reference"));
        assertEquals(Optional.empty(), Gpu.missing("cuda:0"));
        assertEquals(Optional.empty(), Gpu.missing("cpu"));
        assertTrue(Gpu.missing("cuda:999").orElseThrow().startsWith("there is no cuda:999"));
        assertEquals(Optional.empty(), Gpu.report("cpu"));
        assertEquals(StandIn.isActive(), Gpu.report("cuda").orElseThrow().isStandIn());
    }

    @Test
    void aGpuNamesTheMachineBeforeItsProcessor() {
        String machine = Circumstances.machine();
        assertEquals(machine, Circumstances.machine("cpu"));
        assertEquals(Gpu.report("cuda:0").orElseThrow().name() + " beside " + machine,
                Circumstances.machine("cuda:0"));
    }

    @Test
    void memoryOfAGpuIsWhatWasTakenOfTheDevices() {
        Sizes sizes = Sizes.SMALL;
        Memory memory = Memory.of("cuda:0");
        try (memory;
                Backend backend = Backends.open("cuda:0", Precision.FP32);
                StudyStep step = new StudyStep(backend, sizes.model(Experiment.EXP5),
                        OptimizerKind.ADAM, sizes.batch(), sizes.sequenceLength())) {
            step.run();
            backend.synchronize();
            long parameters = step.model().parameters().values().bytes();
            assertTrue(memory.bytes() >= parameters, () -> memory.bytes() + " of " + parameters);
            assertTrue(memory.peakBytes() >= parameters, memory::toString);
        }
    }
}
