/* What a helper takes away from itself before it looks at a file. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Limits that hold from the start: bytes of memory, processor time, no files
 * written, no core dump, no new privileges, nothing open but 0, 1 and 2, and an
 * end with the thread that started it. */
bool dino_sandbox_limit (uint64_t memory);

/* From here on only memory, reading, writing and the end are allowed; any other
 * system call kills the process. False where the kernel cannot do that. */
bool dino_sandbox_close (void);
