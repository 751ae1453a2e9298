#include "cli/cluster.h"

#include <math.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "core/base/memory.h"
#include "core/base/text.h"

#define STANDARD_STARTS 10

/* More points have no t-SNE unless somebody asks for it. */
#define TSNE_POINTS 50000

static CliExit
usage (const char *message)
{
  cli_usage_error (CLI_COMMAND_CLUSTER, "%s", message);
  return CLI_EXIT_USAGE;
}

static CliExit
read_options (CliCluster *self)
{
  const CliArguments *arguments = self->session.arguments;

  if (arguments->operands->len != 1)
    return usage (arguments->operands->len == 0 ? _ ("No folder of embeddings is given.") : _ ("cluster takes one folder of embeddings, or one .npy file."));
  self->input = arguments->operands->pdata[0];
  self->output = cli_arguments_text (arguments, CLI_OPTION_OUTPUT, NULL);
  if (self->output == NULL)
    return usage (_ ("No directory is given for the results (-o DIR)."));
  self->k = cli_arguments_int (arguments, CLI_OPTION_K, 0);
  if (self->k == 1)
    return usage (_ ("One group is no grouping; -k needs 2 or more."));
  self->n_starts = cli_arguments_int (arguments, CLI_OPTION_N_INIT, STANDARD_STARTS);
  self->seed = (guint64) cli_arguments_int (arguments, CLI_OPTION_SEED, 0);
  self->normalize = cli_arguments_has (arguments, CLI_OPTION_NORMALIZE);
  self->mean = cli_arguments_has (arguments, CLI_OPTION_MEAN);
  self->batch = cli_arguments_int (arguments, CLI_OPTION_BATCH, -1);
  self->perplexity = cli_arguments_real (arguments, CLI_OPTION_PERPLEXITY, DINO_TSNE_PERPLEXITY);
  self->threshold = cli_arguments_real (arguments, CLI_OPTION_DUPLICATES, NAN);
  self->color_by = cli_arguments_text (arguments, CLI_OPTION_COLOR_BY, NULL);
  self->format = strcmp (cli_arguments_text (arguments, CLI_OPTION_FORMAT, "png"), "svg") == 0 ? DINO_CHART_SVG : DINO_CHART_PNG;
  return CLI_EXIT_DONE;
}

static void
choose_plane (CliCluster *self)
{
  const char *text = cli_arguments_text (self->session.arguments, CLI_OPTION_MAP, NULL);

  if (text == NULL)
    {
      self->plane_kind = self->points.n > TSNE_POINTS || self->points.n < DINO_TSNE_MIN_POINTS ? CLI_PLANE_PCA : CLI_PLANE_TSNE;
      if (self->points.n > TSNE_POINTS && !self->session.quiet)
        cli_note (_ ("The map shows principal components, since t-SNE of %zu points takes long; --map tsne asks for it."), self->points.n);
    }
  else
    self->plane_kind = strcmp (text, "none") == 0 ? CLI_PLANE_NONE : strcmp (text, "pca") == 0 ? CLI_PLANE_PCA
                                                                                               : CLI_PLANE_TSNE;
}

static void
clear (CliCluster *self)
{
  dino_free (self->normalized);
  dino_free (self->table_rows);
  dino_free (self->plane);
  dino_table_free (self->table);
  dino_matrix_file_free (self->own_matrix);
  dino_embeddings_free (self->embeddings);
  dino_index_free (self->index);
  dino_kmeans_free (self->kmeans);
  dino_silhouette_free (self->silhouette);
  dino_tsne_free (self->tsne);
  dino_duplicates_free (self->duplicates);
  dino_scatter_column_free (self->column);
}

CliExit
cli_cluster (const CliArguments *arguments, GCancellable *cancellable)
{
  CliCluster self = { 0 };
  CliExit    code = cli_session_init (&self.session, arguments, cancellable);

  if (code == CLI_EXIT_DONE)
    code = read_options (&self);
  if (code == CLI_EXIT_DONE)
    code = cli_output_check_folder (self.output);
  if (code == CLI_EXIT_DONE)
    code = cli_cluster_read (&self);
  if (code == CLI_EXIT_DONE)
    {
      choose_plane (&self);
      code = cli_cluster_run (&self);
    }
  if (code == CLI_EXIT_DONE)
    code = cli_cluster_write (&self);
  if (code == CLI_EXIT_DONE)
    code = cli_cluster_print (&self);
  clear (&self);
  cli_session_clear (&self.session);
  return code;
}
