/* What programs of this tree have of a picture besides what is public.
 * Included by dinoscope-study.h. */
#pragma once

#include "core/model/model.h"
#include "core/picture/occlude.h"
#include "core/picture/picture.h"
#include "core/picture/prepare.h"
#include "core/picture/window-level.h"
#include "engine/dinoscope-cover.h"
#include "engine/dinoscope-study.h"

G_BEGIN_DECLS

/* The 8-bit picture of level 0 as one plane or three ([h, w, channels]). */
const guint8 *dinoscope_study_get_display (DinoscopeStudy *self, int *width, int *height, int *channels);

/* The 8-bit picture, [h, w, channels], that another choice of values shows
 * (transfer full): what the command line draws under a map with the same
 * choice. NULL and error when the file has no such window. Any thread. */
GBytes *dinoscope_study_render_display (DinoscopeStudy *self, const struct dino_display *display, gboolean inverted, GError **error);

/* The window that a choice of values amounts to, without a pass over the
 * picture: FALSE for colour, or when the file has no such window. */
gboolean dinoscope_study_get_window (DinoscopeStudy *self, const struct dino_display *display, struct dino_window *window);

/* How windows of the picture are set by hand; NULL for colour. */
const struct dino_window_scale *dinoscope_study_get_window_scale (DinoscopeStudy *self);

/* A study of the same decoded picture with another preparation (transfer
 * full). Shares the picture, and the display where it stays the same; then
 * nothing is computed. NULL and error when the file has no such window, memory
 * cannot be had, or cancelled. Any thread. */
DinoscopeStudy *dinoscope_study_new_with_preparation (DinoscopeStudy                *self,
                                                      const struct dino_preparation *preparation,
                                                      GCancellable                  *cancellable,
                                                      GError                       **error);

/* A changed copy (transfer full): what lies in box (pixels of the original) is
 * filled as occlusion says, at full depth; black and white stay where they are
 * in the picture. It is another picture: its pixels' hash differs, and title
 * and notes say that it is changed. A copy can be changed again. NULL and error
 * when the box is not in the picture, memory cannot be had, or cancelled. Any thread. */
DinoscopeStudy *dinoscope_study_new_occluded (DinoscopeStudy *self, struct dino_box box, const struct dino_occlusion *occlusion, GCancellable *cancellable, GError **error);

/* What was changed, in a sentence; NULL when nothing was. */
const char *dinoscope_study_get_change (DinoscopeStudy *self);

/* The same, to be done again. */
const DinoscopeCover *dinoscope_study_get_cover (DinoscopeStudy *self);

/* "grey (50 %)", "blur (sigma 12 px)": how a box is filled, translated (transfer full). */
char *dinoscope_study_describe_occlusion (const struct dino_occlusion *occlusion);

const struct dino_picture     *dinoscope_study_get_picture (DinoscopeStudy *self);
const struct dino_preparation *dinoscope_study_get_preparation (DinoscopeStudy *self);

/* FALSE for what g_object_new() made, as bindings can: there is nothing in it. */
static inline gboolean
dinoscope_study_has_contents (DinoscopeStudy *self)
{
  return DINOSCOPE_IS_STUDY (self) && dinoscope_study_get_picture (self) != NULL;
}

/* Whether the picture was left as stored, whatever its EXIF orientation. */
gboolean dinoscope_study_get_ignore_exif (DinoscopeStudy *self);

/* One VOI that a file offers, in words with its name and numbers, translated (transfer full). */
char *dinoscope_study_describe_voi (const struct dino_voi *voi);

/* Sizes and crop for a model; FALSE and error when the picture does not fit it. */
gboolean dinoscope_study_get_geometry (DinoscopeStudy *self, const struct dino_model *model, struct dino_geometry *geometry, GError **error);

G_END_DECLS
