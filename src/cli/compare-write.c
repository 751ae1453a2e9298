#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/compare.h"
#include "cli/output.h"
#include "cli/report.h"
#include "core/base/text.h"
#include "core/model/json-memory.h"
#include "io/staging.h"
#include "render/chart-file.h"
#include "render/heat-map.h"

#define TABLE "compare.tsv"
#define SUMMARY "compare.json"

static void
append_number (GString *text, double value, char last)
{
  char number[DINO_NUMBER_LENGTH];

  if (!isnan (value))
    g_string_append (text, dino_format_float (number, (float) value));
  g_string_append_c (text, last);
}

static char *
make_table (const CliCompare *self)
{
  const CliCompareSide *first = &self->sides[0], *second = cli_compare_reference (self);
  GString              *text = g_string_new ("block\treference_block\tcka\tneighbors\teffective_rank\treference_effective_rank\n");

  for (guint i = 0; i < first->n_blocks; i++)
    for (guint j = 0; j < second->n_blocks; j++)
      {
        g_string_append_printf (text, "%d\t%d\t", first->blocks[i], second->blocks[j]);
        append_number (text, self->cka[i * second->n_blocks + j], '\t');
        append_number (text, self->overlap[i * second->n_blocks + j], '\t');
        append_number (text, first->ranks[i], '\t');
        append_number (text, second->ranks[j], '\n');
      }
  return g_string_free (text, FALSE);
}

static json_t *
side_json (const CliCompareSide *side)
{
  json_t *blocks = json_array (), *ranks = json_array ();

  for (guint i = 0; i < side->n_blocks; i++)
    {
      json_array_append_new (blocks, json_integer (side->blocks[i]));
      json_array_append_new (ranks, json_real (side->ranks[i]));
    }
  return json_pack ("{s:o, s:s, s:s, s:s, s:s, s:i, s:o, s:o}",
                    "model", cli_json_text (dinoscope_model_get_name (side->model)),
                    "precision", dinoscope_model_get_precision (side->model),
                    "instruction_set", dinoscope_model_get_instruction_set (side->model),
                    "fit", dino_fit_name (side->preparation.fit),
                    "model_input", dino_model_input_name (side->preparation.model_input),
                    "input_size", side->preparation.input_size,
                    "blocks", blocks,
                    "effective_rank", ranks);
}

static json_t *
matrix_json (const double *values, guint rows, guint columns)
{
  json_t *matrix = json_array ();

  for (guint i = 0; i < rows; i++)
    {
      json_t *row = json_array ();

      for (guint j = 0; j < columns; j++)
        json_array_append_new (row, isnan (values[i * columns + j]) ? json_null () : json_real (values[i * columns + j]));
      json_array_append_new (matrix, row);
    }
  return matrix;
}

static json_t *
make_json (CliCompare *self)
{
  const CliCompareSide *first = &self->sides[0], *second = cli_compare_reference (self);
  json_t               *object = cli_json_new (self->session.arguments);

  json_object_set_new (object, "pictures", json_integer ((json_int_t) self->n));
  json_object_set_new (object, "failed", cli_report_failed (self->failed));
  json_object_set_new (object, "features", json_string (self->mean ? "mean" : "cls"));
  json_object_set_new (object, "norm", json_boolean (self->norm));
  json_object_set_new (object, "debiased", json_boolean (self->debiased));
  json_object_set_new (object, "k", json_integer ((json_int_t) self->k));
  json_object_set_new (object, "primary", side_json (first));
  json_object_set_new (object, "reference", side_json (second));
  json_object_set_new (object, "cka", matrix_json (self->cka, first->n_blocks, second->n_blocks));
  json_object_set_new (object, "neighbors", matrix_json (self->overlap, first->n_blocks, second->n_blocks));
  return object;
}

CliExit
cli_compare_print (CliCompare *self)
{
  g_autofree char *table = NULL;

  if (self->session.json)
    return cli_json_print (make_json (self));
  table = make_table (self);
  fputs (table, stdout);
  return CLI_EXIT_DONE;
}

