package dev.culebra.runtime.standin;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

import dev.culebra.bindings.Native;
import dev.culebra.bindings.NativeLibrary;

/** What {@code control.h} declares: the calls with which a test steers the stand-in and asks it. */
final class StandInControl {
    private final NativeLibrary library;

    StandInControl(NativeLibrary library) {
        this.library = library;
    }

    /** How many devices a driver has; none if it cannot start. */
    static int devices(NativeLibrary driver) {
        MethodHandle init = driver.function("cuInit",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        MethodHandle count = driver.function("cuDeviceGetCount",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
            boolean started = (int) init.invokeExact(0) == 0 && (int) count.invokeExact(out) == 0;
            return started ? out.get(ValueLayout.JAVA_INT, 0) : 0;
        } catch (Throwable failure) {
            throw Native.failure("cuDeviceGetCount", failure);
        }
    }

    void failNext(String name, int status, int after) {
        MethodHandle call = library.function("standin_fail_next", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            call.invokeExact(arena.allocateFrom(name), status, after);
        } catch (Throwable failure) {
            throw Native.failure("standin_fail_next", failure);
        }
    }

    void failNone() {
        call("standin_fail_none");
    }

    long live(String kind) {
        MethodHandle call = library.function("standin_live",
                FunctionDescriptor.of(Native.cLong(), ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            return (long) call.invokeExact(arena.allocateFrom(kind));
        } catch (Throwable failure) {
            throw Native.failure("standin_live", failure);
        }
    }

    String log() {
        return text("standin_log");
    }

    void clearLog() {
        call("standin_log_clear");
    }

    String message() {
        return text("standin_message");
    }

    void seed(long seed) {
        MethodHandle call = library.function("standin_seed", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
        try {
            call.invokeExact(seed);
        } catch (Throwable failure) {
            throw Native.failure("standin_seed", failure);
        }
    }

    private void call(String name) {
        try {
            library.function(name, FunctionDescriptor.ofVoid()).invokeExact();
        } catch (Throwable failure) {
            throw Native.failure(name, failure);
        }
    }

    /** The text may grow between the question for its size and the copy: then what fits will do. */
    private String text(String name) {
        MethodHandle call = library.function(name, FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG));
        try (Arena arena = Arena.ofConfined()) {
            long size = (long) call.invokeExact(MemorySegment.NULL, 0L);
            MemorySegment buffer = arena.allocate(size);
            long ignored = (long) call.invokeExact(buffer, size);
            return buffer.getString(0);
        } catch (Throwable failure) {
            throw Native.failure(name, failure);
        }
    }
}
