/* Tables that somebody else wrote, by the names of their columns: TSV and CSV. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"
#include "io/output.h"

struct dino_table;

/* Reads a whole file of UTF-8. The first line names the columns; where it has
 * a tab outside of quotes, tabs are between the fields, else commas. A field in
 * quotation marks may hold anything, with quotation marks doubled (RFC 4180;
 * pandas writes TSV the same way). Line ends are LF or CRLF, blank lines are
 * passed over, and a byte order mark is. Blanks belong to the field.
 *
 * Every line has as many fields as the first. Refused, with file and line:
 * other numbers of fields, a quotation mark that is not closed or is followed
 * by something, text that is not UTF-8, two columns of one name, more than
 * DINO_TABLE_MAX_COLUMNS columns, more than DINO_TABLE_MAX_BYTES bytes. */
struct dino_table *dino_table_read (const char *path, struct dino_error *error);
void               dino_table_free (struct dino_table *table);

#define DINO_TABLE_MAX_COLUMNS 4096
#define DINO_TABLE_MAX_BYTES 0xf0000000u

const char *dino_table_path (const struct dino_table *table);
size_t      dino_table_n_rows (const struct dino_table *table);
int         dino_table_n_columns (const struct dino_table *table);
const char *dino_table_column_name (const struct dino_table *table, int column);

/* The column of that name, -1 when there is none. */
int dino_table_find (const struct dino_table *table, const char *name);

/* The same for a column that has to be there: false with an error that names
 * the file and the column and says which columns there are. */
bool dino_table_need (const struct dino_table *table, const char *name, int *column, struct dino_error *error);

/* The text of a field, which belongs to the table; "" where it is empty. */
const char *dino_table_get (const struct dino_table *table, size_t row, int column);

/* The line of the file that a row begins in, from 1. */
size_t dino_table_line (const struct dino_table *table, size_t row);

/* A field as a finite number, blanks around it allowed. False with an error
 * that names file, line and column; an empty field is no number. */
bool dino_table_get_double (const struct dino_table *table, size_t row, int column, double *value, struct dino_error *error);

/* The same for whole numbers from 0 to maximum. */
bool dino_table_get_size (const struct dino_table *table, size_t row, int column, size_t maximum, size_t *value, struct dino_error *error);

/* Says that a field cannot be used: file, line, column, and reason, which is
 * translated and has no final stop. Returns false. */
bool dino_table_refuse (const struct dino_table *table, size_t row, int column, const char *reason, struct dino_error *error);

/* Writes one field of a TSV so that dino_table_read() and pandas give it back:
 * in quotation marks where it has a tab, a line break or a quotation mark. end
 * is what follows, '\t' or '\n'. Bytes that are not UTF-8 are written as \xNN. */
bool dino_table_write_field (struct dino_output *output, const char *text, char end, struct dino_error *error);
