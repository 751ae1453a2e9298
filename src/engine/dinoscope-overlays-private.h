#pragma once

#include "core/encoder/team.h"
#include "engine/dinoscope-overlays.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PCA_OVERLAY (dinoscope_pca_overlay_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePcaOverlay, dinoscope_pca_overlay, DINOSCOPE, PCA_OVERLAY, GObject)

#define DINOSCOPE_TYPE_CLS_ATTENTION_OVERLAY (dinoscope_cls_attention_overlay_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeClsAttentionOverlay, dinoscope_cls_attention_overlay, DINOSCOPE, CLS_ATTENTION_OVERLAY, GObject)

#define DINOSCOPE_TYPE_PATCH_ATTENTION_OVERLAY (dinoscope_patch_attention_overlay_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePatchAttentionOverlay, dinoscope_patch_attention_overlay, DINOSCOPE, PATCH_ATTENTION_OVERLAY, GObject)

#define DINOSCOPE_TYPE_ROLLOUT_OVERLAY (dinoscope_rollout_overlay_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeRolloutOverlay, dinoscope_rollout_overlay, DINOSCOPE, ROLLOUT_OVERLAY, GObject)

#define DINOSCOPE_TYPE_HEAD_ENTROPY_OVERLAY (dinoscope_head_entropy_overlay_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeHeadEntropyOverlay, dinoscope_head_entropy_overlay, DINOSCOPE, HEAD_ENTROPY_OVERLAY, GObject)

#define DINOSCOPE_TYPE_SIMILARITY_OVERLAY (dinoscope_similarity_overlay_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeSimilarityOverlay, dinoscope_similarity_overlay, DINOSCOPE, SIMILARITY_OVERLAY, GObject)

#define DINOSCOPE_TYPE_NORM_OVERLAY (dinoscope_norm_overlay_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeNormOverlay, dinoscope_norm_overlay, DINOSCOPE, NORM_OVERLAY, GObject)

#define DINOSCOPE_TYPE_DIFFERENCE_OVERLAY (dinoscope_difference_overlay_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeDifferenceOverlay, dinoscope_difference_overlay, DINOSCOPE, DIFFERENCE_OVERLAY, GObject)

#define DINOSCOPE_TYPE_PARTS_OVERLAY (dinoscope_parts_overlay_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePartsOverlay, dinoscope_parts_overlay, DINOSCOPE, PARTS_OVERLAY, GObject)

#define DINOSCOPE_TYPE_OCCLUSION_OVERLAY (dinoscope_occlusion_overlay_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeOcclusionOverlay, dinoscope_occlusion_overlay, DINOSCOPE, OCCLUSION_OVERLAY, GObject)

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

/* "head", an enum: "mean", "max", then "0" … heads-1; and which it is:
 * DINO_HEAD_MEAN, DINO_HEAD_MAX or a number. */
DinoscopeParameter *dinoscope_overlays_new_head_parameter (DinoscopeModel *model);
int                 dinoscope_overlays_read_head (GVariant *parameters);

/* "row" and "column", ints: a patch, by default the one in the middle of the
 * grid that a picture gets when nothing is asked for. Which patches there are
 * is known with the picture only. */
DinoscopeParameter *dinoscope_overlays_new_row_parameter (DinoscopeModel *model);
DinoscopeParameter *dinoscope_overlays_new_column_parameter (DinoscopeModel *model);

/* What core's long functions want of a provider's compute(): a team, and one
 * callback for progress and cancel. Must not move between init and clear. */
typedef struct
{
  struct dino_team    *team; /* the context's, or one of the calling thread alone */
  struct dino_progress progress;

  /* private */
  struct dino_team        *own;
  GCancellable            *cancellable;
  DinoscopeOverlayProgress func;
  gpointer                 data;
} DinoscopeOverlayWork;

/* Clear it in either case. */
gboolean dinoscope_overlay_work_init (DinoscopeOverlayWork    *work,
                                      DinoscopeContext        *context,
                                      GCancellable            *cancellable,
                                      DinoscopeOverlayProgress progress,
                                      gpointer                 progress_data,
                                      struct dino_error       *error);
void     dinoscope_overlay_work_clear (DinoscopeOverlayWork *work);

G_END_DECLS
