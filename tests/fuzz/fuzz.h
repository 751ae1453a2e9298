/* What the programs of this folder share. Each is one function that is given
 * bytes which somebody else wrote; it is called by libFuzzer (tools/fuzz.sh),
 * and by replay.c with the files of corpus/ in every run of the tests. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* To be called for an input that a reader took. replay.c compares that with
 * what the file's name says. */
void fuzz_taken (bool taken);
bool fuzz_was_taken (void);

/* data as a regular file, under the same path every time; it must last as long
 * as the file is looked at. */
const char *fuzz_file (const uint8_t *data, size_t size);

/* A folder of n files of these names; what they hold lies in data one after the
 * other, with FUZZ_SEPARATOR between. A file whose part is missing or empty is
 * not there. The path is the same every time. */
#define FUZZ_SEPARATOR "\n%%%\n"
#define FUZZ_MAX_FILES 8
const char *fuzz_folder (const char *const *names, int n, const uint8_t *data, size_t size);

/* The part of data that is file number index of such a folder; NULL when it is missing. */
const uint8_t *fuzz_part (const uint8_t *data, size_t size, int index, size_t *length);

/* Looks at every byte of what a reader says it gave, so that a sanitizer sees
 * whether it is there. */
void fuzz_touch (const void *data, size_t size);

/* The same of a text. */
void fuzz_touch_text (const char *text);

/* Ends the process: what was read is not what was promised. */
void fuzz_promise (bool kept, const char *promise);
