#include <math.h>

#include "cli/cluster.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/table-match.h"

#define MAX_ROUNDS 300

static bool
report (void *data, int done, int total)
{
  CliCluster *self = data;

  cli_progress_map (total > 0 ? (double) done / total : 0, &self->session.progress);
  return !g_cancellable_is_cancelled (self->session.cancellable);
}

static struct dino_progress
begin (CliCluster *self, const char *what)
{
  self->session.progress.subject = what;
  return (struct dino_progress){ report, self };
}

static CliExit
end (CliCluster *self, gboolean done, struct dino_error *error)
{
  cli_progress_clear (&self->session.progress);
  return done ? CLI_EXIT_DONE : cli_fail_about (error, self->input, CLI_EXIT_INPUT);
}

static CliExit
find_groups (CliCluster *self)
{
  const struct dino_progress       progress = begin (self, "k-means");
  const struct dino_kmeans_options options = {
    .n_groups = self->k,
    .seed = self->seed,
    .n_starts = self->n_starts,
    .max_rounds = MAX_ROUNDS,
    .batch = self->batch >= 0 ? (gsize) self->batch : dino_kmeans_batch (&self->points),
    .team = dinoscope_engine_get_team (self->session.engine),
    .progress = &progress,
  };
  struct dino_error error = { 0 };

  self->kmeans = dino_kmeans_new (&self->points, &options, &error);
  return end (self, self->kmeans != NULL, &error);
}

/* Vectors of which all are equal fill one group: then there is no silhouette. */
static CliExit
find_silhouette (CliCluster *self)
{
  const struct dino_progress progress = begin (self, _ ("silhouette"));
  struct dino_error          error = { 0 };

  self->silhouette = dino_silhouette_new (&self->points, self->kmeans->labels, self->k, self->seed, dinoscope_engine_get_team (self->session.engine), &progress, &error);
  return end (self, self->silhouette != NULL || error.code == DINO_CODE_ARGUMENT, &error);
}

static CliExit
find_principal_plane (CliCluster *self)
{
  struct dino_error error = { 0 };

  self->plane = dino_alloc (self->points.n, 2 * sizeof *self->plane, &error);
  return end (self, self->plane != NULL && dino_principal_plane (&self->points, dinoscope_engine_get_team (self->session.engine), self->plane, self->ratios, &error), &error);
}

static CliExit
find_tsne (CliCluster *self)
{
  const struct dino_progress     progress = begin (self, "t-SNE");
  const struct dino_tsne_options options = {
    .perplexity = self->perplexity,
    .n_rounds = DINO_TSNE_ROUNDS,
    .team = dinoscope_engine_get_team (self->session.engine),
    .progress = &progress,
  };
  struct dino_error error = { 0 };

  self->tsne = dino_tsne_new (&self->points, &options, &error);
  if (self->tsne != NULL && self->tsne->perplexity < self->perplexity && !self->session.quiet)
    cli_note (_ ("Perplexity %.3g is what %zu points allow."), self->tsne->perplexity, self->points.n);
  return end (self, self->tsne != NULL, &error);
}

static CliExit
find_duplicates (CliCluster *self)
{
  const struct dino_progress progress = begin (self, _ ("duplicates"));
  struct dino_error          error = { 0 };

  self->duplicates = dino_duplicates_new (&self->points, self->threshold, dinoscope_engine_get_team (self->session.engine), &progress, &error);
  if (self->duplicates != NULL && self->duplicates->n_pairs < self->duplicates->n_found && !self->session.quiet)
    cli_note (_ ("%zu pairs are near duplicates; %zu of them are written."), self->duplicates->n_found, self->duplicates->n_pairs);
  return end (self, self->duplicates != NULL, &error);
}

/* A column of the table, or of the folder's own. */
typedef struct
{
  const CliCluster *cluster;
  int               column;
  gboolean          own;
} Column;

static const char *
text_of (const void *data, size_t row)
{
  const Column     *self = data;
  const CliCluster *cluster = self->cluster;

  if (self->own)
    return cli_cluster_get (cluster, row, self->column);
  return cluster->table_rows[row] != DINO_TABLE_NO_ROW ? dino_table_get (cluster->table, cluster->table_rows[row], self->column) : "";
}

static CliExit
color_by_column (CliCluster *self)
{
  const struct dino_table *own = cli_cluster_table (self);
  struct dino_error        error = { 0 };
  Column                   column = { .cluster = self, .column = -1 };

  if (own == NULL)
    {
      cli_usage_error (CLI_COMMAND_CLUSTER, _ ("--color-by needs a folder of embeddings, whose rows are in a table."));
      return CLI_EXIT_USAGE;
    }
  if (self->table != NULL)
    column.column = dino_table_find (self->table, self->color_by);
  column.own = column.column < 0;
  /* Where neither has it, the person's table is what to tell of. */
  if (column.own && !dino_table_need (self->table != NULL && dino_table_find (own, self->color_by) < 0 ? self->table : own, self->color_by, &column.column, &error))
    return cli_fail_about (&error, self->input, CLI_EXIT_INPUT);
  self->column = dino_scatter_column_new (self->color_by, text_of, &column, self->points.n, &error);
  return self->column != NULL ? CLI_EXIT_DONE : cli_fail_about (&error, self->input, CLI_EXIT_INPUT);
}

static CliExit
choose_colors (CliCluster *self)
{
  struct dino_error error = { 0 };

  if (self->color_by != NULL)
    return color_by_column (self);
  if (self->kmeans == NULL)
    return CLI_EXIT_DONE;
  self->column = dino_scatter_column_new_groups (_ ("group"), self->kmeans->labels, self->k, self->points.n, &error);
  return self->column != NULL ? CLI_EXIT_DONE : cli_fail_about (&error, self->input, CLI_EXIT_INPUT);
}

/* Somebody may have cut a mapped file short meanwhile. */
static CliExit
check_files (CliCluster *self)
{
  struct dino_error error = { 0 };

  return cli_cluster_check (self, &error) ? CLI_EXIT_DONE : cli_fail_about (&error, self->input, CLI_EXIT_INPUT);
}

CliExit
cli_cluster_run (CliCluster *self)
{
  CliExit code = choose_colors (self);

  if (code == CLI_EXIT_DONE && self->k > 0)
    code = find_groups (self);
  if (code == CLI_EXIT_DONE && self->column == NULL)
    code = choose_colors (self);
  if (code == CLI_EXIT_DONE && self->kmeans != NULL)
    code = find_silhouette (self);
  if (code == CLI_EXIT_DONE && self->plane_kind == CLI_PLANE_PCA)
    code = find_principal_plane (self);
  if (code == CLI_EXIT_DONE && self->plane_kind == CLI_PLANE_TSNE)
    code = find_tsne (self);
  if (code == CLI_EXIT_DONE && !isnan (self->threshold))
    code = find_duplicates (self);
  return code == CLI_EXIT_DONE ? check_files (self) : code;
}
