package dev.culebra.tools.bindgen;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class DeclaratorsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"int | x | int x", "const char * | x | const char *x",
        "const char *const * | x | const char *const *x", "char *** | x | char ***x", "char*** | x | char ***x",
        "int [3] | x | int x[3]", "int[3][4] | x | int x[3][4]", "const char *[2] | x | const char *x[2]",
        "void (*)(int, void *) | x | void (*x)(int, void *)", "int (*)[3] | x | int (*x)[3]",
        "struct point | '' | struct point"})
    void declaresLikeAHeader(String type, String name, String declaration) {
        assertEquals(declaration, Declarators.declare(type, name));
    }

    @Test
    void functionsWithAndWithoutParameters() {
        assertEquals("void f(void)", Declarators.function("void", "f", List.of(), false));
        assertEquals("char *f(int a, ...)", Declarators.function("char *", "f", List.of("int a"), true));
    }
}
