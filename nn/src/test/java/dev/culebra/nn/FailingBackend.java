package dev.culebra.nn;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Storage;
import dev.culebra.runtime.reference.ReferenceBackend;

/** The reference backend, but one call to it runs out of memory; it knows which of its storages are still open. */
final class FailingBackend implements InvocationHandler {
    private final Backend reference = new ReferenceBackend();
    private final int failing;
    private final List<Storage> storages = new ArrayList<>();
    private int calls;

    /** A backend whose call number {@code failing}, from 1 on, throws an {@link OutOfMemoryError}. */
    FailingBackend(int failing) {
        this.failing = failing;
    }

    /** This, as a backend. */
    Backend backend() {
        return (Backend) Proxy.newProxyInstance(Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, this);
    }

    /** How many of the storages that it gave out are not closed. */
    long openStorages() {
        return storages.stream().filter(FailingBackend::isOpen).count();
    }

    private static boolean isOpen(Storage storage) {
        try {
            return storage.bytes() >= 0;
        } catch (IllegalStateException closed) {
            return false;
        }
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        calls++;
        if (calls == failing) {
            throw new OutOfMemoryError("call " + calls + " to the backend");
        }
        try {
            Object result = method.invoke(reference, arguments);
            if (result instanceof Storage storage) {
                storages.add(storage);
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
