#pragma once

#include "engine/dinoscope-overlays.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PCA_OVERLAY (dinoscope_pca_overlay_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePcaOverlay, dinoscope_pca_overlay, DINOSCOPE, PCA_OVERLAY, GObject)

#define DINOSCOPE_TYPE_CLS_ATTENTION_OVERLAY (dinoscope_cls_attention_overlay_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeClsAttentionOverlay, dinoscope_cls_attention_overlay, DINOSCOPE, CLS_ATTENTION_OVERLAY, GObject)

G_END_DECLS
