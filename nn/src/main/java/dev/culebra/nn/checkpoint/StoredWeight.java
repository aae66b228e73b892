package dev.culebra.nn.checkpoint;

import java.io.IOException;

import dev.culebra.runtime.Shape;

/**
 * The tensor of a file from which one of the model's is made.
 *
 * @param name what the file calls it
 * @param shape which shape it should have there
 * @param reading overwrites the model's tensor, or its part of a stored one that several share
 */
record StoredWeight(String name, Shape shape, Reading reading) {
    /** Reads what the file has, in the form that the model wants. */
    @FunctionalInterface
    interface Reading {
        /** Reads it, once it is known that the file has a tensor of that name and shape. */
        void run() throws IOException;
    }
}
