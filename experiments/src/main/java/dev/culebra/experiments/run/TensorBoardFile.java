package dev.culebra.experiments.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

import com.google.protobuf.CodedOutputStream;
import dev.culebra.experiments.files.AppendedFile;
import dev.culebra.experiments.files.WholeFile;

/**
 * An event file of TensorBoard: what {@code tensorboard --logdir runs} shows. Each event is in the file as soon as it was
 * heard.
 *
 * <p>A run that is continued begins another file in the same folder, whose first record lets TensorBoard forget the steps that
 * the run makes again.
 *
 * <p>Source of the format: tensorflow/core/util/event.proto, framework/summary.proto and lib/io/record_writer.h.
 */
final class TensorBoardFile implements RunListener {
    /** Fields of the message {@code Event}. */
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;
    /** The fields of {@code Summary}, {@code Summary.Value} and {@code SessionLog} that are written. */
    private static final int VALUE = 1;
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;
    private static final int STATUS = 1;
    private static final int START = 1;

    private static final int CRC_MASK = 0xa282ead8;

    private final AppendedFile file;

    /**
     * Begins a file.
     *
     * @param folder the run's
     * @param step how many steps the run has made
     * @throws dev.culebra.experiments.failure.RunFailedException if it cannot be written
     */
    TensorBoardFile(Path folder, long step) {
        // No two processes begin one in the same run's folder: its metrics are locked.
        Path path = folder.resolve("events.out.tfevents." + System.currentTimeMillis());
        try {
            file = new AppendedFile(path,
                    FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw WholeFile.failure(path, e);
        }
        try {
            record(0, out -> out.writeString(FILE_VERSION, "brain.Event:2"));
            if (step > 0) {
                record(step + 1, out -> out.writeByteArray(SESSION_LOG, message(log -> log.writeEnum(STATUS, START))));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public void event(Event event) {
        switch (event) {
            case Event.Step step -> scalars(step.step(), Map.of("train/loss", step.loss(), "speed/tokens_per_second",
                    step.tokensPerSecond()));
            case Event.Validation validation -> scalars(validation.step(),
                    Map.of("validation/loss", validation.validation().loss(), "validation/perplexity",
                            validation.validation().perplexity()));
            case Event.Epoch epoch -> scalars(epoch.step(), valuesOf(epoch));
            case Event.Evaluation _,Event.Start _,Event.MemoryPlan _,Event.Failure _,Event.End _ -> {
            }
        }
    }

    private static Map<String, Double> valuesOf(Event.Epoch epoch) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("perplexity/train", epoch.train().perplexity());
        values.put("perplexity/validation", epoch.validation().perplexity());
        values.put("loss/train", epoch.train().loss());
        values.put("loss/validation", epoch.validation().loss());
        values.put("speed/seconds_per_epoch", epoch.seconds());
        values.put("memory/host_peak_bytes", (double) epoch.peakMemoryBytes());
        epoch.deviceMemory().ifPresent(memory -> {
            values.put("memory/device_mean_bytes", (double) memory.meanBytes());
            values.put("memory/device_peak_bytes", (double) memory.peakBytes());
        });
        return values;
    }

    private void scalars(long step, Map<String, Double> values) {
        record(step, out -> out.writeByteArray(SUMMARY, message(summary -> {
            for (Map.Entry<String, Double> value : values.entrySet()) {
                summary.writeByteArray(VALUE, message(scalar -> {
                    scalar.writeString(TAG, value.getKey());
                    scalar.writeFloat(SIMPLE_VALUE, value.getValue().floatValue());
                }));
            }
        })));
    }

    /** The fields of a message. */
    private interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.writeTo(out);
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory can be written", impossible);
        }
        return bytes.toByteArray();
    }

    /** Writes an {@code Event}: its length, that one's checksum, the message, and its checksum. */
    private void record(long step, Fields fields) {
        byte[] event = message(out -> {
            out.writeDouble(WALL_TIME, System.currentTimeMillis() / 1e3);
            out.writeInt64(STEP, step);
            fields.writeTo(out);
        });
        ByteBuffer record = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + event.length + Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(event.length);
        record.putInt(maskedChecksum(record.array(), 0, Long.BYTES));
        record.put(event);
        record.putInt(maskedChecksum(event, 0, event.length));
        file.append(record.flip());
    }

    private static int maskedChecksum(byte[] bytes, int offset, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, offset, length);
        return Integer.rotateRight((int) checksum.getValue(), 15) + CRC_MASK;
    }

    @Override
    public void close() {
        file.close();
    }
}
