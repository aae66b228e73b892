package dev.culebra.runtime.driver;

import dev.culebra.bindings.cuda.cuda;

/**
 * Whether an executable graph could take the parameters of another graph.
 *
 * @param updated whether it could
 * @param result the driver's {@code CUgraphExecUpdateResult}
 * @param reason why not; empty if it could
 */
public record GraphUpdate(boolean updated, int result, String reason) {
    static final GraphUpdate DONE = new GraphUpdate(true, cuda.CU_GRAPH_EXEC_UPDATE_SUCCESS, "");

    static GraphUpdate refused(int result) {
        return new GraphUpdate(false, result, switch (result) {
            case cuda.CU_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED -> "the number of operations or their order differs";
            case cuda.CU_GRAPH_EXEC_UPDATE_ERROR_NODE_TYPE_CHANGED -> "an operation is of another kind";
            case cuda.CU_GRAPH_EXEC_UPDATE_ERROR_FUNCTION_CHANGED,
                    cuda.CU_GRAPH_EXEC_UPDATE_ERROR_UNSUPPORTED_FUNCTION_CHANGE ->
                "a kernel cannot be exchanged for this other one";
            case cuda.CU_GRAPH_EXEC_UPDATE_ERROR_PARAMETERS_CHANGED -> "a parameter changed that cannot be changed";
            case cuda.CU_GRAPH_EXEC_UPDATE_ERROR_ATTRIBUTES_CHANGED -> "an attribute changed that cannot be changed";
            case cuda.CU_GRAPH_EXEC_UPDATE_ERROR_NOT_SUPPORTED -> "an operation of this kind cannot be updated";
            default -> "CUgraphExecUpdateResult " + result;
        });
    }
}
