package dev.culebra.experiments.cli;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

import dev.culebra.nn.Gelu;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;

/** Values that a shell offers where an option's type does not tell them. */
final class Candidates {
    /** The arithmetics that runs can be asked for. */
    static final List<Precision> PRECISIONS = List.of(Precision.FP32, Precision.TF32, Precision.BF16);

    private Candidates() {}

    /** Of {@code --device}. */
    static final class Devices implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Backends.devices().iterator();
        }
    }

    /** Of {@code --precision}. */
    static final class Precisions implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return PRECISIONS.stream().map(Precision::label).iterator();
        }
    }

    /** Of {@code --gelu}. */
    static final class Gelus implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Gelu.values()).map(Gelu::label).iterator();
        }
    }
}
