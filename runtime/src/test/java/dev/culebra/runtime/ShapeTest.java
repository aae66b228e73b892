package dev.culebra.runtime;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ShapeTest {
    @Test
    void knowsItsSizes() {
        Shape shape = Shape.of(16, 256, 768);
        assertEquals(3, shape.rank());
        assertEquals(16L * 256 * 768, shape.elements());
        assertEquals(256, shape.size(1));
        assertEquals(768, shape.size(-1));
        assertEquals("(16, 256, 768)", shape.toString());
        assertThrows(IndexOutOfBoundsException.class, () -> shape.size(3));
    }

    @Test
    void aScalarHasOneElementAndAnEmptyShapeNone() {
        assertEquals(1, Shape.of().elements());
        assertEquals(0, Shape.of(0, 7).elements());
    }

    @Test
    void isImmutable() {
        int[] sizes = {2, 3};
        Shape shape = Shape.of(sizes);
        sizes[0] = 5;
        shape.toArray()[1] = 5;
        assertArrayEquals(new int[] {2, 3}, shape.toArray());
    }

    @Test
    void equalSizesAreEqualShapes() {
        assertEquals(Shape.of(2, 3), Shape.of(2, 3));
        assertEquals(Shape.of(2, 3).hashCode(), Shape.of(2, 3).hashCode());
        assertNotEquals(Shape.of(2, 3), Shape.of(3, 2));
        assertNotEquals(Shape.of(2, 3), Shape.of(2, 3, 1));
    }

    @Test
    void refusesNegativeSizesAndTooManyElements() {
        assertThrows(IllegalArgumentException.class, () -> Shape.of(2, -1));
        assertThrows(ArithmeticException.class, () -> Shape.of(1 << 30, 1 << 30, 1 << 30));
    }
}
