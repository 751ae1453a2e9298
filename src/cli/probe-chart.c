#include <math.h>
#include <string.h>

#include "cli/output.h"
#include "cli/probe.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/heads/ranking.h"
#include "core/heads/scores.h"
#include "render/chart-file.h"
#include "render/plots.h"

/* Of a result of classes: ROC, precision and recall, calibration, confusion. */
#define N_PANELS 4

/* Curves in one panel; more could not be told apart. */
#define MOST_LINES 8

/* Rows of panels: a picture of more would be too large. */
#define MOST_RESULTS 40

/* Arrays and texts that panels point to. */
typedef struct
{
  GArray           *panels; /* struct dino_plot_panel */
  GPtrArray        *kept;
  struct dino_error error;
} Chart;

static gpointer
keep (Chart *chart, gpointer memory)
{
  g_ptr_array_add (chart->kept, memory);
  return memory;
}

/* "AUROC 0.912", or with several classes "ap 0.912". */
static const char *
label_of (Chart *chart, const CliProbeResult *result, const char *class, const char *metric, const char *short_name)
{
  double value = (double) NAN;
  char   number[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < result->scores->len; i++)
    {
      const CliProbeScore *score = &g_array_index (result->scores, CliProbeScore, i);

      if (g_strcmp0 (score->class, class) == 0 && strcmp (score->metric, metric) == 0)
        value = score->value;
    }
  g_ascii_formatd (number, sizeof number, "%.3f", value);
  return keep (chart, g_strdup_printf ("%s %s", result->target->classes->len == 2 ? short_name : class, number));
}

/* One class against the others: a curve of each kind. */
static gboolean
add_curves (Chart *chart, const CliProbeResult *result, guint class, struct dino_plot_line *roc, struct dino_plot_line *pr)
{
  const guint                n_classes = result->target->classes->len;
  const char                *name = result->target->classes->pdata[class];
  g_autofree double         *scores = g_new (double, MAX (result->n, 1));
  g_autofree bool           *is_positive = g_new (bool, MAX (result->n, 1));
  struct dino_ranking        ranking;
  struct dino_ranking_point *points = NULL;
  size_t                     n = 0;
  double                    *values;
  gboolean                   done;

  for (size_t i = 0; i < result->n; i++)
    {
      scores[i] = result->predictions[i * n_classes + class];
      is_positive[i] = result->labels[i] == (int) class;
    }
  done = dino_ranking_init (&ranking, scores, is_positive, result->n, &chart->error) && dino_ranking_curve (&ranking, &points, &n, &chart->error);
  dino_ranking_clear (&ranking);
  if (!done)
    return FALSE;
  values = keep (chart, g_new (double, 3 * n));
  for (size_t i = 0; i < n; i++)
    {
      values[i] = points[i].false_positive_rate;
      values[n + i] = points[i].true_positive_rate;
      values[2 * n + i] = points[i].precision;
    }
  dino_free (points);
  *roc = (struct dino_plot_line){ .label = label_of (chart, result, name, "auroc", "AUROC"), .x = values, .y = values + n, .n = n };
  /* Precision of nothing is no number. */
  *pr = (struct dino_plot_line){ .label = label_of (chart, result, name, "auprc", "AUPRC"), .x = values + n + 1, .y = values + 2 * n + 1, .n = n - 1 };
  return TRUE;
}

static void
add_panel (Chart *chart, struct dino_plot_panel panel)
{
  g_array_append_val (chart->panels, panel);
}

static struct dino_plot_panel
unit_panel (const char *title, const char *x_title, const char *y_title)
{
  return (struct dino_plot_panel){ .title = title, .x_title = x_title, .y_title = y_title, .x_low = 0, .x_high = 1, .y_low = 0, .y_high = 1 };
}

static gboolean
add_ranking_panels (Chart *chart, const CliProbeResult *result)
{
  const guint            n_classes = result->target->classes->len;
  const guint            first = n_classes == 2 ? 1 : 0, n_lines = MIN (n_classes - first, MOST_LINES);
  struct dino_plot_line *lines = keep (chart, g_new0 (struct dino_plot_line, 2 * n_lines));
  struct dino_plot_panel roc = unit_panel (keep (chart, g_strdup_printf (_ ("%s: ROC"), result->target->name)), _ ("False positive rate"), _ ("True positive rate"));
  struct dino_plot_panel pr = unit_panel (_ ("Precision and recall"), _ ("Recall"), _ ("Precision"));

  for (guint k = 0; k < n_lines; k++)
    if (!add_curves (chart, result, first + k, &lines[k], &lines[n_lines + k]))
      return FALSE;
  roc.diagonal = true;
  roc.lines = lines;
  pr.lines = lines + n_lines;
  roc.n_lines = pr.n_lines = n_lines;
  add_panel (chart, roc);
  add_panel (chart, pr);
  return TRUE;
}

