package dev.culebra.experiments.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What stands before the elements of a {@code .npy} file
 * (<a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>, versions 1
 * to 3): a magic number, the version, the header's length, and a Python dictionary with the element type, the order
 * and the shape.
 *
 * @param type the element type
 * @param shape the sizes of the axes, outermost first; empty for a scalar
 */
record NpyHeader(NpyType type, List<Integer> shape) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final Pattern DESCRIPTOR = Pattern.compile("'descr':\\s*(?:'([^']*)'|\\[)");
    private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([^)]*)\\)");

    NpyHeader {
        shape = List.copyOf(shape);
    }

    /** The number of elements. */
    long elements() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    /** Why an array's header cannot be used; the message continues "array 'x' ...". */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }

    static NpyHeader read(InputStream stream) throws IOException, Unusable {
        byte[] start = exactly(stream, 8);
        if (!Arrays.equals(Arrays.copyOf(start, MAGIC.length), MAGIC)) {
            throw new Unusable("is not in numpy's .npy format; save it with numpy.savez");
        }
        int version = start[6];
        if (version < 1 || version > 3) {
            throw new Unusable("has .npy version " + version + ", and only 1 to 3 are known; save it again with "
                    + "numpy.savez");
        }
        int length = version == 1
                ? Short.toUnsignedInt(littleEndian(exactly(stream, 2)).getShort())
                : littleEndian(exactly(stream, 4)).getInt();
        if (length < 0 || length > 1 << 20) {
            throw new Unusable("has a damaged header; copy or make the file again");
        }
        return parse(new String(exactly(stream, length), StandardCharsets.UTF_8));
    }

    private static NpyHeader parse(String dictionary) throws Unusable {
        Matcher descriptor = DESCRIPTOR.matcher(dictionary);
        Matcher order = ORDER.matcher(dictionary);
        Matcher sizes = SHAPE.matcher(dictionary);
        if (!descriptor.find() || !order.find() || !sizes.find()) {
            throw new Unusable("has a damaged header; copy or make the file again");
        }
        List<Integer> shape = parseShape(sizes.group(1));
        NpyType type = parseType(descriptor.group(1));
        if (order.group(1).equals("True") && shape.size() > 1) {
            throw new Unusable("is stored in Fortran order; save numpy.ascontiguousarray(array) instead");
        }
        return new NpyHeader(type, shape);
    }

    private static NpyType parseType(String descriptor) throws Unusable {
        if (descriptor == null) {
            throw new Unusable("holds records with fields; save one plain array of numbers each");
        }
        if (descriptor.contains("O")) {
            throw new Unusable("holds pickled Python objects, which are never read; save it as an array of numbers, "
                    + "for example array.astype('int32')");
        }
        if (descriptor.startsWith(">")) {
            throw new Unusable("is big-endian ('" + descriptor + "'); save array.astype('<" + descriptor.substring(1)
                    + "') instead");
        }
        return NpyType.of(descriptor).orElseThrow(() -> new Unusable("has elements of type '" + descriptor
                + "'; save it as integers or as float16, float32 or float64"));
    }

    private static List<Integer> parseShape(String sizes) throws Unusable {
        List<Integer> shape = new ArrayList<>();
        for (String size : sizes.split(",")) {
            if (!size.isBlank()) {
                try {
                    shape.add(parseSize(size.strip()));
                } catch (NumberFormatException e) {
                    throw new Unusable("has the shape (" + sizes + "), which cannot be held; save a smaller array");
                }
            }
        }
        return shape;
    }

    private static int parseSize(String size) {
        int number = Integer.parseInt(size);
        if (number < 0) {
            throw new NumberFormatException(size);
        }
        return number;
    }

    /** This header as version 1.0, padded so that the elements start at a multiple of 64 bytes. */
    byte[] toBytes() {
        String sizes = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
        String dictionary = "{'descr': '" + type.descriptor() + "', 'fortran_order': False, 'shape': (" + sizes
                + (shape.size() == 1 ? "," : "") + "), }";
        int unpadded = MAGIC.length + 4 + dictionary.length() + 1;
        int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
        String header = dictionary + " ".repeat(padding) + "\n";
        return ByteBuffer.allocate(MAGIC.length + 4 + header.length()).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC)
                .put((byte) 1).put((byte) 0).putShort((short) header.length())
                .put(header.getBytes(StandardCharsets.US_ASCII)).array();
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] exactly(InputStream stream, int count) throws IOException {
        byte[] bytes = stream.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }
}
