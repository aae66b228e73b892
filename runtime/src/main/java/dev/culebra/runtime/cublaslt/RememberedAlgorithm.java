package dev.culebra.runtime.cublaslt;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The algorithm that a plan had chosen, to be kept on disk: a run that is resumed with it computes the same bits.
 *
 * @param key what it was chosen for: the product, the library's version and the device, from {@link MatmulPlan#key}
 * @param state the state of a {@link MatmulAlgorithm}
 */
public record RememberedAlgorithm(String key, List<Long> state) {
    private static final int MAGIC = 0x43424c41; // CBLA
    private static final int VERSION = 1;

    /** Checks the size of the state. */
    public RememberedAlgorithm {
        state = List.copyOf(state);
        if (state.size() != MatmulAlgorithm.STATE_LONGS) {
            throw new IllegalArgumentException("an algorithm has 8 numbers of state, not " + state.size());
        }
    }

    /** As bytes: magic, version, the key, and the 64 bytes of state, all big-endian. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeUTF(key);
            for (long word : state) {
                out.writeLong(word);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * From the bytes of {@link #toBytes}.
     *
     * @throws IllegalArgumentException if they are something else, or damaged
     */
    public static RememberedAlgorithm fromBytes(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != MAGIC || in.readInt() != VERSION) {
                throw new IllegalArgumentException("not a remembered algorithm of version " + VERSION);
            }
            String key = in.readUTF();
            List<Long> state = new ArrayList<>();
            for (int index = 0; index < MatmulAlgorithm.STATE_LONGS; index++) {
                state.add(in.readLong());
            }
            if (in.available() > 0) {
                throw new IllegalArgumentException("a remembered algorithm with " + in.available() + " bytes too many");
            }
            return new RememberedAlgorithm(key, state);
        } catch (IOException damaged) {
            throw new IllegalArgumentException("a damaged remembered algorithm", damaged);
        }
    }
}
