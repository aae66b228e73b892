package dev.culebra.nn.checkpoint;

import dev.culebra.runtime.Shape;

/**
 * Where a tensor lies in a safetensors file.
 *
 * @param name its name
 * @param type its element type
 * @param shape its shape
 * @param begin the first byte, counted from the end of the header
 * @param end the byte behind the last
 */
public record TensorEntry(String name, StoredType type, Shape shape, long begin, long end) {}
