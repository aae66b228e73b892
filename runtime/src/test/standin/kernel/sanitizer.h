// Says what kernels may touch.
#pragma once

#include "shadow.h"

namespace standin {

// Makes the shadow, with which nothing is forbidden; false if the process has no room for it.
bool openShadow();
// Of memory that begins at a multiple of 8 and takes so much room, only the first bytes may be touched.
void allowOnly(uintptr_t address, size_t bytes, size_t room, Forbidden behind);
// The memory is somebody else's now, who may touch it all.
void allowAll(uintptr_t address, size_t room);

}  // namespace standin
