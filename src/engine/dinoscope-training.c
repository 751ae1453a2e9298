#include "engine/dinoscope-training.h"

#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/heads/patch-labels.h"
#include "engine/dinoscope-error.h"

/* Strokes on a picture, until they are turned into labels. */
typedef struct
{
  DinoscopeFeatures  *features;
  struct dino_stroke *strokes; /* [n_strokes] */
  double             *places;  /* of all strokes */
  gsize               n_strokes;
} Painted;

struct _DinoscopeTraining
{
  struct dino_classes classes;
  int                 blocks[DINO_DECODER_MAX_BLOCKS];
  gsize               n_blocks; /* 0 until the model is known, if none was given */
  DinoscopeModel     *model;    /* of the first picture */
  char               *preparation;

  float  *features; /* [room, n_features], dino_alloc() */
  int    *labels;   /* [room] */
  gsize   n, room, n_features;
  gsize   counts[DINO_DECODER_MAX_CLASSES];
  GArray *painted; /* of Painted */
};

static void
painted_clear (gpointer data)
{
  Painted *painted = data;

  g_object_unref (painted->features);
  g_free (painted->strokes);
  g_free (painted->places);
}

DinoscopeTraining *
dinoscope_training_new (const struct dino_classes *classes, const int *blocks, gsize n_blocks)
{
  DinoscopeTraining *self;

  g_return_val_if_fail (n_blocks <= DINO_DECODER_MAX_BLOCKS, NULL);

  self = g_new0 (DinoscopeTraining, 1);
  self->classes = *classes;
  self->n_blocks = n_blocks;
  if (n_blocks > 0)
    memcpy (self->blocks, blocks, n_blocks * sizeof *blocks);
  self->painted = g_array_new (FALSE, FALSE, sizeof (Painted));
  g_array_set_clear_func (self->painted, painted_clear);
  return self;
}

void
dinoscope_training_free (DinoscopeTraining *self)
{
  g_array_unref (self->painted);
  g_clear_object (&self->model);
  g_free (self->preparation);
  dino_free (self->features);
  dino_free (self->labels);
  g_free (self);
}

void
dinoscope_training_set_preparation (DinoscopeTraining *self, const char *preparation)
{
  g_free (self->preparation);
  self->preparation = g_strdup (preparation);
}

gsize
dinoscope_training_get_n (DinoscopeTraining *self)
{
  return self->n;
}

gsize
dinoscope_training_get_n_of (DinoscopeTraining *self, int class_index)
{
  g_return_val_if_fail (class_index >= 0 && class_index < DINO_DECODER_MAX_CLASSES, 0);

  return self->counts[class_index];
}

/* Room for more patches. */
static bool
reserve (DinoscopeTraining *self, gsize more, struct dino_error *failure)
{
  gsize  room = MAX (self->room * 2, self->n + more);
  float *features;
  int   *labels;

  if (self->n + more <= self->room)
    return true;
  features = dino_alloc (room, self->n_features * sizeof *features, failure);
  labels = dino_alloc (room, sizeof *labels, failure);
  if (features == NULL || labels == NULL)
    {
      dino_free (features);
      dino_free (labels);
      return false;
    }
  if (self->n > 0)
    {
      memcpy (features, self->features, self->n * self->n_features * sizeof *features);
      memcpy (labels, self->labels, self->n * sizeof *labels);
    }
  dino_free (self->features);
  dino_free (self->labels);
  self->features = features;
  self->labels = labels;
  self->room = room;
  return true;
}

/* The first picture says which encoder it is. */
static gboolean
take_model (DinoscopeTraining *self, DinoscopeModel *model, GError **error)
{
  if (self->model == model)
    return TRUE;
  if (self->model != NULL)
    {
      g_set_error_literal (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("The pictures were encoded by different encoders; a decoder learns from one."));
      return FALSE;
    }
  self->model = g_object_ref (model);
  self->n_blocks = dinoscope_decoder_resolve_blocks (self->blocks, self->n_blocks, model, self->blocks);
  self->n_features = self->n_blocks * dinoscope_model_get_n_channels (model);
  return TRUE;
}

static bool
take_patches (DinoscopeTraining *self, const float *rows, const int *labels, gsize n, struct dino_error *failure)
{
  gsize n_labelled = 0;

  for (gsize i = 0; i < n; i++)
    n_labelled += labels[i] >= 0 && labels[i] < self->classes.n;
  if (!reserve (self, n_labelled, failure))
    return false;
  for (gsize i = 0; i < n; i++)
    if (labels[i] >= 0 && labels[i] < self->classes.n)
      {
        memcpy (self->features + self->n * self->n_features, rows + i * self->n_features, self->n_features * sizeof *rows);
        self->labels[self->n++] = labels[i];
        self->counts[labels[i]]++;
      }
  return true;
}

