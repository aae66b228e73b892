package dev.culebra.tools.benchmarks.peers.djl;

import java.util.stream.IntStream;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.culebra.runtime.OwnedParts;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.peers.Peer;

/** Work on DJL's arrays. Those of a run belong to a manager that is closed after it; the others live as long as this. */
abstract class DjlPeer implements Peer {
    static final String ENGINE = "PyTorch";

    static {
        // What it needs is in jars; it is not to look for more.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    final NDManager manager;
    private final OwnedParts owned = new OwnedParts();
    private final boolean queues;

    DjlPeer(Conditions conditions) {
        queues = device(conditions).isGpu();
        manager = own(NDManager.newBaseManager(device(conditions), ENGINE));
    }

    /** The device as DJL names it. */
    static Device device(Conditions conditions) {
        return conditions.device().startsWith("cuda")
                ? Device.gpu(Integer.parseInt(conditions.device().replaceFirst("cuda:?", "0")))
                : Device.cpu();
    }

    /** Waits until a GPU has done all that it was given; a processor has. */
    final void finish() {
        if (queues) {
            // DJL has no call that waits; this number comes after all that was queued before it.
            try (NDArray last = manager.zeros(new Shape(1))) {
                last.toFloatArray();
            }
        }
    }

    /** Closes a part with this object, the latest first. */
    final <T extends AutoCloseable> T own(T part) {
        return owned.own(part);
    }

    final NDArray array(float[] values, long... sizes) {
        return manager.create(values, new Shape(sizes));
    }

    final NDArray ids(int[] values, long... sizes) {
        return manager.create(IntStream.of(values).asLongStream().toArray(), new Shape(sizes));
    }

    /** The same numbers, wider. */
    static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    static NDList list(NDArray... arrays) {
        return new NDList(arrays);
    }

    @Override
    public final void close() {
        owned.close();
    }
}
