/**
 * NCCL, checked and owning: sums over the GPUs of one process or of several. Processes find each other by a
 * {@link dev.culebra.runtime.nccl.UniqueId} that one of them makes and hands to the others, by MPI or any other way.
 *
 * <p>Source: https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/api.html.
 */
package dev.culebra.runtime.nccl;