static void
add_calibration_panel (Chart *chart, const CliProbeResult *result)
{
  struct dino_plot_line *lines = keep (chart, g_new0 (struct dino_plot_line, 2));
  double                *values = keep (chart, g_new0 (double, 3 * DINO_CALIBRATION_BINS));
  struct dino_plot_panel panel = unit_panel (_ ("Calibration"), _ ("Predicted probability"), _ ("Observed share"));

  for (int b = 0; b < DINO_CALIBRATION_BINS; b++)
    {
      values[b] = result->bins[b].predicted;
      values[DINO_CALIBRATION_BINS + b] = result->bins[b].observed;
      values[2 * DINO_CALIBRATION_BINS + b] = (double) result->bins[b].n;
    }
  for (int i = 0; i < 2; i++)
    lines[i] = (struct dino_plot_line){ .x = values, .y = values + DINO_CALIBRATION_BINS, .weights = i == 1 ? values + (gsize) 2 * DINO_CALIBRATION_BINS : NULL, .n = DINO_CALIBRATION_BINS, .points = i == 1 };
  panel.diagonal = true;
  panel.lines = lines;
  panel.n_lines = 2;
  add_panel (chart, panel);
}

static void
add_confusion_panel (Chart *chart, const CliProbeResult *result)
{
  const guint            n_classes = result->target->classes->len;
  size_t                *counts = keep (chart, g_new (size_t, (gsize) n_classes * n_classes));
  struct dino_plot_panel panel = unit_panel (_ ("Confusion"), _ ("Predicted"), _ ("True"));

  dino_score_confusion (result->predictions, result->labels, (int) n_classes, result->n, counts);
  panel.counts = counts;
  panel.names = (const char *const *) (void *) result->target->classes->pdata;
  panel.n_names = n_classes;
  add_panel (chart, panel);
}

static void
add_number_panel (Chart *chart, const CliProbeResult *result)
{
  struct dino_plot_line *line = keep (chart, g_new0 (struct dino_plot_line, 1));
  struct dino_plot_panel panel = { .title = result->target->name, .x_title = _ ("True"), .y_title = _ ("Predicted"), .diagonal = true, .lines = line, .n_lines = 1 };
  double                 low = INFINITY, high = -INFINITY, margin;

  for (size_t i = 0; i < result->n; i++)
    {
      low = MIN (low, MIN (result->values[i], result->predictions[i]));
      high = MAX (high, MAX (result->values[i], result->predictions[i]));
    }
  margin = high > low ? 0.04 * (high - low) : 1;
  panel.x_low = panel.y_low = low - margin;
  panel.x_high = panel.y_high = high + margin;
  *line = (struct dino_plot_line){ .x = result->values, .y = result->predictions, .n = result->n, .points = true };
  add_panel (chart, panel);
}

static gboolean
add_result (Chart *chart, const CliProbeResult *result)
{
  if (result->n == 0)
    return TRUE;
  if (result->target->classes == NULL)
    add_number_panel (chart, result);
  else
    {
      if (!add_ranking_panels (chart, result))
        return FALSE;
      add_calibration_panel (chart, result);
      add_confusion_panel (chart, result);
    }
  return TRUE;
}

static gboolean
write_file (Chart *chart, const char *path, enum dino_chart_format format, const char *title)
{
  const struct dino_plots plots = { title, (const struct dino_plot_panel *) (void *) chart->panels->data, chart->panels->len, MIN (chart->panels->len, N_PANELS) };
  struct dino_chart       file = { .paint = dino_plots_paint, .data = &plots, .title = title };
  struct dino_output     *output = dino_output_new (path, &chart->error);

  dino_plots_get_size (&plots, &file.width, &file.height);
  if (output == NULL)
    return FALSE;
  if (dino_chart_write (&file, format, output, &chart->error))
    return dino_output_commit (output, &chart->error);
  dino_output_abort (output);
  return FALSE;
}

/* By the name's ending, whatever its case. */
static gboolean
format_of (const char *path, enum dino_chart_format *format)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  *format = g_str_has_suffix (lower, dino_chart_suffix (DINO_CHART_SVG)) ? DINO_CHART_SVG : DINO_CHART_PNG;
  return g_str_has_suffix (lower, dino_chart_suffix (*format));
}

CliExit
cli_probe_write_chart (const char *path, const CliProbeResult *results, guint n_results, const char *title)
{
  Chart                  chart = { .panels = g_array_new (FALSE, FALSE, sizeof (struct dino_plot_panel)), .kept = g_ptr_array_new_with_free_func (g_free) };
  enum dino_chart_format format;
  gboolean               done = TRUE;

  /* The name has been checked before the work. */
  format_of (path, &format);
  for (guint i = 0; done && i < MIN (n_results, MOST_RESULTS); i++)
    done = add_result (&chart, &results[i]);
  done = done && write_file (&chart, path, format, title);
  g_array_unref (chart.panels);
  g_ptr_array_unref (chart.kept);
  return done ? CLI_EXIT_DONE : cli_fail_about (&chart.error, path, CLI_EXIT_OUTPUT);
}

CliExit
cli_probe_check_chart (const char *path, const GPtrArray *inputs)
{
  enum dino_chart_format format;

  if (!format_of (path, &format))
    return cli_probe_usage (_ ("“%s”: a chart is PNG or SVG, as the name ends."), path);
  return cli_output_check_inputs (CLI_COMMAND_PROBE, path, inputs);
}
