package dev.culebra.runtime.driver;

import dev.culebra.runtime.standin.StandIn;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DeviceTest {
    @BeforeAll
    static void activate() {
        StandIn.activate();
    }

    @Test
    void devicesAreCountedFromZero() {
        assertEquals(Device.count(), Device.all().size());
        for (int ordinal = 0; ordinal < Device.count(); ordinal++) {
            assertEquals(ordinal, Device.of(ordinal).ordinal());
            assertEquals(Device.of(ordinal), Device.all().get(ordinal));
        }
        assertNotEquals(Device.of(0), Device.all());
    }

    @Test
    void deviceThatIsNotThereIsRefusedWithTheirNumber() {
        String message = assertThrows(IllegalArgumentException.class, () -> Device.of(Device.count())).getMessage();
        assertEquals("there is no device " + Device.count() + ": this process sees " + Device.count(), message);
        assertThrows(IllegalArgumentException.class, () -> Device.of(-1));
    }

    @Test
    void deviceSaysWhatItIs() {
        Device device = Device.of(0);
        assertFalse(device.name().isBlank());
        assertEquals(StandIn.isActive(), device.name().contains("stand-in"), device.name());
        assertTrue(device.uuid().matches("GPU(-[0-9a-f]+){5}"), device.uuid());
        assertEquals("GPU-".length() + 36, device.uuid().length());
        assertTrue(device.toString().startsWith("device 0 (" + device.name()), device.toString());
        assertTrue(device.computeCapability().isAtLeast(5, 0), device.computeCapability().toString());
        assertEquals(32, device.warpSize());
        assertTrue(device.multiprocessors() > 0);
        assertTrue(device.totalMemory() > 1 << 20);
        assertTrue(device.maxSharedMemoryPerBlock() >= 48 << 10);
        assertTrue(device.maxThreadsPerBlock() >= 512);
        assertTrue(device.maxBlock().z() >= 64);
        assertTrue(device.maxGrid().x() > 65535);
        assertTrue(device.l2CacheBytes() > 0);
        assertTrue(device.memoryBandwidth() > 1e9);
        assertTrue(device.hasMemoryPools());
        assertFalse(device.pciBusId().isBlank());
    }

    @Test
    void computeCapabilitiesAreOrderedAndNamed() {
        ComputeCapability hopper = new ComputeCapability(9, 0);
        assertTrue(hopper.isAtLeast(9, 0));
        assertTrue(hopper.isAtLeast(8, 6));
        assertFalse(hopper.isAtLeast(9, 1));
        assertFalse(hopper.isAtLeast(10, 0));
        assertEquals("9.0", hopper.toString());
        assertEquals("sm_90", hopper.architecture());
    }

    @Test
    void driverSaysItsVersionAndThatOfTheHeaders() {
        assertTrue(CudaDriver.version().matches("\\d+\\.\\d+"), CudaDriver.version());
        assertEquals("13.0", CudaDriver.headerVersion());
    }
}
