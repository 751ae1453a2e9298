#include "app/dinoscope-scribbles.h"

#include <math.h>

#define STROKES_TYPE "a(udad)"

/* What is kept for one picture. */
typedef struct
{
  GPtrArray          *strokes; /* of DinoscopeScribbleStroke */
  GBytes             *mask;
  struct dino_classes mask_classes;
} Painted;

struct _DinoscopeScribbles
{
  GObject parent_instance;

  GHashTable *kept;    /* sha256 of a picture -> Painted */
  Painted    *painted; /* of the picture shown, owned by kept; NULL without one */
  gboolean    held;
};

static guint changed_signal, mask_changed_signal;

G_DEFINE_FINAL_TYPE (DinoscopeScribbles, dinoscope_scribbles, G_TYPE_OBJECT)

static void
stroke_free (gpointer data)
{
  DinoscopeScribbleStroke *stroke = data;

  g_array_unref (stroke->places);
  g_free (stroke);
}

static DinoscopeScribbleStroke *
stroke_new (guint number, double radius)
{
  DinoscopeScribbleStroke *stroke = g_new0 (DinoscopeScribbleStroke, 1);

  stroke->number = number;
  stroke->radius = radius;
  stroke->places = g_array_new (FALSE, FALSE, sizeof (double));
  return stroke;
}

static Painted *
painted_new (void)
{
  Painted *painted = g_new0 (Painted, 1);

  painted->strokes = g_ptr_array_new_with_free_func (stroke_free);
  return painted;
}

static void
painted_free (gpointer data)
{
  Painted *painted = data;

  g_ptr_array_unref (painted->strokes);
  g_clear_pointer (&painted->mask, g_bytes_unref);
  g_free (painted);
}

static void
emit_changed (DinoscopeScribbles *self)
{
  g_signal_emit (self, changed_signal, 0);
}

static void
emit_mask_changed (DinoscopeScribbles *self)
{
  g_signal_emit (self, mask_changed_signal, 0);
}

static void
dinoscope_scribbles_finalize (GObject *object)
{
  DinoscopeScribbles *self = DINOSCOPE_SCRIBBLES (object);

  g_hash_table_unref (self->kept);
  G_OBJECT_CLASS (dinoscope_scribbles_parent_class)->finalize (object);
}

static void
dinoscope_scribbles_class_init (DinoscopeScribblesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_scribbles_finalize;

  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  mask_changed_signal = g_signal_new ("mask-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_scribbles_init (DinoscopeScribbles *self)
{
  self->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, painted_free);
}

DinoscopeScribbles *
dinoscope_scribbles_new (void)
{
  return g_object_new (DINOSCOPE_TYPE_SCRIBBLES, NULL);
}

void
dinoscope_scribbles_set_study (DinoscopeScribbles *self, DinoscopeStudy *study)
{
  const char *key;
  Painted    *painted;

  g_return_if_fail (DINOSCOPE_IS_SCRIBBLES (self));
  g_return_if_fail (study == NULL || DINOSCOPE_IS_STUDY (study));

  key = study != NULL ? dinoscope_study_get_sha256 (study) : NULL;
  painted = key != NULL ? g_hash_table_lookup (self->kept, key) : NULL;
  if (key != NULL && painted == NULL)
    {
      painted = painted_new ();
      g_hash_table_insert (self->kept, g_strdup (key), painted);
    }
  if (self->painted == painted)
    return;
  self->painted = painted;
  self->held = FALSE;
  emit_changed (self);
  emit_mask_changed (self);
}

guint
dinoscope_scribbles_get_n (DinoscopeScribbles *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLES (self), 0);

  return self->painted != NULL ? self->painted->strokes->len : 0;
}

const DinoscopeScribbleStroke *
dinoscope_scribbles_get (DinoscopeScribbles *self, guint index)
{
  g_return_val_if_fail (index < dinoscope_scribbles_get_n (self), NULL);

  return g_ptr_array_index (self->painted->strokes, index);
}

static void
append_place (DinoscopeScribbleStroke *stroke, double x, double y)
{
  g_array_append_val (stroke->places, x);
  g_array_append_val (stroke->places, y);
}

void
dinoscope_scribbles_begin (DinoscopeScribbles *self, guint number, double radius, double x, double y)
{
  DinoscopeScribbleStroke *stroke;

  g_return_if_fail (DINOSCOPE_IS_SCRIBBLES (self));

  if (self->painted == NULL || !isfinite (x) || !isfinite (y))
    return;
  stroke = stroke_new (number, radius);
  append_place (stroke, x, y);
  g_ptr_array_add (self->painted->strokes, stroke);
  self->held = TRUE;
  emit_changed (self);
}

