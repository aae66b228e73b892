package dev.culebra.testing;

import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RequirementTest {
    @Test
    void whatTheListNamesIsRequiredAndNothingElse() {
        assertTrue(Requirement.GPU.isAmong("headers,gpu"));
        assertFalse(Requirement.CPU.isAmong("headers,cpu-bf16"));
        assertFalse(Requirement.CPU.isAmong(""));
    }

    @Test
    void aNameThatMeansNothingIsAFailure() {
        String message = assertThrows(AssertionFailedError.class, () -> Requirement.GPU.isAmong("gpu,headerz"))
                .getMessage();
        assertEquals("CULEBRA_REQUIRE names what is no requirement: headerz", message);
    }
}
