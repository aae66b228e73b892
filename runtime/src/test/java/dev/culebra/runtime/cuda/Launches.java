package dev.culebra.runtime.cuda;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.culebra.runtime.driver.Launch;

/** Finds the launches that an operation made when it was built: in its fields, and in those of its parts. */
final class Launches {
    private static final String PACKAGE = Launches.class.getPackageName();

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Launch> found = new ArrayList<>();

    private Launches() {}

    /** All launches of an operation of this backend. */
    static List<Launch> of(Object operation) {
        Launches launches = new Launches();
        launches.visit(operation);
        return launches.found;
    }

    private void visit(Object value) {
        switch (value) {
            case Launch launch -> found.add(launch);
            case Optional<?> optional -> optional.ifPresent(this::visit);
            case Collection<?> parts -> parts.forEach(this::visit);
            case CudaBackend _ -> {
            }
            case Object part when part.getClass().getPackageName().equals(PACKAGE) -> {
                if (seen.add(part)) {
                    visitFields(part);
                }
            }
            default -> {
            }
        }
    }

    private void visitFields(Object part) {
        for (Class<?> type = part.getClass(); type.getPackageName().equals(PACKAGE); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!field.getType().isPrimitive()) {
                    visit(read(field, part));
                }
            }
        }
    }

    private static Object read(Field field, Object part) {
        try {
            field.setAccessible(true);
            Object value = field.get(part);
            return value == null ? Optional.empty() : value;
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
