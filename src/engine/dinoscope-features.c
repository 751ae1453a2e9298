#include "engine/dinoscope-features-private.h"

#include "core/base/memory.h"
#include "core/base/text.h"
#include "engine/dinoscope-error.h"

struct _DinoscopeFeatures
{
  GObject parent_instance;

  struct dino_features *core;
  DinoscopeModel       *model;
  struct dino_geometry  geometry;
  enum dino_isa         isa;
  unsigned              keep;
  char                 *preparation;
  char                 *pixels_sha256;
  char                 *grey_sha256;
  DinoscopeCover        cover;
};

G_DEFINE_FINAL_TYPE (DinoscopeFeatures, dinoscope_features, G_TYPE_OBJECT)

static void
dinoscope_features_finalize (GObject *object)
{
  DinoscopeFeatures *self = DINOSCOPE_FEATURES (object);

  g_clear_pointer (&self->core, dino_features_unref);
  g_clear_object (&self->model);
  g_free (self->preparation);
  g_free (self->pixels_sha256);
  g_free (self->grey_sha256);
  G_OBJECT_CLASS (dinoscope_features_parent_class)->finalize (object);
}

static void
dinoscope_features_class_init (DinoscopeFeaturesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_features_finalize;
}

static void
dinoscope_features_init (DinoscopeFeatures *self)
{
}

DinoscopeFeatures *
dinoscope_features_new (struct dino_features *core, const DinoscopeFeaturesOrigin *origin)
{
  DinoscopeFeatures *self = g_object_new (DINOSCOPE_TYPE_FEATURES, NULL);

  self->core = core;
  self->model = g_object_ref (origin->model);
  self->geometry = origin->geometry;
  self->isa = origin->isa;
  self->keep = origin->keep;
  self->preparation = g_strdup (origin->preparation);
  self->pixels_sha256 = g_strdup (origin->pixels_sha256);
  self->grey_sha256 = g_strdup (origin->grey_sha256);
  self->cover = origin->cover;
  return self;
}

DinoscopeModel *
dinoscope_features_get_model (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);
  return self->model;
}

guint
dinoscope_features_get_rows (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), 0);
  return dino_features_rows (self->core);
}

guint
dinoscope_features_get_columns (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), 0);
  return dino_features_columns (self->core);
}

guint
dinoscope_features_get_blocks_done (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), 0);
  return dino_features_blocks_done (self->core);
}

gboolean
dinoscope_features_is_complete (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), FALSE);
  return dino_features_complete (self->core);
}

/* n rows of width floats, kept alive by the features they belong to. */
static GBytes *
share_rows (DinoscopeFeatures *self, const float *values, gsize n, gsize width)
{
  if (values == NULL)
    return NULL;
  return g_bytes_new_with_free_func (values, n * width * sizeof *values, g_object_unref, g_object_ref (self));
}

GBytes *
dinoscope_features_dup_last_hidden_state (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);
  return share_rows (self, dino_features_last_hidden_state (self->core), dino_features_n_tokens (self->core), dinoscope_model_get_n_channels (self->model));
}

GBytes *
dinoscope_features_dup_patches (DinoscopeFeatures *self)
{
  const float *output;
  gsize        first, width;

  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);
  output = dino_features_last_hidden_state (self->core);
  first = dino_features_first_patch (self->core);
  width = dinoscope_model_get_n_channels (self->model);
  return share_rows (self, output == NULL ? NULL : output + first * width, dino_features_n_tokens (self->core) - first, width);
}

GBytes *
dinoscope_features_dup_cls (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);
  return share_rows (self, dino_features_last_hidden_state (self->core), 1, dinoscope_model_get_n_channels (self->model));
}

GBytes *
dinoscope_features_dup_hidden_state (DinoscopeFeatures *self, guint index)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);
  if (index > dinoscope_model_get_n_blocks (self->model))
    return NULL;
  return share_rows (self, dino_features_hidden_state (self->core, index), dino_features_n_tokens (self->core), dinoscope_model_get_n_channels (self->model));
}

GBytes *
dinoscope_features_dup_cls_attention (DinoscopeFeatures *self, guint block)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);
  if (block >= dinoscope_model_get_n_blocks (self->model))
    return NULL;
  return share_rows (self, dino_features_cls_attention (self->core, block), dinoscope_model_get_n_heads (self->model), dino_features_n_tokens (self->core));
}

static gboolean
has_block (DinoscopeFeatures *self, guint block, GError **error)
{
  if (block < dinoscope_model_get_n_blocks (self->model))
    return TRUE;
  g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("The encoder has no block %u, only %u from 0."), block, dinoscope_model_get_n_blocks (self->model));
  return FALSE;
}

/* Bytes of n floats that were computed, unless good is FALSE; takes values. */
static GBytes *
take_values (float *values, gsize n, gboolean good, const struct dino_error *failure, GError **error)
{
  if (good)
    return g_bytes_new_with_free_func (values, n * sizeof *values, dino_free, values);
  dino_free (values);
  dinoscope_set_error (error, failure, DINOSCOPE_ERROR_FAILED);
  return NULL;
}

