#include "app/dinoscope-regions.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define SHAPES_TYPE "a(sdddds)"

/* What is kept for one picture. */
typedef struct
{
  GArray              *regions; /* of DinoscopeRegion */
  int                  selected;
  struct dino_picture *mask;
  char                *mask_name;
} Marked;

struct _DinoscopeRegions
{
  GObject parent_instance;

  GHashTable *kept;   /* sha256 of a picture -> Marked */
  Marked     *marked; /* of the picture shown, owned by kept; NULL without one */
  gboolean    held;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (DinoscopeRegions, dinoscope_regions, G_TYPE_OBJECT)

static void
clear_region (gpointer region)
{
  g_free (((DinoscopeRegion *) region)->label);
}

static Marked *
marked_new (void)
{
  Marked *marked = g_new0 (Marked, 1);

  marked->regions = g_array_new (FALSE, FALSE, sizeof (DinoscopeRegion));
  g_array_set_clear_func (marked->regions, clear_region);
  marked->selected = -1;
  return marked;
}

static void
marked_free (gpointer data)
{
  Marked *marked = data;

  g_array_unref (marked->regions);
  dino_picture_unref (marked->mask);
  g_free (marked->mask_name);
  g_free (marked);
}

static DinoscopeRegion *
get_region (DinoscopeRegions *self, guint index)
{
  return &g_array_index (self->marked->regions, DinoscopeRegion, index);
}

static void
emit_changed (DinoscopeRegions *self)
{
  g_signal_emit (self, changed_signal, 0);
}

static void
dinoscope_regions_dispose (GObject *object)
{
  DinoscopeRegions *self = DINOSCOPE_REGIONS (object);

  self->marked = NULL;
  g_clear_pointer (&self->kept, g_hash_table_unref);

  G_OBJECT_CLASS (dinoscope_regions_parent_class)->dispose (object);
}

static void
dinoscope_regions_class_init (DinoscopeRegionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dinoscope_regions_dispose;

  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_regions_init (DinoscopeRegions *self)
{
  self->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, marked_free);
}

DinoscopeRegions *
dinoscope_regions_new (void)
{
  return g_object_new (DINOSCOPE_TYPE_REGIONS, NULL);
}

void
dinoscope_regions_set_study (DinoscopeRegions *self, DinoscopeStudy *study)
{
  const char *key;
  Marked     *marked;

  g_return_if_fail (DINOSCOPE_IS_REGIONS (self));
  g_return_if_fail (study == NULL || DINOSCOPE_IS_STUDY (study));

  key = study != NULL ? dinoscope_study_get_sha256 (study) : NULL;
  marked = key != NULL ? g_hash_table_lookup (self->kept, key) : NULL;
  if (key != NULL && marked == NULL)
    {
      marked = marked_new ();
      g_hash_table_insert (self->kept, g_strdup (key), marked);
    }
  if (self->marked == marked)
    return;
  self->marked = marked;
  self->held = FALSE;
  emit_changed (self);
}

gboolean
dinoscope_regions_is_of (DinoscopeRegions *self, const char *sha256)
{
  g_return_val_if_fail (DINOSCOPE_IS_REGIONS (self), FALSE);

  return self->marked != NULL && g_hash_table_lookup (self->kept, sha256) == self->marked;
}

guint
dinoscope_regions_get_n (DinoscopeRegions *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_REGIONS (self), 0);

  return self->marked != NULL ? self->marked->regions->len : 0;
}

const DinoscopeRegion *
dinoscope_regions_get (DinoscopeRegions *self, guint index)
{
  g_return_val_if_fail (index < dinoscope_regions_get_n (self), NULL);

  return get_region (self, index);
}

static struct dino_box
ordered (struct dino_box box)
{
  return (struct dino_box){ fmin (box.x0, box.x1), fmin (box.y0, box.y1), fmax (box.x0, box.x1), fmax (box.y0, box.y1) };
}

static gboolean
is_finite (struct dino_box box)
{
  return isfinite (box.x0) && isfinite (box.y0) && isfinite (box.x1) && isfinite (box.y1);
}

static gboolean
is_same (struct dino_box a, struct dino_box b)
{
  return a.x0 == b.x0 && a.y0 == b.y0 && a.x1 == b.x1 && a.y1 == b.y1;
}

int
dinoscope_regions_add (DinoscopeRegions *self, enum dino_shape shape, struct dino_box box, const char *label)
{
  DinoscopeRegion region = { .shape = shape, .box = ordered (box) };

  g_return_val_if_fail (DINOSCOPE_IS_REGIONS (self), -1);

  if (self->marked == NULL || !is_finite (box))
    return -1;
  region.label = g_utf8_make_valid (label != NULL ? label : "", -1);
  g_array_append_val (self->marked->regions, region);
  self->marked->selected = (int) self->marked->regions->len - 1;
  emit_changed (self);
  return self->marked->selected;
}

void
dinoscope_regions_remove (DinoscopeRegions *self, guint index)
{
  g_return_if_fail (index < dinoscope_regions_get_n (self));

  g_array_remove_index (self->marked->regions, index);
  if (self->marked->selected > (int) index || self->marked->selected == (int) self->marked->regions->len)
    self->marked->selected--;
  emit_changed (self);
}

void
dinoscope_regions_set_box (DinoscopeRegions *self, guint index, struct dino_box box)
{
  DinoscopeRegion *region;

  g_return_if_fail (index < dinoscope_regions_get_n (self));

  region = get_region (self, index);
  box = ordered (box);
  if (!is_finite (box) || is_same (region->box, box))
    return;
  region->box = box;
  emit_changed (self);
}

