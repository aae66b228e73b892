package dev.culebra.tools.bindgen;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.culebra.tools.bindgen.clang.ClangType;
import dev.culebra.tools.bindgen.clang.Cursor;
import dev.culebra.tools.bindgen.clang.Evaluation;
import dev.culebra.tools.bindgen.clang.LibClang;
import dev.culebra.tools.bindgen.clang.TranslationUnit;
import dev.culebra.tools.bindgen.model.Declaration;

/**
 * Finds out what macros stand for: constants of any type, and other names of functions. The compiler itself computes
 * the constants: each macro initialises a variable of a second source, and variables that do not compile are no
 * constants.
 */
final class MacroReader {
    private static final String VALUE = "culebra_value_";
    private static final String ADDRESS = "culebra_address_";
    private static final Set<String> NEVER_IN_AN_EXPRESSION = Set.of("{", "}", ";", "#", "extern", "static", "inline",
            "typedef", "return", "if", "do", "while", "__attribute__", "__declspec", "_Pragma");

    private final LibClang clang;
    private final HeaderSet headers;
    private final Map<String, Declaration> declared;

    /** @param declared what the headers declare apart from macros */
    MacroReader(LibClang clang, HeaderSet headers, Map<String, Declaration> declared) {
        this.clang = clang;
        this.headers = headers;
        this.declared = declared;
    }

    /** What the macros stand for, in their order; a macro without body stands for nothing. */
    List<Declaration> read(List<Cursor> macros) {
        Map<String, Declaration.Unbound> candidates = new LinkedHashMap<>();
        List<Declaration> read = new ArrayList<>();
        for (Cursor macro : macros) {
            List<String> tokens = macro.tokens();
            String name = macro.spelling();
            if (tokens.size() < 2 || declared.containsKey(name)) {
                continue;
            }
            List<String> body = tokens.subList(1, tokens.size());
            String text = "#define " + name + (macro.isFunctionLikeMacro() ? "" : " ") + String.join(" ", body);
            if (macro.isFunctionLikeMacro()) {
                read.add(new Declaration.Unbound(name, text, "a macro with parameters"));
            } else if (isExpression(body)) {
                candidates.put(name, new Declaration.Unbound(name, text, "a macro that is no constant"));
            } else {
                read.add(new Declaration.Unbound(name, text, "a macro that is no expression"));
            }
        }
        read.addAll(evaluate(candidates));
        return read;
    }

    /** The value of a constant of a C type, if it has one that Java can hold. */
    static Optional<Declaration.Value> value(ClangType type, Evaluation evaluation) {
        ClangType canonical = type.canonical();
        return switch (evaluation) {
            case Evaluation.Whole whole -> switch (canonical.kind()) {
                case LONG, UNSIGNED_LONG, LONG_LONG, UNSIGNED_LONG_LONG ->
                    Optional.of(new Declaration.LongValue(whole.value()));
                case ENUM -> value(canonical.declaration().enumIntegerType(), evaluation);
                case BOOL, PLAIN_SIGNED_CHAR, SIGNED_CHAR, PLAIN_UNSIGNED_CHAR, UNSIGNED_CHAR, SHORT, UNSIGNED_SHORT,
                        INT, UNSIGNED_INT ->
                    Optional.of(new Declaration.IntValue((int) whole.value()));
                default -> Optional.empty();
            };
            case Evaluation.Floating floating -> Optional.of(canonical.kind() == ClangType.Kind.FLOAT
                    ? new Declaration.FloatValue((float) floating.value())
                    : new Declaration.DoubleValue(floating.value()));
            case Evaluation.Text text -> Optional.of(new Declaration.TextValue(text.value()));
            case Evaluation.None _ -> Optional.empty();
        };
    }

    /** Compiles the candidates as initialisers and says what each stands for. */
    private Collection<Declaration> evaluate(Map<String, Declaration.Unbound> candidates) {
        StringBuilder probe = new StringBuilder();
        for (String name : candidates.keySet()) {
            probe.append("__auto_type ").append(VALUE).append(name).append(" = ").append(name).append(";\n");
            probe.append("unsigned long long ").append(ADDRESS).append(name).append(" = (unsigned long long) ")
                    .append(name).append(";\n");
        }
        Map<String, Declaration> evaluated = new LinkedHashMap<>(candidates);
        Set<String> pointers = new HashSet<>();
        try (TranslationUnit unit = headers.parse(clang, probe.toString())) {
            for (Cursor cursor : unit.root().children()) {
                String variable = cursor.kind() == Cursor.Kind.VARIABLE ? cursor.spelling() : "";
                if (variable.startsWith(VALUE)) {
                    String name = variable.substring(VALUE.length());
                    evaluated.computeIfPresent(name, (_, unbound) -> meaning(name, unbound.text(), cursor)
                            .orElse(unbound));
                    if (cursor.type().canonical().kind() == ClangType.Kind.POINTER) {
                        pointers.add(name);
                    }
                } else if (variable.startsWith(ADDRESS)) {
                    String name = variable.substring(ADDRESS.length());
                    if (pointers.contains(name) && evaluated.get(name) instanceof Declaration.Unbound unbound
                            && cursor.evaluate() instanceof Evaluation.Whole address) {
                        evaluated.put(name, new Declaration.Constant(name, unbound.text(),
                                new Declaration.PointerValue(address.value())));
                    }
                }
            }
        }
        return evaluated.values();
    }

    /** What a variable is initialised with: a function, or a constant. */
    private Optional<Declaration> meaning(String name, String text, Cursor variable) {
        if (TypeReader.functionBehind(variable.type()).isPresent()) {
            return reference(variable)
                    .filter(Declaration.Function.class::isInstance).map(Declaration.Function.class::cast)
                    .map(target -> new Declaration.FunctionAlias(name, text, target));
        }
        return value(variable.type(), variable.evaluate()).map(value -> new Declaration.Constant(name, text, value));
    }

    /** The declaration that an initialiser names, through parentheses and conversions. */
    private Optional<Declaration> reference(Cursor expression) {
        for (Cursor child : expression.children()) {
            if (child.kind() == Cursor.Kind.REFERENCE) {
                return Optional.ofNullable(declared.get(child.spelling()));
            }
            Optional<Declaration> below = reference(child);
            if (below.isPresent()) {
                return below;
            }
        }
        return Optional.empty();
    }

    private static boolean isExpression(List<String> body) {
        int depth = 0;
        for (String token : body) {
            depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
            if (depth < 0 || NEVER_IN_AN_EXPRESSION.contains(token)) {
                return false;
            }
        }
        return depth == 0;
    }
}
