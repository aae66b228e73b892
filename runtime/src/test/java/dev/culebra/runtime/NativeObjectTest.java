package dev.culebra.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

class NativeObjectTest {
    private final List<Long> destroyed = new ArrayList<>();

    @Test
    void isDestroyedOnceHoweverOftenItIsClosed() {
        Thing thing = new Thing(7);
        thing.close();
        thing.close();
        assertEquals(List.of(7L), destroyed);
    }

    @Test
    void hasNoHandleAfterClosing() {
        Thing thing = new Thing(7);
        assertEquals(7, thing.handle().address());
        assertTrue(thing.isOpen());
        thing.close();
        assertFalse(thing.isOpen());
        assertEquals("Thing is closed", assertThrows(IllegalStateException.class, thing::handle).getMessage());
    }

    @Test
    void parentStaysOpenUntilItsChildrenAreClosed() {
        Thing parent = new Thing(1);
        Thing first = new Thing(2, parent);
        Thing second = new Thing(3, parent);
        assertEquals("Thing cannot be closed before what needs it (class=number): {Thing=2}",
                assertThrows(IllegalStateException.class, parent::close).getMessage());
        first.close();
        assertThrows(IllegalStateException.class, parent::close);
        second.close();
        parent.close();
        assertEquals(List.of(2L, 3L, 1L), destroyed);
    }

    @Test
    void childOfAClosedParentIsNotMadeAndHoldsNoOtherParent() {
        Thing open = new Thing(1);
        Thing closed = new Thing(2);
        closed.close();
        assertThrows(IllegalStateException.class, () -> new Thing(3, open, closed));
        open.close();
        assertEquals(List.of(2L, 1L), destroyed);
    }

    @Test
    void parentsCannotBeClosedWhileTheHandleIsMade() {
        Thing parent = new Thing(1);
        Thing child = new Thing(() -> {
            assertThrows(IllegalStateException.class, parent::close);
            return MemorySegment.ofAddress(2);
        }, parent);
        assertEquals(2, child.handle().address());
        child.close();
        parent.close();
        assertEquals(List.of(2L, 1L), destroyed);
    }

    @Test
    void nothingIsMadeForAClosedParent() {
        Thing closed = new Thing(1);
        closed.close();
        assertThrows(IllegalStateException.class, () -> new Thing(() -> fail("made"), closed));
    }

    @Test
    void parentsAreFreeAgainIfTheHandleCannotBeMade() {
        Thing parent = new Thing(1);
        IllegalArgumentException failure = new IllegalArgumentException("cannot be made");
        assertSame(failure, assertThrows(IllegalArgumentException.class, () -> new Thing(() -> {
            throw failure;
        }, parent)));
        parent.close();
        assertEquals(List.of(1L), destroyed);
    }

    @Test
    void closedObjectNeedsNobodyAnyMore() {
        Thing parent = new Thing(1);
        Thing child = new Thing(2);
        child.close();
        assertThrows(IllegalStateException.class, () -> child.needs(parent));
        parent.close();
        assertEquals(List.of(2L, 1L), destroyed);
    }

    @Test
    void noChildOutlivesAParentThatAnotherThreadCloses() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            Thing parent = new Thing(1);
            AtomicInteger open = new AtomicInteger();
            Thread making = new Thread(() -> {
                try {
                    while (true) {
                        new Thing(() -> MemorySegment.ofAddress(open.incrementAndGet()), parent) {
                            @Override
                            protected void destroy(MemorySegment handle) {
                                open.decrementAndGet();
                            }
                        }.close();
                    }
                } catch (IllegalStateException closed) {
                    assertEquals("Thing is closed", closed.getMessage());
                }
            });
            making.start();
            while (parent.isOpen()) {
                try {
                    parent.close();
                    assertEquals(0, open.get());
                } catch (IllegalStateException stillNeeded) {
                    Thread.onSpinWait();
                }
            }
            making.join();
            assertEquals(0, open.get());
        }
    }

    @Test
    void parentCanComeLaterAndCountsOnce() {
        Thing parent = new Thing(1);
        Thing child = new Thing(2);
        child.needs(parent);
        child.needs(parent);
        assertThrows(IllegalStateException.class, parent::close);
        child.close();
        parent.close();
        assertEquals(List.of(2L, 1L), destroyed);
    }

    @Test
    void failureToDestroyFreesTheParentAndCountsAsClosed() {
        Thing parent = new Thing(1);
        Thing broken = new Thing(-1, parent);
        assertThrows(IllegalArgumentException.class, broken::close);
        broken.close();
        parent.close();
        assertEquals(List.of(1L), destroyed);
    }

    @Test
    void closingDoesNotHideWhatFailedBefore() {
        IllegalStateException first = assertThrows(IllegalStateException.class, () -> {
            try (Thing broken = new Thing(-1)) {
                throw new IllegalStateException("first after " + broken.handle());
            }
        });
        assertEquals(1, first.getSuppressed().length);

        Exception failure = new Exception("first");
        new Thing(-1).closeAfter(failure);
        assertSame(IllegalArgumentException.class, failure.getSuppressed()[0].getClass());
    }

    /** Says when it is destroyed; a negative one cannot be. */
    private class Thing extends NativeObject {
        Thing(Supplier<MemorySegment> creation, NativeObject... parents) {
            super(creation, 0, parents);
        }

        Thing(long handle, NativeObject... parents) {
            super(MemorySegment.ofAddress(handle), parents);
        }

        @Override
        protected void destroy(MemorySegment handle) {
            if (handle.address() < 0) {
                throw new IllegalArgumentException("cannot be destroyed");
            }
            destroyed.add(handle.address());
        }
    }
}
