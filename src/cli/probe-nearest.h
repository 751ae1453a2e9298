/* “probe test --knn”: neighbours in place of a head. */
#pragma once

#include "cli/probe.h"
#include "core/heads/knn.h"

G_BEGIN_DECLS

/* Pictures whose labels are known, to look for neighbours among. */
typedef struct
{
  CliProbePictures pictures;
  CliProbeLabels   labels;
  gboolean         same; /* the folder that is tested */
} CliProbeReferences;

/* Opens --knn, with the labels of --table. */
CliExit cli_probe_references_open (CliProbeReferences *references, const char *tested, enum dino_head_features kind, const CliSession *session);
void    cli_probe_references_clear (CliProbeReferences *references);

/* A head without weights that says what the references' columns are; NULL on failure. */
struct dino_head *cli_probe_references_head (const CliProbeReferences *references, struct dino_error *error);

/* What the neighbours say of target index of pictures, for each number of
 * neighbours: [DINO_KNN_N_KS, n, classes or 1], by dino_alloc(). Pictures of
 * the same group are not neighbours. */
double *cli_probe_references_predict (const CliProbeReferences *references, guint index, const CliProbePictures *pictures, const CliProbeLabels *labels, struct dino_team *team, const struct dino_progress *progress, struct dino_error *error);

G_END_DECLS
