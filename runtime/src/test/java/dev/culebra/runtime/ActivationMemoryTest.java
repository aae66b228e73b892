package dev.culebra.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ActivationMemoryTest {
    private final ActivationMemory memory = new ActivationMemory(HostStorage::allocateHeap);

    @Test
    void tensorsThatLiveTogetherNeverOverlap() {
        for (int seed = 0; seed < 20; seed++) {
            RandomStep step = new RandomStep(seed);
            ActivationMemory.Plan plan = memory.plan(step);
            memory.run(plan, step);
            assertTrue(step.checks > 100, "tensors were compared");
        }
    }

    /** Asks for tensors of random sizes and gives them back in random order; each keeps a number of its own. */
    private final class RandomStep implements Runnable {
        private final int seed;
        private int checks;

        RandomStep(int seed) {
            this.seed = seed;
        }

        @Override
        public void run() {
            Random random = new Random(seed);
            List<Tensor> alive = new ArrayList<>();
            List<Integer> numbers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                if (alive.isEmpty() || random.nextInt(100) < 55) {
                    Tensor tensor = memory.allocate(DataType.I32, Shape.of(1 + random.nextInt(100)));
                    fill(tensor, i);
                    alive.add(tensor);
                    numbers.add(i);
                } else {
                    int victim = random.nextInt(alive.size());
                    Tensor tensor = alive.remove(victim);
                    check(tensor, numbers.remove(victim));
                    memory.free(tensor);
                }
            }
            for (int i = 0; i < alive.size(); i++) {
                check(alive.get(i), numbers.get(i));
            }
        }

        private void fill(Tensor tensor, int number) {
            if (!tensor.isPlanned()) {
                int[] values = new int[Math.toIntExact(tensor.elements())];
                Arrays.fill(values, number);
                tensor.set(values);
            }
        }

        private void check(Tensor tensor, int number) {
            if (!tensor.isPlanned()) {
                for (int value : tensor.toInts()) {
                    assertEquals(number, value);
                    checks++;
                }
            }
        }
    }

    @Test
    void memoryThatWasGivenBackIsUsedAgain() {
        ActivationMemory.Plan chain = memory.plan(() -> {
            Tensor previous = memory.allocate(DataType.F32, Shape.of(1000));
            for (int i = 0; i < 10; i++) {
                Tensor next = memory.allocate(DataType.F32, Shape.of(1000));
                memory.free(previous);
                previous = next;
            }
        });
        assertEquals(2 * 4096, chain.bytes(), "two tensors of 4000 bytes at a time, each rounded up to 256");
        ActivationMemory.Plan together = memory.plan(() -> {
            for (int i = 0; i < 11; i++) {
                memory.allocate(DataType.F32, Shape.of(1000));
            }
        });
        assertEquals(11 * 4096, together.bytes());
    }

    @Test
    void aSmallTensorFillsTheGapOfALargeOne() {
        ActivationMemory.Plan plan = memory.plan(() -> {
            Tensor large = memory.allocate(DataType.F64, Shape.of(1024));
            Tensor kept = memory.allocate(DataType.F64, Shape.of(512));
            memory.free(large);
            memory.allocate(DataType.F64, Shape.of(256));
            memory.allocate(DataType.F64, Shape.of(512));
            memory.free(kept);
        });
        assertEquals((1024 + 512) * 8, plan.bytes());
    }

    @Test
    void everyRunHandsOutTheSameTensorsAndAllocatesOnce() {
        AtomicLong allocations = new AtomicLong();
        try (ActivationMemory counted = new ActivationMemory(bytes -> {
            allocations.incrementAndGet();
            return HostStorage.allocateHeap(bytes);
        })) {
            List<Tensor> handedOut = new ArrayList<>();
            Runnable step = () -> {
                Tensor tensor = counted.allocate(DataType.F32, Shape.of(7));
                handedOut.add(tensor);
                if (!tensor.isPlanned()) {
                    tensor.clear();
                }
            };
            ActivationMemory.Plan plan = counted.plan(step);
            assertEquals(0, allocations.get(), "a dry run has no memory");
            counted.run(plan, step);
            counted.run(plan, step);
            assertEquals(1, allocations.get());
            assertTrue(handedOut.get(0).isPlanned());
            assertFalse(handedOut.get(1).isPlanned());
            assertSame(handedOut.get(1), handedOut.get(2));
        }
    }

    @Test
    void severalPlansShareTheMemoryOfTheLargest() {
        AtomicLong bytes = new AtomicLong();
        try (ActivationMemory counted = new ActivationMemory(count -> {
            bytes.addAndGet(count);
            return HostStorage.allocateHeap(count);
        })) {
            Runnable small = () -> clear(counted.allocate(DataType.F32, Shape.of(16)));
            Runnable large = () -> clear(counted.allocate(DataType.F32, Shape.of(160)));
            ActivationMemory.Plan smallPlan = counted.plan(small);
            ActivationMemory.Plan largePlan = counted.plan(large);
            counted.run(smallPlan, small);
            counted.run(largePlan, large);
            counted.run(smallPlan, small);
            assertEquals(768, bytes.get());
        }
    }

    private static void clear(Tensor tensor) {
        if (!tensor.isPlanned()) {
            tensor.clear();
        }
    }

    @Test
    void poisonShowsWhoReadsWhatWasGivenBack() {
        memory.poisonFreed();
        for (DataType type : DataType.values()) {
            Tensor[] leaked = new Tensor[1];
            Runnable step = () -> {
                Tensor tensor = memory.allocate(type, Shape.of(3));
                clear(tensor);
                leaked[0] = tensor;
                memory.free(tensor);
            };
            memory.run(memory.plan(step), step);
            double expected = type == DataType.I32 ? -1 : Double.NaN;
            assertArrayEquals(new double[] {expected, expected, expected}, leaked[0].toDoubles());
        }
    }

    @Test
    void aDryRunHasNoMemoryToTouch() {
        Tensor[] leaked = new Tensor[1];
        memory.plan(() -> leaked[0] = memory.allocate(DataType.F32, Shape.of(3)));
        assertTrue(leaked[0].isPlanned(), "also after the dry run");
        assertTrue(leaked[0].view(2, Shape.of(1)).isPlanned());
        assertThrows(IllegalStateException.class, leaked[0]::toDoubles);
        assertThrows(IllegalStateException.class, () -> leaked[0].set(1, 2, 3));
        assertThrows(IllegalStateException.class, leaked[0]::clear);
        assertThrows(IllegalStateException.class, leaked[0]::address);
    }

    @Test
    void aTensorIsGivenBackOnce() {
        assertThrows(IllegalStateException.class, () -> memory.plan(() -> {
            Tensor tensor = memory.allocate(DataType.F32, Shape.of(3));
            memory.free(tensor);
            memory.free(tensor);
        }));
    }

    @Test
    void aTensorFromElsewhereIsRefused() {
        Tensor foreign = new Tensor(HostStorage.allocateHeap(4), 0, DataType.F32, Shape.of(1));
        assertThrows(IllegalArgumentException.class, () -> memory.plan(() -> memory.free(foreign)));
    }

    @Test
    void aRunThatDepartsFromItsDryRunIsStopped() {
        ActivationMemory.Plan plan = memory.plan(() -> {
            Tensor tensor = memory.allocate(DataType.F32, Shape.of(3));
            memory.allocate(DataType.F32, Shape.of(5));
            memory.free(tensor);
        });
        assertDeparture("the step asks for F32(4) where its dry run asks for F32(3)", plan,
                () -> memory.allocate(DataType.F32, Shape.of(4)));
        assertDeparture("the step asks for BF16(3) where its dry run asks for F32(3)", plan,
                () -> memory.allocate(DataType.BF16, Shape.of(3)));
        assertDeparture("the step gives back F32(3) where its dry run asks for F32(5)", plan,
                () -> memory.free(memory.allocate(DataType.F32, Shape.of(3))));
        assertDeparture("the step gives back F32(5) where its dry run gives back F32(3)", plan, () -> {
            memory.allocate(DataType.F32, Shape.of(3));
            memory.free(memory.allocate(DataType.F32, Shape.of(5)));
        });
        assertDeparture("the step ends where its dry run asks for F32(3)", plan, () -> {});
        assertDeparture("the step asks for F32(1) where its dry run ends", plan, () -> {
            Tensor tensor = memory.allocate(DataType.F32, Shape.of(3));
            memory.allocate(DataType.F32, Shape.of(5));
            memory.free(tensor);
            memory.allocate(DataType.F32, Shape.of(1));
        });
    }

    private void assertDeparture(String message, ActivationMemory.Plan plan, Runnable step) {
        assertEquals(message,
                assertThrows(IllegalStateException.class, () -> memory.run(plan, step)).getMessage());
    }

    @Test
    void aStepThatFailedCanBeRunAgain() {
        Runnable step = () -> memory.allocate(DataType.F32, Shape.of(3));
        ActivationMemory.Plan plan = memory.plan(step);
        assertThrows(ArithmeticException.class, () -> memory.run(plan, () -> {
            throw new ArithmeticException();
        }));
        memory.run(plan, step);
    }

    @Test
    void activationsExistOnlyWithinOneStep() {
        assertThrows(IllegalStateException.class, () -> memory.allocate(DataType.F32, Shape.of(3)));
        assertThrows(IllegalStateException.class, () -> memory.plan(() -> memory.plan(() -> {})));
        ActivationMemory other = new ActivationMemory(HostStorage::allocateHeap);
        assertThrows(IllegalArgumentException.class, () -> memory.run(other.plan(() -> {}), () -> {}));
    }
}
