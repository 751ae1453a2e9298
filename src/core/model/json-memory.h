/* What Jansson does when it gets no memory: its reader drops characters and
 * reads on beyond its buffer (2.14), and what makes objects has a result at
 * each step that nobody looks at. So it is watched instead, from its allocator. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

/* From now on Jansson asks this file for memory (malloc() and free(), as
 * before), unless somebody else has given it functions already. Programs call
 * it before they make their first object. */
void dino_json_watch_memory (void);

/* False with error set when Jansson lacked memory in this thread for what has
 * been made since this was last asked: then something is missing in it. */
bool dino_json_check (struct dino_error *error);

/* As json_dumps(), the result to be freed by free(). NULL with error set,
 * also when memory was lacking while json was made in this thread. */
char *dino_json_dump (const json_t *json, size_t flags, struct dino_error *error);

/* What Jansson gets in this thread when there is no other memory, until
 * dino_json_end_reserve(); everything made meanwhile must be gone by then if
 * that returns true: some of it lies there. memory belongs to the caller. */
void dino_json_begin_reserve (void *memory, size_t size);
bool dino_json_needed_reserve (void);
void dino_json_end_reserve (void);
