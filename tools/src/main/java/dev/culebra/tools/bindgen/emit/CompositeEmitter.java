package dev.culebra.tools.bindgen.emit;

import java.util.ArrayList;
import java.util.List;

import dev.culebra.tools.bindgen.model.CType;
import dev.culebra.tools.bindgen.model.Declaration;
import dev.culebra.tools.bindgen.model.Declaration.Composite;

/** Writes the class of a struct or union: its layout, and a getter, a setter and an offset for each member. */
final class CompositeEmitter {
    private final StringBuilder members = new StringBuilder();
    private final StringBuilder nested = new StringBuilder();

    private CompositeEmitter() {}

    /** A class with the given modifiers. */
    static String composite(Composite composite, String modifiers) {
        CompositeEmitter emitter = new CompositeEmitter();
        emitter.members(composite, 0);
        return """
                %1$s%2$s class %3$s {
                    %3$s() {}

                    private static final GroupLayout LAYOUT = %4$s.withName("%3$s");

                    /** The layout, as the C compiler has it. */
                    public static GroupLayout layout() { return LAYOUT; }

                    /** The size in bytes. */
                    public static long sizeof() { return %5$dL; }

                    /** Allocates one, zeroed. */
                    public static MemorySegment allocate(SegmentAllocator allocator) { return allocator.allocate(LAYOUT).fill((byte) 0); }

                    /** Allocates {@code count} in a row, zeroed. */
                    public static MemorySegment allocateArray(long count, SegmentAllocator allocator) { return allocator.allocate(LAYOUT, count).fill((byte) 0); }

                    /** The element at {@code index} of an array. */
                    public static MemorySegment asSlice(MemorySegment array, long index) { return array.asSlice(index * %5$dL, %5$dL); }

                    /** The struct that a pointer from C points to. */
                    public static MemorySegment reinterpret(MemorySegment pointer) { return pointer.reinterpret(%5$dL); }

                %6$s%7$s}
                """
                .formatted(JavaNames.javadoc(composite.text()), modifiers, JavaNames.identifier(composite.name()),
                        CompositeLayouts.layout(composite), composite.size(),
                        JavaNames.indent(emitter.members.toString()),
                        JavaNames.indent(emitter.nested.toString()));
    }

    private void members(Composite composite, long start) {
        for (Declaration.Member member : composite.members()) {
            switch (member) {
                case Declaration.Field field -> field(composite, field, start);
                case Declaration.BitField bits -> bits(bits, start * Byte.SIZE + bits.offsetBits());
                case Declaration.Anonymous anonymous ->
                    members(anonymous.composite(), start + anonymous.offsetBits() / Byte.SIZE);
            }
        }
    }

    private void field(Composite owner, Declaration.Field field, long start) {
        long inOwner = field.offsetBits() / Byte.SIZE;
        String name = JavaNames.identifier(field.name());
        String doc = JavaNames.javadoc(field.text());
        long offset = start + inOwner;
        members.append(
                "/** The offset of {@code %1$s} in bytes. */\npublic static long %1$s$offset() { return %2$dL; }\n"
                        .formatted(field.name(), offset));
        switch (field.type()) {
            case CType.Array array -> array(owner, array, name, doc, offset);
            case CType.ByValue byValue -> {
                slice(name, doc, offset, byValue.composite().size());
                nestedComposite(byValue.composite());
            }
            default -> {
                String layout = CompositeLayouts.placed(owner, field.type(), inOwner);
                String carrier = Layouts.carrier(field.type());
                members.append(
                        """
                                %1$spublic static %2$s %3$s(MemorySegment struct) { return struct.get(%4$s, %5$dL); }
                                %1$spublic static void %3$s(MemorySegment struct, %2$s value) { struct.set(%4$s, %5$dL, value); }
                                """
                                .formatted(doc, carrier, name, layout, offset));
                if (field.type() instanceof CType.Pointer pointer) {
                    pointer.function().filter(function -> !function.variadic()).ifPresent(function -> nested
                            .append('\n')
                            .append(CallbackEmitter.callback(name, "public static final", field.text(), function)));
                }
            }
        }
    }

    private void slice(String name, String doc, long offset, long size) {
        members.append(
                """
                        %1$spublic static MemorySegment %2$s(MemorySegment struct) { return struct.asSlice(%3$dL, %4$dL); }
                        %1$spublic static void %2$s(MemorySegment struct, MemorySegment value) { MemorySegment.copy(value, 0L, struct, %3$dL, %4$dL); }
                        """
                        .formatted(doc, name, offset, size));
    }

    private void array(Composite owner, CType.Array array, String name, String doc, long offset) {
        if (array.count() == 0) {
            members.append("%spublic static MemorySegment %s(MemorySegment struct) { return struct.asSlice(%dL); }\n"
                    .formatted(doc, name, offset));
            return;
        }
        slice(name, doc, offset, Layouts.size(array));
        List<String> indices = new ArrayList<>();
        StringBuilder at = new StringBuilder(offset + "L");
        CType element = array;
        while (element instanceof CType.Array inner) {
            String index = "index" + indices.size();
            indices.add("long " + index);
            at.append(" + Objects.checkIndex(").append(index).append(", ").append(inner.count()).append("L) * ")
                    .append(Layouts.size(inner.element())).append('L');
            element = inner.element();
        }
        String indexParameters = String.join(", ", indices);
        if (element instanceof CType.ByValue byValue) {
            members.append(
                    "%spublic static MemorySegment %s(MemorySegment struct, %s) { return struct.asSlice(%s, %dL); }\n"
                            .formatted(doc, name, indexParameters, at, byValue.composite().size()));
            nestedComposite(byValue.composite());
            return;
        }
        String layout = CompositeLayouts.placed(owner, element, offset);
        members.append("""
                %1$spublic static %2$s %3$s(MemorySegment struct, %4$s) { return struct.get(%5$s, %6$s); }
                %1$spublic static void %3$s(MemorySegment struct, %4$s, %2$s value) { struct.set(%5$s, %6$s, value); }
                """.formatted(doc, Layouts.carrier(element), name, indexParameters, layout, at));
    }

    private void bits(Declaration.BitField field, long offsetBits) {
        int unit = Byte.SIZE;
        while (offsetBits / unit != (offsetBits + field.width() - 1) / unit) {
            unit *= 2;
        }
        String place = "struct, %dL, %d, %d, %d".formatted(offsetBits / unit * (unit / Byte.SIZE), unit / Byte.SIZE,
                offsetBits % unit, field.width());
        String carrier = Layouts.carrier(field.type());
        String read = (field.type().isUnsigned() ? "bits(" : "signedBits(") + place + ")";
        String converted = switch (carrier) {
            case "boolean" -> read + " != 0L";
            case "long" -> read;
            default -> "(" + carrier + ") " + read;
        };
        members.append("""
                %1$spublic static %2$s %3$s(MemorySegment struct) { return %4$s; }
                %1$spublic static void %3$s(MemorySegment struct, %2$s value) { setBits(%5$s, %6$s); }
                """.formatted(JavaNames.javadoc(field.text()), carrier, JavaNames.identifier(field.name()), converted,
                place, carrier.equals("boolean") ? "value ? 1L : 0L" : "value"));
    }

    private void nestedComposite(Composite composite) {
        if (composite.javaName().contains(".")) {
            nested.append('\n').append(composite(composite, "public static"));
        }
    }
}
