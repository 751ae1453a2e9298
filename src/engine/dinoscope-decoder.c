#include "engine/dinoscope-decoder.h"

#include "core/base/memory.h"
#include "core/base/text.h"
#include "engine/dinoscope-error.h"

#include "dinoscope-config.h"

struct _DinoscopeDecoder
{
  GObject parent_instance;

  struct dino_decoder_head  *head;
  struct dino_decoder_report report;
};

G_DEFINE_FINAL_TYPE (DinoscopeDecoder, dinoscope_decoder, G_TYPE_OBJECT)

static void
dinoscope_decoder_finalize (GObject *object)
{
  DinoscopeDecoder *self = DINOSCOPE_DECODER (object);

  dino_decoder_head_free (self->head);
  G_OBJECT_CLASS (dinoscope_decoder_parent_class)->finalize (object);
}

static void
dinoscope_decoder_class_init (DinoscopeDecoderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_decoder_finalize;
}

static void
dinoscope_decoder_init (DinoscopeDecoder *self)
{
}

DinoscopeDecoder *
dinoscope_decoder_new (struct dino_decoder_head *head, const struct dino_decoder_report *report)
{
  DinoscopeDecoder *self;

  g_return_val_if_fail (head != NULL, NULL);

  self = g_object_new (DINOSCOPE_TYPE_DECODER, NULL);
  self->head = head;
  if (report != NULL)
    self->report = *report;
  return self;
}

DinoscopeDecoder *
dinoscope_decoder_load (const char *path, GError **error)
{
  struct dino_error         failure = { 0 };
  struct dino_decoder_head *head;

  g_return_val_if_fail (path != NULL, NULL);

  head = dino_decoder_head_read (path, &failure);
  if (head != NULL)
    return dinoscope_decoder_new (head, NULL);
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_PARAMETER);
  return NULL;
}

gboolean
dinoscope_decoder_save (DinoscopeDecoder *self, const char *path, GError **error)
{
  struct dino_error   failure = { 0 };
  struct dino_output *output;

  g_return_val_if_fail (DINOSCOPE_IS_DECODER (self), FALSE);

  output = dino_output_new (path, &failure);
  if (output != NULL && dino_decoder_head_write (output, self->head, DINOSCOPE_VERSION, &failure))
    {
      if (dino_output_commit (output, &failure))
        return TRUE;
    }
  else
    dino_output_abort (output);
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_WRITE);
  return FALSE;
}

const struct dino_decoder_head *
dinoscope_decoder_get_head (DinoscopeDecoder *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_DECODER (self), NULL);

  return self->head;
}

const struct dino_classes *
dinoscope_decoder_get_classes (DinoscopeDecoder *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_DECODER (self), NULL);

  return &self->head->classes;
}

const struct dino_decoder_report *
dinoscope_decoder_get_report (DinoscopeDecoder *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_DECODER (self), NULL);

  return &self->report;
}

gsize
dinoscope_decoder_resolve_blocks (const int *blocks, gsize n_blocks, DinoscopeModel *model, int *resolved)
{
  if (n_blocks == 0)
    {
      resolved[0] = (int) dinoscope_model_get_n_blocks (model) - 1;
      return 1;
    }
  for (gsize i = 0; i < n_blocks; i++)
    resolved[i] = blocks[i];
  return n_blocks;
}

gboolean
dinoscope_decoder_check_model (DinoscopeDecoder *self, DinoscopeModel *model, GCancellable *cancellable, GError **error)
{
  const struct dino_decoder_head *head;
  gsize                           n_blocks, wanted;
  const char                     *sha256;

  g_return_val_if_fail (DINOSCOPE_IS_DECODER (self), FALSE);
  g_return_val_if_fail (dinoscope_model_has_contents (model), FALSE);

  head = self->head;
  n_blocks = head->n_blocks > 0 ? head->n_blocks : 1;
  wanted = n_blocks * dinoscope_model_get_n_channels (model);
  if (head->model_sha256[0] != '\0')
    {
      sha256 = dinoscope_model_get_sha256 (model, cancellable, error);
      if (sha256 == NULL)
        return FALSE;
      if (g_ascii_strcasecmp (sha256, head->model_sha256) != 0)
        {
          g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER,
                       _ ("The decoder was trained on another encoder (sha256 %.12s…) than the one in use, %s (%.12s…)."),
                       head->model_sha256, dinoscope_model_get_title (model), sha256);
          return FALSE;
        }
    }
  if (head->decoder->n_features != wanted)
    {
      g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER,
                   _ ("The decoder takes %zu numbers a patch, and the encoder gives %zu."), head->decoder->n_features, wanted);
      return FALSE;
    }
  for (gsize i = 0; i < head->n_blocks; i++)
    if (head->blocks[i] >= (int) dinoscope_model_get_n_blocks (model))
      {
        g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER,
                     _ ("The decoder was trained on block %d, and the encoder has %u, from 0."), head->blocks[i], dinoscope_model_get_n_blocks (model));
        return FALSE;
      }
  return TRUE;
}

float *
dinoscope_decoder_compute_logits (DinoscopeDecoder *self, DinoscopeFeatures *features, struct dino_team *team, GError **error)
{
  const struct dino_decoder  *decoder;
  const struct dino_features *core;
  struct dino_error           failure = { 0 };
  int                         blocks[DINO_DECODER_MAX_BLOCKS];
  gsize                       n_blocks, n;
  float                      *rows, *logits = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_DECODER (self), NULL);
  g_return_val_if_fail (dinoscope_features_has_contents (features), NULL);

  decoder = self->head->decoder;
  core = dinoscope_features_get_core (features);
  n = (gsize) dino_features_rows (core) * (gsize) dino_features_columns (core);
  n_blocks = dinoscope_decoder_resolve_blocks (self->head->blocks, self->head->n_blocks, dinoscope_features_get_model (features), blocks);
  rows = dino_decoder_features (core, blocks, n_blocks, &failure);
  if (rows != NULL)
    logits = dino_alloc (n, decoder->n_classes * sizeof *logits, &failure);
  if (logits != NULL && !dino_decoder_logits (decoder, rows, n, team, logits, &failure))
    g_clear_pointer (&logits, dino_free);
  dino_free (rows);
  if (logits == NULL)
    dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_FAILED);
  return logits;
}
