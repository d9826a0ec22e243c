# SPDX-License-Identifier: GPL-3.0-or-later
# Compiler settings shared by every target: C++20, warnings, sanitizers, ccache, lld.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

find_program(SPANREEL_CCACHE ccache)
if(SPANREEL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=/ CCACHE_NOHASHDIR=1 ${SPANREEL_CCACHE})
endif()
find_program(SPANREEL_LLD ld.lld)
if(SPANREEL_LLD)
  add_link_options(-fuse-ld=lld)
endif()

# The flags of a library target of ours; third parties' headers stay untouched.
add_library(spanreel_flags INTERFACE)
target_compile_options(spanreel_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers
  $<$<BOOL:${SPANREEL_WERROR}>:-Werror>
  # g++ 12 sees overlaps in "x" + std::string at -O3 that are not there (GCC bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict>)
target_include_directories(spanreel_flags INTERFACE ${CMAKE_SOURCE_DIR})
if(SPANREEL_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()
if(SPANREEL_SANITIZE)
  add_compile_options(-fsanitize=${SPANREEL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${SPANREEL_SANITIZE})
  if(SPANREEL_SANITIZE MATCHES thread)
    add_compile_options(-Wno-tsan)  # Asio's fences, which the sanitizer does not know; nothing of ours uses one
  endif()
endif()
