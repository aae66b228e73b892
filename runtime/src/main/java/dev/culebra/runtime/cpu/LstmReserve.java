package dev.culebra.runtime.cpu;

import dev.culebra.runtime.DataType;

/**
 * Where what an LSTM layer keeps from forward to backward lies: c₀ to c_T, F32 (T + 1, B, H); h₀ to h_T, activations
 * (T + 1, B, H); the gates before their functions, F32 (T, B, 4H). All offsets are in bytes.
 *
 * @param sequenceLength T
 * @param batch B
 * @param hiddenSize H
 * @param type that of the activations
 */
record LstmReserve(int sequenceLength, int batch, int hiddenSize, DataType type) {
    /** How much it is. */
    long bytes() {
        return gates(sequenceLength);
    }

    /** Where c_t lies, t from 0 to T. */
    long cell(int t) {
        return t * stateBytes(DataType.F32);
    }

    /** Where h_t lies, t from 0 to T. */
    long hidden(int t) {
        return CpuLstm.aligned(cell(sequenceLength + 1)) + t * stateBytes(type);
    }

    /** Where the gates of a step lie, t from 0 to T - 1. */
    long gates(int t) {
        return CpuLstm.aligned(hidden(sequenceLength + 1)) + t * gateBytes(DataType.F32);
    }

    /** The bytes of a state in a type, (B, H). */
    long stateBytes(DataType of) {
        return (long) batch * hiddenSize * of.bytes();
    }

    /** The bytes of a step's gates in a type, (B, 4H). */
    long gateBytes(DataType of) {
        return LstmCell.GATES * stateBytes(of);
    }
}
