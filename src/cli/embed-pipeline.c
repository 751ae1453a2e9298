#include "cli/embed-pipeline.h"

#include <string.h>

#include "cli/embed-read.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/encoder/batch.h"
#include "core/encoder/encoder.h"
#include "engine/dinoscope-memory-private.h"

/* Threads that read: as many as there are processors, since decoding may cost
 * more than a small encoder does; when they are ahead they sleep. */
#define MAX_READERS 64

/* Pictures between the reading and the writing, besides those prepared: one
 * that takes long does not stop the others. */
#define WINDOW 256
#define WINDOW_BYTES ((gsize) 256 << 20)

/* What a picture takes while it is decoded, as a rule: one of 3000 x 3000
 * pixels, 16 bits, with its resized copy. */
#define DECODE_BYTES ((gsize) 128 << 20)

typedef enum
{
  SLOT_READING,
  SLOT_PREPARED,
  SLOT_ENCODING,
  SLOT_DONE
} SlotState;

/* A picture on its way. */
typedef struct
{
  SlotState      state;
  float         *tensor;
  int            rows, columns;
  CliEmbedResult result;
} Slot;

struct _CliEmbedPipeline
{
  CliEmbedPlan       plan;
  struct dino_batch *batch;
  guint              n_groups, n_threads, n_readers;
  GThread          **readers;
  GThread           *encoders;

  GMutex   lock;
  GCond    changed;
  Slot    *slots; /* [n_slots], a ring */
  guint64  n_slots;
  guint64  max_prepared;
  guint64  n_taken;    /* inputs that were taken from the plan */
  guint64  n_prepared; /* of those, not yet with the encoders */
  guint64  n_out;      /* results that were handed over */
  gboolean taking;     /* somebody is asking the plan */
  gboolean ended;      /* there are no more inputs */
  gboolean stopped;
};

static Slot *
get_slot (CliEmbedPipeline *self, guint64 index)
{
  return &self->slots[index % self->n_slots];
}

static void
clear_item (CliEmbedItem *item)
{
  g_free (item->name);
  g_free (item->path);
  g_free (item->data);
  g_free (item->problem);
}

void
cli_embed_result_clear (CliEmbedResult *result)
{
  g_free ((char *) result->record.name);
  g_free ((char *) result->record.error);
  dino_free (result->values);
  *result = (CliEmbedResult){ .reused = -1 };
}

static gboolean
is_cancelled (CliEmbedPipeline *self)
{
  return self->stopped || g_cancellable_is_cancelled (self->plan.session->cancellable);
}

/* Waits until somebody changes something; a cancel is no change, so not for long. */
static void
wait_a_while (CliEmbedPipeline *self)
{
  g_cond_wait_until (&self->changed, &self->lock, g_get_monotonic_time () + G_TIME_SPAN_SECOND / 10);
}

/* The next input and its index; FALSE when there is none. Inputs are taken in
 * their order, and never so far ahead that a slot is not free. */
static gboolean
take_input (CliEmbedPipeline *self, CliEmbedItem *item, guint64 *index)
{
  gboolean got = FALSE;

  *item = (CliEmbedItem){ 0 };
  g_mutex_lock (&self->lock);
  while (!self->ended && !is_cancelled (self) &&
         (self->taking || self->n_prepared >= self->max_prepared || self->n_taken - self->n_out >= self->n_slots))
    wait_a_while (self);
  if (!self->ended && !is_cancelled (self))
    {
      self->taking = TRUE;
      g_mutex_unlock (&self->lock);
      got = self->plan.next (self->plan.next_data, item);
      g_mutex_lock (&self->lock);
      self->taking = FALSE;
      self->ended |= !got;
    }
  if (got)
    {
      *index = self->n_taken++;
      self->n_prepared++;
      *get_slot (self, *index) = (Slot){ .state = SLOT_READING, .result.reused = -1 };
    }
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return got;
}

static gpointer
read_inputs (gpointer data)
{
  CliEmbedPipeline *self = data;
  CliEmbedItem      item;
  guint64           index;

  while (take_input (self, &item, &index))
    {
      CliEmbedResult result;
      int            rows = 0, columns = 0;
      float         *tensor = cli_embed_read (&self->plan, &item, &result, &rows, &columns);
      Slot          *slot;

      clear_item (&item);
      g_mutex_lock (&self->lock);
      slot = get_slot (self, index);
      slot->tensor = tensor;
      slot->rows = rows;
      slot->columns = columns;
      slot->result = result;
      slot->state = SLOT_PREPARED;
      g_cond_broadcast (&self->changed);
      g_mutex_unlock (&self->lock);
    }
  return NULL;
}

