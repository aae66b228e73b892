package dev.culebra.runtime.nvrtc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.nvrtc.nvrtc;
import dev.culebra.runtime.NativeObject;

/** One source in the compiler's hands, an {@code nvrtcProgram}. One thread at a time. */
public final class Program extends NativeObject {
    private final String name;

    /** Hands a source to the compiler, which keeps a copy. */
    public Program(KernelSource source) {
        super(create(source));
        name = source.name();
    }

    /** Compiles a source once. */
    public static CompiledImage compile(KernelSource source, CompileOptions options) {
        try (Program program = new Program(source)) {
            return program.compile(options);
        }
    }

    /**
     * Compiles.
     *
     * @throws NvrtcException with the compiler's log, if the source has errors; also if it was compiled before and the
     *             options have name expressions: the compiler takes them only once
     */
    public CompiledImage compile(CompileOptions options) {
        try (Arena arena = Arena.ofConfined()) {
            for (String expression : options.nameExpressions()) {
                Nvrtc.check("nvrtcAddNameExpression",
                        nvrtc.nvrtcAddNameExpression(handle(), arena.allocateFrom(expression)));
            }
            List<String> arguments = options.arguments();
            check("nvrtcCompileProgram",
                    nvrtc.nvrtcCompileProgram(handle(), arguments.size(), strings(arguments, arena)), arguments);
            TreeMap<String, String> loweredNames = new TreeMap<>();
            for (String expression : options.nameExpressions()) {
                loweredNames.put(expression, loweredName(expression, arguments));
            }
            byte[] image = switch (options.image()) {
                case CUBIN -> bytes("nvrtcGetCUBIN", nvrtc::nvrtcGetCUBINSize, nvrtc::nvrtcGetCUBIN);
                case PTX -> bytes("nvrtcGetPTX", nvrtc::nvrtcGetPTXSize, nvrtc::nvrtcGetPTX);
            };
            return new CompiledImage(options.image(), options.architecture(), image, loweredNames, log());
        }
    }

    private String loweredName(String expression, List<String> arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            check("nvrtcGetLoweredName", nvrtc.nvrtcGetLoweredName(handle(), arena.allocateFrom(expression), out),
                    arguments);
            return out.get(Native.C_POINTER, 0).getString(0);
        }
    }

    private void check(String function, int status, List<String> arguments) {
        if (status != nvrtc.NVRTC_SUCCESS) {
            throw new NvrtcException(function, status, Nvrtc.name(status), name, arguments, log());
        }
    }

    /** What the compiler had to say. */
    private String log() {
        byte[] log = bytes("nvrtcGetProgramLog", nvrtc::nvrtcGetProgramLogSize, nvrtc::nvrtcGetProgramLog);
        int length = log.length;
        while (length > 0 && log[length - 1] == 0) {
            length--;
        }
        return new String(log, 0, length, StandardCharsets.UTF_8);
    }

    private byte[] bytes(String function, Getter size, Getter content) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocate(ValueLayout.JAVA_LONG);
            Nvrtc.check(function + "Size", size.get(handle(), length));
            MemorySegment bytes = arena.allocate(length.get(ValueLayout.JAVA_LONG, 0));
            Nvrtc.check(function, content.get(handle(), bytes));
            return bytes.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static MemorySegment create(KernelSource source) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            Nvrtc.check("nvrtcCreateProgram",
                    nvrtc.nvrtcCreateProgram(out, arena.allocateFrom(source.text()), arena.allocateFrom(source.name()),
                            source.headers().size(), strings(source.headers().values(), arena),
                            strings(source.headers().keySet(), arena)));
            return out.get(ValueLayout.ADDRESS, 0);
        }
    }

    /** An array of C strings. */
    private static MemorySegment strings(Collection<String> texts, Arena arena) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, texts.size());
        long index = 0;
        for (String text : texts) {
            array.setAtIndex(ValueLayout.ADDRESS, index++, arena.allocateFrom(text));
        }
        return array;
    }

    @Override
    protected void destroy(MemorySegment handle) {
        try (Arena arena = Arena.ofConfined()) {
            Nvrtc.check("nvrtcDestroyProgram",
                    nvrtc.nvrtcDestroyProgram(arena.allocateFrom(ValueLayout.ADDRESS, handle)));
        }
    }

    /** A function of NVRTC that writes something about a program. */
    private interface Getter {
        int get(MemorySegment program, MemorySegment out);
    }
}
