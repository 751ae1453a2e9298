#pragma once

#include "engine/dinoscope-depth-private.h"
#include "engine/dinoscope-study.h"

G_BEGIN_DECLS

/* Makes what the display needs of a decoded picture (takes the reference, also
 * on failure). file may be NULL; preparation may be NULL for the defaults. */
DinoscopeStudy *dinoscope_study_new (struct dino_picture           *picture,
                                     GFile                         *file,
                                     const char                    *name,
                                     const struct dino_preparation *preparation,
                                     gboolean                       ignore_exif,
                                     GCancellable                  *cancellable,
                                     GError                       **error);

/* (transfer none): NULL for colour. */
DinoscopeDepth *dinoscope_study_get_depth (DinoscopeStudy *self);

/* What was done to a picture's values, translated (transfer full): sentences a
 * line each; what is shown; what the encoder gets; one VOI of a file. */
char *dinoscope_study_describe_reading (const struct dino_picture *picture, const struct dino_preparation *preparation, gboolean ignore_exif);
char *dinoscope_study_describe_display_of (const struct dino_picture *picture, const struct dino_preparation *preparation);
char *dinoscope_study_describe_model_input_of (const struct dino_picture *picture, const struct dino_preparation *preparation);

G_END_DECLS
