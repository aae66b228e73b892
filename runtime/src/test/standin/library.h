// What the stand-ins for cuBLASLt and cuDNN ask of the stand-in for the driver, with which they are linked.
#pragma once

#include "control.h"

#include <cuda.h>

// Memory of the device that a piece of work reads or writes, and what it is called in a message.
struct StandinMemory {
    const char* name;
    const void* address;
    size_t bytes;
};

// What a library hands to a stream. All that it needs later, it has copied.
struct StandinWork {
    const char* name;
    const StandinMemory* memory;  // looked at each time before the work runs
    size_t count;
    const char* (*run)(void* data);  // returns what went wrong, or null
    void (*release)(void* data);     // called once, when the work will not run again
    void* data;
};

// Runs the work, or makes it a node where the stream is captured. Work that goes wrong poisons the context, as a kernel
// does. Releases the data in any case.
STANDIN_EXPORT CUresult standin_submit(CUstream stream, const StandinWork* work);
// To be called first in each call: writes it to the log. Returns the status that a test asked for, or 0.
STANDIN_EXPORT int standin_enter(const char* function, const char* arguments);
// The device of the context that the thread has made current; -1 if there is none, or an error has poisoned it.
STANDIN_EXPORT int standin_current_device(void);
// Whether a capture forbids the thread what allocates or loads something, as a capture ends that is asked for it.
STANDIN_EXPORT CUresult standin_unsafe_call(void);
// A number that no memory lies at and no other object has.
STANDIN_EXPORT void* standin_new_handle(void);
// One object more, or less, of a kind for standin_live.
STANDIN_EXPORT void standin_count(const char* kind, int change);
// What a failure was about, for standin_message.
STANDIN_EXPORT void standin_explain(const char* message);
