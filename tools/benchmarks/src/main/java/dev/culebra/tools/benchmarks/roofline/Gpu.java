package dev.culebra.tools.benchmarks.roofline;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.driver.Context;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.Event;
import dev.culebra.runtime.driver.MemoryPool;
import dev.culebra.runtime.driver.Stream;

/**
 * The device beneath the backend {@code cuda:N}, asked past it: how much memory is free, and how fast it copies. It holds the
 * device's context, so that backends may come and go without making it anew.
 */
final class Gpu implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("cuda(?::(\\d{1,4}))?");
    private static final int COPIES = 8;
    private static final int READINGS = 5;

    private final Context context;

    private Gpu(Context context) {
        this.context = context;
    }

    /** That of a device as the command line names it, if it is a GPU. */
    static Optional<Gpu> of(String device) {
        Matcher name = NAME.matcher(device);
        if (!name.matches()) {
            return Optional.empty();
        }
        int ordinal = name.group(1) == null ? 0 : Integer.parseInt(name.group(1));
        return Optional.of(new Gpu(Context.of(Device.of(ordinal))));
    }

    /** The bytes that nobody has; other processes are counted. */
    long freeBytes() {
        return context.memory().free();
    }

    /** Bytes read and written in a second by the driver's own copy of so many bytes, the fastest of some. */
    double copyRate(int bytes) {
        OwnedParts owned = new OwnedParts();
        try (owned) {
            Stream stream = owned.own(Stream.create(context));
            MemoryPool pool = owned.own(MemoryPool.create(context, MemoryPool.KEEP_ALL));
            DeviceMemory from = owned.own(pool.allocate(bytes, stream));
            DeviceMemory to = owned.own(pool.allocate(bytes, stream));
            Event start = owned.own(Event.withTiming(context));
            Event stop = owned.own(Event.withTiming(context));
            double fastest = Double.POSITIVE_INFINITY;
            to.copyFrom(from, stream);
            for (int reading = 0; reading < READINGS; reading++) {
                start.record(stream);
                for (int copy = 0; copy < COPIES; copy++) {
                    to.copyFrom(from, stream);
                }
                stop.record(stream);
                fastest = Math.min(fastest, stop.millisecondsSince(start) / 1e3 / COPIES);
            }
            return 2.0 * bytes / fastest;
        }
    }

    /** The bytes of the device's memory that were taken since so many were free. */
    OptionalLong takenSince(long free) {
        return OptionalLong.of(free - freeBytes());
    }

    @Override
    public void close() {
        context.close();
    }
}
