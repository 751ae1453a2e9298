#pragma once

#include "engine/dinoscope-overlays.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PCA_OVERLAY (dinoscope_pca_overlay_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePcaOverlay, dinoscope_pca_overlay, DINOSCOPE, PCA_OVERLAY, GObject)

#define DINOSCOPE_TYPE_CLS_ATTENTION_OVERLAY (dinoscope_cls_attention_overlay_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeClsAttentionOverlay, dinoscope_cls_attention_overlay, DINOSCOPE, CLS_ATTENTION_OVERLAY, GObject)

/* Parameters that several overlays have (transfer full). */

/* "block", an int: any of the model's, the last one by default. */
DinoscopeParameter *dinoscope_overlays_new_block_parameter (DinoscopeModel *model);

/* What a person calls choice number index (transfer full). */
typedef char *(*DinoscopeNumberTitle) (guint index);

/* An enum: words (NULL-terminated, with word_titles; the first is the
 * default), then "0" … n-1. */
DinoscopeParameter *dinoscope_overlays_new_numbered_parameter (const char          *name,
                                                               const char          *title,
                                                               const char *const   *words,
                                                               const char *const   *word_titles,
                                                               guint                n,
                                                               DinoscopeNumberTitle number_title);

G_END_DECLS
