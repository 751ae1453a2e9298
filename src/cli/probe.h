/* Heads on embeddings: what “probe train”, “probe test” and “probe apply” share. */
#pragma once

#include <jansson.h>

#include "cli/message.h"
#include "cli/options.h"
#include "cli/session.h"
#include "core/heads/bootstrap.h"
#include "core/heads/calibration-bins.h"
#include "core/heads/head.h"
#include "io/embeddings.h"

G_BEGIN_DECLS

CliExit cli_probe_train (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_probe_test (const CliArguments *arguments, GCancellable *cancellable);
CliExit cli_probe_apply (const CliArguments *arguments, GCancellable *cancellable);

/* A wrong command line, with a line that says where help is. */
CliExit cli_probe_usage (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* {"schema", "command", "subcommand"} (transfer full). */
json_t *cli_probe_json_new (const CliArguments *arguments);

/* The pictures of a folder of embeddings, or those of them that have labels. */
typedef struct
{
  struct dino_embeddings *embeddings;
  size_t                  n;
  size_t                 *rows; /* [n], rows of the embeddings */
  size_t                  n_features;
  float                  *values; /* [n, n_features], by dino_alloc() */
} CliProbePictures;

/* Opens the folder: all of its rows, no values yet. */
gboolean cli_probe_pictures_open (CliProbePictures *pictures, const char *folder, struct dino_error *error);

/* Reads the features of the rows. */
gboolean cli_probe_pictures_read (CliProbePictures *pictures, enum dino_head_features kind, struct dino_error *error);
void     cli_probe_pictures_clear (CliProbePictures *pictures);

/* What a column of the table says. */
typedef struct
{
  char      *name;    /* of the column */
  GPtrArray *classes; /* names, sorted; NULL for a number */
  int       *labels;  /* [n], -1: not known; NULL for a number */
  double    *values;  /* [n], NAN: not known; NULL for classes */
  size_t     n_known;
} CliProbeTarget;

typedef struct
{
  enum dino_head_task task;
  GPtrArray          *targets; /* CliProbeTarget; one when it classifies */
  size_t              n;       /* pictures */
  size_t             *groups;  /* [n] */
  size_t              n_groups;
  gboolean            grouped;            /* by a column; else each picture is a group */
  GPtrArray          *group_names;        /* [n_groups] when grouped */
  GPtrArray          *unmatched_pictures; /* names without a row of the table */
  GPtrArray          *unmatched_rows;     /* rows of the table without a picture */
} CliProbeLabels;

/* Reads --table, joins it with the pictures by name and keeps of them those
 * that are in it; head (may be NULL) says what the columns are. Says what is wrong. */
CliExit cli_probe_labels_read (CliProbeLabels *labels, CliProbePictures *pictures, const struct dino_head *head, const CliSession *session);
void    cli_probe_labels_clear (CliProbeLabels *labels);

/* {"pictures", "groups", "grouped", "unmatched_pictures", "unmatched_rows"} */
json_t *cli_probe_labels_report (const CliProbeLabels *labels);

/* Rows of an array of n that are known in target (g_free), and how many. */
size_t *cli_probe_target_known (const CliProbeTarget *target, size_t n, size_t *n_known);

/* --head, with --features and --task where the file does not say; NULL after saying what is wrong. */
struct dino_head *cli_probe_head_read (const CliSession *session, CliExit *code);

/* Whether the head goes with an encoder, or with embeddings of one. */
CliExit cli_probe_head_check (struct dino_head *head, size_t channels, int n_blocks, const char *model_name, const char *model_sha256);
CliExit cli_probe_head_check_embeddings (struct dino_head *head, const CliProbePictures *pictures, const CliSession *session);

/* Scores of pictures whose features have been read: *scores [n, classes], by dino_alloc(). */
gboolean cli_probe_head_score (const struct dino_head *head, const CliProbePictures *pictures, double **scores, struct dino_error *error);

/* The classes' names, which stay the head's (free the array). */
GPtrArray *cli_probe_head_columns (const struct dino_head *head);

/* A score of predictions. */
typedef struct
{
  const char *label; /* of the target */
  const char *class; /* the class that is told from the others; NULL: of all */
  const char          *metric;
  double               value;
  struct dino_interval interval;
} CliProbeScore;

/* Predictions of one target and their scores. */
typedef struct
{
  const CliProbeTarget       *target;
  size_t                      n, n_groups;
  const size_t               *places;                      /* [n], which pictures */
  size_t                     *groups;                      /* [n] */
  int                        *labels;                      /* [n], of classes */
  double                     *values;                      /* [n], of numbers */
  const double               *predictions;                 /* [n, classes], or [n] */
  GArray                     *scores;                      /* CliProbeScore */
  struct dino_calibration_bin bins[DINO_CALIBRATION_BINS]; /* of classes: of the second of two, or of the one that is said */
} CliProbeResult;

/* places and predictions stay the caller's. */
void     cli_probe_result_init (CliProbeResult *result, const CliProbeTarget *target, const CliProbeLabels *labels, const size_t *places, size_t n, const double *predictions);
gboolean cli_probe_result_score (CliProbeResult *result, int n_draws, guint64 seed, struct dino_team *team, struct dino_error *error);
void     cli_probe_result_clear (CliProbeResult *result);

/* {"label", "pictures", "groups", "scores", …}; of classes also their names, confusion and calibration. */
json_t *cli_probe_result_report (const CliProbeResult *result);

/* Scores of all results as a table on standard output; first_column and its values may be NULL. */
void cli_probe_print_header (const char *first_column);
void cli_probe_print (const CliProbeResult *result, const char *first);

/* Curves, calibration and confusion of results as a picture. */
CliExit cli_probe_write_chart (const char *path, const CliProbeResult *results, guint n_results, const char *title);

/* Whether path can be a chart's; none of inputs. */
CliExit cli_probe_check_chart (const char *path, const GPtrArray *inputs);

/* Scores picture by picture as TSV, with group and fold where there are any. */
typedef struct
{
  const GPtrArray      *pictures;    /* names [n] */
  const CliProbeLabels *labels;      /* of the same pictures; NULL: none */
  const int            *folds;       /* [n], -1: none; NULL: no such column */
  const GPtrArray      *columns;     /* names of the scores */
  const double         *predictions; /* [n, columns], NAN: none */
} CliProbeTable;

CliExit cli_probe_write_table (const char *path, const CliProbeTable *table);

/* --training-list: names of the pictures that are in it, after a warning; they
 * are added to found (char *, transfer none). Nothing without the option. */
CliExit cli_probe_check_training (const CliSession *session, const GPtrArray *names, GPtrArray *found);

/* "trained_on": those names, when --training-list was given. */
void cli_probe_report_training (json_t *object, const CliSession *session, const GPtrArray *found);

/* --bootstrap and --seed. */
int     cli_probe_n_draws (const CliSession *session);
guint64 cli_probe_seed (const CliSession *session);

/* names of the pictures (free the array; the names are the pictures'). */
GPtrArray *cli_probe_pictures_names (const CliProbePictures *pictures);

G_END_DECLS
