package dev.culebra.tools.bindgen.model;

import java.util.List;

/** What a header declares, in the order in which it declares it. */
public sealed interface Declaration {
    /** The name in C. */
    String name();

    /** The declaration in C, without comments, for Javadoc. */
    String text();

    /** A function with a symbol of its own. */
    record Function(String name, String text, CType.Function type) implements Declaration {}

    /**
     * A macro that gives a declared function another name, as {@code #define cublasCreate cublasCreate_v2}.
     *
     * @param name the new name
     * @param target the function that is called
     */
    record FunctionAlias(String name, String text, Function target) implements Declaration {}

    /** A named function type, or a named pointer to one. */
    record Callback(String name, String text, CType.Function type) implements Declaration {}

    /**
     * A struct or union with a known body.
     *
     * @param spelling how C refers to it, for example {@code struct x}; of no use where it has no name
     * @param javaName simple name of its class; dotted where it is nested in another record's
     * @param union whether the members overlap
     * @param size bytes
     * @param alignment bytes
     */
    record Composite(String name, String spelling, String javaName, String text, boolean union, long size,
            long alignment, List<Member> members) implements Declaration {}

    /** A typedef that gives a struct or union another name. */
    record CompositeAlias(String name, String text, Composite target) implements Declaration {}

    /** An enumerator, or a macro with a constant value. */
    record Constant(String name, String text, Value value) implements Declaration {}

    /** A declaration the generator cannot bind, with the reason. */
    record Unbound(String name, String text, String reason) implements Declaration {}

    /** Part of a record. */
    sealed interface Member {
        /** Where it starts, in bits from the start of its record. */
        long offsetBits();
    }

    /** An ordinary member. */
    record Field(String name, CType type, long offsetBits, String text) implements Member {}

    /** A bit-field; an unnamed one only takes space and is left out. */
    record BitField(String name, CType.Scalar type, long offsetBits, int width, String text) implements Member {}

    /** A nested record without name, whose members count as the outer record's. */
    record Anonymous(Composite composite, long offsetBits) implements Member {}

    /** The value of a constant. */
    sealed interface Value {}

    /** A value of at most 32 bits. */
    record IntValue(int value) implements Value {}

    /** A value of 64 bits. */
    record LongValue(long value) implements Value {}

    /** A {@code float}. */
    record FloatValue(float value) implements Value {}

    /** A {@code double}. */
    record DoubleValue(double value) implements Value {}

    /** A string. */
    record TextValue(String value) implements Value {}

    /** An address. */
    record PointerValue(long value) implements Value {}
}
