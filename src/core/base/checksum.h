/* A checksum that keeps up with memory: finds accidents, not attacks. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Of n bytes at data, which need no alignment. The same on machines of one byte order. */
uint64_t dino_checksum (const void *data, size_t n);
