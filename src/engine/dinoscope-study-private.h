#pragma once

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

gboolean dinoscope_study_get_ignore_exif (DinoscopeStudy *self);

G_END_DECLS
