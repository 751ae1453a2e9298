#include "app/dinoscope-scribble-trainer.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "core/heads/patch-labels.h"
#include "engine/dinoscope-engine-segment.h"
#include "engine/dinoscope-study-internal.h"
#include "io/preparation-json.h"

/* A few hundred patches of hundreds of numbers each need more of it than masks. */
#define SCRIBBLE_L2 0.01

struct _DinoscopeScribbleTrainer
{
  GObject parent_instance;

  DinoscopeScribbleKit *kit;
  GPtrArray            *pages; /* of GWeakRef */
  DinoscopeDecoder     *decoder;
  guint                 n_pictures; /* that it was learned from; 0: from a file */
  GCancellable         *training;   /* NULL: nothing is learned */

  GCancellable      *segmenting; /* NULL: no mask is made */
  DinoscopeFeatures *failed;     /* there is no mask of these; not owned, never looked into */
  gboolean           edges;      /* as masks were asked for */
};

/* A decoder on its way. */
typedef struct
{
  DinoscopeScribbleTrainer *self;
  GCancellable             *cancellable;
} Training;

/* A mask on its way. */
typedef struct
{
  DinoscopeScribbleTrainer *self;
  DinoscopePage            *page;
  DinoscopeStudy           *study;
  DinoscopeDecoder         *decoder;
  DinoscopeFeatures        *features;
  GCancellable             *cancellable;
} Segmenting;

static guint changed_signal, message_signal;

G_DEFINE_FINAL_TYPE (DinoscopeScribbleTrainer, dinoscope_scribble_trainer, G_TYPE_OBJECT)

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
segmenting_free (Segmenting *segmenting)
{
  g_object_unref (segmenting->self);
  g_object_unref (segmenting->page);
  g_object_unref (segmenting->study);
  g_object_unref (segmenting->decoder);
  g_object_unref (segmenting->features);
  g_object_unref (segmenting->cancellable);
  g_free (segmenting);
}

static void
emit_changed (DinoscopeScribbleTrainer *self)
{
  g_signal_emit (self, changed_signal, 0);
}

static void
tell (DinoscopeScribbleTrainer *self, const char *text)
{
  g_signal_emit (self, message_signal, 0, text);
}

static void
stop_segmenting (DinoscopeScribbleTrainer *self)
{
  if (self->segmenting != NULL)
    g_cancellable_cancel (self->segmenting);
  g_clear_object (&self->segmenting);
}

static void
drop_masks (DinoscopeScribbleTrainer *self)
{
  stop_segmenting (self);
  self->failed = NULL;
  for (guint i = 0; i < self->pages->len; i++)
    {
      g_autoptr (DinoscopePage) page = g_weak_ref_get (g_ptr_array_index (self->pages, i));

      if (page != NULL)
        dinoscope_scribbles_drop_masks (dinoscope_page_get_scribbles (page));
    }
}

/* Masks that follow edges are others. */
static void
kit_changed_cb (DinoscopeScribbleTrainer *self)
{
  gboolean edges = dinoscope_scribble_kit_get_edges (self->kit);

  if (edges == self->edges)
    return;
  self->edges = edges;
  drop_masks (self);
  emit_changed (self);
}

static void
dinoscope_scribble_trainer_dispose (GObject *object)
{
  DinoscopeScribbleTrainer *self = DINOSCOPE_SCRIBBLE_TRAINER (object);

  dinoscope_scribble_trainer_cancel (self);
  stop_segmenting (self);
  g_clear_object (&self->decoder);
  g_clear_object (&self->kit);
  g_clear_pointer (&self->pages, g_ptr_array_unref);

  G_OBJECT_CLASS (dinoscope_scribble_trainer_parent_class)->dispose (object);
}

