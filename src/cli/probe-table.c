#include <math.h>

#include "cli/probe.h"
#include "core/base/text.h"
#include "io/output.h"
#include "io/table.h"

static gboolean
write_header (struct dino_output *output, const CliProbeTable *table, struct dino_error *error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  gboolean              done = TRUE;

  g_ptr_array_add (names, (gpointer) "name");
  if (table->labels != NULL && table->labels->grouped)
    g_ptr_array_add (names, (gpointer) "group");
  if (table->folds != NULL)
    g_ptr_array_add (names, (gpointer) "fold");
  for (guint i = 0; i < table->columns->len; i++)
    g_ptr_array_add (names, table->columns->pdata[i]);
  for (guint i = 0; done && i < names->len; i++)
    done = dino_table_write_field (output, names->pdata[i], i + 1 < names->len ? '\t' : '\n', error);
  return done;
}

static gboolean
write_scores (struct dino_output *output, const CliProbeTable *table, size_t row, struct dino_error *error)
{
  gboolean done = TRUE;

  for (guint i = 0; done && i < table->columns->len; i++)
    {
      const double value = table->predictions[row * table->columns->len + i];
      char         number[DINO_NUMBER_LENGTH];

      done = dino_table_write_field (output, isfinite (value) ? dino_format_double (number, value) : "", i + 1 < table->columns->len ? '\t' : '\n', error);
    }
  return done;
}

static gboolean
write_row (struct dino_output *output, const CliProbeTable *table, size_t row, struct dino_error *error)
{
  char fold[16];

  if (!dino_table_write_field (output, table->pictures->pdata[row], '\t', error))
    return FALSE;
  if (table->labels != NULL && table->labels->grouped &&
      !dino_table_write_field (output, table->labels->group_names->pdata[table->labels->groups[row]], '\t', error))
    return FALSE;
  g_snprintf (fold, sizeof fold, "%d", table->folds != NULL ? table->folds[row] : 0);
  if (table->folds != NULL && !dino_table_write_field (output, table->folds[row] >= 0 ? fold : "", '\t', error))
    return FALSE;
  return write_scores (output, table, row, error);
}

CliExit
cli_probe_write_table (const char *path, const CliProbeTable *table)
{
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (path, &error);
  gboolean            done = output != NULL && write_header (output, table, &error);

  for (guint i = 0; done && i < table->pictures->len; i++)
    done = write_row (output, table, i, &error);
  if (done && dino_output_commit (output, &error))
    return CLI_EXIT_DONE;
  if (!done)
    dino_output_abort (output);
  return cli_fail_about (&error, path, CLI_EXIT_OUTPUT);
}
