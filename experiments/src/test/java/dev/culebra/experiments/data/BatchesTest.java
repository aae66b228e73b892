package dev.culebra.experiments.data;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class BatchesTest {
    private static Dataset dataset(int tokens, int sequenceLength) {
        return new Dataset(new Split("text", IntStream.rangeClosed(1, tokens).toArray(), new int[] {tokens},
                OptionalInt.empty()), BreakMode.NONE, sequenceLength);
    }

    @Test
    void padsShortSequencesAndTheLastBatch() {
        Batches batches = Batches.inOrder(dataset(9, 3), 2);
        assertEquals(2, batches.perEpoch());
        Batch batch = batches.newBatch();

        batches.fill(1, 0, batch);
        assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6}, batch.tokens());
        assertArrayEquals(new int[] {2, 3, 4, 5, 6, 7}, batch.targets());
        assertEquals(2, batch.sequences());
        assertEquals(6, batch.targetCount());

        batches.fill(1, 1, batch);
        assertArrayEquals(new int[] {7, 8, 0, 0, 0, 0}, batch.tokens());
        assertArrayEquals(new int[] {8, 9, 0, 0, 0, 0}, batch.targets());
        assertArrayEquals(new float[] {1, 1, 0, 0, 0, 0}, batch.mask());
        assertEquals(1, batch.sequences());
        assertEquals(2, batch.targetCount());
    }

    @Test
    void everyEpochHasEverySequenceOnceInItsOwnOrder() {
        Batches batches = Batches.shuffled(dataset(101, 1), 7, 42);
        int[] first = epoch(batches, 1);
        int[] second = epoch(batches, 2);
        assertEquals(100, first.length);
        assertNotEquals(Arrays.toString(first), Arrays.toString(second));
        for (int[] order : new int[][] {first, second}) {
            assertArrayEquals(IntStream.rangeClosed(1, 100).toArray(), Arrays.stream(order).sorted().toArray());
        }
    }

    @Test
    void anyBatchCanBeHadAtAnyTime() {
        Dataset dataset = dataset(101, 1);
        Batches straight = Batches.shuffled(dataset, 7, 42);
        epoch(straight, 1);
        int[] third = epoch(straight, 3);
        Batches resumed = Batches.shuffled(dataset, 7, 42);
        Batch batch = resumed.newBatch();
        resumed.fill(3, 5, batch);
        assertArrayEquals(Arrays.copyOfRange(third, 35, 42), batch.tokens());
        assertNotEquals(Arrays.toString(third), Arrays.toString(epoch(Batches.shuffled(dataset, 7, 43), 3)));
    }

    /** The order is part of what a checkpoint relies on: it must never change. */
    @Test
    void theOrderIsFixedForever() {
        int[] order = new int[10];
        ShuffleOrder.shuffle(42, 1, order);
        assertEquals("[0, 1, 6, 5, 4, 3, 9, 8, 2, 7]", Arrays.toString(order));
    }

    @Test
    void withoutShufflingTheTextIsReadInOrder() {
        Batches batches = Batches.inOrder(dataset(31, 1), 7);
        assertArrayEquals(IntStream.rangeClosed(1, 30).toArray(), epoch(batches, 1));
        assertArrayEquals(IntStream.rangeClosed(1, 30).toArray(), epoch(batches, 2));
    }

    @Test
    void fillingAllocatesNothing() {
        Batches batches = Batches.shuffled(dataset(100_001, 256), 16, 42);
        Batch batch = batches.newBatch();
        for (int epoch = 1; epoch < 200; epoch++) {
            batches.fill(epoch, 3, batch);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int epoch = 200; epoch < 300; epoch++) {
            batches.fill(epoch, 3, batch);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(0, allocated / 100, "bytes per fill");
    }

    @Test
    void thereIsNoBatchBeyondTheLast() {
        Batches batches = Batches.inOrder(dataset(31, 1), 7);
        Batch batch = batches.newBatch();
        assertThrows(IndexOutOfBoundsException.class, () -> batches.fill(1, 5, batch));
    }

    private static int[] epoch(Batches batches, int epoch) {
        Batch batch = batches.newBatch();
        return IntStream.range(0, batches.perEpoch()).flatMap(index -> {
            batches.fill(epoch, index, batch);
            return Arrays.stream(batch.tokens().clone()).limit(batch.sequences());
        }).toArray();
    }
}