static void
dinoscope_scribble_trainer_class_init (DinoscopeScribbleTrainerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dinoscope_scribble_trainer_dispose;

  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  message_signal = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
dinoscope_scribble_trainer_init (DinoscopeScribbleTrainer *self)
{
  self->pages = g_ptr_array_new_with_free_func (weak_ref_free);
}

DinoscopeScribbleTrainer *
dinoscope_scribble_trainer_new (DinoscopeScribbleKit *kit)
{
  DinoscopeScribbleTrainer *self;

  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_KIT (kit), NULL);

  self = g_object_new (DINOSCOPE_TYPE_SCRIBBLE_TRAINER, NULL);
  self->kit = g_object_ref (kit);
  self->edges = dinoscope_scribble_kit_get_edges (kit);
  g_signal_connect_object (kit, "changed", G_CALLBACK (kit_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

void
dinoscope_scribble_trainer_add_page (DinoscopeScribbleTrainer *self, DinoscopePage *page)
{
  GWeakRef *added;

  g_return_if_fail (DINOSCOPE_IS_SCRIBBLE_TRAINER (self));
  g_return_if_fail (DINOSCOPE_IS_PAGE (page));

  for (guint i = self->pages->len; i > 0; i--)
    {
      g_autoptr (DinoscopePage) known = g_weak_ref_get (g_ptr_array_index (self->pages, i - 1));

      if (known == page)
        return;
      if (known == NULL)
        g_ptr_array_remove_index (self->pages, i - 1);
    }
  added = g_new0 (GWeakRef, 1);
  g_weak_ref_init (added, page);
  g_ptr_array_add (self->pages, added);
}

/* Learning. */

static int
find_class (DinoscopeScribbleKit *kit, guint number)
{
  for (guint i = 0; i < dinoscope_scribble_kit_get_n (kit); i++)
    if (dinoscope_scribble_kit_get (kit, i)->number == number)
      return (int) i;
  return -1;
}

/* Strokes of classes that are still there; [*n], g_free() them. */
static struct dino_stroke *
list_strokes (DinoscopeScribbleTrainer *self, DinoscopeScribbles *scribbles, gsize *n)
{
  struct dino_stroke *strokes = g_new0 (struct dino_stroke, dinoscope_scribbles_get_n (scribbles) + 1);

  *n = 0;
  for (guint i = 0; i < dinoscope_scribbles_get_n (scribbles); i++)
    {
      const DinoscopeScribbleStroke *stroke = dinoscope_scribbles_get (scribbles, i);
      int                            index = stroke->number == DINOSCOPE_SCRIBBLE_RUBS_OUT ? DINO_NO_CLASS : find_class (self->kit, stroke->number);

      if (index >= 0)
        strokes[(*n)++] = (struct dino_stroke){ index, stroke->radius, (const double *) (gpointer) stroke->places->data, stroke->places->len / 2 };
    }
  return strokes;
}

/* Adds what is painted on a page's picture; FALSE when that is nothing, or not
 * encoded, which *waiting counts. */
static gboolean
add_page (DinoscopeScribbleTrainer *self, DinoscopePage *page, DinoscopeTraining *training, guint *waiting)
{
  g_autoptr (DinoscopeFeatures)  features = dinoscope_page_dup_features (page);
  DinoscopeScribbles            *scribbles = dinoscope_page_get_scribbles (page);
  g_autofree struct dino_stroke *strokes = NULL;
  gsize                          n = 0;

  if (dinoscope_scribbles_get_n (scribbles) == 0)
    return FALSE;
  if (features == NULL || !dinoscope_features_is_complete (features))
    {
      (*waiting)++;
      return FALSE;
    }
  strokes = list_strokes (self, scribbles, &n);
  dinoscope_training_add_strokes (training, features, strokes, n);
  return n > 0;
}

/* How the page's picture was prepared, in JSON; NULL when that cannot be said. */
static char *
describe_preparation (DinoscopePage *page)
{
  g_autoptr (DinoscopeFeatures) features = dinoscope_page_dup_features (page);
  DinoscopeStudy               *study = dinoscope_page_get_study (page);
  const struct dino_model      *model = dinoscope_model_get_core (dinoscope_features_get_model (features));
  struct dino_error             error = { 0 };
  char                         *text = dino_preparation_to_json (dinoscope_study_get_preparation (study), dino_model_processor (model), dino_model_config (model)->patch_size,
                                                                 dinoscope_study_get_ignore_exif (study), &error);
  char                         *copy = g_strdup (text);

  free (text);
  return copy;
}

/* Pictures that were prepared in several ways leave it unsaid. */
static void
note_preparation (DinoscopePage *page, DinoscopeTraining *training, char **preparation, gboolean first)
{
  g_autofree char *own = describe_preparation (page);

  if (first)
    *preparation = g_steal_pointer (&own);
  else if (g_strcmp0 (own, *preparation) != 0)
    g_clear_pointer (preparation, g_free);
  dinoscope_training_set_preparation (training, *preparation);
}

static DinoscopeEngine *
add_pages (DinoscopeScribbleTrainer *self, DinoscopeTraining *training, guint *waiting)
{
  DinoscopeEngine *engine = NULL;
  g_autofree char *preparation = NULL;

  self->n_pictures = 0;
  for (guint i = 0; i < self->pages->len; i++)
    {
      g_autoptr (DinoscopePage) page = g_weak_ref_get (g_ptr_array_index (self->pages, i));

      if (page == NULL || !add_page (self, page, training, waiting))
        continue;
      note_preparation (page, training, &preparation, self->n_pictures == 0);
      self->n_pictures++;
      engine = dinoscope_session_get_engine (dinoscope_page_get_session (page));
    }
  return engine;
}

static void
take_decoder (DinoscopeScribbleTrainer *self, DinoscopeDecoder *decoder)
{
  g_set_object (&self->decoder, decoder);
  drop_masks (self);
}

static void
trained_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Training                    *training = user_data;
  DinoscopeScribbleTrainer    *self = training->self;
  g_autoptr (GError)           error = NULL;
  g_autoptr (DinoscopeDecoder) decoder = dinoscope_engine_train_finish (DINOSCOPE_ENGINE (source), result, &error);

  if (training->cancellable == self->training)
    {
      g_clear_object (&self->training);
      if (decoder != NULL)
        take_decoder (self, decoder);
      else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        tell (self, error->message);
      emit_changed (self);
    }
  g_object_unref (training->cancellable);
  g_object_unref (self);
  g_free (training);
}

static void
start_training (DinoscopeScribbleTrainer *self, DinoscopeEngine *engine, DinoscopeTraining *samples)
{
  const struct dino_decoder_options options = { .l2 = SCRIBBLE_L2, .balanced = true };
  Training                         *training = g_new0 (Training, 1);

  self->training = g_cancellable_new ();
  training->self = g_object_ref (self);
  training->cancellable = g_object_ref (self->training);
  dinoscope_engine_train_async (engine, samples, &options, self->training, trained_cb, training);
  emit_changed (self);
}

void
dinoscope_scribble_trainer_train (DinoscopeScribbleTrainer *self)
{
  struct dino_classes classes;
  DinoscopeTraining  *training;
  DinoscopeEngine    *engine;
  guint               waiting = 0;

  g_return_if_fail (DINOSCOPE_IS_SCRIBBLE_TRAINER (self));

  dinoscope_scribble_trainer_cancel (self);
  dinoscope_scribble_kit_get_classes (self->kit, &classes);
  training = dinoscope_training_new (&classes, NULL, 0);
  engine = add_pages (self, training, &waiting);
  if (engine == NULL)
    {
      dinoscope_training_free (training);
      tell (self, waiting > 0 ? _ ("The picture is not encoded yet.") : _ ("Paint on the picture first: a stroke of each class."));
      return;
    }
  if (waiting > 0)
    tell (self, _ ("A picture with strokes is not encoded and does not count."));
  start_training (self, engine, training);
}

void
dinoscope_scribble_trainer_cancel (DinoscopeScribbleTrainer *self)
{
  g_return_if_fail (DINOSCOPE_IS_SCRIBBLE_TRAINER (self));

  if (self->training == NULL)
    return;
  g_cancellable_cancel (self->training);
  g_clear_object (&self->training);
  emit_changed (self);
}

gboolean
dinoscope_scribble_trainer_is_busy (DinoscopeScribbleTrainer *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_TRAINER (self), FALSE);

  return self->training != NULL;
}

DinoscopeDecoder *
dinoscope_scribble_trainer_get_decoder (DinoscopeScribbleTrainer *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_TRAINER (self), NULL);

  return self->decoder;
}