gboolean
dinoscope_training_add (DinoscopeTraining *self, DinoscopeFeatures *features, const guint8 *classes, double share, GError **error)
{
  const struct dino_features *core = dinoscope_features_get_core (features);
  gsize                       n = (gsize) dino_features_rows (core) * (gsize) dino_features_columns (core);
  struct dino_error           failure = { 0 };
  float                      *rows = NULL;
  int                        *labels;
  bool                        good;

  if (!take_model (self, dinoscope_features_get_model (features), error))
    return FALSE;
  labels = dino_alloc (n, sizeof *labels, &failure);
  good = labels != NULL && dino_patch_labels (dinoscope_features_get_geometry (features), classes, share, labels, &failure);
  if (good)
    rows = dino_decoder_features (core, self->blocks, self->n_blocks, &failure);
  good = rows != NULL && take_patches (self, rows, labels, n, &failure);
  dino_free (rows);
  dino_free (labels);
  if (!good)
    dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_PARAMETER);
  return good;
}

void
dinoscope_training_add_strokes (DinoscopeTraining *self, DinoscopeFeatures *features, const struct dino_stroke *strokes, gsize n_strokes)
{
  Painted painted = { .features = g_object_ref (features), .n_strokes = n_strokes };
  gsize   n_places = 0;

  for (gsize i = 0; i < n_strokes; i++)
    n_places += strokes[i].n;
  painted.strokes = g_memdup2 (strokes, n_strokes * sizeof *strokes);
  painted.places = g_new (double, 2 * n_places + 1);
  n_places = 0;
  for (gsize i = 0; i < n_strokes; i++)
    {
      memcpy (painted.places + 2 * n_places, strokes[i].places, 2 * strokes[i].n * sizeof (double));
      painted.strokes[i].places = painted.places + 2 * n_places;
      n_places += strokes[i].n;
    }
  g_array_append_val (self->painted, painted);
}

static gboolean
add_painted (DinoscopeTraining *self, const Painted *painted, GError **error)
{
  const struct dino_geometry *geometry = dinoscope_features_get_geometry (painted->features);
  gsize                       n = (gsize) geometry->width * (gsize) geometry->height;
  struct dino_error           failure = { 0 };
  guint8                     *classes = dino_alloc (n, 1, &failure);
  gboolean                    good;

  if (classes == NULL)
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_MEMORY);
      return FALSE;
    }
  memset (classes, DINO_NO_CLASS, n);
  dino_scribbles_paint (painted->strokes, painted->n_strokes, geometry->width, geometry->height, classes);
  good = dinoscope_training_add (self, painted->features, classes, DINO_SCRIBBLE_SHARE, error);
  dino_free (classes);
  return good;
}

static gboolean
check_counts (DinoscopeTraining *self, GError **error)
{
  for (int c = 0; c < self->classes.n; c++)
    if (self->counts[c] == 0)
      {
        g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("Class “%s” is on no patch that the encoder saw; there is nothing to learn it from."), self->classes.list[c].name);
        return FALSE;
      }
  return TRUE;
}

static bool
go_on (void *data, int done, int total)
{
  return !g_cancellable_is_cancelled (data);
}

static DinoscopeDecoder *
make_decoder (DinoscopeTraining *self, struct dino_decoder *decoder, const struct dino_decoder_report *report, GCancellable *cancellable, GError **error)
{
  const char               *sha256 = dinoscope_model_get_sha256 (self->model, cancellable, error);
  struct dino_decoder_head *head;
  struct dino_error         failure = { 0 };

  head = sha256 != NULL ? dino_alloc_zeroed (1, sizeof *head, &failure) : NULL;
  if (head != NULL && self->preparation != NULL)
    {
      head->preparation = dino_strdup (self->preparation, &failure);
      if (head->preparation == NULL)
        g_clear_pointer (&head, dino_decoder_head_free);
    }
  if (head == NULL)
    {
      if (sha256 != NULL)
        dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_MEMORY);
      dino_decoder_free (decoder);
      return NULL;
    }
  head->decoder = decoder;
  head->classes = self->classes;
  memcpy (head->blocks, self->blocks, sizeof head->blocks);
  head->n_blocks = self->n_blocks;
  g_strlcpy (head->model_sha256, sha256, sizeof head->model_sha256);
  return dinoscope_decoder_new (head, report);
}

DinoscopeDecoder *
dinoscope_training_run (DinoscopeTraining *self, const struct dino_decoder_options *options, GCancellable *cancellable, GError **error)
{
  struct dino_progress        progress = { go_on, cancellable };
  struct dino_decoder_options own = *options;
  struct dino_decoder_report  report = { 0 };
  struct dino_error           failure = { 0 };
  struct dino_decoder        *decoder;

  for (guint i = 0; i < self->painted->len; i++)
    if (g_cancellable_set_error_if_cancelled (cancellable, error) || !add_painted (self, &g_array_index (self->painted, Painted, i), error))
      return NULL;
  g_array_set_size (self->painted, 0);
  if (!check_counts (self, error))
    return NULL;
  own.progress = &progress;
  decoder = dino_decoder_train (&(struct dino_decoder_samples){ self->features, self->labels, self->n, self->n_features, (gsize) self->classes.n }, &own, &report, &failure);
  if (decoder != NULL)
    return make_decoder (self, decoder, &report, cancellable, error);
  dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_PARAMETER);
  return NULL;
}
