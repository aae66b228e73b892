package dev.culebra.experiments.run;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Of a command line nothing secret is kept. */
class ProvenanceTextTest {
    @ParameterizedTest
    @CsvSource({"--url https://me:secret@host/a.zip --out x, --url https://host/a.zip --out x",
        "'--url=http://token@host:80/?a=b@c', '--url=http://host:80/?a=b@c'",
        "--url http://me:p@ss@host/a@b, --url http://host/a@b",
        "exp1 --data a@b/c --lr 1e-3, exp1 --data a@b/c --lr 1e-3"})
    void addressesLoseNamesAndPasswords(String given, String kept) {
        assertEquals(kept, Provenance.withoutCredentials(given));
    }
}