gboolean
dinoscope_scribble_trainer_load (DinoscopeScribbleTrainer *self, GFile *file, GError **error)
{
  g_autoptr (DinoscopeDecoder) decoder = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_TRAINER (self), FALSE);

  decoder = dinoscope_decoder_load (g_file_peek_path (file), error);
  if (decoder == NULL)
    return FALSE;
  dinoscope_scribble_trainer_cancel (self);
  self->n_pictures = 0;
  take_decoder (self, decoder);
  dinoscope_scribble_kit_take_classes (self->kit, dinoscope_decoder_get_classes (decoder));
  emit_changed (self);
  return TRUE;
}

char *
dinoscope_scribble_trainer_describe (DinoscopeScribbleTrainer *self)
{
  const struct dino_decoder_report *report;
  g_autofree char                  *pictures = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_TRAINER (self), NULL);

  if (self->training != NULL)
    return g_strdup (_ ("Learning…"));
  if (self->decoder == NULL)
    return g_strdup (_ ("None yet: paint a stroke of each class, then train."));
  if (self->n_pictures == 0)
    return g_strdup (_ ("From a file"));
  report = dinoscope_decoder_get_report (self->decoder);
  pictures = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Learned from %u picture.", "Learned from %u pictures.", self->n_pictures), self->n_pictures);
  return g_strdup_printf (_ ("%s Of the painted patches %.0f %% are right."), pictures, 100 * report->accuracy);
}

