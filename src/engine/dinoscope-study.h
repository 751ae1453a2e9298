#pragma once

#include <gio/gio.h>

#include "core/model/model.h"
#include "core/picture/picture.h"
#include "core/picture/prepare.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_STUDY (dinoscope_study_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeStudy, dinoscope_study, DINOSCOPE, STUDY, GObject)

/* One opened picture: its samples, its 8-bit grey for the display in several
 * sizes, and what a person should know about how it was read. Immutable. */

/* Levels of the display pyramid: level 0 has the picture's size, each further
 * one half of that before (rounded up, area-averaged), until both sides are at
 * most 256. */
guint dinoscope_study_get_n_levels (DinoscopeStudy *self);

/* (transfer none): R8G8B8, rows without padding, *width x *height pixels. */
GBytes *dinoscope_study_get_level (DinoscopeStudy *self, guint level, int *width, int *height);

/* The 8-bit picture of level 0 as one plane or three ([h, w, channels]). */
const guint8 *dinoscope_study_get_display (DinoscopeStudy *self, int *width, int *height, int *channels);

const struct dino_picture     *dinoscope_study_get_picture (DinoscopeStudy *self);
const struct dino_preparation *dinoscope_study_get_preparation (DinoscopeStudy *self);

/* NULL for pixels that came from the clipboard. */
GFile      *dinoscope_study_get_file (DinoscopeStudy *self);
const char *dinoscope_study_get_name (DinoscopeStudy *self);

/* Sentences about the reading ("16 bits brought to 8 by min-max: 12 … 4021"),
 * translated, one a line; empty when there is nothing to say. */
const char *dinoscope_study_get_notes (DinoscopeStudy *self);

/* sha256 of the decoded pixels. */
const char *dinoscope_study_get_sha256 (DinoscopeStudy *self);

/* Sizes and crop for a model; FALSE and error when the picture does not fit it. */
gboolean dinoscope_study_get_geometry (DinoscopeStudy *self, const struct dino_model *model, struct dino_geometry *geometry, GError **error);

G_END_DECLS
