package dev.culebra.runtime.trial;

import java.util.List;
import java.util.Optional;

import dev.culebra.bindings.cublas.cublas;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.NumbersOnDevice;
import dev.culebra.runtime.cublas.CublasException;
import dev.culebra.runtime.driver.DeviceMemory;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Contenders that are made to fail in each of the ways in which one can. */
class ContestTest extends NumbersOnDevice {
    private static final double TOLERANCE = 1e-3;

    /** Fills memory with a number; how often it has done so may change that. */
    private abstract class Filling implements Contender {
        private final DeviceMemory memory = unwritten(64);
        private int runs;

        abstract float value(int run);

        @Override
        public void run() {
            memory.fill(value(runs++), stream);
        }

        @Override
        public List<Numbers> results() {
            return List.of(new Numbers(DataType.F32, memory));
        }
    }

    private Filling with(float value) {
        return new Filling() {
            @Override
            float value(int run) {
                return value;
            }
        };
    }

    private static CublasException refusal() {
        return new CublasException("aCall", cublas.CUBLAS_STATUS_NOT_SUPPORTED, "CUBLAS_STATUS_NOT_SUPPORTED", "no",
                "");
    }

    @Test
    void whatIsRightWithinRoundingAndTheSameEachTimeIsEligible() {
        Contest contest = new Contest(stream, TOLERANCE);
        assertTrue(contest.enter(with(3)).isEligible());
        Outcome second = contest.enter(with(3.001f));
        assertTrue(second.isEligible());
        assertTrue(second.milliseconds() >= 0 && second.milliseconds() < 1000, second.toString());
    }

    @Test
    void aWrongOneIsFoundOut() {
        Contest contest = new Contest(stream, TOLERANCE);
        contest.enter(with(3));
        for (float wrong : new float[] {3.01f, -3, 0, Float.NaN}) {
            Outcome outcome = contest.enter(with(wrong));
            assertFalse(outcome.correct(), Float.toString(wrong));
            assertTrue(outcome.repeatable() && outcome.capturable(), outcome.toString());
            assertFalse(outcome.isEligible());
        }
    }

    @Test
    void oneThatWritesOnlyPartOfItsResultIsFoundOut() {
        Contest contest = new Contest(stream, TOLERANCE);
        contest.enter(with(3));
        DeviceMemory memory = unwritten(64);
        assertFalse(contest.enter(new Contender() {
            @Override
            public void run() {
                memory.slice(0, 60).fill(3f, stream);
            }

            @Override
            public List<Numbers> results() {
                return List.of(new Numbers(DataType.F32, memory));
            }
        }).correct());
    }

    @Test
    void whatDoesNotCountInTheTimeIsTriedButNotMeasured() {
        int[] runs = new int[2];
        DeviceMemory memory = unwritten(64);
        Contender contender = new Contender() {
            @Override
            public void run() {
                runs[0]++;
            }

            @Override
            public void runUntimed() {
                memory.fill(runs[1]++ == 0 ? 3f : 5f, stream);
            }

            @Override
            public List<Numbers> results() {
                return List.of(new Numbers(DataType.F32, memory));
            }
        };
        Contest contest = new Contest(stream, TOLERANCE);
        contest.enter(with(3));
        Outcome outcome = contest.enter(contender);
        assertTrue(outcome.correct(), outcome.toString());
        assertFalse(outcome.repeatable(), "what it computes otherwise the second time");
        assertEquals(3, runs[1], "as standard, for repeatability and in a graph");
        assertTrue(runs[0] > runs[1], "the measured repetitions are " + runs[0] + " runs");
    }

    @Test
    void oneThatComputesOtherBitsTheNextTimeIsFoundOut() {
        Contest contest = new Contest(stream, TOLERANCE);
        contest.enter(with(3));
        Outcome outcome = contest.enter(new Filling() {
            @Override
            float value(int run) {
                return run == 0 ? 3 : Math.nextUp(3f);
            }
        });
        assertTrue(outcome.correct());
        assertFalse(outcome.repeatable());
        assertFalse(outcome.isEligible());
    }

    @Test
    void oneThatCannotBeCapturedIsFoundOutAndDoesNotSpoilTheStream() {
        Contest contest = new Contest(stream, TOLERANCE);
        Outcome outcome = contest.enter(new Filling() {
            @Override
            float value(int run) {
                if (stream.isCapturing()) {
                    throw refusal();
                }
                return 3;
            }
        });
        assertTrue(outcome.correct() && outcome.repeatable());
        assertFalse(outcome.capturable());
        assertFalse(outcome.isEligible());
        assertTrue(contest.enter(with(3)).isEligible());
    }

    @Test
    void oneThatIsRefusedSaysWhyAndSetsNoStandard() {
        Contest contest = new Contest(stream, TOLERANCE);
        Outcome outcome = contest.enter(new Filling() {
            @Override
            float value(int run) {
                throw refusal();
            }
        });
        assertEquals(Optional.of(refusal().getMessage()), outcome.refusal());
        assertFalse(outcome.isEligible());
        assertTrue(contest.enter(with(4)).isEligible());
        assertFalse(contest.enter(with(3)).isEligible());
    }

    private static Outcome eligible(double milliseconds) {
        return new Outcome(Optional.empty(), milliseconds, true, true, true);
    }

    private static Outcome wrong(double milliseconds) {
        return new Outcome(Optional.empty(), milliseconds, false, true, true);
    }

    @Test
    void theFastestThatIsEligibleIsTakenAndTheFirstUnlessOneIsClearlyFaster() {
        assertEquals(2, Outcome.fastest(List.of(eligible(3), wrong(1), eligible(2), eligible(2.5))));
        assertEquals(0, Outcome.fastest(List.of(eligible(3), eligible(2.99))));
        assertEquals(1, Outcome.fastest(List.of(eligible(3), eligible(2.9))));
        assertEquals(1, Outcome.fastest(List.of(wrong(3), eligible(4))));
        assertEquals(0, Outcome.fastest(List.of(wrong(3), wrong(2), Outcome.refused("no"))));
    }

    @Test
    void randomNumbersAreTheSameForTheSameSeedAndFillTheWhole() {
        for (DataType type : List.of(DataType.F32, DataType.BF16, DataType.F64)) {
            DeviceMemory memory = unwritten(200_001L * type.bytes());
            new Numbers(type, memory).randomize(7, 0.5, stream);
            double[] first = numbers(type, memory);
            memory.fill((byte) -1, stream);
            new Numbers(type, memory).randomize(7, 0.5, stream);
            assertArrayEquals(first, numbers(type, memory));
            double sum = 0;
            for (double value : first) {
                assertTrue(Math.abs(value) <= 0.5, "a value of " + value);
                sum += value * value;
            }
            assertEquals(1.0 / 12, sum / first.length, 1e-3, "the variance of what is uniform");
        }
    }

    @Test
    void aSampleOfManyNumbersHasTheFirstAndTheLast() {
        int count = 1_000_001;
        DeviceMemory memory = unwritten(count * 4L);
        memory.fill(1f, stream);
        Numbers numbers = new Numbers(DataType.F32, memory);
        memory.slice(0, 4).fill(2f, stream);
        memory.slice((count - 1) * 4L, 4).fill(3f, stream);
        double[] sample = numbers.sample(stream);
        assertTrue(sample.length < count / 10, "a sample of " + sample.length);
        assertEquals(2, sample[0]);
        assertEquals(1, sample[1]);
        assertEquals(3, sample[sample.length - 1]);
    }
}
