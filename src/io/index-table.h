/* The table of an index; private to index*.c. */
#pragma once

#include "io/index-sink.h"
#include "io/index-write.h"

/* Whether the table of every index has a column of that name. */
bool dino_index_table_is_own_column (const char *name);

/* Writes table.tsv for the pictures of the plan's sources. */
bool dino_index_table_write (const struct dino_index_plan *plan, struct dino_index_report *report, json_t *files, struct dino_error *error);
