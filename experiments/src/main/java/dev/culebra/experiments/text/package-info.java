/** Text to tokens and back. */
package dev.culebra.experiments.text;