/* Masks. */

static void
segmented_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Segmenting               *segmenting = user_data;
  DinoscopeScribbleTrainer *self = segmenting->self;
  g_autoptr (GError)        error = NULL;
  g_autoptr (GBytes)        mask = dinoscope_engine_segment_finish (DINOSCOPE_ENGINE (source), result, &error);

  if (segmenting->cancellable == self->segmenting)
    {
      g_clear_object (&self->segmenting);
      if (mask != NULL && dinoscope_page_get_study (segmenting->page) == segmenting->study)
        dinoscope_scribbles_set_mask (dinoscope_page_get_scribbles (segmenting->page), mask, dinoscope_decoder_get_classes (segmenting->decoder));
      if (mask == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          self->failed = segmenting->features;
          tell (self, error->message);
        }
      emit_changed (self);
    }
  segmenting_free (segmenting);
}

void
dinoscope_scribble_trainer_segment (DinoscopeScribbleTrainer *self, DinoscopePage *page)
{
  DinoscopeFeatures *features;
  Segmenting        *segmenting;

  g_return_if_fail (DINOSCOPE_IS_SCRIBBLE_TRAINER (self));
  g_return_if_fail (DINOSCOPE_IS_PAGE (page));

  features = dinoscope_page_get_features (page);
  if (self->decoder == NULL || self->segmenting != NULL || features == NULL || !dinoscope_features_is_complete (features) || features == self->failed ||
      dinoscope_scribbles_get_mask (dinoscope_page_get_scribbles (page)) != NULL)
    return;
  self->segmenting = g_cancellable_new ();
  segmenting = g_new0 (Segmenting, 1);
  segmenting->self = g_object_ref (self);
  segmenting->page = g_object_ref (page);
  segmenting->study = g_object_ref (dinoscope_page_get_study (page));
  segmenting->decoder = g_object_ref (self->decoder);
  segmenting->features = g_object_ref (features);
  segmenting->cancellable = g_object_ref (self->segmenting);
  dinoscope_engine_segment_async (dinoscope_session_get_engine (dinoscope_page_get_session (page)), self->decoder, segmenting->study, features,
                                  self->edges ? DINO_SMOOTH_GUIDED : DINO_SMOOTH_BILINEAR, self->segmenting, segmented_cb, segmenting);
}

gboolean
dinoscope_scribble_trainer_is_segmenting (DinoscopeScribbleTrainer *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_TRAINER (self), FALSE);

  return self->segmenting != NULL;
}
