// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// In front of a function with a loop over many numbers: it is compiled for plain x86-64 and for AVX2, and the machine chooses
/// when the program starts. The sanitizers cannot live with such a choice before their own start.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define SPANREEL_VECTORISED [[gnu::target_clones("avx2", "default"), gnu::optimize("O3")]]
#else
#define SPANREEL_VECTORISED
#endif