/* A struct dino_batch_source's. A picture that needs no encoding is an error to
 * the batch, and finish_picture() knows better. */
static float *
prepare_picture (void *data, size_t index, int *rows, int *columns, struct dino_error *error)
{
  CliEmbedPipeline *self = data;
  Slot             *slot = get_slot (self, index);
  float            *tensor = NULL;

  g_mutex_lock (&self->lock);
  while (!is_cancelled (self) && !(index < self->n_taken && slot->state == SLOT_PREPARED) && !(self->ended && index >= self->n_taken))
    wait_a_while (self);
  if (is_cancelled (self))
    dino_error_set (error, DINO_CODE_CANCELLED, "%s", _ ("Cancelled."));
  else if (index < self->n_taken)
    {
      tensor = g_steal_pointer (&slot->tensor);
      *rows = slot->rows;
      *columns = slot->columns;
      slot->state = SLOT_ENCODING;
      self->n_prepared--;
      g_cond_broadcast (&self->changed);
      if (tensor == NULL)
        dino_error_set (error, DINO_CODE_FORMAT, "-");
    }
  g_mutex_unlock (&self->lock);
  return tensor;
}

static void
fail_result (CliEmbedResult *result, const char *message)
{
  g_free ((char *) result->record.error);
  result->record.error = g_strdup_printf ("“%s”: %s", result->record.name, message);
  result->record.ok = FALSE;
}

static bool
finish_picture (void *data, size_t index, struct dino_features *features, const struct dino_error *error)
{
  CliEmbedPipeline *self = data;
  Slot             *slot = get_slot (self, index);
  struct dino_error failure = { 0 };
  gboolean          encoded = slot->result.record.ok && slot->result.reused < 0;

  if (encoded && features != NULL)
    slot->result.values = cli_embed_collect (&self->plan, features, &failure);
  if (encoded && slot->result.values == NULL)
    fail_result (&slot->result, features != NULL ? failure.message : error->message);
  g_mutex_lock (&self->lock);
  slot->state = SLOT_DONE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return true;
}

static bool
go_on (void *data, int done, int total)
{
  CliEmbedPipeline *self = data;
  gboolean          cancelled;

  g_mutex_lock (&self->lock);
  cancelled = is_cancelled (self);
  g_mutex_unlock (&self->lock);
  return !cancelled;
}

static gpointer
encode_inputs (gpointer data)
{
  CliEmbedPipeline              *self = data;
  const struct dino_progress     progress = { .func = go_on, .data = self };
  const struct dino_batch_source source = {
    .data = self,
    .n_pictures = SIZE_MAX,
    .keep = cli_embed_keep (self->plan.shape),
    .prepare = prepare_picture,
    .finish = finish_picture,
  };

  dino_batch_run (self->batch, &source, &progress);
  return NULL;
}

/* One picture with each thread: no thread waits for another then. What a
 * picture takes is counted, and where memory is short there are fewer, with
 * several threads each. */
static gboolean
divide (CliEmbedPipeline *self, int rows, int columns, struct dino_error *error)
{
  DinoscopeEngine   *engine = self->plan.session->engine;
  struct dino_model *model = dinoscope_model_get_core (self->plan.session->model);
  const guint        n_threads = dinoscope_engine_get_threads (engine);
  const gsize        tensor = (gsize) rows * (gsize) columns * 3 * sizeof (float) * (gsize) dino_model_config (model)->patch_size * (gsize) dino_model_config (model)->patch_size;
  const gsize        scratch = dino_encoder_memory (model, rows, columns, 1);
  const gsize        features = dino_features_memory (model, rows, columns, cli_embed_keep (self->plan.shape));
  const gsize        values = (2 + (self->plan.shape->last4 ? 4 : 0) + self->plan.shape->n_patches * (self->plan.shape->patches ? 1 : 0)) * self->plan.shape->n_channels * sizeof (float);
  const guint64      available = dinoscope_available_memory ("") / 4 * 3;
  guint64            n_groups;

  if (scratch == SIZE_MAX || features == SIZE_MAX || scratch + features + tensor + DECODE_BYTES > available)
    return dino_error_set (error, DINO_CODE_MEMORY, _ ("There is not enough memory to encode one picture."));
  /* A group, its input, the next one's, and somebody who decodes that. */
  n_groups = available / (scratch + features + 2 * tensor + DECODE_BYTES / 2);
  n_groups = CLAMP (MIN (n_groups, self->plan.n_inputs), 1, n_threads);
  self->n_groups = (guint) n_groups;
  self->n_threads = MAX (n_threads / self->n_groups, 1);
  self->n_readers = (guint) CLAMP (available / 4 / DECODE_BYTES, 1, MIN (n_threads, MAX_READERS));
  self->n_readers = (guint) MIN (self->n_readers, MAX (self->plan.n_inputs, 1));
  self->max_prepared = self->n_groups + self->n_readers;
  self->n_slots = self->max_prepared + self->n_groups + CLAMP (WINDOW_BYTES / values, 1, WINDOW);
  return TRUE;
}