/* A hand that hardly moves adds nothing. */
void
dinoscope_scribbles_extend (DinoscopeScribbles *self, double x, double y)
{
  DinoscopeScribbleStroke *stroke;
  const double            *last;

  g_return_if_fail (DINOSCOPE_IS_SCRIBBLES (self));

  if (!self->held || !isfinite (x) || !isfinite (y))
    return;
  stroke = g_ptr_array_index (self->painted->strokes, self->painted->strokes->len - 1);
  last = &g_array_index (stroke->places, double, stroke->places->len - 2);
  if (hypot (x - last[0], y - last[1]) < MAX (stroke->radius / 8, 0.5))
    return;
  append_place (stroke, x, y);
  emit_changed (self);
}

void
dinoscope_scribbles_end (DinoscopeScribbles *self)
{
  g_return_if_fail (DINOSCOPE_IS_SCRIBBLES (self));

  if (!self->held)
    return;
  self->held = FALSE;
  emit_changed (self);
}

void
dinoscope_scribbles_clear (DinoscopeScribbles *self)
{
  g_return_if_fail (DINOSCOPE_IS_SCRIBBLES (self));

  if (dinoscope_scribbles_get_n (self) == 0)
    return;
  self->held = FALSE;
  g_ptr_array_set_size (self->painted->strokes, 0);
  emit_changed (self);
}

gboolean
dinoscope_scribbles_is_held (DinoscopeScribbles *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLES (self), FALSE);

  return self->held;
}

void
dinoscope_scribbles_set_mask (DinoscopeScribbles *self, GBytes *mask, const struct dino_classes *classes)
{
  g_return_if_fail (DINOSCOPE_IS_SCRIBBLES (self));

  if (self->painted == NULL || (self->painted->mask == NULL && mask == NULL))
    return;
  g_clear_pointer (&self->painted->mask, g_bytes_unref);
  if (mask != NULL)
    {
      self->painted->mask = g_bytes_ref (mask);
      self->painted->mask_classes = *classes;
    }
  emit_mask_changed (self);
}

GBytes *
dinoscope_scribbles_get_mask (DinoscopeScribbles *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLES (self), NULL);

  return self->painted != NULL ? self->painted->mask : NULL;
}

const struct dino_classes *
dinoscope_scribbles_get_mask_classes (DinoscopeScribbles *self)
{
  g_return_val_if_fail (dinoscope_scribbles_get_mask (self) != NULL, NULL);

  return &self->painted->mask_classes;
}

void
dinoscope_scribbles_drop_masks (DinoscopeScribbles *self)
{
  GHashTableIter iter;
  gpointer       painted;

  g_return_if_fail (DINOSCOPE_IS_SCRIBBLES (self));

  g_hash_table_iter_init (&iter, self->kept);
  while (g_hash_table_iter_next (&iter, NULL, &painted))
    g_clear_pointer (&((Painted *) painted)->mask, g_bytes_unref);
  emit_mask_changed (self);
}

GVariant *
dinoscope_scribbles_dup_state (DinoscopeScribbles *self)
{
  GVariantBuilder state, strokes;

  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLES (self), NULL);

  g_variant_builder_init (&strokes, G_VARIANT_TYPE (STROKES_TYPE));
  for (guint i = 0; i < dinoscope_scribbles_get_n (self); i++)
    {
      const DinoscopeScribbleStroke *stroke = dinoscope_scribbles_get (self, i);

      g_variant_builder_add (&strokes, "(ud@ad)", stroke->number, stroke->radius,
                             g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, stroke->places->data, stroke->places->len, sizeof (double)));
    }
  g_variant_builder_init (&state, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&state, "{sv}", "strokes", g_variant_builder_end (&strokes));
  return g_variant_ref_sink (g_variant_builder_end (&state));
}

void
dinoscope_scribbles_restore (DinoscopeScribbles *self, GVariant *state)
{
  g_autoptr (GVariant) strokes = NULL;
  GVariantIter         iter;
  guint                number;
  double               radius;
  GVariant            *places;

  g_return_if_fail (DINOSCOPE_IS_SCRIBBLES (self));
  g_return_if_fail (state != NULL && g_variant_is_of_type (state, G_VARIANT_TYPE_VARDICT));

  strokes = g_variant_lookup_value (state, "strokes", G_VARIANT_TYPE (STROKES_TYPE));
  if (self->painted == NULL || strokes == NULL)
    return;
  self->held = FALSE;
  g_ptr_array_set_size (self->painted->strokes, 0);
  g_variant_iter_init (&iter, strokes);
  while (g_variant_iter_next (&iter, "(ud@ad)", &number, &radius, &places))
    {
      DinoscopeScribbleStroke *stroke = stroke_new (number, radius);
      gsize                    n;
      const double            *values = g_variant_get_fixed_array (places, &n, sizeof (double));

      g_array_append_vals (stroke->places, values, (guint) n);
      g_ptr_array_add (self->painted->strokes, stroke);
      g_variant_unref (places);
    }
  emit_changed (self);
}
