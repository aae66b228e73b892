package dev.culebra.tools.benchmarks.peers;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Everything that is compared, for JMH: a row of the table, done in one of the ways. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PeerBenchmark {
    /** System properties that say the sizes, the device and the folder with weights. */
    static final String SIZES = "culebra.peers.sizes";
    static final String DEVICE = "culebra.peers.device";
    static final String FOLDER = "culebra.peers.folder";

    /** What is done. */
    @Param
    public Comparison row;

    /** By whom. */
    @Param
    public Way way;

    private Peer peer;

    /** Makes everything that takes part. */
    @Setup
    public void setUp() {
        peer = row.peer(way, new Conditions(Extent.valueOf(System.getProperty(SIZES)).sizes(),
                System.getProperty(DEVICE), Optional.of(Path.of(System.getProperty(FOLDER)))));
    }

    /** Does it once. */
    @Benchmark
    public void run() {
        peer.run();
    }

    /** Frees it. */
    @TearDown
    public void tearDown() {
        peer.close();
    }
}
