package dev.culebra.tools.bindgen;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.culebra.tools.bindgen.LibrarySpec.Reason;
import dev.culebra.tools.bindgen.model.CType;
import dev.culebra.tools.bindgen.model.Declaration;

/**
 * The second pass: what of a library's headers is bound, and why the rest is not.
 *
 * @param bound the declarations to emit, in the order of the headers
 * @param excluded the library's own names that are declared and left out, with the reason of each
 * @param undeclared the library's own names that it exports and its headers do not declare, with the reason of each
 */
record Selection(List<Declaration> bound, SortedMap<String, String> excluded, SortedMap<String, String> undeclared) {

    /**
     * Chooses by the table.
     *
     * @param exports the symbols of the library
     * @throws IllegalArgumentException if a function is declared and not exported, or exported and not declared, and
     *     the table says nothing of it
     */
    static Selection of(LibrarySpec spec, List<Declaration> declarations, Exports exports) {
        SortedMap<String, String> excluded = new TreeMap<>();
        Set<Declaration> bound = new HashSet<>();
        List<String> unexplained = new ArrayList<>();
        for (Declaration declaration : declarations) {
            String name = declaration.name();
            if (!spec.owns(name)) {
                if (declaration instanceof Declaration.Function
                        && exports.has(name)) {
                    unexplained.add(name + " is declared and exported, but has none of the library's prefixes");
                }
                continue;
            }
            Optional<String> reason = reasonToExclude(spec, declaration);
            if (reason.isPresent()) {
                excluded.put(name, reason.get());
                continue;
            }
            bind(declaration, bound);
            if (declaration instanceof Declaration.Function
                    && exports.lacks(name)) {
                unexplained.add(name + " is declared and not exported");
            }
        }
        SortedMap<String, String> undeclared = new TreeMap<>();
        Set<String> declared = declarations.stream().map(Declaration::name).collect(Collectors.toSet());
        for (String name : exports.all()) {
            if (spec.owns(name) && !declared.contains(name)) {
                Reason.find(spec.undeclared(), name).ifPresentOrElse(reason -> undeclared.put(name, reason),
                        () -> unexplained.add(name + " is exported and not declared"));
            }
        }
        if (!unexplained.isEmpty()) {
            throw new IllegalArgumentException(spec.title() + ": give the reasons in the table of LibrarySpecs:\n  "
                    + String.join("\n  ", unexplained));
        }
        return new Selection(declarations.stream().filter(bound::contains).toList(), excluded, undeclared);
    }

    private static Optional<String> reasonToExclude(LibrarySpec spec, Declaration declaration) {
        return Reason.find(spec.exclusions(), declaration.name())
                .or(() -> declaration instanceof Declaration.Unbound unbound
                        ? Optional.of(unbound.reason())
                        : Optional.empty());
    }

    /** Binds a declaration and the structs and unions it needs by value, whoever they belong to. */
    private static void bind(Declaration declaration, Set<Declaration> bound) {
        if (!bound.add(declaration)) {
            return;
        }
        switch (declaration) {
            case Declaration.Function function -> bindTypes(function.type(), bound);
            case Declaration.Callback callback -> bindTypes(callback.type(), bound);
            case Declaration.CompositeAlias alias -> bind(alias.target(), bound);
            case Declaration.Composite composite -> {
                for (Declaration.Member member : composite.members()) {
                    switch (member) {
                        case Declaration.Field field -> bindType(field.type(), bound);
                        case Declaration.Anonymous anonymous -> bind(anonymous.composite(), bound);
                        case Declaration.BitField _ -> {
                        }
                    }
                }
            }
            case Declaration.FunctionAlias _,Declaration.Constant _,Declaration.Unbound _ -> {
            }
        }
    }

    private static void bindTypes(CType.Function function, Set<Declaration> bound) {
        bindType(function.result(), bound);
        function.parameters().forEach(parameter -> bindType(parameter.type(), bound));
    }

    private static void bindType(CType type, Set<Declaration> bound) {
        switch (type) {
            case CType.ByValue byValue -> bind(byValue.composite(), bound);
            case CType.Array array -> bindType(array.element(), bound);
            case CType.Pointer pointer -> pointer.function().ifPresent(function -> bindTypes(function, bound));
            case CType.Function function -> bindTypes(function, bound);
            case CType.Void _,CType.Scalar _,CType.Unsupported _ -> {
            }
        }
    }
}
