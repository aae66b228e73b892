package dev.culebra.tools.bindgen.clang;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/** One parsed C source with everything it includes. Cursors and types taken from it die with it. */
public final class TranslationUnit implements AutoCloseable {
    private static final int DETAILED_PREPROCESSING_RECORD = 1;
    private static final int SKIP_FUNCTION_BODIES = 64;
    private static final int CONTINUE = 1;
    private static final int COMMENT_TOKEN = 4;
    private static final int ERROR = 3;
    private static final int DISPLAY_SOURCE_LOCATION = 1;

    private final LibClang clang;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment index;
    private final MemorySegment handle;

    /**
     * Parses a C source that exists in memory only.
     *
     * @param clang the library
     * @param arguments the compiler's arguments, include folders among them
     * @param name the name the source gets in messages
     * @param source the source, as a rule a list of {@code #include} lines
     */
    public TranslationUnit(LibClang clang, List<String> arguments, String name, String source) {
        this.clang = clang;
        this.index = (MemorySegment) clang.call(arena, "clang_createIndex",
                FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT), 0, 0);
        MemorySegment file = arena.allocateFrom(name);
        MemorySegment contents = arena.allocateFrom(source);
        StructLayout unsavedFile = MemoryLayout.structLayout(ADDRESS, ADDRESS, JAVA_LONG);
        MemorySegment unsaved = arena.allocate(unsavedFile);
        unsaved.set(ADDRESS, 0, file);
        unsaved.set(ADDRESS, 8, contents);
        unsaved.set(JAVA_LONG, 16, contents.byteSize() - 1);
        MemorySegment argumentArray = arena.allocate(ADDRESS, Math.max(1, arguments.size()));
        for (int i = 0; i < arguments.size(); i++) {
            argumentArray.setAtIndex(ADDRESS, i, arena.allocateFrom(arguments.get(i)));
        }
        this.handle = (MemorySegment) clang.call(arena, "clang_parseTranslationUnit",
                FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), index,
                file, argumentArray, arguments.size(), unsaved, 1,
                DETAILED_PREPROCESSING_RECORD | SKIP_FUNCTION_BODIES);
        if (handle.address() == 0) {
            dispose("clang_disposeIndex", index);
            arena.close();
            throw new IllegalArgumentException("libclang could not parse " + name + " with " + arguments);
        }
    }

    /** The root of the tree. */
    public Cursor root() {
        return new Cursor(this, (MemorySegment) clang.call(arena, "clang_getTranslationUnitCursor",
                FunctionDescriptor.of(LibClang.CURSOR, ADDRESS), handle));
    }

    /** The errors of the parse, each with its place; warnings are left out. */
    public List<String> errors() {
        int count = (int) clang.call(arena, "clang_getNumDiagnostics", FunctionDescriptor.of(JAVA_INT, ADDRESS),
                handle);
        List<String> errors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            MemorySegment diagnostic = (MemorySegment) clang.call(arena, "clang_getDiagnostic",
                    FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT), handle, i);
            int severity = (int) clang.call(arena, "clang_getDiagnosticSeverity",
                    FunctionDescriptor.of(JAVA_INT, ADDRESS), diagnostic);
            if (severity >= ERROR) {
                errors.add(clang.string("clang_formatDiagnostic",
                        FunctionDescriptor.of(LibClang.STRING, ADDRESS, JAVA_INT), diagnostic,
                        DISPLAY_SOURCE_LOCATION));
            }
            dispose("clang_disposeDiagnostic", diagnostic);
        }
        return errors;
    }

    @Override
    public void close() {
        dispose("clang_disposeTranslationUnit", handle);
        dispose("clang_disposeIndex", index);
        arena.close();
    }

    LibClang clang() {
        return clang;
    }

    Arena arena() {
        return arena;
    }

    List<Cursor> children(Cursor parent) {
        List<Cursor> children = new ArrayList<>();
        try (Arena visit = Arena.ofConfined()) {
            MemorySegment visitor = visitor(visit, "visitChild", children::add, LibClang.CURSOR, LibClang.CURSOR,
                    ADDRESS);
            clang.call(visit, "clang_visitChildren",
                    FunctionDescriptor.of(JAVA_INT, LibClang.CURSOR, ADDRESS, ADDRESS), parent.segment(), visitor,
                    MemorySegment.NULL);
        }
        return children;
    }

    List<Cursor> fields(ClangType record) {
        List<Cursor> fields = new ArrayList<>();
        try (Arena visit = Arena.ofConfined()) {
            MemorySegment visitor = visitor(visit, "visitField", fields::add, LibClang.CURSOR, ADDRESS);
            clang.call(visit, "clang_Type_visitFields",
                    FunctionDescriptor.of(JAVA_INT, LibClang.TYPE, ADDRESS, ADDRESS), record.segment(), visitor,
                    MemorySegment.NULL);
        }
        return fields;
    }

    String file(Cursor cursor) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment location = (MemorySegment) clang.call(scratch, "clang_getCursorLocation",
                    FunctionDescriptor.of(LibClang.LOCATION, LibClang.CURSOR), cursor.segment());
            MemorySegment file = scratch.allocate(ADDRESS);
            clang.call(scratch, "clang_getSpellingLocation",
                    FunctionDescriptor.ofVoid(LibClang.LOCATION, ADDRESS, ADDRESS, ADDRESS, ADDRESS), location, file,
                    MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL);
            return clang.string("clang_getFileName", FunctionDescriptor.of(LibClang.STRING, ADDRESS),
                    file.get(ADDRESS, 0));
        }
    }

    List<String> tokens(Cursor cursor) {
        List<String> texts = new ArrayList<>();
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment range = (MemorySegment) clang.call(scratch, "clang_getCursorExtent",
                    FunctionDescriptor.of(LibClang.RANGE, LibClang.CURSOR), cursor.segment());
            MemorySegment tokensPointer = scratch.allocate(ADDRESS);
            MemorySegment countPointer = scratch.allocate(JAVA_INT);
            clang.call(scratch, "clang_tokenize",
                    FunctionDescriptor.ofVoid(ADDRESS, LibClang.RANGE, ADDRESS, ADDRESS), handle, range, tokensPointer,
                    countPointer);
            int count = countPointer.get(JAVA_INT, 0);
            MemorySegment tokens = tokensPointer.get(ADDRESS, 0).reinterpret(count * LibClang.TOKEN.byteSize());
            for (int i = 0; i < count; i++) {
                MemorySegment token = tokens.asSlice(i * LibClang.TOKEN.byteSize(), LibClang.TOKEN);
                int kind = (int) clang.call(scratch, "clang_getTokenKind",
                        FunctionDescriptor.of(JAVA_INT, LibClang.TOKEN), token);
                if (kind != COMMENT_TOKEN) {
                    texts.add(clang.string("clang_getTokenSpelling",
                            FunctionDescriptor.of(LibClang.STRING, ADDRESS, LibClang.TOKEN), handle, token));
                }
            }
            clang.call(scratch, "clang_disposeTokens", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_INT), handle,
                    tokens, count);
        }
        return texts;
    }

    private MemorySegment visitor(Arena visit, String method, Consumer<Cursor> found, MemoryLayout... parameters) {
        FunctionDescriptor descriptor = FunctionDescriptor.of(JAVA_INT, parameters);
        MethodType type = descriptor.toMethodType();
        try {
            MethodHandle target = MethodHandles.lookup().findVirtual(TranslationUnit.class, method,
                    type.insertParameterTypes(0, Consumer.class));
            return Linker.nativeLinker().upcallStub(MethodHandles.insertArguments(target, 0, this, found), descriptor,
                    visit);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private int visitChild(Consumer<Cursor> found, MemorySegment cursor, MemorySegment parent, MemorySegment data) {
        return visitField(found, cursor, data);
    }

    private int visitField(Consumer<Cursor> found, MemorySegment cursor, MemorySegment data) {
        // The segment handed to an upcall is only valid during it.
        found.accept(new Cursor(this, arena.allocate(LibClang.CURSOR).copyFrom(cursor)));
        return CONTINUE;
    }

    private void dispose(String function, MemorySegment object) {
        clang.call(arena, function, FunctionDescriptor.ofVoid(ADDRESS), object);
    }
}
