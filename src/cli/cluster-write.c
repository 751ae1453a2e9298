#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cluster.h"
#include "cli/output.h"
#include "core/base/text.h"
#include "core/model/json-memory.h"
#include "io/staging.h"
#include "render/scatter.h"

#define LABELS "labels.tsv"
#define CENTROIDS "centroids.npy"
#define PLANE "map2d.npy"
#define DUPLICATES "duplicates.tsv"
#define SUMMARY "cluster.json"

/* A file of the folder while it is written. */
typedef struct
{
  struct dino_output *output;
  struct dino_error   error;
} File;

static const float *
plane_of (const CliCluster *self)
{
  return self->tsne != NULL ? self->tsne->plane : self->plane;
}

static gboolean
file_open (File *file, const CliCluster *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  *file = (File){ 0 };
  file->output = dino_output_new (path, &file->error);
  return file->output != NULL;
}

static CliExit
file_close (File *file, gboolean good)
{
  if (good && dino_output_commit (file->output, &file->error))
    return CLI_EXIT_DONE;
  if (!good)
    {
      if (file->output != NULL)
        dino_error_about (&file->error, dino_output_name (file->output));
      dino_output_abort (file->output);
    }
  return cli_fail_core (&file->error, CLI_EXIT_OUTPUT);
}

static gboolean
put (File *file, const char *text, char last)
{
  return dino_table_write_field (file->output, text, last, &file->error);
}

static gboolean
put_size (File *file, gsize value, char last)
{
  char text[32];

  g_snprintf (text, sizeof text, "%zu", value);
  return put (file, text, last);
}

static gboolean
put_number (File *file, double value, char last)
{
  char text[DINO_NUMBER_LENGTH];

  return put (file, isnan (value) ? "" : dino_format_float (text, (float) value), last);
}

/* The distance from the own centre, and the silhouette where the row was looked at. */
static gboolean
put_group (File *file, const CliCluster *self, gsize row, const float *silhouette)
{
  const int    group = self->kmeans->labels[row];
  float       *buffer = g_new (float, self->points.width);
  const float *values = dino_points_row (&self->points, row, buffer);
  double       distance = sqrt (dino_squared_distance (values, self->kmeans->centers + (gsize) group * self->points.width, self->points.width));

  g_free (buffer);
  return put_size (file, (gsize) group, '\t') && put_number (file, distance, '\t') && put_number (file, silhouette != NULL ? (double) *silhouette : NAN, plane_of (self) != NULL ? '\t' : '\n');
}

static gboolean
put_header (File *file, const CliCluster *self)
{
  const gboolean groups = self->kmeans != NULL, plane = plane_of (self) != NULL;

  if (!put (file, "row", '\t') || !put (file, "name", groups || plane ? '\t' : '\n'))
    return FALSE;
  if (groups && (!put (file, "cluster", '\t') || !put (file, "distance", '\t') || !put (file, "silhouette", plane ? '\t' : '\n')))
    return FALSE;
  return !plane || (put (file, "x", '\t') && put (file, "y", '\n'));
}

static CliExit
write_labels (CliCluster *self)
{
  const float *plane = plane_of (self);
  File         file;
  gsize        next = 0;
  gboolean     good = file_open (&file, self, LABELS) && put_header (&file, self);

  for (gsize row = 0; good && row < self->points.n; row++)
    {
      const float *silhouette = NULL;

      if (self->silhouette != NULL && next < self->silhouette->n && self->silhouette->rows[next] == row)
        silhouette = &self->silhouette->values[next++];
      good = put_size (&file, row, '\t') && put (&file, cli_cluster_name (self, row), self->kmeans != NULL || plane != NULL ? '\t' : '\n');
      if (good && self->kmeans != NULL)
        good = put_group (&file, self, row, silhouette);
      if (good && plane != NULL)
        good = put_number (&file, (double) plane[2 * row], '\t') && put_number (&file, (double) plane[2 * row + 1], '\n');
    }
  return file_close (&file, good);
}

static CliExit
write_array (CliCluster *self, const char *name, const float *values, gsize rows, gsize columns)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  const size_t     shape[] = { rows, columns };

  return cli_output_write_npy (path, values, shape, 2, FALSE);
}

static gboolean
are_same_pixels (const CliCluster *self, const struct dino_pair *pair)
{
  const char *sha256 = cli_cluster_sha256 (self, pair->first);

  return *sha256 != '\0' && strcmp (sha256, cli_cluster_sha256 (self, pair->second)) == 0;
}

