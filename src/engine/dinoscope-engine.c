#include "engine/dinoscope-engine-private.h"

#include "core/base/text.h"
#include "core/encoder/blas.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-paths-private.h"

G_DEFINE_FINAL_TYPE (DinoscopeEngine, dinoscope_engine, G_TYPE_OBJECT)

static void
dinoscope_engine_dispose (GObject *object)
{
  dinoscope_engine_shutdown (DINOSCOPE_ENGINE (object));
  G_OBJECT_CLASS (dinoscope_engine_parent_class)->dispose (object);
}

static void
dinoscope_engine_finalize (GObject *object)
{
  DinoscopeEngine *self = DINOSCOPE_ENGINE (object);

  g_ptr_array_unref (self->callers);
  for (int lane = 0; lane < DINOSCOPE_N_LANES; lane++)
    g_cond_clear (&self->wanted[lane]);
  g_cond_clear (&self->callers_gone);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->shutdown_lock);
  G_OBJECT_CLASS (dinoscope_engine_parent_class)->finalize (object);
}

static void
dinoscope_engine_class_init (DinoscopeEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = dinoscope_engine_dispose;
  object_class->finalize = dinoscope_engine_finalize;
}

static void
dinoscope_engine_init (DinoscopeEngine *self)
{
  g_mutex_init (&self->shutdown_lock);
  g_mutex_init (&self->lock);
  g_cond_init (&self->callers_gone);
  self->callers = g_ptr_array_new ();
  self->stopped = TRUE; /* until there are threads */
  for (int lane = 0; lane < DINOSCOPE_N_LANES; lane++)
    {
      g_queue_init (&self->waiting[lane]);
      g_queue_init (&self->running[lane]);
      g_cond_init (&self->wanted[lane]);
    }
}

static gpointer
prepare_blas (gpointer data)
{
  dino_blas_single_threaded ();
  return NULL;
}

static gboolean
choose_isa (enum dino_isa *isa, GError **error)
{
  const char   *wanted = dinoscope_environment ("DINOSCOPE_ISA");
  enum dino_isa lowered;

  *isa = dino_isa_detect ();
  if (wanted == NULL)
    return TRUE;
  if (!dino_isa_parse (wanted, &lowered))
    {
      g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("DINOSCOPE_ISA names no instruction set: “%s”."), wanted);
      return FALSE;
    }
  *isa = MIN (*isa, lowered);
  return TRUE;
}

DinoscopeEngine *
dinoscope_engine_new (guint threads, GError **error)
{
  static GOnce                blas_once = G_ONCE_INIT;
  g_autoptr (DinoscopeEngine) self = g_object_new (DINOSCOPE_TYPE_ENGINE, NULL);
  struct dino_error           failure = { 0 };

  g_once (&blas_once, prepare_blas, NULL);
  if (!choose_isa (&self->isa, error))
    return NULL;
  self->team = dino_team_new (threads, &failure);
  if (self->team == NULL)
    {
      dinoscope_set_error (error, &failure, DINOSCOPE_ERROR_FAILED);
      return NULL;
    }
  return dinoscope_engine_start_threads (self, error) ? g_steal_pointer (&self) : NULL;
}

guint
dinoscope_engine_get_threads (DinoscopeEngine *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (self), 0);
  return self->team == NULL ? 0 : dino_team_threads (self->team);
}

enum dino_isa
dinoscope_engine_get_isa (DinoscopeEngine *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (self), DINO_ISA_GENERIC);
  return self->isa;
}

gboolean
dinoscope_engine_check_precision (DinoscopeEngine *self, enum dino_precision precision, GError **error)
{
  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (self), FALSE);
  g_return_val_if_fail (precision < DINO_N_PRECISIONS, FALSE);

  if (dino_precision_isa (precision, self->isa, NULL))
    return TRUE;
  g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_MODEL, _ ("%s needs a processor with AVX-512 BF16 and VNNI; this one offers %s."),
               dino_precision_name (precision), dino_isa_name (self->isa));
  return FALSE;
}

struct dino_team *
dinoscope_engine_get_team (DinoscopeEngine *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_ENGINE (self), NULL);
  return self->team;
}
