package dev.culebra.nn.checkpoint;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culebra.runtime.Shape;

/**
 * The header of a safetensors file (huggingface/safetensors, "Format"): JSON that maps each tensor's name to its type,
 * shape and place, and {@code __metadata__} to strings.
 */
record SafetensorsHeader(Map<String, TensorEntry> entries, Map<String, String> metadata) {
    /** The format's own limit. */
    static final int LARGEST = 100_000_000;

    private static final String METADATA = "__metadata__";
    private static final int ALIGNMENT = 8;
    private static final JsonMapper JSON = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /**
     * Reads a header.
     *
     * @param file for messages
     * @param json the header without its length
     * @param dataBytes how many bytes follow it in the file
     */
    static SafetensorsHeader parse(Path file, ByteBuffer json, long dataBytes) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(StandardCharsets.UTF_8.newDecoder().decode(json).toString());
        } catch (CharacterCodingException e) {
            throw new SafetensorsException(file, "its header is not UTF-8 text");
        } catch (JsonProcessingException e) {
            throw new SafetensorsException(file, "its header is not valid JSON: " + e.getOriginalMessage());
        }
        if (!(root instanceof ObjectNode fields)) {
            throw new SafetensorsException(file, "its header is not a JSON object");
        }
        Map<String, TensorEntry> entries = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (field.getKey().equals(METADATA)) {
                readMetadata(file, field.getValue(), metadata);
            } else {
                entries.put(field.getKey(), entry(file, field.getKey(), field.getValue(), dataBytes));
            }
        }
        requireCover(file, entries.values(), dataBytes);
        return new SafetensorsHeader(entries, metadata);
    }

    private static void readMetadata(Path file, JsonNode node, Map<String, String> metadata) throws IOException {
        if (!node.isObject()) {
            throw new SafetensorsException(file, "its metadata is not a JSON object");
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw new SafetensorsException(file, "its metadata '" + field.getKey() + "' is not a string");
            }
            metadata.put(field.getKey(), field.getValue().textValue());
        }
    }

    private static TensorEntry entry(Path file, String name, JsonNode node, long dataBytes) throws IOException {
        String typeName = node.path("dtype").asText();
        StoredType type = StoredType.ofName(typeName)
                .orElseThrow(() -> new SafetensorsException(file, "tensor '" + name + "' has the unknown dtype '"
                        + typeName + "'"));
        List<Long> sizes = wholeNumbers(file, name, node, "shape");
        List<Long> offsets = wholeNumbers(file, name, node, "data_offsets");
        if (offsets.size() != 2 || offsets.getFirst() > offsets.getLast() || offsets.getLast() > dataBytes) {
            throw new SafetensorsException(file, "tensor '" + name + "' is said to lie at bytes " + offsets + " of "
                    + dataBytes + "; the file is damaged or was cut short");
        }
        long begin = offsets.getFirst();
        long end = offsets.getLast();
        BigInteger bytes = sizes.stream().map(BigInteger::valueOf).reduce(BigInteger.valueOf(type.bytes()),
                BigInteger::multiply);
        if (!bytes.equals(BigInteger.valueOf(end - begin))) {
            throw new SafetensorsException(file, "tensor '" + name + "' " + type + sizes + " needs " + bytes
                    + " bytes but is given " + (end - begin));
        }
        return new TensorEntry(name, type, shape(file, name, sizes), begin, end);
    }

    private static Shape shape(Path file, String name, List<Long> sizes) throws IOException {
        try {
            return Shape.of(sizes.stream().mapToInt(Math::toIntExact).toArray());
        } catch (ArithmeticException e) {
            throw new SafetensorsException(file, "tensor '" + name + "' has the impossible shape " + sizes);
        }
    }

    private static List<Long> wholeNumbers(Path file, String name, JsonNode entry, String field) throws IOException {
        List<Long> numbers = new ArrayList<>();
        if (!(entry.path(field) instanceof ArrayNode array)) {
            throw new SafetensorsException(file, "tensor '" + name + "' has no list of " + field);
        }
        for (JsonNode element : array) {
            if (!element.isIntegralNumber() || !element.canConvertToLong() || element.longValue() < 0) {
                throw new SafetensorsException(file,
                        "tensor '" + name + "' has " + element + " among its " + field);
            }
            numbers.add(element.longValue());
        }
        return numbers;
    }

    /** The format wants the tensors to cover the data without overlap and without holes. */
    private static void requireCover(Path file, Collection<TensorEntry> entries, long dataBytes) throws IOException {
        List<TensorEntry> ordered = new ArrayList<>(entries);
        ordered.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
        long covered = 0;
        for (TensorEntry entry : ordered) {
            if (entry.begin() != covered) {
                throw new SafetensorsException(file, "tensor '" + entry.name() + "' begins at byte " + entry.begin()
                        + (entry.begin() < covered ? ", inside the tensor before it" : ", behind a hole"));
            }
            covered = entry.end();
        }
        if (covered != dataBytes) {
            throw new SafetensorsException(file, (dataBytes - covered) + " bytes behind its last tensor");
        }
    }

    /** This header as the file's first bytes: length, JSON, and spaces up to a multiple of 8. */
    ByteBuffer encode() throws IOException {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode strings = root.putObject(METADATA);
        metadata.forEach(strings::put);
        for (TensorEntry entry : entries.values()) {
            ObjectNode node = root.putObject(entry.name());
            node.put("dtype", entry.type().name());
            ArrayNode shape = node.putArray("shape");
            for (int size : entry.shape().toArray()) {
                shape.add(size);
            }
            node.putArray("data_offsets").add(entry.begin()).add(entry.end());
        }
        byte[] json = JSON.writeValueAsBytes(root);
        int padded = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
        ByteBuffer encoded = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        encoded.putLong(padded).put(json);
        while (encoded.hasRemaining()) {
            encoded.put((byte) ' ');
        }
        return encoded.flip();
    }
}
