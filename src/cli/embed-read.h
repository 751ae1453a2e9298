/* One input read, identified and prepared for the encoder. */
#pragma once

#include "cli/embed-pipeline.h"

G_BEGIN_DECLS

/* Fills result, and returns the encoder's input [3, rows * patch, columns *
 * patch] by dino_alloc(). NULL when the picture is not to be encoded: it has
 * failed (record.error says why), or result->reused is set. */
float *cli_embed_read (const CliEmbedPlan *plan, const CliEmbedItem *item, CliEmbedResult *result, int *rows, int *columns);

/* Takes CLS, mean and patches out of features; NULL with error. */
float *cli_embed_collect (const CliEmbedPlan *plan, struct dino_features *features, struct dino_error *error);

/* enum dino_keep. */
unsigned cli_embed_keep (const CliEmbedShape *shape);

G_END_DECLS