/* A text as a file of the folder. */
static CliExit
write_text (const CliCompare *self, const char *name, const char *text)
{
  g_autofree char    *path = g_build_filename (self->folder, name, NULL);
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (path, &error);

  if (output != NULL && dino_output_write (output, text, strlen (text), &error))
    {
      if (dino_output_commit (output, &error))
        return CLI_EXIT_DONE;
    }
  else
    dino_output_abort (output);
  return cli_fail_core (&error, CLI_EXIT_OUTPUT);
}

static char *
describe (const CliCompareSide *side)
{
  return g_strdup_printf ("%s, %s, %s", dinoscope_model_get_name (side->model), dinoscope_model_get_precision (side->model), dino_fit_name (side->preparation.fit));
}

static CliExit
write_picture (const CliCompare *self)
{
  const CliCompareSide      *first = &self->sides[0], *second = cli_compare_reference (self);
  g_autofree char           *overlap = g_strdup_printf (_ ("The same %zu nearest neighbours"), self->k);
  g_autofree char           *caption = g_strdup_printf (_ ("%zu pictures, %s"), self->n, self->mean ? _ ("mean of the patches") : "CLS");
  g_autofree char           *one = describe (first), *other = describe (second);
  g_autofree char           *rows = g_strdup_printf (_ ("up: blocks of %s"), one), *columns = g_strdup_printf (_ ("to the right: blocks of %s"), other);
  const struct dino_heat_map maps[] = {
    { self->debiased ? _ ("Linear CKA, without bias") : _ ("Linear CKA"), first->n_blocks, second->n_blocks, self->cka, first->blocks, second->blocks },
    { overlap, first->n_blocks, second->n_blocks, self->overlap, first->blocks, second->blocks },
  };
  const struct dino_heat_maps  picture = { .title = _ ("How alike representations are"), .caption = caption, .row_title = rows, .column_title = columns, .maps = maps, .n_maps = 2, .low = 0, .high = 1 };
  const struct dino_chart      chart = { .paint = dino_heat_maps_paint, .data = &picture, .width = DINO_HEAT_MAPS_WIDTH, .height = DINO_HEAT_MAPS_HEIGHT, .title = picture.title };
  const enum dino_chart_format format = self->svg ? DINO_CHART_SVG : DINO_CHART_PNG;
  g_autofree char             *name = g_strconcat ("compare", dino_chart_suffix (format), NULL);
  g_autofree char             *path = g_build_filename (self->folder, name, NULL);
  struct dino_error            error = { 0 };
  struct dino_output          *output = dino_output_new (path, &error);

  if (output != NULL && dino_chart_write (&chart, format, output, &error))
    {
      if (dino_output_commit (output, &error))
        return CLI_EXIT_DONE;
    }
  else
    dino_output_abort (output);
  return cli_fail_core (&error, CLI_EXIT_OUTPUT);
}

static CliExit
write_summary (CliCompare *self)
{
  json_t           *object = make_json (self);
  struct dino_error error = { 0 };
  g_autofree char  *text = dino_json_dump (object, JSON_INDENT (2) | JSON_REAL_PRECISION (15), &error);
  g_autofree char  *lines = g_strconcat (text != NULL ? text : "", "\n", NULL);

  json_decref (object);
  if (text != NULL)
    return write_text (self, SUMMARY, lines);
  dino_error_about (&error, SUMMARY);
  return cli_fail_core (&error, CLI_EXIT_OUTPUT);
}

static CliExit
write_files (CliCompare *self)
{
  g_autofree char *table = make_table (self);
  CliExit          code = write_text (self, TABLE, table);

  if (code == CLI_EXIT_DONE)
    code = write_picture (self);
  return code == CLI_EXIT_DONE ? write_summary (self) : code;
}

CliExit
cli_compare_write (CliCompare *self)
{
  static const char *const names[] = { TABLE, "compare.png", "compare.svg", SUMMARY, NULL };
  struct dino_error        error = { 0 };
  struct dino_staging     *staging = dino_staging_new (self->output, &error);
  CliExit                  code;

  if (staging == NULL)
    return cli_fail_core (&error, CLI_EXIT_OUTPUT);
  self->folder = dino_staging_path (staging);
  code = write_files (self);
  if (code == CLI_EXIT_DONE && !dino_staging_commit (staging, names, &error))
    code = cli_fail_core (&error, CLI_EXIT_OUTPUT);
  dino_staging_free (staging);
  return code;
}