static CliExit
write_duplicates (CliCluster *self)
{
  File     file;
  gboolean good = file_open (&file, self, DUPLICATES) && put (&file, "first_row", '\t') && put (&file, "first_name", '\t') && put (&file, "second_row", '\t') &&
                  put (&file, "second_name", '\t') && put (&file, "cosine", '\t') && put (&file, "same_pixels", '\n');

  for (gsize i = 0; good && i < self->duplicates->n_pairs; i++)
    {
      const struct dino_pair *pair = &self->duplicates->pairs[i];

      good = put_size (&file, pair->first, '\t') && put (&file, cli_cluster_name (self, pair->first), '\t') && put_size (&file, pair->second, '\t') &&
             put (&file, cli_cluster_name (self, pair->second), '\t') && put_number (&file, (double) pair->cosine, '\t') &&
             put (&file, are_same_pixels (self, pair) ? "yes" : "no", '\n');
    }
  return file_close (&file, good);
}

static char *
describe (const CliCluster *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%zu × %zu", self->points.n, self->points.width);
  if (cli_cluster_origin (self) != NULL)
    g_string_append_printf (text, ", %s", cli_cluster_origin (self)->model_name);
  if (self->kmeans != NULL)
    g_string_append_printf (text, ", k = %d", self->k);
  if (self->silhouette != NULL)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      /* Translators: a score of a grouping, -1 to 1. */
      g_string_append_printf (text, _ (", mean silhouette %s"), g_ascii_formatd (number, sizeof number, "%.3f", self->silhouette->mean));
    }
  return g_string_free (text, FALSE);
}

static char *
axis_label (const CliCluster *self, int axis)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  return self->tsne != NULL ? NULL : g_strdup_printf (axis == 0 ? _ ("→ PC1, %s %% of the variance") : _ ("↑ PC2, %s %% of the variance"), g_ascii_formatd (number, sizeof number, "%.1f", 100 * self->ratios[axis]));
}

static CliExit
write_picture (CliCluster *self)
{
  g_autofree char          *name = g_strconcat ("map", dino_chart_suffix (self->format), NULL);
  g_autofree char          *caption = describe (self), *x_label = axis_label (self, 0), *y_label = axis_label (self, 1);
  const struct dino_scatter scatter = { .n = self->points.n, .plane = plane_of (self), .column = self->column, .title = self->tsne != NULL ? _ ("t-SNE of the embeddings") : _ ("Principal components of the embeddings"), .caption = caption, .x_label = x_label, .y_label = y_label };
  const struct dino_chart   chart = { .paint = dino_scatter_paint, .data = &scatter, .width = DINO_SCATTER_WIDTH, .height = DINO_SCATTER_HEIGHT, .title = scatter.title };
  File                      file;

  return file_close (&file, file_open (&file, self, name) && dino_chart_write (&chart, self->format, file.output, &file.error));
}

static json_t *
groups_json (const CliCluster *self)
{
  json_t *groups = json_pack ("{s:i, s:I, s:i, s:b, s:f, s:i, s:b}", "k", self->k, "seed", (json_int_t) self->seed, "n_init", self->n_starts, "normalize", self->normalize,
                              "inertia", self->kmeans->inertia, "rounds", self->kmeans->n_rounds, "converged", self->kmeans->converged);
  json_t *sizes = json_array ();

  for (int i = 0; i < self->k; i++)
    json_array_append_new (sizes, json_integer ((json_int_t) self->kmeans->sizes[i]));
  json_object_set_new (groups, "sizes", sizes);
  json_object_set_new (groups, "silhouette", self->silhouette != NULL ? json_real (self->silhouette->mean) : json_null ());
  json_object_set_new (groups, "silhouette_rows", json_integer (self->silhouette != NULL ? (json_int_t) self->silhouette->n : 0));
  return groups;
}

