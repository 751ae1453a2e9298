/* What an analyzer of single files cannot see, for clang-tidy alone: a function
 * of another file that always returns false. */
#pragma once

#include "core/base/error.h"

#define dino_error_set(...) ((void) dino_error_set (__VA_ARGS__), false)
#define dino_error_set_memory(...) ((void) dino_error_set_memory (__VA_ARGS__), false)
