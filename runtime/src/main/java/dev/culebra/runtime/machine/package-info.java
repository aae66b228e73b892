/** What this machine offers: its NVIDIA driver and GPUs, and the native libraries. Looks only, and owns nothing. */
package dev.culebra.runtime.machine;
