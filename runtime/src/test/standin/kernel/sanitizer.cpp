#include "sanitizer.h"

#include <cstring>
#include <sys/mman.h>

namespace standin {

bool openShadow() {
    void* wanted = reinterpret_cast<void*>(SHADOW);
    void* shadow = mmap(wanted, SHADOW_BYTES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (shadow != wanted) {
        return false;
    }
    // Little of it is ever touched: not to be given in large pages, nor to be dumped.
    madvise(shadow, SHADOW_BYTES, MADV_NOHUGEPAGE);
    madvise(shadow, SHADOW_BYTES, MADV_DONTDUMP);
    return true;
}

void allowOnly(uintptr_t address, size_t bytes, size_t room, Forbidden behind) {
    size_t whole = bytes / SHADOW_GRANULE;
    unsigned char* shadow = shadowOf(address);
    std::memset(shadow, 0, whole);
    std::memset(shadow + whole, behind, (room + SHADOW_GRANULE - 1) / SHADOW_GRANULE - whole);
    if (bytes % SHADOW_GRANULE != 0) {
        shadow[whole] = bytes % SHADOW_GRANULE;
    }
}

void allowAll(uintptr_t address, size_t room) {
    std::memset(shadowOf(address), 0, (room + SHADOW_GRANULE - 1) / SHADOW_GRANULE);
}

}  // namespace standin
