package dev.culebra.runtime.nvrtc;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one kernel uses, as the assembler reports it.
 *
 * @param kernel its name in the image
 * @param architecture what it was compiled for
 * @param registers 32-bit registers of each thread
 * @param sharedBytes static shared memory of each block
 * @param stackBytes local memory of each thread for its stack frame
 * @param spillStoreBytes bytes that the code of a thread stores because registers do not suffice
 * @param spillLoadBytes bytes that it loads again
 */
public record ResourceUsage(String kernel, String architecture, int registers, int sharedBytes, int stackBytes,
        int spillStoreBytes, int spillLoadBytes) {
    /** A kernel, what it was compiled for, and its report up to the end of the line with its registers. */
    private static final Pattern ENTRY = Pattern.compile("Compiling entry function '([^']+)' for '([^']+)'"
            + "((?:(?!Compiling entry function).)*?\\bUsed \\d+ registers[^\n]*)", Pattern.DOTALL);
    private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
    private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

    /** Reads a log; what is about anything else is passed over. */
    static List<ResourceUsage> parse(String log) {
        return ENTRY.matcher(log).results().map(ResourceUsage::of).toList();
    }

    private static ResourceUsage of(MatchResult entry) {
        String kernel = entry.group(1);
        String report = entry.group(3);
        // Functions that are called have frames of their own in the report.
        Pattern frame = Pattern.compile("Function properties for '?" + Pattern.quote(kernel) + "'?\\s*\n"
                + ".* (\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
        return new ResourceUsage(kernel, entry.group(2), number(REGISTERS, report, 1), number(SHARED, report, 1),
                number(frame, report, 1), number(frame, report, 2), number(frame, report, 3));
    }

    private static int number(Pattern pattern, String report, int group) {
        Matcher matcher = pattern.matcher(report);
        return matcher.find() ? Integer.parseInt(matcher.group(group)) : 0;
    }
}
