package dev.culebra.tools.bindgen;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.culebra.tools.bindgen.clang.ClangType;
import dev.culebra.tools.bindgen.clang.Cursor;
import dev.culebra.tools.bindgen.clang.LibClang;
import dev.culebra.tools.bindgen.clang.TranslationUnit;
import dev.culebra.tools.bindgen.model.CType;
import dev.culebra.tools.bindgen.model.Declaration;

/** The first pass: reads a library's headers and lists what they declare, in their order. */
final class HeaderParser {
    private final HeaderSet headers;
    private final TypeReader types = new TypeReader();
    private final Map<String, Declaration> declarations = new LinkedHashMap<>();
    private final List<Cursor> macros = new ArrayList<>();

    private HeaderParser(HeaderSet headers) {
        this.headers = headers;
    }

    /**
     * Parses headers.
     *
     * @return what they declare, each name once: structs, unions and callbacks, functions, enumerators and macros
     * @throws IllegalArgumentException with the compiler's messages, if the headers do not compile
     */
    static List<Declaration> parse(LibClang clang, HeaderSet headers) {
        try (TranslationUnit unit = headers.parse(clang, "")) {
            if (!unit.errors().isEmpty()) {
                throw new IllegalArgumentException(String.join("\n", unit.errors()));
            }
            HeaderParser parser = new HeaderParser(headers);
            unit.root().children().forEach(parser::read);
            MacroReader macroReader = new MacroReader(clang, headers, parser.declarations);
            return parser.all(macroReader.read(parser.macros));
        }
    }

    private List<Declaration> all(List<Declaration> macroDeclarations) {
        List<Declaration> all = new ArrayList<>(types.composites());
        all.addAll(declarations.values());
        all.addAll(macroDeclarations);
        return List.copyOf(all);
    }

    private void read(Cursor cursor) {
        if (!headers.owns(cursor.file())) {
            return;
        }
        switch (cursor.kind()) {
            case FUNCTION -> add(function(cursor));
            case TYPEDEF -> typedef(cursor).ifPresent(this::add);
            case ENUM -> enumerators(cursor);
            case VARIABLE -> add(variable(cursor));
            case MACRO -> macros.add(cursor);
            case STRUCT, UNION -> {
                if (cursor.isDefinition() && !TypeReader.isUnnamed(cursor)) {
                    types.composite(cursor);
                }
            }
            default -> {
            }
        }
    }

    private void add(Declaration declaration) {
        declarations.putIfAbsent(declaration.name(), declaration);
    }

    private Declaration function(Cursor cursor) {
        String name = cursor.spelling();
        List<String> parameters = cursor.parameters().stream()
                .map(parameter -> Declarators.declare(parameter.type().spelling(), parameter.spelling())).toList();
        CType.Function type = types.function(cursor.type(),
                cursor.parameters().stream().map(Cursor::spelling).toList());
        String text = Declarators.function(cursor.type().result().spelling(), name, parameters, type.variadic());
        if (cursor.isLocalFunction()) {
            return new Declaration.Unbound(name, text, "an inline function of the header, without a symbol");
        }
        return unsupported(type).<Declaration>map(
                reason -> new Declaration.Unbound(name, text, "no layout expresses " + reason))
                .orElseGet(() -> new Declaration.Function(name, text, inlineCallbacks(cursor, type)));
    }

    /** Gives function pointers among the parameters the parameter names of their own declaration. */
    private CType.Function inlineCallbacks(Cursor cursor, CType.Function type) {
        List<CType.Parameter> parameters = new ArrayList<>();
        for (int i = 0; i < type.parameters().size(); i++) {
            CType.Parameter parameter = type.parameters().get(i);
            Cursor declaration = cursor.parameters().get(i);
            boolean inline = parameter.type() instanceof CType.Pointer pointer && pointer.function().isPresent();
            parameters.add(inline
                    ? new CType.Parameter(parameter.name(), new CType.Pointer(
                            TypeReader.functionBehind(declaration.type())
                                    .map(function -> types.function(function, TypeReader.parameterNames(declaration)))))
                    : parameter);
        }
        return new CType.Function(type.result(), parameters, type.variadic());
    }

    private Optional<Declaration> typedef(Cursor cursor) {
        String name = cursor.spelling();
        ClangType target = cursor.typedefTarget();
        String text = "typedef " + Declarators.declare(target.spelling(), name);
        Optional<ClangType> function = TypeReader.functionBehind(target);
        if (function.isPresent()) {
            CType.Function type = types.function(function.get(), TypeReader.parameterNames(cursor));
            if (type.variadic()) {
                return Optional.of(new Declaration.Unbound(name, text, "no upcall has variadic parameters"));
            }
            return Optional.of(unsupported(type).<Declaration>map(
                    reason -> new Declaration.Unbound(name, text, "no layout expresses " + reason))
                    .orElseGet(() -> new Declaration.Callback(name, text, type)));
        }
        if (target.canonical().kind() == ClangType.Kind.RECORD && target.size() >= 0) {
            Declaration.Composite composite = types.composite(target.canonical().declaration());
            return composite.name().equals(name)
                    ? Optional.empty()
                    : Optional.of(new Declaration.CompositeAlias(name, text, composite));
        }
        return Optional.empty();
    }

    private void enumerators(Cursor cursor) {
        String enumName = cursor.spelling();
        String prefix = enumName.isEmpty() || enumName.contains(" ") ? "enum { " : "enum " + enumName + " { ";
        boolean wide = cursor.enumIntegerType().size() == Long.BYTES;
        for (Cursor child : cursor.children()) {
            if (child.kind() == Cursor.Kind.ENUMERATOR) {
                long value = child.enumeratorValue();
                String text = prefix + child.spelling() + " = " + value + " }";
                add(new Declaration.Constant(child.spelling(), text,
                        wide ? new Declaration.LongValue(value) : new Declaration.IntValue((int) value)));
            }
        }
    }

    private Declaration variable(Cursor cursor) {
        String text = Declarators.declare(cursor.type().spelling(), cursor.spelling());
        return MacroReader.value(cursor.type(), cursor.evaluate())
                .<Declaration>map(value -> new Declaration.Constant(cursor.spelling(), text, value))
                .orElseGet(() -> new Declaration.Unbound(cursor.spelling(), text, "a variable, not a function"));
    }

    private static Optional<String> unsupported(CType.Function function) {
        List<CType> all = new ArrayList<>(function.parameters().stream().map(CType.Parameter::type).toList());
        all.add(function.result());
        return all.stream().filter(CType.Unsupported.class::isInstance)
                .map(type -> ((CType.Unsupported) type).spelling()).findFirst();
    }
}
