/** The study's sizes, models and training steps, as all measurements here take them, and the devices that they are made on. */
package dev.culebra.tools.benchmarks.study;
