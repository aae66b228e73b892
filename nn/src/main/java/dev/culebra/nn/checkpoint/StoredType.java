package dev.culebra.nn.checkpoint;

import java.util.Optional;

import dev.culebra.runtime.DataType;

/** The element types of safetensors files that can be read; their names are the format's own. */
public enum StoredType {
    /** IEEE double precision. */
    F64(8),
    /** IEEE single precision. */
    F32(4),
    /** IEEE half precision. */
    F16(2),
    /** bfloat16. */
    BF16(2),
    /** Signed 64-bit integers. */
    I64(8),
    /** Signed 32-bit integers. */
    I32(4),
    /** Signed 16-bit integers. */
    I16(2),
    /** Signed bytes. */
    I8(1),
    /** Unsigned bytes. */
    U8(1),
    /** One byte each, 0 or 1. */
    BOOL(1);

    private final int bytes;

    StoredType(int bytes) {
        this.bytes = bytes;
    }

    /** The size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** The type of that name in a file's header, if it is known. */
    static Optional<StoredType> ofName(String name) {
        for (StoredType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The type in which a tensor is stored without loss. */
    static StoredType of(DataType type) {
        return switch (type) {
            case F32 -> F32;
            case BF16 -> BF16;
            case F64 -> F64;
            case I32 -> I32;
        };
    }
}
