#include <math.h>
#include <stdio.h>

#include "cli/probe.h"
#include "core/base/text.h"
#include "core/heads/scores.h"

/* null where there is no number. */
static json_t *
number (double value)
{
  return isfinite (value) ? json_real (value) : json_null ();
}

static json_t *
report_score (const CliProbeScore *score)
{
  return json_pack ("{s:s?, s:s, s:o, s:o, s:o, s:i}", "class", score->class, "metric", score->metric, "value", number (score->value),
                    "low", number (score->interval.low), "high", number (score->interval.high), "draws", score->interval.n_defined);
}

static json_t *
report_confusion (const CliProbeResult *result)
{
  const guint        n_classes = result->target->classes->len;
  g_autofree size_t *confusion = g_new (size_t, (gsize) n_classes * n_classes);
  json_t            *rows = json_array ();

  dino_score_confusion (result->predictions, result->labels, (int) n_classes, result->n, confusion);
  for (guint k = 0; k < n_classes; k++)
    {
      json_t *row = json_array ();

      for (guint c = 0; c < n_classes; c++)
        json_array_append_new (row, json_integer ((json_int_t) confusion[k * n_classes + c]));
      json_array_append_new (rows, row);
    }
  return rows;
}

static json_t *
report_bins (const CliProbeResult *result)
{
  json_t *bins = json_array ();

  for (int b = 0; b < DINO_CALIBRATION_BINS; b++)
    json_array_append_new (bins, json_pack ("{s:I, s:o, s:o}", "n", (json_int_t) result->bins[b].n, "predicted", number (result->bins[b].predicted), "observed", number (result->bins[b].observed)));
  return bins;
}

json_t *
cli_probe_result_report (const CliProbeResult *result)
{
  json_t *object = json_pack ("{s:s, s:I, s:I}", "label", result->target->name, "pictures", (json_int_t) result->n, "groups", (json_int_t) result->n_groups);
  json_t *scores = json_array ();

  for (guint i = 0; i < result->scores->len; i++)
    json_array_append_new (scores, report_score (&g_array_index (result->scores, CliProbeScore, i)));
  json_object_set_new (object, "scores", scores);
  if (result->target->classes != NULL)
    {
      json_t *classes = json_array ();

      for (guint k = 0; k < result->target->classes->len; k++)
        json_array_append_new (classes, json_string (result->target->classes->pdata[k]));
      json_object_set_new (object, "classes", classes);
      json_object_set_new (object, "confusion", report_confusion (result));
      json_object_set_new (object, "calibration", report_bins (result));
    }
  return object;
}

static void
print_number (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  printf ("\t%s", isfinite (value) ? g_ascii_formatd (text, sizeof text, "%.6f", value) : "");
}

void
cli_probe_print_header (const char *first_column)
{
  if (first_column != NULL)
    printf ("%s\t", first_column);
  printf ("label\tclass\tmetric\tvalue\tlow\thigh\tpictures\tgroups\n");
}

void
cli_probe_print (const CliProbeResult *result, const char *first)
{
  for (guint i = 0; i < result->scores->len; i++)
    {
      const CliProbeScore *score = &g_array_index (result->scores, CliProbeScore, i);

      if (first != NULL)
        printf ("%s\t", first);
      printf ("%s\t%s\t%s", score->label, score->class != NULL ? score->class : "", score->metric);
      print_number (score->value);
      print_number (score->interval.low);
      print_number (score->interval.high);
      printf ("\t%zu\t%zu\n", result->n, result->n_groups);
    }
}
