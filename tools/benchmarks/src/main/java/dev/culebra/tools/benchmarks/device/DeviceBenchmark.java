package dev.culebra.tools.benchmarks.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.culebra.runtime.driver.Context;
import dev.culebra.runtime.driver.Device;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.driver.Module;
import dev.culebra.runtime.driver.ParameterType;
import dev.culebra.runtime.driver.Stream;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Something asked of a GPU through {@code runtime}. {@code device_costs.cpp} does the same with the same calls of the driver,
 * under the name of the subclass.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class DeviceBenchmark {
    /** The system property that names the file with the compiled kernel. */
    public static final String IMAGE = "culebra.benchmarks.image";
    /** A kernel that does nothing with the one pointer it gets, and its name. */
    public static final String KERNEL = "empty";
    /** Its source. */
    public static final String SOURCE = "extern \"C\" __global__ void " + KERNEL + "(float *) {}\n";
    /** How many bytes are copied. */
    public static final int COPIED_BYTES = 4096;
    /** How many launches are counted together, or make a graph: fewer than the driver queues before it lets callers wait. */
    public static final int LAUNCHES = 100;

    Context context;
    Stream stream;
    private Module module;
    Launch launch;

    /** Opens a context, a stream and the kernel, and what a subclass needs beside. */
    @Setup
    public final void open() throws IOException {
        context = Context.of(Device.of(0));
        stream = Stream.create(context);
        module = Module.load(context, Files.readAllBytes(Path.of(System.getProperty(IMAGE))));
        launch = module.kernel(KERNEL, ParameterType.POINTER).launch(new Dim3(1, 1, 1), new Dim3(32, 1, 1)).setAddress(
                0,
                0);
        prepare();
    }

    /** Closes all that. */
    @TearDown
    public final void close() {
        release();
        module.close();
        stream.close();
        context.close();
    }

    /** Makes what only this benchmark needs. JMH would run a method that overrides {@link #open} twice. */
    void prepare() {}

    /** Frees what {@link #prepare} made. */
    void release() {}
}
