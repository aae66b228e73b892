package dev.culebra.tools.benchmarks.study;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.driver.Context;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.Event;
import dev.culebra.runtime.driver.MemoryPool;
import dev.culebra.runtime.driver.Stream;
import dev.culebra.runtime.machine.DriverReport;
import dev.culebra.runtime.machine.GpuReport;

/**
 * The device beneath the backend {@code cuda:N}, asked past it: how much memory is free, and how fast it copies. It holds the
 * device's context, so that backends may come and go without making it anew.
 */
public final class Gpu implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("cuda(?::(\\d{1,4}))?");
    private static final int COPIES = 8;
    private static final int READINGS = 5;

    private final Context context;

    private Gpu(Context context) {
        this.context = context;
    }

    /** Whether a device, as the command line names it, is a GPU. */
    public static boolean is(String device) {
        return NAME.matcher(device).matches();
    }

    /** That of a device as the command line names it, if it is a GPU. */
    public static Optional<Gpu> of(String device) {
        return number(device).map(number -> new Gpu(Context.of(Device.of(number))));
    }

    /** What the driver says of such a device, if it is a GPU and the driver knows it. No context is made for that. */
    public static Optional<GpuReport> report(String device) {
        return number(device).flatMap(number -> DriverReport.examine().gpus().stream()
                .filter(gpu -> gpu.number() == number).findFirst());
    }

    /** Why a device is not here, if so; what is no GPU is taken to be. */
    public static Optional<String> missing(String device) {
        if (!is(device) || report(device).isPresent()) {
            return Optional.empty();
        }
        return Optional.of("there is no " + device
                + DriverReport.examine().gpuProblem().map(problem -> ": " + problem).orElse(""));
    }

    private static Optional<Integer> number(String device) {
        Matcher name = NAME.matcher(device);
        return name.matches()
                ? Optional.of(name.group(1) == null ? 0 : Integer.parseInt(name.group(1)))
                : Optional.empty();
    }

    /** The bytes that nobody has; other processes are counted. */
    public long freeBytes() {
        return context.memory().free();
    }

    /** Bytes read and written in a second by the driver's own copy of so many bytes, the fastest of some. */
    public double copyRate(int bytes) {
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
    public long takenSince(long free) {
        return free - freeBytes();
    }

    @Override
    public void close() {
        context.close();
    }
}
