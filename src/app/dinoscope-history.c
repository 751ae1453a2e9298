#include "app/dinoscope-history.h"

/* Steps that can be taken back. */
#define MAX_STEPS 200

typedef struct
{
  const char              *name;
  gpointer                 object; /* weak */
  DinoscopeHistorySave     save;
  DinoscopeHistoryRestore  restore;
  const DinoscopeMovement *movements;
} Source;

typedef struct
{
  GVariant   *state;
  const char *group; /* what moved on the way here, NULL: more than one thing, or something that does not move */
} Step;

struct _DinoscopeHistory
{
  GObject parent_instance;

  GPtrArray *sources;
  GPtrArray *steps; /* of Step; the present one is at place */
  guint      place;
  guint      note_source;
  gboolean   restoring;
  gboolean   held;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (DinoscopeHistory, dinoscope_history, G_TYPE_OBJECT)

static void
source_free (gpointer data)
{
  Source *source = data;

  g_clear_weak_pointer (&source->object);
  g_free (source);
}

static void
step_free (gpointer data)
{
  Step *step = data;

  g_variant_unref (step->state);
  g_free (step);
}

static Step *
present (DinoscopeHistory *self)
{
  return g_ptr_array_index (self->steps, self->place);
}

static void
emit_changed (DinoscopeHistory *self)
{
  g_signal_emit (self, changed_signal, 0);
}

static GVariant *
save_sources (DinoscopeHistory *self)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  for (guint i = 0; i < self->sources->len; i++)
    {
      const Source *source = g_ptr_array_index (self->sources, i);

      if (source->object != NULL)
        {
          g_autoptr (GVariant) state = g_variant_take_ref (source->save (source->object));

          g_variant_dict_insert_value (&dict, source->name, state);
        }
    }
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static const char *
find_group (const Source *source, const char *key)
{
  for (const DinoscopeMovement *movement = source->movements; movement != NULL && movement->key != NULL; movement++)
    if (g_str_equal (movement->key, key))
      return movement->group;
  return NULL;
}

/* How two states differ. */
typedef struct
{
  gboolean    any;
  gboolean    mixed; /* not everything belongs to one group */
  const char *group;
} Difference;

static void
add_difference (Difference *difference, const char *group)
{
  if (group == NULL || (difference->any && g_strcmp0 (difference->group, group) != 0))
    difference->mixed = TRUE;
  difference->any = TRUE;
  difference->group = group;
}

/* Adds the keys of one that other has not, or has with another value. */
static void
compare_states (const Source *source, GVariant *one, GVariant *other, gboolean values, Difference *difference)
{
  GVariantIter iter;
  const char  *key;
  GVariant    *value;

  g_variant_iter_init (&iter, one);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      g_autoptr (GVariant) owned = value;
      g_autoptr (GVariant) counterpart = g_variant_lookup_value (other, key, NULL);

      if (counterpart == NULL || (values && !g_variant_equal (owned, counterpart)))
        add_difference (difference, find_group (source, key));
    }
}

static Difference
find_difference (DinoscopeHistory *self, GVariant *before, GVariant *after)
{
  Difference difference = { 0 };

  for (guint i = 0; i < self->sources->len; i++)
    {
      const Source        *source = g_ptr_array_index (self->sources, i);
      g_autoptr (GVariant) one = g_variant_lookup_value (before, source->name, G_VARIANT_TYPE_VARDICT);
      g_autoptr (GVariant) other = g_variant_lookup_value (after, source->name, G_VARIANT_TYPE_VARDICT);

      if (one == NULL || other == NULL)
        continue;
      compare_states (source, other, one, TRUE, &difference);
      compare_states (source, one, other, FALSE, &difference);
    }
  if (difference.mixed)
    difference.group = NULL;
  return difference;
}

static Step *
step_new (GVariant *state, const char *group)
{
  Step *step = g_new (Step, 1);

  step->state = g_variant_ref (state);
  step->group = group;
  return step;
}

static void
replace_present (DinoscopeHistory *self, GVariant *state)
{
  Step *step = present (self);

  g_variant_unref (step->state);
  step->state = g_variant_ref (state);
}

static void
record (DinoscopeHistory *self)
{
  g_autoptr (GVariant) state = save_sources (self);
  const Difference     difference = find_difference (self, present (self)->state, state);

  if (!difference.any)
    return;
  if (difference.group != NULL && g_strcmp0 (present (self)->group, difference.group) == 0 && self->place + 1 == self->steps->len)
    replace_present (self, state);
  else
    {
      g_ptr_array_set_size (self->steps, (int) self->place + 1);
      g_ptr_array_add (self->steps, step_new (state, difference.group));
      if (self->steps->len > MAX_STEPS)
        g_ptr_array_remove_index (self->steps, 0);
      self->place = self->steps->len - 1;
    }
  emit_changed (self);
}

static void
flush (DinoscopeHistory *self)
{
  if (self->note_source == 0)
    return;
  g_clear_handle_id (&self->note_source, g_source_remove);
  record (self);
}

static gboolean
note_cb (gpointer data)
{
  DinoscopeHistory *self = data;

  self->note_source = 0;
  record (self);
  return G_SOURCE_REMOVE;
}

