/** Makes a data directory from text, from a folder, an archive or a download. */
package dev.culebra.experiments.prepare;
