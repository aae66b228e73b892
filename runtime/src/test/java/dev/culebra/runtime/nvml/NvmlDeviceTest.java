package dev.culebra.runtime.nvml;

import java.util.List;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The GPUs of this machine. */
class NvmlDeviceTest {
    @Test
    void valuesAreThoseOfAGpu() {
        try (Nvml nvml = open()) {
            List<NvmlDevice> devices = nvml.devices();
            assertFalse(devices.isEmpty());
            assertTrue(nvml.driverVersion().matches("\\d+\\..*"), nvml.driverVersion());
            for (NvmlDevice device : devices) {
                assertFalse(device.name().isEmpty());
                assertTrue(device.uuid().startsWith("GPU-"), device.uuid());
                assertEquals(device.name(), nvml.deviceByUuid(device.uuid()).name());
                NvmlDevice.Memory memory = device.memory();
                assertTrue(memory.total() > 1L << 30 && memory.used() >= 0 && memory.free() >= 0, memory.toString());
                assertTrue(memory.used() + memory.free() <= memory.total(), memory.toString());
                device.temperature().ifPresent(celsius -> assertTrue(celsius > 0 && celsius < 130, celsius + " °C"));
                device.power().ifPresent(watts -> assertTrue(watts >= 0 && watts < 3000, watts + " W"));
                device.utilization().ifPresent(busy -> assertTrue(busy.gpu() >= 0 && busy.gpu() <= 100
                        && busy.memory() >= 0 && busy.memory() <= 100, busy.toString()));
                device.processUtilization().ifPresent(busy -> assertTrue(busy.gpu() >= 0 && busy.gpu() <= 100
                        && busy.memory() >= 0 && busy.memory() <= 100, busy.toString()));
                ProcessMemory process = device.processMemory();
                assertEquals(process.bytes().isEmpty(), !process.reason().isEmpty(), process.toString());
                process.bytes().ifPresent(bytes -> assertTrue(bytes >= 0 && bytes <= memory.total(), bytes + " bytes"));
            }
        }
    }

    private static Nvml open() {
        try {
            return Nvml.open();
        } catch (MissingLibraryException | NvmlException absent) {
            Requirement.GPU.missing(absent.getMessage());
            throw absent;
        }
    }
}