void
dinoscope_regions_set_label (DinoscopeRegions *self, guint index, const char *label)
{
  DinoscopeRegion *region;

  g_return_if_fail (index < dinoscope_regions_get_n (self));
  g_return_if_fail (label != NULL);

  region = get_region (self, index);
  if (g_str_equal (region->label, label))
    return;
  g_free (region->label);
  region->label = g_utf8_make_valid (label, -1);
  emit_changed (self);
}

void
dinoscope_regions_clear (DinoscopeRegions *self)
{
  g_return_if_fail (DINOSCOPE_IS_REGIONS (self));

  if (self->marked == NULL || (self->marked->regions->len == 0 && self->marked->mask == NULL))
    return;
  g_array_set_size (self->marked->regions, 0);
  self->marked->selected = -1;
  g_clear_pointer (&self->marked->mask, dino_picture_unref);
  g_clear_pointer (&self->marked->mask_name, g_free);
  emit_changed (self);
}

int
dinoscope_regions_get_selected (DinoscopeRegions *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_REGIONS (self), -1);

  return self->marked != NULL ? self->marked->selected : -1;
}

void
dinoscope_regions_select (DinoscopeRegions *self, int index)
{
  g_return_if_fail (index >= -1 && index < (int) dinoscope_regions_get_n (self));

  if (self->marked == NULL || self->marked->selected == index)
    return;
  self->marked->selected = index;
  emit_changed (self);
}

void
dinoscope_regions_set_mask (DinoscopeRegions *self, struct dino_picture *mask, const char *name)
{
  g_return_if_fail (DINOSCOPE_IS_REGIONS (self));

  if (self->marked == NULL || self->marked->mask == mask)
    return;
  dino_picture_unref (self->marked->mask);
  self->marked->mask = mask != NULL ? dino_picture_ref (mask) : NULL;
  g_free (self->marked->mask_name);
  self->marked->mask_name = g_strdup (name);
  emit_changed (self);
}

struct dino_picture *
dinoscope_regions_get_mask (DinoscopeRegions *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_REGIONS (self), NULL);

  return self->marked != NULL ? self->marked->mask : NULL;
}

const char *
dinoscope_regions_get_mask_name (DinoscopeRegions *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_REGIONS (self), NULL);

  return self->marked != NULL ? self->marked->mask_name : NULL;
}

char *
dinoscope_regions_dup_title (DinoscopeRegions *self, guint index)
{
  const DinoscopeRegion *region = dinoscope_regions_get (self, index);

  g_return_val_if_fail (region != NULL, NULL);

  if (region->label[0] != '\0')
    return g_strdup_printf (_ ("Region %u: %s"), index + 1, region->label);
  return g_strdup_printf (_ ("Region %u"), index + 1);
}

void
dinoscope_regions_hold (DinoscopeRegions *self)
{
  g_return_if_fail (DINOSCOPE_IS_REGIONS (self));

  self->held = TRUE;
}

void
dinoscope_regions_release (DinoscopeRegions *self)
{
  g_return_if_fail (DINOSCOPE_IS_REGIONS (self));

  if (!self->held)
    return;
  self->held = FALSE;
  emit_changed (self);
}

gboolean
dinoscope_regions_is_held (DinoscopeRegions *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_REGIONS (self), FALSE);

  return self->held;
}

GVariant *
dinoscope_regions_dup_state (DinoscopeRegions *self)
{
  GVariantBuilder state, shapes;

  g_return_val_if_fail (DINOSCOPE_IS_REGIONS (self), NULL);

  g_variant_builder_init (&shapes, G_VARIANT_TYPE (SHAPES_TYPE));
  for (guint i = 0; i < dinoscope_regions_get_n (self); i++)
    {
      const DinoscopeRegion *region = get_region (self, i);

      g_variant_builder_add (&shapes, "(sdddds)", dino_shape_name (region->shape),
                             region->box.x0, region->box.y0, region->box.x1, region->box.y1, region->label);
    }
  g_variant_builder_init (&state, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&state, "{sv}", "shapes", g_variant_builder_end (&shapes));
  return g_variant_ref_sink (g_variant_builder_end (&state));
}

void
dinoscope_regions_restore (DinoscopeRegions *self, GVariant *state)
{
  g_autoptr (GVariant) shapes = NULL;
  GVariantIter         iter;
  const char          *name, *label;
  DinoscopeRegion      region;
  int                  selected;

  g_return_if_fail (DINOSCOPE_IS_REGIONS (self));
  g_return_if_fail (state != NULL && g_variant_is_of_type (state, G_VARIANT_TYPE_VARDICT));

  shapes = g_variant_lookup_value (state, "shapes", G_VARIANT_TYPE (SHAPES_TYPE));
  if (self->marked == NULL || shapes == NULL)
    return;
  selected = self->marked->selected;
  g_array_set_size (self->marked->regions, 0);
  g_variant_iter_init (&iter, shapes);
  while (g_variant_iter_next (&iter, "(&sdddd&s)", &name, &region.box.x0, &region.box.y0, &region.box.x1, &region.box.y1, &label))
    {
      if (!dino_shape_parse (name, &region.shape) || !is_finite (region.box))
        continue;
      region.box = ordered (region.box);
      region.label = g_strdup (label);
      g_array_append_val (self->marked->regions, region);
    }
  self->marked->selected = MIN (selected, (int) self->marked->regions->len - 1);
  emit_changed (self);
}
