/** What was measured on which machine: kept as JSON, and shown as tables and charts on the page of the benchmarks. */
package dev.culebra.tools.benchmarks.results;
