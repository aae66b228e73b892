package dev.culebra.runtime.driver;

import dev.culebra.runtime.NativeObject;

/** A part of device memory that somebody else owns, such as an allocation or a module. It throws when that is closed. */
public final class DeviceSlice implements DeviceRegion {
    private final NativeObject owner;
    private final Context context;
    private final long address;
    private final long bytes;

    DeviceSlice(NativeObject owner, Context context, long address, long bytes) {
        this.owner = owner;
        this.context = context;
        this.address = address;
        this.bytes = bytes;
    }

    @Override
    public long address() {
        owner.handle();
        return address;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public NativeObject owner() {
        return owner;
    }

    /** Size and place, for people. */
    @Override
    public String toString() {
        return bytes + " bytes at 0x" + Long.toHexString(address) + (owner.isOpen() ? "" : ", freed");
    }
}
