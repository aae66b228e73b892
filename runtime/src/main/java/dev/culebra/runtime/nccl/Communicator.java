package dev.culebra.runtime.nccl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.culebra.bindings.nccl.nccl;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.NativeObject;
import dev.culebra.runtime.driver.Context;
import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.Stream;

/**
 * One GPU's membership in a group of GPUs. One thread at a time; every member must make the same calls in the same order.
 *
 * <p>Source: https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/api/comms.html.
 */
public final class Communicator extends NativeObject {
    private final Context context;
    private final int rank;
    private final int size;

    private Communicator(Context context, Supplier<MemorySegment> creation, int rank, int size) {
        super(creation, 0, context);
        this.context = context;
        this.rank = rank;
        this.size = size;
    }

    /**
     * Joins a group, and waits until all its members have.
     *
     * @param context the GPU that becomes a member: each may be one only once
     * @param id the group, the same for all members
     * @param size how many members it has
     * @param rank which of them this is, from 0
     * @throws NcclException if the members do not find each other
     * @throws IllegalArgumentException if there is no such rank in a group of that size
     * @throws IllegalStateException if the context is closed
     */
    public static Communicator join(Context context, UniqueId id, int size, int rank) {
        if (rank < 0 || rank >= size) {
            throw new IllegalArgumentException("a group of " + size + " has no rank " + rank);
        }
        return new Communicator(context, () -> {
            context.makeCurrent();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
                Nccl.check("ncclCommInitRank", nccl.ncclCommInitRank(out, size, id.toStruct(arena), rank));
                return out.get(ValueLayout.ADDRESS, 0);
            }
        }, rank, size);
    }

    /**
     * A group of the GPUs of this process.
     *
     * @param contexts one for each GPU
     * @return the members, in the order of the contexts, which is that of their ranks
     * @throws NcclException if that fails
     * @throws IllegalArgumentException if there are none, or two of one device
     * @throws IllegalStateException if a context is closed
     */
    public static List<Communicator> all(List<Context> contexts) {
        int size = contexts.size();
        if (size == 0 || contexts.stream().map(Context::device).distinct().count() < size) {
            throw new IllegalArgumentException("a group has at least one GPU, and each only once");
        }
        contexts.forEach(Context::handle);
        contexts.getFirst().makeCurrent();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS, size);
            MemorySegment devices = arena.allocateFrom(ValueLayout.JAVA_INT,
                    contexts.stream().mapToInt(context -> context.device().ordinal()).toArray());
            Nccl.check("ncclCommInitAll", nccl.ncclCommInitAll(out, size, devices));
            return own(contexts, out);
        }
    }

    /** Takes the members over; if a context has been closed meanwhile, none of them is left. */
    private static List<Communicator> own(List<Context> contexts, MemorySegment handles) {
        int size = contexts.size();
        List<Communicator> members = new ArrayList<>();
        try {
            for (int rank = 0; rank < size; rank++) {
                MemorySegment handle = handles.getAtIndex(ValueLayout.ADDRESS, rank);
                members.add(new Communicator(contexts.get(rank), () -> handle, rank, size));
            }
            return List.copyOf(members);
        } catch (Throwable failure) {
            for (int rank = members.size(); rank < size; rank++) {
                nccl.ncclCommAbort(handles.getAtIndex(ValueLayout.ADDRESS, rank));
            }
            members.forEach(member -> member.closeAfter(failure));
            throw failure;
        }
    }

    /** Which member this is, from 0. */
    public int rank() {
        return rank;
    }

    /** How many members there are. */
    public int size() {
        return size;
    }

    /**
     * received ← the reduction of all members' {@code sent}, element by element; the two may be one memory. Returns when the
     * work is queued, which may wait for the other members: each must be driven by a thread of its own.
     *
     * @param sent this member's values, as many as fit into it
     * @param received where the result goes, of the same size
     * @throws NcclException if that fails
     * @throws IllegalArgumentException if the sizes differ or are no multiple of an element's, or memory or stream are on
     *     another device
     * @throws IllegalStateException if this member is closed or memory has been freed
     */
    public void allReduce(DeviceRegion sent, DeviceRegion received, DataType type, Reduction reduction, Stream stream) {
        MemorySegment member = handle();
        long elements = elements(sent, received, type, stream);
        context.requireSame(stream.context(), "the stream");
        context.makeCurrent();
        Nccl.check("ncclAllReduce", nccl.ncclAllReduce(MemorySegment.ofAddress(sent.address()),
                MemorySegment.ofAddress(received.address()), elements, Nccl.type(type), reduction.code(), member,
                stream.handle()));
        stream.keep(sent.owner());
        stream.keep(received.owner());
    }

    /** How many elements there are to reduce, after the check that both regions hold them. */
    static long elements(DeviceRegion sent, DeviceRegion received, DataType type, Stream stream) {
        sent.requireUsable("what is sent", 0, stream);
        received.requireUsable("what is received", 0, stream);
        if (sent.bytes() != received.bytes() || sent.bytes() % type.bytes() != 0) {
            throw new IllegalArgumentException(sent.bytes() + " bytes that are sent and " + received.bytes()
                    + " that are received do not hold as many " + type);
        }
        return sent.bytes() / type.bytes();
    }

    /**
     * Throws if work that was queued has failed since.
     *
     * @throws NcclException what went wrong
     */
    public void checkAsynchronous() {
        Nccl.check("ncclCommGetAsyncError",
                Nccl.getInt("ncclCommGetAsyncError", out -> nccl.ncclCommGetAsyncError(handle(), out)));
    }

    /** A member whose work has failed is aborted: to destroy it would wait for members that may be gone. */
    @Override
    protected void destroy(MemorySegment handle) {
        context.makeCurrent();
        int state = Nccl.getInt("ncclCommGetAsyncError", out -> nccl.ncclCommGetAsyncError(handle, out));
        if (state == nccl.ncclSuccess) {
            Nccl.check("ncclCommDestroy", nccl.ncclCommDestroy(handle));
        } else {
            Nccl.check("ncclCommAbort", nccl.ncclCommAbort(handle));
        }
    }
}
