/* Which line of a person's table tells of which picture. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "io/table.h"

/* No line tells of that picture. */
#define DINO_TABLE_NO_ROW ((size_t) -1)

/* The name of picture index. */
typedef const char *(*dino_table_name_func) (const void *data, size_t index);

/* The column whose fields are pictures' names: column, or without one (NULL) the
 * first of those below; -1 when it is not there. */
int dino_table_match_column (const struct dino_table *table, const char *column);

/* rows [n]: for each picture the row of the table whose field is its name, that
 * behind more folders (of one field alone), with fewer folders, or its last part
 * without what follows the last dot; or DINO_TABLE_NO_ROW. column NULL: the first
 * of "name", "file", "filename", "image", "Image Index", "dicom_id" and "path"
 * that the table has. Refused: a table without such a column, and two rows with
 * the same field. */
bool dino_table_match (const struct dino_table *table, const char *column, dino_table_name_func name, const void *data, size_t n, size_t *rows, struct dino_error *error);
