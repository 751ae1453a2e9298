/* cluster: what it works on and what it found. */
#pragma once

#include "cli/session.h"
#include "core/vectors/duplicates.h"
#include "core/vectors/kmeans.h"
#include "core/vectors/silhouette.h"
#include "core/vectors/tsne.h"
#include "io/embeddings.h"
#include "io/index.h"
#include "io/table.h"
#include "render/chart-file.h"
#include "render/scatter-column.h"

G_BEGIN_DECLS

typedef enum
{
  CLI_PLANE_NONE,
  CLI_PLANE_PCA,
  CLI_PLANE_TSNE
} CliPlane;

typedef struct
{
  CliSession  session;
  const char *input, *output;
  const char *folder; /* where the files of output are written */

  int                    k; /* 0: no groups */
  int                    n_starts;
  guint64                seed;
  gboolean               normalize, mean;
  int                    batch; /* -1: as the size asks for */
  CliPlane               plane_kind;
  double                 perplexity;
  double                 threshold; /* of duplicates; NaN: not looked for */
  const char            *color_by;  /* NULL: the group */
  enum dino_chart_format format;

  /* What is read (cluster-input.c). */
  struct dino_embeddings  *embeddings; /* one of three */
  struct dino_index       *index;
  struct dino_matrix_file *own_matrix;
  struct dino_points       points;
  float                   *normalized; /* a copy of the rows, of length 1 */
  struct dino_table       *table;
  size_t                  *table_rows; /* [n] */

  /* What is found (cluster-run.c). */
  struct dino_kmeans         *kmeans;
  struct dino_silhouette     *silhouette; /* NULL where there is none */
  float                      *plane;      /* [n, 2] */
  double                      ratios[2];  /* of PCA */
  struct dino_tsne           *tsne;
  struct dino_duplicates     *duplicates;
  struct dino_scatter_column *column;
} CliCluster;

/* cluster-input.c. Names, hashes and the table of a matrix alone are "" and
 * NULL; an index gives no hashes. */
CliExit     cli_cluster_read (CliCluster *self);
const char *cli_cluster_name (const CliCluster *self, gsize row);
const char *cli_cluster_sha256 (const CliCluster *self, gsize row); /* of the pixels */
gboolean    cli_cluster_check (const CliCluster *self, struct dino_error *error);

const struct dino_table             *cli_cluster_table (const CliCluster *self);
const char                          *cli_cluster_get (const CliCluster *self, gsize row, int column); /* of that table */
const struct dino_embeddings_origin *cli_cluster_origin (const CliCluster *self);

/* cluster-run.c */
CliExit cli_cluster_run (CliCluster *self);

/* cluster-write.c: the folder's files, and what is printed. */
CliExit cli_cluster_write (CliCluster *self);
CliExit cli_cluster_print (CliCluster *self);

G_END_DECLS