static gboolean
start (CliEmbedPipeline *self, GError **error)
{
  self->slots = g_new0 (Slot, self->n_slots);
  self->readers = g_new0 (GThread *, self->n_readers);
  for (guint i = 0; i < self->n_readers; i++)
    {
      self->readers[i] = g_thread_try_new ("reader", read_inputs, self, i == 0 ? error : NULL);
      if (self->readers[i] == NULL && i == 0)
        return FALSE;
    }
  self->encoders = g_thread_try_new ("encoders", encode_inputs, self, error);
  return self->encoders != NULL;
}

/* Patches of what is usual: the processor's square. A picture of another shape
 * takes what it takes. */
static gboolean
usual_size (const CliEmbedPlan *plan, int *rows, int *columns, struct dino_error *error)
{
  const struct dino_model *model = dinoscope_model_get_core (plan->session->model);
  struct dino_geometry     geometry;

  if (!dino_preparation_geometry (&plan->session->preparation, dino_model_processor (model), dino_model_config (model)->patch_size, 1000, 1250, &geometry, error))
    return FALSE;
  *rows = geometry.rows;
  *columns = geometry.columns;
  return TRUE;
}

CliEmbedPipeline *
cli_embed_pipeline_new (const CliEmbedPlan *plan)
{
  g_autoptr (CliEmbedPipeline) self = g_new0 (CliEmbedPipeline, 1);
  g_autoptr (GError)           failure = NULL;
  struct dino_error            error = { 0 };
  int                          rows = 0, columns = 0;

  self->plan = *plan;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  if (usual_size (plan, &rows, &columns, &error) && divide (self, rows, columns, &error))
    self->batch = dino_batch_new (dinoscope_model_get_core (plan->session->model), (int) self->n_groups, (int) self->n_threads,
                                  dinoscope_engine_get_isa (plan->session->engine), &error);
  if (self->batch == NULL)
    {
      cli_error ("%s", error.message);
      return NULL;
    }
  if (start (self, &failure))
    return g_steal_pointer (&self);
  cli_error ("%s", failure->message);
  return NULL;
}

void
cli_embed_pipeline_free (CliEmbedPipeline *self)
{
  g_mutex_lock (&self->lock);
  self->stopped = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; self->readers != NULL && i < self->n_readers; i++)
    if (self->readers[i] != NULL)
      g_thread_join (self->readers[i]);
  if (self->encoders != NULL)
    g_thread_join (self->encoders);
  for (guint64 i = self->n_out; i < self->n_taken; i++)
    {
      dino_free (get_slot (self, i)->tensor);
      cli_embed_result_clear (&get_slot (self, i)->result);
    }
  dino_batch_free (self->batch);
  g_free (self->slots);
  g_free (self->readers);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

CliEmbedStep
cli_embed_pipeline_take (CliEmbedPipeline *self, CliEmbedResult *result)
{
  const gint64 end = g_get_monotonic_time () + G_TIME_SPAN_SECOND / 10;
  CliEmbedStep step = CLI_EMBED_WAITING;
  gboolean     waited = TRUE;

  g_mutex_lock (&self->lock);
  while (step == CLI_EMBED_WAITING && waited)
    {
      Slot *slot = get_slot (self, self->n_out);

      if (is_cancelled (self) || (self->ended && self->n_out == self->n_taken))
        step = CLI_EMBED_END;
      else if (self->n_out < self->n_taken && slot->state == SLOT_DONE)
        {
          *result = slot->result;
          slot->result = (CliEmbedResult){ .reused = -1 };
          self->n_out++;
          step = CLI_EMBED_RESULT;
          g_cond_broadcast (&self->changed);
        }
      else
        waited = g_cond_wait_until (&self->changed, &self->lock, end);
    }
  g_mutex_unlock (&self->lock);
  return step;
}

void
cli_embed_pipeline_describe (CliEmbedPipeline *self, guint *n_groups, guint *n_threads, guint *n_readers)
{
  *n_groups = self->n_groups;
  *n_threads = self->n_threads;
  *n_readers = self->n_readers;
}
