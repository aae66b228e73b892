package dev.culebra.bindings.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.MissingSymbolException;
import dev.culebra.bindings.Native;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Calls oneDNN itself. */
class OneDnnTest {
    @BeforeAll
    static void load() {
        try {
            System.out.println(NativeLibraries.ONEDNN.load());
        } catch (MissingLibraryException missing) {
            Requirement.CPU.missing(missing.getMessage());
        }
    }

    @Test
    void everyBoundSymbolIsInTheLibrary() throws IllegalAccessException {
        List<String> missing = new ArrayList<>();
        int found = 0;
        for (Method method : dnnl.class.getMethods()) {
            if (method.getName().endsWith("$address")) {
                try {
                    assertNotEquals(0, ((MemorySegment) method.invoke(null)).address());
                    found++;
                } catch (InvocationTargetException failure) {
                    assertTrue(failure.getCause() instanceof MissingSymbolException, failure::toString);
                    missing.add(method.getName());
                }
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(found > 150, found + " symbols found");
    }

    @Test
    void versionIsThatOfTheHeaders() {
        MemorySegment version = dnnl_version_t.reinterpret(dnnl.dnnl_version());
        assertEquals(dnnl.DNNL_VERSION_MAJOR, dnnl_version_t.major(version));
        assertEquals(dnnl.DNNL_VERSION_MINOR, dnnl_version_t.minor(version));
    }

    @Test
    void statusHasAName() {
        assertEquals("invalid_arguments", dnnl.dnnl_status2str(dnnl.dnnl_invalid_arguments).getString(0));
    }

    @Test
    void matrixTimesMatrixThroughTheWholeApi() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment engine = create(arena, out -> dnnl.dnnl_engine_create(out, dnnl.dnnl_cpu, 0));
            MemorySegment stream = create(arena,
                    out -> dnnl.dnnl_stream_create(out, engine, dnnl.dnnl_stream_default_flags));
            MemorySegment shape = arena.allocateFrom(ValueLayout.JAVA_LONG, 2, 2);
            MemorySegment description = create(arena, out -> dnnl.dnnl_memory_desc_create_with_tag(out, 2, shape,
                    dnnl.dnnl_f32, dnnl.dnnl_ab));
            MemorySegment primitiveDescription = create(arena,
                    out -> dnnl.dnnl_matmul_primitive_desc_create(out, engine,
                            description, description, MemorySegment.NULL, description, MemorySegment.NULL));
            MemorySegment primitive = create(arena, out -> dnnl.dnnl_primitive_create(out, primitiveDescription));
            MemorySegment product = arena.allocate(ValueLayout.JAVA_FLOAT, 4);
            List<MemorySegment> values = List.of(arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3, 4),
                    arena.allocateFrom(ValueLayout.JAVA_FLOAT, 5, 6, 7, 8), product);
            int[] roles = {dnnl.DNNL_ARG_SRC, dnnl.DNNL_ARG_WEIGHTS, dnnl.DNNL_ARG_DST};
            MemorySegment arguments = dnnl_exec_arg_t.allocateArray(3, arena);
            for (int i = 0; i < 3; i++) {
                MemorySegment bytes = values.get(i);
                MemorySegment argument = dnnl_exec_arg_t.asSlice(arguments, i);
                dnnl_exec_arg_t.arg(argument, roles[i]);
                dnnl_exec_arg_t.memory(argument,
                        create(arena, out -> dnnl.dnnl_memory_create(out, description, engine, bytes)));
            }
            assertEquals(dnnl.dnnl_success, dnnl.dnnl_primitive_execute(primitive, stream, 3, arguments));
            assertEquals(dnnl.dnnl_success, dnnl.dnnl_stream_wait(stream));
            assertEquals(List.of(19f, 22f, 43f, 50f),
                    product.elements(ValueLayout.JAVA_FLOAT).map(value -> value.get(ValueLayout.JAVA_FLOAT, 0))
                            .toList());
            for (int i = 0; i < 3; i++) {
                dnnl.dnnl_memory_destroy(dnnl_exec_arg_t.memory(dnnl_exec_arg_t.asSlice(arguments, i)));
            }
            dnnl.dnnl_primitive_destroy(primitive);
            dnnl.dnnl_primitive_desc_destroy(primitiveDescription);
            dnnl.dnnl_memory_desc_destroy(description);
            dnnl.dnnl_stream_destroy(stream);
            assertEquals(dnnl.dnnl_success, dnnl.dnnl_engine_destroy(engine));
        }
    }

    @Test
    void wrongArgumentsComeBackAsStatus() {
        try (Arena arena = Arena.ofConfined()) {
            assertEquals(dnnl.dnnl_invalid_arguments,
                    dnnl.dnnl_engine_create(arena.allocate(Native.C_POINTER), dnnl.dnnl_cpu, 1_000_000));
        }
    }

    private interface Constructor {
        int status(MemorySegment out);
    }

    private static MemorySegment create(Arena arena, Constructor constructor) {
        MemorySegment out = arena.allocate(Native.C_POINTER);
        assertEquals(dnnl.dnnl_success, constructor.status(out));
        return out.get(Native.C_POINTER, 0);
    }
}
