/** The study's sizes, models and training steps, as all measurements here take them. */
package dev.culebra.tools.benchmarks.study;