static json_t *
summary_json (const CliCluster *self)
{
  const struct dino_embeddings_origin *origin = cli_cluster_origin (self);
  json_t                              *object = cli_json_new (self->session.arguments);

  json_object_set_new (object, "rows", json_integer ((json_int_t) self->points.n));
  json_object_set_new (object, "channels", json_integer ((json_int_t) self->points.width));
  json_object_set_new (object, "features", json_string (self->mean || (self->index != NULL && dino_index_what (self->index) == DINO_EMBEDDING_MEAN) ? "mean" : "cls"));
  if (origin != NULL)
    json_object_set_new (object, "model", json_pack ("{s:s, s:s, s:s, s:s}", "name", origin->model_name, "sha256", origin->model_sha256, "precision", origin->precision, "instruction_set", origin->isa));
  if (self->kmeans != NULL)
    json_object_set_new (object, "groups", groups_json (self));
  if (self->tsne != NULL)
    json_object_set_new (object, "map", json_pack ("{s:s, s:f, s:f, s:i}", "method", "tsne", "perplexity", self->tsne->perplexity, "divergence", self->tsne->divergence, "rounds", self->tsne->n_rounds));
  else if (self->plane != NULL)
    json_object_set_new (object, "map", json_pack ("{s:s, s:[f, f]}", "method", "pca", "variance_ratio", self->ratios[0], self->ratios[1]));
  if (self->duplicates != NULL)
    json_object_set_new (object, "duplicates", json_pack ("{s:f, s:I, s:I}", "threshold", self->threshold, "found", (json_int_t) self->duplicates->n_found, "written", (json_int_t) self->duplicates->n_pairs));
  return object;
}

static CliExit
write_summary (CliCluster *self)
{
  json_t  *object = summary_json (self);
  char    *text;
  File     file;
  gboolean good = file_open (&file, self, SUMMARY);

  text = good ? dino_json_dump (object, JSON_INDENT (2) | JSON_REAL_PRECISION (15), &file.error) : NULL;
  good = text != NULL && dino_output_write (file.output, text, strlen (text), &file.error) && dino_output_write (file.output, "\n", 1, &file.error);
  json_decref (object);
  free (text);
  return file_close (&file, good);
}

static CliExit
write_files (CliCluster *self)
{
  const float *plane = plane_of (self);
  CliExit      code = write_labels (self);

  if (code == CLI_EXIT_DONE && self->kmeans != NULL)
    code = write_array (self, CENTROIDS, self->kmeans->centers, (gsize) self->k, self->points.width);
  if (code == CLI_EXIT_DONE && plane != NULL)
    code = write_array (self, PLANE, plane, self->points.n, 2);
  if (code == CLI_EXIT_DONE && plane != NULL)
    code = write_picture (self);
  if (code == CLI_EXIT_DONE && self->duplicates != NULL)
    code = write_duplicates (self);
  return code == CLI_EXIT_DONE ? write_summary (self) : code;
}

CliExit
cli_cluster_write (CliCluster *self)
{
  static const char *const names[] = { LABELS, CENTROIDS, PLANE, "map.png", "map.svg", DUPLICATES, SUMMARY, NULL };
  struct dino_error        error = { 0 };
  struct dino_staging     *staging;
  CliExit                  code;

  if (g_cancellable_is_cancelled (self->session.cancellable))
    return CLI_EXIT_INTERRUPTED;
  staging = dino_staging_new (self->output, &error);
  if (staging == NULL)
    return cli_fail_core (&error, CLI_EXIT_OUTPUT);
  self->folder = dino_staging_path (staging);
  code = write_files (self);
  if (code == CLI_EXIT_DONE && !dino_staging_commit (staging, names, &error))
    code = cli_fail_core (&error, CLI_EXIT_OUTPUT);
  dino_staging_free (staging);
  return code;
}

static void
print_real (const char *name, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  printf ("%s: %s\n", name, g_ascii_formatd (number, sizeof number, "%.6g", value));
}

CliExit
cli_cluster_print (CliCluster *self)
{
  if (self->session.json)
    return cli_json_print (summary_json (self));
  printf ("rows: %zu\n", self->points.n);
  if (self->kmeans != NULL)
    {
      print_real ("inertia", self->kmeans->inertia);
      if (self->silhouette != NULL)
        print_real ("silhouette", self->silhouette->mean);
      printf ("sizes:");
      for (int i = 0; i < self->k; i++)
        printf (" %zu", self->kmeans->sizes[i]);
      putchar ('\n');
    }
  if (self->tsne != NULL)
    print_real ("tsne_divergence", self->tsne->divergence);
  if (self->duplicates != NULL)
    printf ("duplicates: %zu\n", self->duplicates->n_found);
  return CLI_EXIT_DONE;
}
