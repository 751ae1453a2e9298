/* A table of somebody else's, by the names of its columns; the same file as a
 * list of pictures; and which of its rows tell of which picture. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "io/table-match.h"
#include "io/table.h"
#include "io/training-list.h"

#define N_NAMES 3

static const char *
name_of (const void *data, size_t index)
{
  static const char *const names[N_NAMES] = { "folder/00000001_000.png", "a.png", "b" };

  return names[index];
}

static void
look_at_rows (const struct dino_table *table)
{
  double value;
  size_t number;

  for (size_t row = 0; row < dino_table_n_rows (table); row++)
    for (int column = 0; column < dino_table_n_columns (table); column++)
      {
        fuzz_touch_text (dino_table_get (table, row, column));
        dino_table_get_double (table, row, column, &value, NULL);
        fuzz_promise (!dino_table_get_size (table, row, column, 1000, &number, NULL) || number <= 1000, "whole numbers are within what is asked for");
        fuzz_promise (dino_table_line (table, row) >= 1, "lines count from 1");
      }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char                *path = fuzz_file (data, size);
  struct dino_error          error = { 0 };
  struct dino_table         *table = dino_table_read (path, &error);
  struct dino_training_list *list = dino_training_list_read (path, NULL);
  size_t                     rows[N_NAMES];

  fuzz_promise ((table == NULL) == (error.code != DINO_CODE_NONE), "a refusal has a reason");
  fuzz_promise (table != NULL || list == NULL, "a list is a table");
  fuzz_taken (table != NULL);
  if (list != NULL)
    for (size_t i = 0; i < N_NAMES; i++)
      dino_training_list_has (list, name_of (NULL, i));
  dino_training_list_free (list);
  if (table == NULL)
    return 0;
  look_at_rows (table);
  if (dino_table_match (table, NULL, name_of, NULL, N_NAMES, rows, NULL))
    for (size_t i = 0; i < N_NAMES; i++)
      fuzz_promise (rows[i] == DINO_TABLE_NO_ROW || rows[i] < dino_table_n_rows (table), "rows that match are there");
  dino_table_free (table);
  return 0;
}
