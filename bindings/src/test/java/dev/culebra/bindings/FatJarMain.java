package dev.culebra.bindings;

import java.util.List;

/** The program in the fat jar that {@link NativeLibraryTest} makes. */
final class FatJarMain {
    private FatJarMain() {}

    public static void main(String[] arguments) {
        System.out.println(NativeLibraryTest.made(List.of("libgomp.so.1")).load());
    }
}
