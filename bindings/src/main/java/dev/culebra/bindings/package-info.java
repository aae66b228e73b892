/** Finds and loads native libraries, and what the generated bindings to them share. */
package dev.culebra.bindings;
