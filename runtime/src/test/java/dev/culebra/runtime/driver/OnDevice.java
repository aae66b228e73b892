package dev.culebra.runtime.driver;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

import dev.culebra.runtime.standin.StandIn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A test on a GPU or on the stand-in for one: a context, a stream and a pool for each test method. */
@SuppressWarnings("exports") // JUnit is no part of the module, which is sealed to tests elsewhere unless these methods are public.
public abstract class OnDevice {
    /** The context of device 0. */
    protected Context context;
    /** A stream of it. */
    protected Stream stream;
    /** A pool of it. */
    protected MemoryPool pool;

    /** The objects are made before each test method. */
    protected OnDevice() {}

    /** Makes the stand-in the device where there is none. */
    @BeforeAll
    public static void activate() {
        StandIn.activate();
    }

    /** Makes the objects of a test method. */
    @BeforeEach
    public void open() {
        context = Context.of(Device.of(0));
        stream = Stream.create(context);
        pool = MemoryPool.create(context, 0);
    }

    /** Closes them, and finds nothing else left behind. */
    @AfterEach
    public void closeAll() {
        pool.close();
        stream.close();
        context.close();
        assertEquals(Map.of(), StandIn.liveObjectsByKind(), "what was not freed");
    }

    /** Device memory that holds these numbers. */
    protected DeviceMemory memory(float... values) {
        DeviceMemory memory = pool.allocate((long) values.length * Float.BYTES, stream);
        memory.write(MemorySegment.ofArray(values), stream);
        return memory;
    }

    /** The numbers that device memory holds. */
    protected float[] floats(DeviceRegion region) {
        float[] values = new float[Math.toIntExact(region.bytes() / Float.BYTES)];
        region.read(MemorySegment.ofArray(values), stream);
        return values;
    }

    /** The bytes that device memory holds. */
    byte[] bytes(DeviceRegion region) {
        byte[] values = new byte[Math.toIntExact(region.bytes())];
        region.read(MemorySegment.ofArray(values), stream);
        return values;
    }

    /** The bytes of pinned memory. */
    static byte[] bytes(PinnedMemory memory) {
        return memory.segment().toArray(ValueLayout.JAVA_BYTE);
    }
}