GBytes *
dinoscope_features_dup_tokens (DinoscopeFeatures *self, guint block, gboolean norm, GError **error)
{
  struct dino_error failure = { 0 };
  gsize             n;
  float            *tokens;
  gboolean          good;

  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);

  if (!has_block (self, block, error))
    return NULL;
  n = dino_features_n_tokens (self->core) * dinoscope_model_get_n_channels (self->model);
  tokens = dino_alloc (n, sizeof *tokens, &failure);
  good = tokens != NULL && dino_features_tokens (self->core, (int) block, norm, tokens, &failure);
  return take_values (tokens, n, good, &failure, error);
}

GBytes *
dinoscope_features_dup_facet (DinoscopeFeatures *self, guint block, DinoscopeFacet facet, GError **error)
{
  struct dino_error failure = { 0 };
  struct dino_team *team; /* the calling thread alone */
  gsize             n;
  float            *values;
  gboolean          good;

  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);
  g_return_val_if_fail ((guint) facet <= DINOSCOPE_FACET_VALUE, NULL);

  if (!has_block (self, block, error))
    return NULL;
  n = dino_features_n_tokens (self->core) * dinoscope_model_get_n_channels (self->model);
  values = dino_alloc (n, sizeof *values, &failure);
  team = dino_team_new (1, &failure);
  good = values != NULL && team != NULL && dino_features_facet (self->core, (int) block, (enum dino_facet) facet, team, values, &failure);
  g_clear_pointer (&team, dino_team_free);
  return take_values (values, n, good, &failure, error);
}

GBytes *
dinoscope_features_dup_token_attention (DinoscopeFeatures *self, guint block, guint token, DinoscopeDirection direction, GError **error)
{
  struct dino_error failure = { 0 };
  struct dino_team *team; /* the calling thread alone */
  gsize             n_tokens, n;
  float            *values;
  gboolean          good;

  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);
  g_return_val_if_fail ((guint) direction <= DINOSCOPE_DIRECTION_KEY, NULL);

  n_tokens = dino_features_n_tokens (self->core);
  if (!has_block (self, block, error))
    return NULL;
  if (token >= n_tokens)
    {
      g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("There is no token %u, only %u from 0."), token, (guint) n_tokens);
      return NULL;
    }
  n = n_tokens * dinoscope_model_get_n_heads (self->model);
  values = dino_alloc (n, sizeof *values, &failure);
  team = dino_team_new (1, &failure);
  good = values != NULL && team != NULL &&
         dino_features_token_attention (self->core, (int) block, token, (enum dino_direction) direction, team, values, NULL, &failure);
  g_clear_pointer (&team, dino_team_free);
  return take_values (values, n, good, &failure, error);
}

guint
dinoscope_features_get_n_tokens (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), 0);
  return (guint) dino_features_n_tokens (self->core);
}

guint
dinoscope_features_get_first_patch (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), 0);
  return (guint) dino_features_first_patch (self->core);
}

gboolean
dinoscope_features_patch_at (DinoscopeFeatures *self, double x, double y, guint *row, guint *column)
{
  int r, c;

  g_return_val_if_fail (dinoscope_features_has_contents (self), FALSE);
  if (!dino_geometry_patch_at (&self->geometry, x, y, &r, &c))
    return FALSE;
  if (row != NULL)
    *row = r;
  if (column != NULL)
    *column = c;
  return TRUE;
}

void
dinoscope_features_patch_box (DinoscopeFeatures *self, guint row, guint column, double *x0, double *y0, double *x1, double *y1)
{
  struct dino_box box;

  g_return_if_fail (dinoscope_features_has_contents (self));
  g_return_if_fail (row < dinoscope_features_get_rows (self) && column < dinoscope_features_get_columns (self));
  box = dino_geometry_patch (&self->geometry, row, column);
  *x0 = box.x0;
  *y0 = box.y0;
  *x1 = box.x1;
  *y1 = box.y1;
}

const char *
dinoscope_features_get_instruction_set (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);
  return dino_isa_name (self->isa);
}

char *
dinoscope_features_describe_encoder (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);
  return g_strdup_printf ("%s, %s, %s", dinoscope_model_get_title (self->model), dinoscope_model_get_precision (self->model), dino_isa_name (self->isa));
}

const char *
dinoscope_features_get_preparation (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);
  return self->preparation;
}

const char *
dinoscope_features_get_pixels_sha256 (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);
  return self->pixels_sha256;
}

const char *
dinoscope_features_get_grey_sha256 (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);
  return self->grey_sha256;
}

gsize
dinoscope_features_get_memory (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), 0);
  return dino_features_memory (dinoscope_model_get_core (self->model), dino_features_rows (self->core), dino_features_columns (self->core), self->keep);
}

const struct dino_features *
dinoscope_features_get_core (DinoscopeFeatures *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_FEATURES (self), NULL);
  return self->core;
}

const struct dino_geometry *
dinoscope_features_get_geometry (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);
  return &self->geometry;
}

const DinoscopeCover *
dinoscope_features_get_cover (DinoscopeFeatures *self)
{
  g_return_val_if_fail (dinoscope_features_has_contents (self), NULL);
  return &self->cover;
}
