/**
 * oneDNN, checked and owning: status codes become {@link dev.culebra.runtime.onednn.OneDnnException}s, handles become
 * objects that keep what they depend on alive and are closed once.
 *
 * <p>Source: the oneDNN developer guide, https://uxlfoundation.github.io/oneDNN/.
 */
package dev.culebra.runtime.onednn;