static void
restore_sources (DinoscopeHistory *self, GVariant *state)
{
  self->restoring = TRUE;
  for (guint i = 0; i < self->sources->len; i++)
    {
      const Source        *source = g_ptr_array_index (self->sources, i);
      g_autoptr (GVariant) part = g_variant_lookup_value (state, source->name, G_VARIANT_TYPE_VARDICT);

      if (part != NULL && source->object != NULL)
        source->restore (source->object, part);
    }
  self->restoring = FALSE;
}

static void
go_to (DinoscopeHistory *self, guint place)
{
  self->place = place;
  restore_sources (self, present (self)->state);
  emit_changed (self);
}

static void
dinoscope_history_dispose (GObject *object)
{
  DinoscopeHistory *self = DINOSCOPE_HISTORY (object);

  g_clear_handle_id (&self->note_source, g_source_remove);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_pointer (&self->steps, g_ptr_array_unref);

  G_OBJECT_CLASS (dinoscope_history_parent_class)->dispose (object);
}

static void
dinoscope_history_class_init (DinoscopeHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dinoscope_history_dispose;

  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_history_init (DinoscopeHistory *self)
{
  g_autoptr (GVariant) state = g_variant_ref_sink (g_variant_new_parsed ("@a{sv} {}"));

  self->sources = g_ptr_array_new_with_free_func (source_free);
  self->steps = g_ptr_array_new_with_free_func (step_free);
  g_ptr_array_add (self->steps, step_new (state, NULL));
}

DinoscopeHistory *
dinoscope_history_new (void)
{
  return g_object_new (DINOSCOPE_TYPE_HISTORY, NULL);
}

void
dinoscope_history_add_source (DinoscopeHistory *self, const char *name, gpointer object, DinoscopeHistorySave save, DinoscopeHistoryRestore restore, const DinoscopeMovement *movements)
{
  Source *source;

  g_return_if_fail (DINOSCOPE_IS_HISTORY (self));
  g_return_if_fail (G_IS_OBJECT (object));

  source = g_new0 (Source, 1);
  source->name = name;
  source->save = save;
  source->restore = restore;
  source->movements = movements;
  g_set_weak_pointer (&source->object, object);
  for (guint i = 0; i < self->sources->len; i++)
    if (g_str_equal (((Source *) g_ptr_array_index (self->sources, i))->name, name))
      {
        g_ptr_array_remove_index (self->sources, i);
        break;
      }
  g_ptr_array_add (self->sources, source);
  dinoscope_history_absorb (self);
}

void
dinoscope_history_note (DinoscopeHistory *self)
{
  g_return_if_fail (DINOSCOPE_IS_HISTORY (self));

  if (!self->restoring && !self->held && self->note_source == 0)
    self->note_source = g_idle_add_full (G_PRIORITY_HIGH, note_cb, self, NULL);
}

void
dinoscope_history_forget (DinoscopeHistory *self)
{
  g_autoptr (GVariant) state = NULL;

  g_return_if_fail (DINOSCOPE_IS_HISTORY (self));

  g_clear_handle_id (&self->note_source, g_source_remove);
  self->held = FALSE;
  state = save_sources (self);
  g_ptr_array_set_size (self->steps, 0);
  g_ptr_array_add (self->steps, step_new (state, NULL));
  self->place = 0;
  emit_changed (self);
}

void
dinoscope_history_absorb (DinoscopeHistory *self)
{
  g_autoptr (GVariant) state = NULL;

  g_return_if_fail (DINOSCOPE_IS_HISTORY (self));

  g_clear_handle_id (&self->note_source, g_source_remove);
  state = save_sources (self);
  replace_present (self, state);
}

void
dinoscope_history_hold (DinoscopeHistory *self)
{
  g_return_if_fail (DINOSCOPE_IS_HISTORY (self));

  flush (self);
  self->held = TRUE;
}

void
dinoscope_history_release (DinoscopeHistory *self)
{
  g_return_if_fail (DINOSCOPE_IS_HISTORY (self));

  if (!self->held)
    return;
  self->held = FALSE;
  record (self);
}

gboolean
dinoscope_history_can_undo (DinoscopeHistory *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_HISTORY (self), FALSE);

  flush (self);
  return !self->held && self->place > 0;
}

gboolean
dinoscope_history_can_redo (DinoscopeHistory *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_HISTORY (self), FALSE);

  flush (self);
  return !self->held && self->place + 1 < self->steps->len;
}

void
dinoscope_history_undo (DinoscopeHistory *self)
{
  if (dinoscope_history_can_undo (self))
    go_to (self, self->place - 1);
}

void
dinoscope_history_redo (DinoscopeHistory *self)
{
  if (dinoscope_history_can_redo (self))
    go_to (self, self->place + 1);
}

GVariant *
dinoscope_history_dup_state (DinoscopeHistory *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_HISTORY (self), NULL);

  return save_sources (self);
}

void
dinoscope_history_take_state (DinoscopeHistory *self, GVariant *state)
{
  g_return_if_fail (DINOSCOPE_IS_HISTORY (self));
  g_return_if_fail (g_variant_is_of_type (state, G_VARIANT_TYPE_VARDICT));

  flush (self);
  restore_sources (self, state);
  record (self);
}
