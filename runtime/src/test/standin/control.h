// What a test may ask of the stand-in, beside the driver API.
#pragma once

#include <cstddef>

#define STANDIN_EXPORT extern "C" __attribute__((visibility("default")))

// How many devices there are and how much memory each has. Before cuInit; afterwards it changes nothing and returns 0.
STANDIN_EXPORT int standin_configure(int devices, size_t memory);
// The order in which streams and nodes of a graph get on is drawn from this.
STANDIN_EXPORT void standin_seed(unsigned long long seed);
// The call of this name, of any library, that follows `after` others of the same name returns the status and does
// nothing. A status of the driver that poisons contexts on a GPU poisons the current one. Names go without _v2.
STANDIN_EXPORT void standin_fail_next(const char* function, int status, int after);
// Forgets the failures that have not come to pass.
STANDIN_EXPORT void standin_fail_none();
// Objects of a kind that have not been freed: context, stream, event, pool, memory, pinned, registered, module, library,
// graph, graphExec, and those of other libraries, once there was one; -1 for an unknown kind.
STANDIN_EXPORT long standin_live(const char* kind);
// The calls since the log was last cleared, a line each: "cuMemAlloc(0x7f..., 16)". Fills the buffer as far as it goes
// and returns the size wanted, with the final zero.
STANDIN_EXPORT size_t standin_log(char* buffer, size_t size);
STANDIN_EXPORT void standin_log_clear();
// What the last failure that the stand-in found was about: same contract as standin_log.
STANDIN_EXPORT size_t standin_message(char* buffer, size_t size);
