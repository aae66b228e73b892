package dev.culebra.tools.bindgen.emit;

import java.util.ArrayList;
import java.util.List;

import dev.culebra.tools.bindgen.model.CType;
import dev.culebra.tools.bindgen.model.Declaration;
import dev.culebra.tools.bindgen.model.Declaration.Composite;

/**
 * Writes the layout of a struct or union so that every member lies where the C compiler puts it.
 *
 * <p>
 * Bit-fields get no members of their own: integers named {@code bits$<offset>} cover the bytes they share.
 */
final class CompositeLayouts {
    private final Composite composite;
    private final List<String> members = new ArrayList<>();
    private long position;
    private long naturalAlignment = 1;

    private CompositeLayouts(Composite composite) {
        this.composite = composite;
    }

    /** The expression of the layout. */
    static String layout(Composite composite) {
        return new CompositeLayouts(composite).expression();
    }

    /** The alignment that the members alone demand. */
    static long naturalAlignment(Composite composite) {
        CompositeLayouts layouts = new CompositeLayouts(composite);
        layouts.expression();
        return layouts.naturalAlignment;
    }

    /** The expression of a member's layout at a position that its record may leave unaligned. */
    static String placed(Composite composite, CType type, long offset) {
        long alignment = Math.max(1, Layouts.alignment(type));
        boolean aligned = composite.alignment() >= alignment && offset % alignment == 0;
        return aligned
                ? Layouts.layout(type)
                : Layouts.layout(type) + ".withByteAlignment(" + composite.alignment() + ")";
    }

    private String expression() {
        for (int i = 0; i < composite.members().size(); i++) {
            Declaration.Member member = composite.members().get(i);
            long offset = member.offsetBits() / Byte.SIZE;
            switch (member) {
                case Declaration.Field field -> {
                    String layout = placed(composite, field.type(), offset) + ".withName(\"" + field.name() + "\")";
                    add(layout, offset, Layouts.size(field.type()), Layouts.alignment(field.type()));
                }
                case Declaration.Anonymous anonymous -> add(layout(anonymous.composite()), offset,
                        anonymous.composite().size(), anonymous.composite().alignment());
                case Declaration.BitField bits -> {
                    if (composite.union()) {
                        add(integer(bits.type().bytes()) + bitsName(0), 0, bits.type().bytes(), bits.type().bytes());
                    } else if (offset >= position) {
                        storage(offset, startOfNextMember(i));
                    }
                }
            }
        }
        pad(composite.size());
        String layout = "MemoryLayout." + (composite.union() ? "unionLayout" : "structLayout") + "("
                + String.join(", ", members) + ")";
        return naturalAlignment == composite.alignment()
                ? layout
                : layout + ".withByteAlignment(" + composite.alignment() + ")";
    }

    /** Covers the bytes of adjacent bit-fields with the largest integers that are aligned there. */
    private void storage(long start, long end) {
        pad(start);
        while (position < end) {
            long bytes = composite.alignment();
            while (position % bytes != 0 || position + bytes > end) {
                bytes /= 2;
            }
            add(integer(bytes) + bitsName(position), position, bytes, bytes);
        }
    }

    private long startOfNextMember(int index) {
        for (Declaration.Member member : composite.members().subList(index + 1, composite.members().size())) {
            if (!(member instanceof Declaration.BitField)) {
                return member.offsetBits() / Byte.SIZE;
            }
        }
        return composite.size();
    }

    private void add(String layout, long offset, long size, long alignment) {
        if (!composite.union()) {
            pad(offset);
        }
        members.add(layout);
        position = composite.union() ? Math.max(position, size) : offset + size;
        naturalAlignment = Math.max(naturalAlignment, Math.min(alignment, composite.alignment()));
    }

    private void pad(long to) {
        if (to > position) {
            members.add("MemoryLayout.paddingLayout(" + (composite.union() ? to : to - position) + ")");
            position = to;
        }
    }

    private static String bitsName(long offset) {
        return ".withName(\"bits$" + offset + "\")";
    }

    private static String integer(long bytes) {
        return switch ((int) bytes) {
            case 1 -> "C_CHAR";
            case 2 -> "C_SHORT";
            case 4 -> "C_INT";
            default -> "C_LONG_LONG";
        };
    }
}
