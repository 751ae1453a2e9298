/* What a preparation does, in words and numbers; no widgets. */
#pragma once

#include "engine/dinoscope.h"

G_BEGIN_DECLS

/* What is said over the picture of what entered the encoder: how that is not
 * the processor's own (own: its geometry), and what share of the picture it
 * left out. NULL when there is nothing to say. (transfer full) */
char *dinoscope_preparation_badge (const struct dino_preparation *preparation, const struct dino_geometry *geometry, const struct dino_geometry *own);

/* "9.4 % of the picture is not seen", NULL when all of it is. (transfer full) */
char *dinoscope_preparation_unseen (const struct dino_geometry *geometry);

/* Work of a forward pass over rows x columns patches, relative to another grid. */
double dinoscope_preparation_work (const struct dino_config *config, int rows, int columns, int other_rows, int other_columns);

/* Sizes, and besides where they are not own's: how much more or less work that
 * is, and how much memory it takes (bytes). (transfer full) */
char *dinoscope_preparation_cost (const struct dino_geometry *geometry, const struct dino_geometry *own, double work, gsize memory);

/* What choices do, short; for a picture that is known. picture may be NULL. */
const char *dinoscope_preparation_fit_words (enum dino_fit fit);
const char *dinoscope_preparation_greys_words (enum dino_model_input model_input, const struct dino_picture *picture);
const char *dinoscope_preparation_invert_words (const struct dino_preparation *preparation, const struct dino_picture *picture);

G_END_DECLS
