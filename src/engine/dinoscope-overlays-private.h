#pragma once

#include "core/encoder/team.h"
#include "engine/dinoscope-overlays.h"

G_BEGIN_DECLS

/* The built-in overlays. */
GType dinoscope_pca_overlay_get_type (void);
GType dinoscope_cls_attention_overlay_get_type (void);
GType dinoscope_patch_attention_overlay_get_type (void);
GType dinoscope_rollout_overlay_get_type (void);
GType dinoscope_head_entropy_overlay_get_type (void);
GType dinoscope_similarity_overlay_get_type (void);
GType dinoscope_norm_overlay_get_type (void);
GType dinoscope_difference_overlay_get_type (void);
GType dinoscope_parts_overlay_get_type (void);
GType dinoscope_occlusion_overlay_get_type (void);

/* The type of a built-in overlay, which has no state: TypeName as a GObject,
 * registered by dinoscope_<name>_get_type(), its vfuncs <name>_list_parameters,
 * <name>_get_needs and <name>_compute. */
#define DINOSCOPE_DEFINE_OVERLAY(TypeName, name, id, title)                                                  \
  struct _##TypeName                                                                                         \
  {                                                                                                          \
    GObject parent_instance;                                                                                 \
  };                                                                                                         \
  typedef struct _##TypeName TypeName;                                                                       \
  typedef GObjectClass       TypeName##Class;                                                                \
                                                                                                             \
  static const char *name##_get_id (DinoscopeOverlayProvider *provider)                                      \
  {                                                                                                          \
    return id;                                                                                               \
  }                                                                                                          \
                                                                                                             \
  static const char *name##_get_title (DinoscopeOverlayProvider *provider)                                   \
  {                                                                                                          \
    return title;                                                                                            \
  }                                                                                                          \
                                                                                                             \
  static void name##_iface_init (DinoscopeOverlayProviderInterface *iface)                                   \
  {                                                                                                          \
    iface->get_id = name##_get_id;                                                                           \
    iface->get_title = name##_get_title;                                                                     \
    iface->list_parameters = name##_list_parameters;                                                         \
    iface->get_needs = name##_get_needs;                                                                     \
    iface->compute = name##_compute;                                                                         \
  }                                                                                                          \
                                                                                                             \
  G_DEFINE_FINAL_TYPE_WITH_CODE (TypeName, dinoscope_##name, G_TYPE_OBJECT,                                  \
                                 G_IMPLEMENT_INTERFACE (DINOSCOPE_TYPE_OVERLAY_PROVIDER, name##_iface_init)) \
                                                                                                             \
  static void dinoscope_##name##_class_init (TypeName##Class *klass)                                         \
  {                                                                                                          \
  }                                                                                                          \
                                                                                                             \
  static void dinoscope_##name##_init (TypeName *self)                                                       \
  {                                                                                                          \
  }

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

/* The enum or file parameter name has this value. */
gboolean dinoscope_overlays_has_word (GVariant *parameters, const char *name, const char *word);

/* Needs of an overlay that looks at the tokens of "block", normalised if "norm"
 * says so; are_tokens is FALSE when it looks at another facet of them. */
void dinoscope_overlays_need_tokens (DinoscopeModel *model, GVariant *parameters, gboolean are_tokens, DinoscopeOverlayNeeds *needs);

/* How compute() ends: with core (taken) as an object, or with failure as error. */
DinoscopeMap *dinoscope_overlays_take_map (struct dino_map *core, const struct dino_error *failure, GError **error);

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
