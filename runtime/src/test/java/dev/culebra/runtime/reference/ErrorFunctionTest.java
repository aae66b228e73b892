package dev.culebra.runtime.reference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ErrorFunctionTest {
    /** Expected values computed with 40 digits by mpmath's {@code erf}. */
    @ParameterizedTest
    @CsvSource({"1e-10, 1.128379167095512615e-10",
        "0.1, 0.1124629160182848984",
        "0.5, 0.52049987781304653768",
        "1, 0.84270079294971486934",
        "1.5, 0.96610514647531072707",
        "1.999, 0.99530155665137051232",
        "2, 0.99532226501895273416",
        "2.001, 0.9953428907185246497",
        "2.5, 0.99959304798255504106",
        "3, 0.99997790950300141456",
        "4, 0.99999998458274209972",
        "5, 0.99999999999846254021"})
    void matchesTheTable(double x, double expected) {
        assertEquals(expected, ErrorFunction.erf(x), 1e-15);
        assertEquals(-expected, ErrorFunction.erf(-x), 1e-15);
    }

    @Test
    void endsAtOne() {
        assertEquals(1, ErrorFunction.erf(30));
        assertEquals(1, ErrorFunction.erf(Double.POSITIVE_INFINITY));
        assertEquals(-1, ErrorFunction.erf(Double.NEGATIVE_INFINITY));
        assertEquals(0, ErrorFunction.erf(0));
        assertEquals(Double.NaN, ErrorFunction.erf(Double.NaN));
    }

    @Test
    void bothFormulasMeet() {
        assertEquals(ErrorFunction.erf(Math.nextDown(2.0)), ErrorFunction.erf(2.0), 1e-15);
    }
}
