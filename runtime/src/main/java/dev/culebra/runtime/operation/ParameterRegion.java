package dev.culebra.runtime.operation;

import dev.culebra.runtime.Shape;

/**
 * Where a named tensor lies in a block of parameters whose order the backend chose.
 *
 * @param name the tensor's name as in PyTorch, such as {@code weight_ih_l0}
 * @param shape its shape
 * @param offset the index of its first element in the block
 */
public record ParameterRegion(String name, Shape shape, long offset) {}
