// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <malloc.h>

namespace spanreel {

/// What one large request or file took goes back to the system when it is freed. Left to itself glibc raises these limits
/// with what it sees, to 32 and 64 MiB, and each of its arenas, one a thread, keeps that much. For `main`, before threads.
inline void boundTheHeap() {
#ifdef __GLIBC__
    ::mallopt(M_MMAP_THRESHOLD, 4 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 8 << 20);
#endif
}

}  // namespace spanreel
